"""The box above the charts that says what x is: steps, times, or any metric, which a list that can be searched has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from runfolio.core.columns import Column, metric
from runfolio.gui.columns.picker import ColumnPicker, open_picker
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.x_axes import XAxis

OTHER = "metric…"
KINDS = tuple(kind for kind in XAxis if kind is not XAxis.METRIC)
LETTERS = 12


class XChoice(QComboBox):
    """Has the kinds of x, the metric that was chosen, and an entry that asks for another one.

    Args:
        metrics: gives the names to choose from.

    Signals:
        chosen(XAxis, str): the user wants another x; with the metric, if it is one.
    """

    chosen = Signal(object, str)

    def __init__(self, metrics: Callable[[], Sequence[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._metrics = metrics
        self._shown = XAxis.STEP, ""
        for kind in KINDS:
            self.addItem(str(kind))
        self.addItem(OTHER)
        self.setAccessibleName("Horizontal axis")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(LETTERS)
        self.currentIndexChanged.connect(self._on_index)

    def show_options(self, options: Options) -> None:
        """Show what is chosen."""
        kind, name, _ = options.across
        self._shown = kind, name
        blocked = QSignalBlocker(self)
        while self.count() > len(KINDS) + 1:
            self.removeItem(len(KINDS))
        if kind is XAxis.METRIC:
            self.insertItem(len(KINDS), name)
        self.setCurrentIndex(len(KINDS) if kind is XAxis.METRIC else KINDS.index(kind))
        self.setToolTip(name)
        del blocked

    @Slot(int)
    def _on_index(self, index: int) -> None:
        if index == self.count() - 1:
            kind, name = self._shown
            self.show_options(Options(x=kind, x_metric=name))
            self.ask()
        elif 0 <= index < len(KINDS):
            self.chosen.emit(KINDS[index], "")

    def ask(self) -> ColumnPicker:
        """Let the user look for a metric."""
        columns = [metric(name) for name in self._metrics()]
        mine = [metric(self._shown[1])] if self._shown[1] else []
        return open_picker(ColumnPicker("Metric along x", columns, lambda: mine, self._take, self), self)

    def _take(self, column: Column) -> None:
        self.chosen.emit(XAxis.METRIC, column.key)
