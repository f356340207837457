"""The widths and the order of the run table's columns, and how they are remembered."""

from __future__ import annotations

import json
from collections.abc import Iterable

from PySide6.QtCore import QSettings

from runfolio.core.columns import Column, Source

KEY = "runs/columns"
# Widths in letters, so that they follow the font.
LETTERS = {"run_name": 26.0, "status": 13.0, "start_time": 12.0, "duration": 10.0}
LEAST, METRIC, WIDEST = 5.0, 8.0, 20.0
# Beside a heading there must be room for the margins and the arrow of the order, beside a value for the margins.
HEADING_ROOM, ROOM = 4.5, 3.0


def default_width(column: Column, letter: float, heading: float, content: float) -> int:
    """A first width in pixels; `letter` is a figure's, `heading` and `content` the widths of the texts."""
    if column.source is Source.ATTRIBUTE:
        return round(LETTERS.get(column.key, METRIC) * letter)
    least = METRIC if column.source is Source.METRIC else LEAST
    wanted = max(heading + HEADING_ROOM * letter, content + ROOM * letter, (least + ROOM) * letter)
    return round(min(wanted, WIDEST * letter))


class ColumnLayout:
    """What the user made of the columns: widths by column, and the columns in their order on screen."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings
        self._widths: dict[str, int] = {}
        self._order: list[str] = []
        self._load()

    def _load(self) -> None:
        try:
            found = json.loads(str(self._settings.value(KEY, "{}")))
            self._widths = {str(name): int(width) for name, width in found.get("widths", {}).items()}
            self._order = [str(name) for name in found.get("order", [])]
        except (ValueError, TypeError, AttributeError):
            # Another version's, or edited by hand: widths are a comfort, and the defaults serve.
            self._widths, self._order = {}, []

    def width(self, column: Column) -> int | None:
        """The width the user gave a column; None for the default."""
        return self._widths.get(column.id)

    def set_width(self, column: Column, width: int) -> None:
        """Remember a width."""
        self._widths[column.id] = width
        self._save()

    def set_order(self, columns: Iterable[Column]) -> None:
        """Remember the order on screen."""
        shown = [column.id for column in columns]
        self._order = shown + [name for name in self._order if name not in shown]
        self._save()

    def ordered(self, columns: Iterable[Column]) -> list[Column]:
        """The columns in the user's order; unknown ones stay behind the one they follow by nature."""
        if not self._order:
            return list(columns)
        place = {name: float(index) for index, name in enumerate(self._order)}
        last, places = -1.0, {}
        for column in columns:
            last = place.get(column.id, last)
            places[column] = last
        return sorted(places, key=lambda column: places[column])

    def _save(self) -> None:
        self._settings.setValue(KEY, json.dumps({"widths": self._widths, "order": self._order}))
