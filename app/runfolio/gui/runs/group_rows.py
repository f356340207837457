"""The rows of groups, as the table's model and delegate ask for them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

from PySide6.QtCore import Qt

from runfolio.core.columns import NAME, Column, Kind, Source
from runfolio.core.grouping import NOTHING
from runfolio.core.statistics import Summaries
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.runs import cells, group_cells
from runfolio.gui.runs.group_cells import Part
from runfolio.gui.runs.grouped import Grouped, Sum
from runfolio.gui.runs.marks import CellMarks
from runfolio.gui.runs.sums import GroupSums


class GroupRows:
    """What stands in the rows whose numbers are negative.

    `is_open` tells whether a row is open, `now` is the time that ages are reckoned from, and `marks` what the view and
    the baseline make of values.
    """

    def __init__(
        self,
        sums: GroupSums,
        is_open: Callable[[int], bool],
        now: Callable[[], int],
        marks: Callable[[], CellMarks] = CellMarks,
    ) -> None:
        self._marks = marks
        self._sums = sums
        self._is_open = is_open
        self._now = now
        self._readers: dict[int, Callable[[Grouped, int, Column, Sum | None], Any]] = {
            int(Qt.ItemDataRole.DisplayRole): lambda g, row, column, found: group_cells.text(
                g, row, column, found, now()
            ),
            int(Qt.ItemDataRole.EditRole): group_cells.exact,
            int(Qt.ItemDataRole.ToolTipRole): self._tool_tip,
            int(Qt.ItemDataRole.AccessibleTextRole): self._spoken,
            int(Qt.ItemDataRole.TextAlignmentRole): lambda _group, _row, column, _found: alignment(column),
        }

    def data(self, row: int, column: Column, role: int) -> Any:
        """What the model says of a cell; None for what it does not know."""
        reader, grouped = self._readers.get(role), self._known(row)
        return None if reader is None or grouped is None else reader(grouped, row, column, self._sums.sum(column))

    def text(self, row: int, column: Column) -> str:
        """What a cell shows."""
        return str(self.data(row, column, int(Qt.ItemDataRole.DisplayRole)) or "")

    def number(self, row: int, column: Column) -> float | None:
        """The number that stands for a group in a column of numbers."""
        value = self.data(row, column, int(Qt.ItemDataRole.EditRole))
        return value if isinstance(value, float) and column.kind is not Kind.TEXT else None

    def compared(self, row: int, column: Column) -> float | None:
        """The number that is compared with the baseline's; None of a param that differs within the group."""
        grouped, found = self._known(row), self._sums.sum(column)
        if grouped is not None and column.source is Source.PARAM and isinstance(found, Summaries):
            summary = found.at(grouped.groups.place(row))
            if summary.least != summary.greatest:
                return None
        return self.number(row, column)

    def title(self, row: int) -> list[Part]:
        """What the runs of a group have in common."""
        grouped = self._known(row)
        return [] if grouped is None else group_cells.title(grouped, row)

    def count(self, row: int) -> int:
        """How many runs a group has."""
        grouped = self._known(row)
        return 0 if grouped is None else group_cells.count(grouped, row)

    def color(self, row: int) -> int:
        """The number of a group's colour in charts; `NOTHING` of a group around others, which is not in charts."""
        grouped = self._known(row)
        return NOTHING if grouped is None else grouped.color(row)

    def sample(self, column: Column, most: int) -> list[str]:
        """What some of the groups show in a column, as far as it is known."""
        grouped = self._sums.grouped
        found = None if grouped is None else grouped.sums.get(column)
        if grouped is None or (found is None and column != NAME):
            return []
        rows = islice(grouped.groups.ids.tolist(), most)
        return [group_cells.text(grouped, row, column, found, self._now()) for row in rows]

    def _known(self, row: int) -> Grouped | None:
        grouped = self._sums.grouped
        return grouped if grouped is not None and grouped.groups.place(row) >= 0 else None

    def _spoken(self, grouped: Grouped, row: int, column: Column, found: Sum | None) -> str:
        spoken = group_cells.spoken(grouped, row, column, found, self._now(), self._is_open(row))
        return ", ".join(filter(None, (spoken, self._words(row, column))))

    def _tool_tip(self, grouped: Grouped, row: int, column: Column, found: Sum | None) -> str:
        full = group_cells.full_text(grouped, row, column, found)
        return tool_tip("\n".join(filter(None, (full, self._words(row, column)))))

    def _words(self, row: int, column: Column) -> str:
        return self._marks().words_of_group(column, self.compared(row, column))


def alignment(column: Column) -> Qt.AlignmentFlag:
    """The side of a column on which its values stand."""
    side = Qt.AlignmentFlag.AlignRight if cells.right_aligned(column) else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
