"""The board of a registered model: a column for each stage, with a card for each version in it."""

from __future__ import annotations

from runfolio.gui.registry.tabs import NotYet


class Board(NotYet):
    """Comes next."""
