"""Registering the model of the run that is looked at, as a version of a registered model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runfolio.gui.registry.arrivals import Arrival
from runfolio.gui.registry.register import register_arrival

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow


def register(window: MainWindow) -> None:
    """Ask under which name, and which model if the run has several."""
    run = window.session.selection.current
    if run is not None:
        register_arrival(window.session, window, Arrival("", run=run))
