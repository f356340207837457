"""The trials of a sweep as a table that can be sorted; what is selected in it is selected everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QObject, Qt, Signal, Slot
from PySide6.QtGui import QBrush, QFont
from PySide6.QtWidgets import QTableView, QWidget

from runfolio.core import numbers
from runfolio.core.numbers import NumberFormat, column_format
from runfolio.core.ordering import natural
from runfolio.core.sweeps.records import Trial, TrialState
from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.chrome.tables import LEFT, RIGHT, heading, set_up_rows
from runfolio.gui.sweeps.reading import SweepFacts
from runfolio.gui.theme import Theme

Role = Qt.ItemDataRole
SHAPES = {
    TrialState.RUNNING: ("●", "accent"),
    TrialState.FINISHED: ("✓", "ok"),
    TrialState.FAILED: ("✕", "bad"),
    TrialState.PRUNED: ("✂", "muted"),
    TrialState.STOPPED: ("■", "warn"),
}
NUMBER, STATE, VALUE, FIRST_PARAM = range(4)
#: Widths in letters.
LETTERS = {NUMBER: 10, STATE: 14, VALUE: 14}
OTHER = 16
#: Blanks behind the headings at the right, where the mark of the order stands.
ROOM = "\u2003\u2002"


@dataclass(frozen=True, slots=True)
class Order:
    """By which column rows are sorted, and whether the greatest comes first; by the metric, the best comes first."""

    column: int = VALUE
    descending: bool = False


class TrialsModel(QAbstractTableModel):
    """One row for each trial.

    Attributes:
        trials: as they stand.
        order: by what they are sorted.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._facts: SweepFacts | None = None
        self._names: tuple[str, ...] = ()
        self._right: frozenset[int] = frozenset()
        self._format = NumberFormat()
        self.trials: Sequence[Trial] = ()
        self.order: Order | None = None
        theme.theme_changed.connect(self._recolor)

    @property
    def titles(self) -> list[str]:
        """What the columns are called."""
        metric = self._facts.sweep.metric if self._facts is not None else "value"
        return ["Trial", "State", metric, *self._names, "Took", "Reason"]

    def show_facts(self, facts: SweepFacts) -> None:
        """Show a sweep; where the same trials stand in the same order, rows stay."""
        names = tuple(dict.fromkeys([one.name for one in facts.sweep.space]))
        if self.order is None:
            self.order = Order(VALUE, facts.sweep.goal != "minimize")
        same_columns = names == self._names and self._facts is not None
        self._facts, self._format = facts, column_format([one.value for one in facts.trials if one.value is not None])
        trials = self._arranged(facts.trials, names)
        same = same_columns and [one.number for one in trials] == [one.number for one in self.trials]
        if not same:
            self.beginResetModel()
        self._names, self.trials = names, trials
        numeric = {FIRST_PARAM + at for at, one in enumerate(facts.sweep.space) if not one.values}
        self._right = frozenset((NUMBER, VALUE, FIRST_PARAM + len(names), *numeric))
        if not same:
            self.endResetModel()
        elif trials:
            self.dataChanged.emit(self.index(0, 0), self.index(len(trials) - 1, len(self.titles) - 1))

    def set_order(self, order: Order) -> None:
        """Sort otherwise."""
        self.order = order
        if self._facts is not None:
            self.beginResetModel()
            self.trials = self._arranged(self._facts.trials, self._names)
            self.endResetModel()

    def _arranged(self, trials: Sequence[Trial], names: Sequence[str]) -> list[Trial]:
        """What has nothing to be sorted by comes last."""
        order = self.order or Order()

        def key(one: Trial) -> tuple[bool, Any]:
            if order.column == VALUE:
                return one.value is None, 0.0 if one.value is None else one.value
            if order.column == NUMBER:
                return False, one.number
            if order.column == STATE:
                return False, str(one.state)
            at = order.column - FIRST_PARAM
            if at < len(names):
                return names[at] not in one.parameters, natural(one.parameters.get(names[at], ""))
            if at == len(names):
                return one.ended is None, (one.ended or 0) - one.started
            return not one.reason, natural(one.reason)

        found = sorted(trials, key=lambda one: key(one)[1], reverse=order.descending)
        return sorted(found, key=lambda one: key(one)[0])

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.trials)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = int(Role.DisplayRole)) -> Any:
        titles = [f"{title}{ROOM}" if at in self._right else title for at, title in enumerate(self.titles)]
        return heading(titles, section, orientation, role, right=self._right)

    def data(self, index: Index, role: int = int(Role.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        trial, column = self.trials[index.row()], index.column()
        if role == Role.DisplayRole:
            return self._text(trial, column)
        if role == Role.ToolTipRole:
            return tool_tip(
                numbers.exact(trial.value) if column == VALUE and trial.value is not None else self._text(trial, column)
            )
        if role == Role.TextAlignmentRole:
            return RIGHT if column in self._right else LEFT
        if role == Role.ForegroundRole and column == STATE:
            return QBrush(self._theme.color(SHAPES[trial.state][1]))
        if role == Role.FontRole and self._is_best(trial):
            bold = QFont()
            bold.setWeight(QFont.Weight.DemiBold)
            return bold
        return None

    def _full(self, trial: Trial, column: int) -> str:
        """All of what a cell says."""
        if column == VALUE and trial.value is not None:
            return numbers.exact(trial.value)
        at = column - FIRST_PARAM
        return trial.parameters.get(self._names[at], "") if 0 <= at < len(self._names) else self._text(trial, column)

    def _is_best(self, trial: Trial) -> bool:
        best = self._facts.best if self._facts is not None else None
        return best is not None and best.number == trial.number

    def _text(self, trial: Trial, column: int) -> str:
        at = column - FIRST_PARAM
        if column == NUMBER:
            return f"★ {trial.number}" if self._is_best(trial) else f"{trial.number}"
        if column == STATE:
            return f"{SHAPES[trial.state][0]} {trial.state}"
        if column == VALUE:
            return "" if trial.value is None else self._format.text(trial.value)
        if at < len(self._names):
            return numbers.setting(trial.parameters.get(self._names[at], ""))
        if at == len(self._names):
            return numbers.duration(trial.ended - trial.started) if trial.ended is not None else ""
        return " ".join(trial.reason.split())

    @Slot()
    def _recolor(self) -> None:
        if self.trials:
            self.dataChanged.emit(self.index(0, STATE), self.index(len(self.trials) - 1, STATE))


class TrialsTable(QTableView):
    """Shows trials, and says which was chosen.

    Attributes:
        model_of_trials: what is shown.

    Signals:
        trial_chosen(object): the user has selected this `Trial`.
        trial_opened(object): the user wants to go to its run.
    """

    trial_chosen = Signal(object)
    trial_opened = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_of_trials = TrialsModel(theme, self)
        self._shown = 0
        self._following = False
        set_up_rows(self, "Trials")
        self.setModel(self.model_of_trials)
        header = self.horizontalHeader()
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        header.sortIndicatorChanged.connect(self._on_order)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.activated.connect(lambda index: self.trial_opened.emit(self.model_of_trials.trials[index.row()]))

    def show_facts(self, facts: SweepFacts, current: int | None) -> None:
        """Show a sweep with the row of the trial of this number selected, if it is one."""
        others = facts.run != self._shown
        self._shown, self._following = facts.run, True
        self.model_of_trials.show_facts(facts)
        if others:
            self._fit_columns(len(facts.sweep.space))
        self.mark(current)
        self._following = False

    def _fit_columns(self, params: int) -> None:
        letter, header = self.fontMetrics().averageCharWidth(), self.horizontalHeader()
        for column in range(self.model_of_trials.columnCount()):
            title = header.fontMetrics().horizontalAdvance(self.model_of_trials.titles[column]) + 5 * letter
            self.setColumnWidth(column, max(LETTERS.get(column, OTHER) * letter, title))
        order = self.model_of_trials.order or Order()
        header.blockSignals(True)
        direction = Qt.SortOrder.DescendingOrder if order.descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(order.column, direction)
        header.blockSignals(False)

    def mark(self, number: int | None) -> None:
        """Select the row of a trial, nobody told of it; None selects nothing."""
        before, self._following = self._following, True
        rows = [row for row, one in enumerate(self.model_of_trials.trials) if one.number == number]
        if not rows:
            self.clearSelection()
        elif self.currentIndex().row() != rows[0] or not self.selectionModel().hasSelection():
            flags = QItemSelectionModel.SelectionFlag
            index = self.model_of_trials.index(rows[0], max(self.currentIndex().column(), 0))
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self._following = before

    @Slot()
    def _on_current(self) -> None:
        row = self.currentIndex().row()
        if not self._following and row >= 0:
            self.trial_chosen.emit(self.model_of_trials.trials[row])

    @Slot(int, Qt.SortOrder)
    def _on_order(self, column: int, order: Qt.SortOrder) -> None:
        row = self.currentIndex().row()
        number = self.model_of_trials.trials[row].number if row >= 0 else None
        self._following = True
        self.model_of_trials.set_order(Order(column, order is Qt.SortOrder.DescendingOrder))
        self.mark(number)
        self._following = False
