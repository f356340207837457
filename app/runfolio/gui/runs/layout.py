"""The widths of the run table's columns: what fits at first, and what the user made of it here."""

from __future__ import annotations

import json

from PySide6.QtCore import QSettings

from runfolio.core.columns import NAME, Column, Kind, Source

KEY = "runs/columns"
# Widths in letters, so that they follow the font.
LETTERS = {"status": 12.0, "start_time": 11.5, "duration": 9.5, "end_time": 11.5, "last_seen": 11.5}
NAMES = (14.0, 28.0)
# Names may take this share of a wide table, so that there is room beside them.
NAMES_SHARE = 0.4
LEAST, METRIC, WIDEST, WIDEST_GROUP = 3.0, 7.0, 20.0, 36.0
# An id of twenty digits is seen to its last one, which may be all that tells it from the next.
WIDEST_NUMBER = 24.0
# What margins take beside a heading or a value.
ROOM = 3.0
# What bold letters take more, and what stands beside the name of a group.
BOLD, ARROW = 1.08, 6.5
# What the dot takes beside the name of a run.
DOT = 2.5
# What the difference from the baseline takes beside a value.
DELTA = 7.0


def default_width(
    column: Column, letter: float, heading: float, content: float, *, delta: bool = False, table: float = 0
) -> int:
    """A first width in pixels; `letter` is a figure's, `heading` and `content` the widths of the texts, `table` that of
    all that is seen.
    """
    named = heading + ROOM * letter
    if column == NAME:
        least, most = NAMES[0] * letter, max(NAMES[1] * letter, NAMES_SHARE * table)
        return round(max(min(content + (ROOM + DOT) * letter, most), least, named))
    if column.source is Source.ATTRIBUTE and column.key in LETTERS:
        return round(max(LETTERS[column.key] * letter, named))
    least = METRIC if column.source is Source.METRIC else LEAST
    widest = WIDEST_NUMBER if column.kind is Kind.NUMBER else WIDEST
    wanted = max(min(content + ROOM * letter, widest * letter), (least + ROOM) * letter)
    return round(max(wanted, min(named, WIDEST * letter)) + (DELTA * letter if delta else 0))


def group_width(letter: float, content: float, *, name: bool, table: float = 0) -> int:
    """The same where the cells of groups take so much; their names are bold and have an arrow, and say what the groups
    are, for which they may take as much of a wide table as those of runs.
    """
    if not name:
        return round(min(content + ROOM * letter, WIDEST_GROUP * letter))
    return round(min(content * BOLD + ARROW * letter, max(WIDEST_GROUP * letter, NAMES_SHARE * table)))


class ColumnWidths:
    """The widths that the user gave to columns, by the columns' ids."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings
        self._widths: dict[str, int] = {}
        try:
            found = json.loads(str(self._settings.value(KEY, "{}")))
            self._widths = {str(name): int(width) for name, width in found.get("widths", {}).items()}
        except (ValueError, TypeError, AttributeError):
            # Another version's, or edited by hand: widths are a comfort, and the defaults serve.
            self._widths = {}

    def width(self, column: Column) -> int | None:
        """The width the user gave a column; None for the default."""
        return self._widths.get(column.id)

    def set_width(self, column: Column, width: int | None) -> None:
        """Remember a width; None for the default."""
        self._widths.pop(column.id, None)
        if width is not None:
            self._widths[column.id] = width
        self._settings.setValue(KEY, json.dumps({"widths": self._widths}))
