"""The table of differences, as high as its rows."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from runfolio.gui.chrome.tables import set_up_table
from runfolio.gui.compare.difference_model import DifferenceModel

# Widths in letters, and of names in shares of all.
NAME, NAME_SHARE, LONGEST = 26, 0.25, 30


class DifferenceTable(QTableView):
    """As high as its rows, for the page around it scrolls; where runs have no room beside each other it scrolls itself.

    Attributes:
        differences: what it shows.
    """

    def __init__(self, model: DifferenceModel, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.differences = model
        model.setParent(self)
        self.setModel(model)
        set_up_table(self, title)
        self.setProperty("role", "rows")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # long texts often differ in their last part only
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + 8)
        model.modelReset.connect(self._fit)

    def sizeHint(self) -> QSize:
        """Room for all rows, and for the bar below them."""
        bar = self.horizontalScrollBar()
        below = bar.sizeHint().height() if bar.maximum() > 0 else 0
        return QSize(400, self.horizontalHeader().sizeHint().height() + self.verticalHeader().length() + below + 2)

    def minimumSizeHint(self) -> QSize:
        """All rows: the page around it scrolls."""
        return QSize(100, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """What is around it scrolls, unless it is sideways."""
        if event.angleDelta().x():
            super().wheelEvent(event)
        else:
            event.ignore()

    @Slot()
    def _fit(self) -> None:
        """Runs share the room; where there is less than their texts take, they have that, as far as these are short."""
        letter, runs = self.fontMetrics().averageCharWidth(), range(1, self.differences.columnCount())
        if runs:
            name = min(NAME * letter, round(NAME_SHARE * self.viewport().width()))
            self.setColumnWidth(0, name)
            share = (self.viewport().width() - name) // len(runs)
            for run in runs:
                wanted = max(self.sizeHintForColumn(run), self.horizontalHeader().sectionSizeHint(run)) + 2 * letter
                self.setColumnWidth(run, max(share, min(wanted, LONGEST * letter)))
        self.updateGeometry()
