"""How much each feature counts, as a table and a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from runfolio.client import files, media
from runfolio.client.autolog import figures
from runfolio.client.autolog.session import Session, number


def log_importance(session: Session, name: str, values: Any, names: Sequence[str] | None = None) -> None:
    """Write `<name>.json` and, where matplotlib is there, `<name>.png`; nothing if there are no values."""
    if values is None or not len(values):
        return
    if names is None or len(names) != len(values):
        names = [f"feature_{index}" for index in range(len(values))]
    numbers = [number(value) or 0.0 for value in values]
    files.log_mapping(session.run, dict(zip(map(str, names), numbers, strict=True)), f"{name}.json")
    if figures.available():
        picture = figures.bars(names, numbers, name.replace("_", " ").capitalize())
        media.log_figure(session.run, picture, f"{name}.png")
