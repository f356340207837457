"""Runs, or groups of them, as bars: the best first. Knows no widgets and no store."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QObject, Qt
from PySide6.QtGui import QColor

from runfolio.core import numbers
from runfolio.core.curves import Floats
from runfolio.core.statistics import full_text
from runfolio.gui.aliases import NOWHERE, Ids, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.chrome.tables import RIGHT, heading
from runfolio.gui.compare.bar_paint import BAR_ROLE, SCALE_ROLE, Bar
from runfolio.gui.compare.group_table import GroupTable
from runfolio.gui.compare.reading import Compared, Judged
from runfolio.gui.compare.shades import Shades
from runfolio.gui.theme import Theme

#: More bars nobody compares.
MOST = 30
NAME, BAR, VALUE, VERSUS = range(4)
#: Where bars do not begin at 0, they begin so much of the range of all values before the least one.
BEFORE = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class BarLine:
    """One bar.

    Attributes:
        title: whose it is.
        runs: the runs that it stands for.
        place: of a run, its place among those that are compared; of a group -1.
        value: where it ends.
        reach: so far the 95 % interval of the mean reaches to either side; 0 of a run.
        said: all that is known, in words.
        baseline: whether the others are compared with it.
        color: that of the run; None for groups.
    """

    title: str
    runs: Ids
    place: int
    value: float
    reach: float
    said: str
    baseline: bool
    color: QColor | None = None

    @property
    def key(self) -> int | str:
        """What makes it the same bar when others are shown: its run, or what the runs of its group have in common."""
        return int(self.runs[0]) if self.place >= 0 else self.title


def bars_of(compared: Compared, shades: Shades) -> list[BarLine]:
    """A bar for each group that has a value, or where there are no groups for each run; the best first or, where nobody
    can say which these are, the highest. Of more than `MOST` the first ones are shown, and the baseline's.
    """
    judged = compared.judged
    if judged is None:
        return []
    return _of_runs(compared, judged, shades) if compared.groups is None else _of_groups(compared.groups, judged.lower)


def _best(values: Floats, baseline: int, lower: bool | None) -> list[int]:
    """The places of the best of the finite values, the best first, with that of the baseline always."""
    there = np.flatnonzero(np.isfinite(values))
    order = np.argsort(values[there] if lower else -values[there], kind="stable")
    shown: list[int] = there[order][:MOST].tolist()
    if baseline in there and baseline not in shown:
        shown[-1] = baseline
    return shown


def _of_runs(compared: Compared, judged: Judged, shades: Shades) -> list[BarLine]:
    return [
        BarLine(
            compared.names.of(place) or f"run {compared.runs[place]}",
            compared.runs[place : place + 1],
            place,
            float(judged.values[place]),
            0.0,
            numbers.exact(float(judged.values[place])),
            place == judged.baseline,
            QColor(*shades.rgb[place].tolist()),
        )
        for place in _best(judged.values, judged.baseline, judged.lower)
    ]


def _of_groups(groups: GroupTable, lower: bool | None) -> list[BarLine]:
    known = groups.lines
    baseline = next((place for place, line in enumerate(known) if groups.chosen and line.versus is None), -1)
    shown = [known[place] for place in _best(groups.means, baseline, lower)]
    return [
        BarLine(
            line.title,
            line.runs,
            -1,
            line.summary.mean,
            line.summary.interval if line.summary.count > 1 else 0.0,
            full_text(line.summary),
            line.versus is None and groups.chosen,
        )
        for line in shown
    ]


def scale_of(lines: Sequence[BarLine], *, cropped: bool) -> tuple[float, float]:
    """Where the scale of bars begins and ends: at 0, or near the least value, as far as intervals reach."""
    ends = [
        line.value + by for line in lines for by in (-line.reach, 0.0, line.reach) if math.isfinite(line.value + by)
    ]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    if not cropped:
        return min(low, 0.0), max(high, 0.0)
    room = BEFORE * (high / 2 - low / 2) * 2 if high / 2 - low / 2 < 1e307 else 0.0
    return (low - room, high) if low > 0 else (low, high + room) if high < 0 else (min(low, 0.0), max(high, 0.0))


class BarsModel(QAbstractTableModel):
    """A row for each bar."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.lines: Sequence[BarLine] = ()
        self.scale = (0.0, 1.0)
        self._lit = -1
        self._title = ""
        self._form = numbers.NumberFormat()

    def show_lines(self, lines: Sequence[BarLine], title: str, *, cropped: bool) -> None:
        """Show these bars; `title` says whose they are."""
        self.beginResetModel()
        self.lines, self._title, self._lit = lines, title, -1
        self.scale = scale_of(lines, cropped=cropped)
        self._form = numbers.column_format([line.value for line in lines])
        self.endResetModel()

    def light(self, place: int) -> int:
        """Light the bar of a run by its place; returns its row, -1 if it has none."""
        row = next((row for row, line in enumerate(self.lines) if line.place == place >= 0), -1)
        if row != self._lit:
            rows, self._lit = {self._lit, row} - {-1}, row
            for one in rows:
                self.dataChanged.emit(self.index(one, 0), self.index(one, VERSUS))
        return row

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        low, _ = self.scale
        start = "" if low <= 0 else f"from {numbers.short(float(f'{low:.4g}'))}, not 0"
        return heading((self._title, start, "value", "vs baseline"), section, orientation, role, right=(VALUE, VERSUS))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line, column = self.lines[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(line, column)
        if column == BAR and role in (BAR_ROLE, SCALE_ROLE):
            return Bar(line.value, line.reach, color=line.color) if role == BAR_ROLE else self.scale
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (VALUE, VERSUS):
            return RIGHT
        if role == Qt.ItemDataRole.BackgroundRole and index.row() == self._lit:
            return self._theme.color("hover")
        if role == Qt.ItemDataRole.ForegroundRole and column == VERSUS:
            return self._theme.color("accent" if line.baseline else "muted")
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(f"{line.title}\n{line.said}{self._interval(line)}")
        if role == Qt.ItemDataRole.AccessibleTextRole and column == BAR:
            return f"{self._form.text(line.value)}{self._interval(line)}"
        return None

    def _interval(self, line: BarLine) -> str:
        if not line.reach > 0:
            return ""
        low, high = (self._form.text(line.value + by) for by in (-line.reach, line.reach))
        return f"\n95 % interval of the mean: {low} to {high}"

    def _text(self, line: BarLine, column: int) -> str:
        if column == NAME:
            return line.title
        if column == VALUE:
            return self._form.text(line.value)
        base = next((one for one in self.lines if one.baseline), None)
        if column != VERSUS or base is None:
            return ""
        change = line.value / 2 - base.value / 2
        if line is base or not change:
            return "baseline" if line is base else "same"
        change = change * 2 if abs(change) < 1e307 else change
        return f"{'+' if change > 0 else ''}{numbers.short(float(f'{change:.2g}'))}"
