"""What groups of runs come to, each beside the baseline's: read on a worker, shown as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from runfolio.core import numbers
from runfolio.core.columns import Column, Source, param
from runfolio.core.curves import Floats
from runfolio.core.direction import is_judged, lower_of
from runfolio.core.group_edits import caption
from runfolio.core.grouping import Values, aligned, settings_in
from runfolio.core.kernel import LEAST, Violin, violin_of
from runfolio.core.lonely import are_alone, keeping_apart
from runfolio.core.significance import Versus, against, explained, verdict
from runfolio.core.statistics import Summary, full_text, summarise
from runfolio.core.views import View
from runfolio.gui.aliases import NOWHERE, Ids, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.chrome.tables import RIGHT, heading
from runfolio.gui.compare.boxes import BOX_ROLE, RANGE_ROLE, Box, box_of, range_of
from runfolio.gui.runs.group_cells import joined, values_alone, whole_title
from runfolio.gui.runs.grouped import SAMPLE, Grouped, read_groups
from runfolio.gui.runs.selecting import place_of
from runfolio.gui.theme import Theme
from runfolio.store import Store
from runfolio.store.runs import find_run

#: Groups beyond these are not compared.
MOST = 200
GROUP, COUNT, MEAN, BOX, INTERVAL, VERSUS = range(6)
GROUPS = "Group"
NOT_SIGNIFICANT = "Not significant (n.s.): chance alone makes a difference as large in more than 5 % of cases"
HEADINGS = ("n", "mean ± std", "values", "95 % interval", "vs baseline")


@dataclass(frozen=True, slots=True, eq=False)
class GroupLine:
    """One group.

    Attributes:
        title: what its runs have in common.
        runs: its runs.
        summary: what their values come to.
        box, violin: how these lie.
        versus: the comparison with the baseline; None of that itself.
        better: whether its mean is the better one; None where nobody can say.
    """

    title: str
    runs: Ids
    summary: Summary
    box: Box | None
    violin: Violin | None
    versus: Versus | None
    better: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class GroupTable:
    """All groups of a view, in their order.

    Attributes:
        column: what they are compared by.
        by: what makes the groups, in few words.
        lines: the groups.
        chosen: whether the baseline is the group of the run that was made the baseline; else it is the first one that
            has values enough.
        number: how many groups there are, more than `MOST` of which are not shown.
        range: the least and the greatest value of all.
        alone: whether most runs share their group with no other run, where all settings but some make the groups.
        apart: the settings without which they would have company, if there are such.
    """

    column: Column
    by: str
    lines: Sequence[GroupLine]
    chosen: bool
    number: int
    range: tuple[float, float]
    alone: bool = False
    apart: tuple[Column, ...] = ()

    @property
    def means(self) -> Floats:
        """The mean of each; NaN where it has no value."""
        return np.array([line.summary.mean for line in self.lines], np.float64)

    @property
    def told(self) -> str:
        """How the groups were compared, in a sentence."""
        tests = sum(line.versus is not None and line.versus.told for line in self.lines)
        correction = f", Holm's correction for {tests:,} comparisons" if tests > 1 else ""
        base = "" if self.chosen else " · baseline: the first group"
        more = f" · {self.left_out}" if self.left_out else ""
        return f"Welch's t-test{correction}{base}{more}"

    @property
    def left_out(self) -> str:
        """How many groups are looked at where there are more; else nothing."""
        return f"the first {MOST:,} of {self.number:,} groups" if self.number > MOST else ""


def read_group_table(store: Store, view: View, runs: Ids, column: Column, values: Values) -> GroupTable:
    """Compare the innermost groups of a view by a column whose values were read."""
    grouped = read_groups(store, view, runs, (), None)
    groups = grouped.groups
    innermost = np.flatnonzero(groups.level == len(groups.levels) - 1)
    first, number = int(innermost[0]), len(innermost)
    of = groups.of[-1] - first
    found, given = aligned(values.numeric(), runs)
    summaries = summarise(found[given], of[given], number)
    order = [place - first for place in _in_order(grouped)[:MOST]]
    members = [np.flatnonzero(of == place) for place in order]
    baseline = place_of(runs, find_run(store, view.baseline) if view.baseline else None)
    chosen = baseline >= 0 and int(of[baseline]) in order
    base = order.index(int(of[baseline])) if chosen else _first_told([summaries.at(place) for place in order])
    own = [found[one] for one in members]
    boxes = [box_of(one) for one in own]
    lines = [
        GroupLine(
            _title(grouped, first + place),
            runs[members[at]],
            summaries.at(place),
            boxes[at],
            violin_of(own[at]),
            versus,
            _better(column, versus, view),
        )
        for at, (place, versus) in enumerate(zip(order, against(own, base), strict=True))
    ]
    alone = bool(view.group_except) and are_alone(np.bincount(of, minlength=number).tolist())
    apart = _keeping_apart(grouped) if alone else ()
    return GroupTable(column, caption(view), lines, chosen, number, range_of(boxes), alone, apart)


def _keeping_apart(grouped: Grouped) -> tuple[Column, ...]:
    texts = islice(grouped.groups.levels[-1].values, SAMPLE)
    return tuple(map(param, keeping_apart([settings_in(str(text), grouped.names) for text in texts])))


def _in_order(grouped: Grouped) -> list[int]:
    """The innermost groups in the order in which the table has them."""
    outline, depth = grouped.outline(), len(grouped.groups.levels) - 1
    ids = outline.ids[(outline.depth == depth) & (outline.ids < 0)]
    return [grouped.groups.place(one) for one in ids.tolist()]


def _first_told(summaries: Sequence[Summary]) -> int:
    """The first group with values enough to compare others with."""
    return next((place for place, one in enumerate(summaries) if one.count > 1), 0)


def _title(grouped: Grouped, group: int) -> str:
    """What the runs of a group have in common; names are in the heading, but where they are all settings but some."""
    parts = whole_title(grouped, group)
    return joined(parts) if grouped.view.group_except else values_alone(parts)


def _better(column: Column, versus: Versus | None, view: View) -> bool | None:
    if versus is None or column.source is not Source.METRIC or not is_judged(column.key, view.directions):
        return None
    return (versus.change < 0) is lower_of(column.key, view.directions)


class GroupModel(QAbstractTableModel):
    """A row for each group. Knows no widgets and no store."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.table: GroupTable | None = None
        self._violin = False

    @property
    def lines(self) -> Sequence[GroupLine]:
        """The groups that are shown."""
        return self.table.lines if self.table is not None else ()

    def show_table(self, table: GroupTable | None, *, violin: bool = False) -> None:
        """Show these groups, their values as boxes or as violins."""
        self.beginResetModel()
        self.table, self._violin = table, violin
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else 1 + len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        titles = (self.table.by if self.table is not None else GROUPS, *HEADINGS)
        return heading(titles, section, orientation, role, right=range(COUNT, len(titles)))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self.table is None:
            return None
        line, column = self.lines[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(line, column)
        if role == BOX_ROLE:
            return line.violin if self._violin else line.box
        if role == RANGE_ROLE:
            return self.table.range
        if role == Qt.ItemDataRole.TextAlignmentRole and column != GROUP:
            return RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(full_cell(line, column, len(self.lines) - 1))
        if role == Qt.ItemDataRole.AccessibleTextRole and column == BOX:
            return full_cell(line, column, 0)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == VERSUS:
            return cell_text(line, column).replace(" n.s.", ", not significant")
        if role == Qt.ItemDataRole.ForegroundRole and column == VERSUS:
            return self._theme.color(_tone(line))
        return None


def _tone(line: GroupLine) -> str:
    if line.versus is None or not line.versus.significant or line.better is None:
        return "muted" if line.versus is None or not line.versus.significant else "text"
    return "ok" if line.better else "bad"


def cell_text(line: GroupLine, column: int) -> str:
    """What a cell says."""
    summary = line.summary
    if column == GROUP:
        return line.title
    if column == COUNT:
        return f"{summary.count:,}" + (f" +{summary.other:,} not finite" if summary.other else "")
    if column == VERSUS:
        return "baseline" if line.versus is None else verdict(line.versus, _change(line))
    if not summary.count or column == BOX:
        return ""
    if column == MEAN:
        return numbers.with_spread(summary.mean, summary.deviation)
    if summary.count < 2:
        return ""
    return _interval(summary.mean - summary.interval, summary.mean + summary.interval)


def _interval(low: float, high: float) -> str:
    """From where to where, both with the same decimals."""
    form = numbers.column_format([low, high])
    if form.scientific or max(abs(low), abs(high)) >= numbers.LARGEST:
        return f"{form.text(low)} to {form.text(high)}"
    return f"{low:,.{form.decimals}f} to {high:,.{form.decimals}f}".replace("-", numbers.MINUS)


def _change(line: GroupLine) -> str:
    """The difference from the baseline's mean, with its sign and an arrow's meaning in words of its colour."""
    assert line.versus is not None
    change = line.versus.change
    return f"{'+' if change > 0 else ''}{numbers.short(float(f'{change:.2g}'))}"


def full_cell(line: GroupLine, column: int, tests: int) -> str:
    """All that is known of what a cell says."""
    if column == VERSUS and line.versus is not None:
        direction = {True: "\nThe better mean", False: "\nThe worse mean", None: ""}[line.better]
        chance = "" if line.versus.significant or not line.versus.told else f"\n{NOT_SIGNIFICANT}"
        return f"Mean differs by {_change(line)}{direction}{chance}\n{explained(line.versus, tests)}"
    if column == BOX and line.box is not None:
        return "\n".join(filter(None, [_box_text(line.box), _violin_text(line.violin)]))
    if column == GROUP:
        return line.title
    interval = f"\n95 % interval of the mean: {cell_text(line, INTERVAL)}" if line.summary.count > 1 else ""
    return full_text(line.summary) + interval


def _box_text(box: Box) -> str:
    """The same as the picture, in words."""
    low, lower, median, upper, high = map(numbers.short, (box.low, box.lower, box.median, box.upper, box.high))
    beyond = f"\n{numbers.counted(box.count, 'value')} beyond them" if box.count else ""
    half = f"Half of the values lie from {lower} to {upper}, the median is {median}"
    return f"{half}\nWhiskers from {low} to {high}{beyond}"


def _violin_text(violin: Violin | None) -> str:
    """What the shape of a violin is made with."""
    if violin is None:
        return ""
    if not len(violin.density):
        return f"No shape of fewer than {LEAST} values" if len(violin.few) < LEAST else ""
    return f"Kernel density by Silverman's rule, bandwidth {numbers.short(float(f'{violin.bandwidth:.2g}'))}"
