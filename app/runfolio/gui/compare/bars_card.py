"""The card of bars: the last or best value of each run, or the mean of each group, the best first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from runfolio.core.columns import Column, Source, metric
from runfolio.core.compare_options import judge_by_best
from runfolio.core.numbers import counted
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.chrome.tables import set_up_table
from runfolio.gui.compare.bar_paint import BarDelegate
from runfolio.gui.compare.bars_model import BAR, NAME, VALUE, VERSUS, BarLine, BarsModel, bars_of
from runfolio.gui.compare.card import Look, RunsCard, choice, padded
from runfolio.gui.compare.metric_choice import MetricChoice
from runfolio.gui.compare.reading import Compared
from runfolio.gui.runs import selecting
from runfolio.gui.theme import Theme

ROWS = 8
# A name is elided in the middle beyond this share of the width.
NAME_SHARE = 0.35


class BarsTable(QTableView):
    """Bars of which some are selected, and one may be lit.

    Attributes:
        bars: what is shown.

    Signals:
        pointed(int): the mouse is over the bar of this run, by its place; -1 over none.
        chosen(list): the user has selected the bars in these rows.
    """

    pointed = Signal(int)
    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars = BarsModel(theme, self)
        self.setModel(self.bars)
        set_up_table(self, "Bars")
        self.setProperty("role", "rows")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setMouseTracking(True)
        self.verticalHeader().setDefaultSectionSize(max(26, self.fontMetrics().height() + 9))
        self.setItemDelegateForColumn(BAR, BarDelegate(theme, self))
        for column in (VALUE, VERSUS):
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setSectionResizeMode(BAR, QHeaderView.ResizeMode.Stretch)
        self.setMinimumHeight((ROWS + 1) * self.verticalHeader().defaultSectionSize())
        self.entered.connect(self._on_entered)
        self.viewportEntered.connect(self._on_left)
        self.selectionModel().selectionChanged.connect(self._on_selected)
        theme.theme_changed.connect(self.viewport().update)

    def show_lines(self, lines: Sequence[BarLine], title: str, *, cropped: bool) -> None:
        """Show other bars; the keyboard stays on the one that it was on."""
        row, known = self.currentIndex().row(), self.bars.lines
        key = known[row].key if 0 <= row < len(known) else None
        self.bars.show_lines(lines, title, cropped=cropped)
        # Runs often differ in the end of their names, groups in what comes first.
        groups = any(line.place < 0 for line in lines)
        self.setTextElideMode(Qt.TextElideMode.ElideRight if groups else Qt.TextElideMode.ElideMiddle)
        row = next((row for row, line in enumerate(lines) if line.key == key), -1)
        if row >= 0:
            chosen = self.selectionModel()
            chosen.setCurrentIndex(self.bars.index(row, NAME), chosen.SelectionFlag.NoUpdate)
        self.fit()

    def light(self, place: int) -> None:
        """Light the bar of a run; -1 lights none."""
        self.bars.light(place)

    def show_chosen(self, rows: Sequence[int]) -> None:
        """Show other rows as selected; nobody is told."""
        chosen = self.selectionModel()
        if rows == self._rows():
            return
        chosen.blockSignals(True)
        wanted = selecting.selection_of(self.bars, selecting.stretches(np.array(rows, np.intp)))
        chosen.select(wanted, chosen.SelectionFlag.ClearAndSelect)
        chosen.blockSignals(False)
        self.viewport().update()

    def _rows(self) -> list[int]:
        spans = selecting.spans(self.selectionModel().selection())
        return [row for first, last in spans for row in range(first, last + 1)]

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is over no bar any more."""
        super().leaveEvent(event)
        self._on_left()

    @Slot(QModelIndex)
    def _on_entered(self, index: QModelIndex) -> None:
        self.pointed.emit(self.bars.lines[index.row()].place)

    @Slot()
    def _on_left(self) -> None:
        self.pointed.emit(-1)

    @Slot()
    def _on_selected(self) -> None:
        self.chosen.emit(self._rows())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Names have as much room as they need, up to a share of all."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Give the names their room."""
        wanted = max(self.sizeHintForColumn(NAME), self.horizontalHeader().sectionSizeHint(NAME)) + 12
        self.setColumnWidth(NAME, min(wanted, round(NAME_SHARE * self.viewport().width())))


class BarsCard(RunsCard):
    """The bars, and what they show.

    Attributes:
        table: the bars; selecting some selects their runs.
        by, best, zero: the buttons for the metric, for its best value in place of the last, and for bars from 0.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.table = BarsTable(theme)
        super().__init__("Bars", padded(self.table), parent)
        self._places: list[NDArray[np.intp]] = []
        self._number = -1
        self.best, self.zero = choice("Best values, not the last ones"), choice("Bars begin at 0")
        for button, text in ((self.best, "best"), (self.zero, "from 0")):
            button.setText(text)
            button.setCheckable(True)
        self._metric = MetricChoice("What runs are judged by", self)
        self.by = self._metric.button
        self.add(self.by, self.best, self.zero)
        self._metric.chosen.connect(self._take_metric)
        self.best.clicked.connect(self._on_best)
        self.zero.clicked.connect(self._on_zero)
        self.table.chosen.connect(self._on_chosen)

    @property
    def lit(self) -> Sequence[BarsTable]:
        return (self.table,)

    def show_runs(self, compared: Compared, look: Look) -> None:
        super().show_runs(compared, look)
        lines, by, groups = bars_of(compared, look.shades), compared.by, compared.groups
        self._metric.show_column(by, compared.columns, look)
        self.best.setVisible(by is not None and by.source is Source.METRIC)
        self.best.setChecked(by is not None and by.statistic == "best")
        self.zero.setChecked(not look.options.cropped)
        self.table.setColumnHidden(VERSUS, not any(line.baseline for line in lines))
        self.table.show_lines(lines, groups.by if groups is not None else "run", cropped=look.options.cropped)
        # While something is brushed, this is asked for with each frame.
        self._places = [np.flatnonzero(np.isin(compared.runs, line.runs)) for line in lines]
        self._number = len(compared.runs)
        name = look.name(by) if by is not None else "Bars"
        self.title.setText(name if groups is None else f"Mean {name}")
        self._describe(compared, len(lines))
        self.fit()

    def _describe(self, compared: Compared, shown: int) -> None:
        """Say what is not shown."""
        groups, judged = compared.groups, compared.judged
        if judged is None:
            self.note.setText("these runs have no metric")
            return
        what = "group" if groups is not None else "run"
        values = groups.means if groups is not None else judged.values
        there = int(np.count_nonzero(np.isfinite(values)))
        first = "best" if judged.lower is not None else "highest"
        parts = [f"the {first} {shown} of {counted(there, what)}"] if there > shown else []
        parts += [f"{counted(len(values) - there, what)} without a value"] if len(values) > there else []
        parts += [groups.left_out, "95 % interval of the mean"] if groups is not None else []
        self.note.setText(" · ".join(filter(None, parts)))
        self.note.setToolTip(tool_tip(self.note.text()))

    def pick(self, picked: NDArray[np.bool_], *, apart: bool) -> None:
        """Bars are selected all of whose runs are."""
        if len(picked) == self._number:
            self.table.show_chosen([row for row, places in enumerate(self._places) if picked[places].all()])

    @Slot(object)
    def _on_chosen(self, rows: list[int]) -> None:
        lines = self.table.bars.lines
        runs = [lines[row].runs for row in rows if row < len(lines)]
        self.picked.emit(np.concatenate(runs) if runs else np.empty(0, np.int64))

    @Slot(object)
    def _take_metric(self, column: Column) -> None:
        best = self.best.isChecked() and column.source is Source.METRIC
        self._choose("Judge Runs By", metric=metric(column.key, "best") if best else column)

    @Slot(bool)
    def _on_best(self, best: bool) -> None:
        by = self._compared.by if self._compared is not None else None
        if by is not None:
            self._change(lambda options: judge_by_best(options, by, best), "Best Values")

    @Slot(bool)
    def _on_zero(self, zero: bool) -> None:
        self._choose("Where Bars Begin", cropped=not zero)
