"""The table of versions: what is selected in it is selected everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QTableView, QWidget

from runfolio.core.columns import Column, Kind
from runfolio.core.registry.records import ModelVersion
from runfolio.gui.chrome.tables import set_up_rows
from runfolio.gui.registry.state import RegistryState
from runfolio.gui.registry.versions.columns import Look
from runfolio.gui.registry.versions.model import FULL_ROLE, VersionsModel
from runfolio.gui.theme import Theme

#: Widths of columns, in letters.
NARROW, USUAL, WIDE = 9, 14, 24
WIDTHS = {"version": NARROW, "created": 20, "run": 18, "stage": 15, "description": WIDE, "size": 10}


class VersionsTable(QTableView):
    """Shows versions, and follows what is selected.

    Attributes:
        model_of_versions: what is shown.

    Signals:
        order_changed(Column, bool): another order is wanted; with True the greatest first.
        compare_asked(): the selected ones are to be compared.
    """

    order_changed = Signal(object, bool)
    compare_asked = Signal()

    def __init__(self, theme: Theme, state: RegistryState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._following = False
        self.model_of_versions = VersionsModel(theme, self)
        set_up_rows(self, "Versions", several=True)
        self.setModel(self.model_of_versions)
        header = self.horizontalHeader()
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 6)
        header.sortIndicatorChanged.connect(self._on_order)
        self.selectionModel().selectionChanged.connect(self._on_selected)
        self.activated.connect(self._on_activated)
        state.versions_changed.connect(self.follow)

    def show_versions(
        self, versions: Sequence[ModelVersion], columns: Sequence[Column], stages: Sequence[str], look: Look
    ) -> None:
        """Show these in an order; what was selected stays so."""
        others = list(columns) != list(self.model_of_versions.columns)
        self._following = True
        self.model_of_versions.show_versions(versions, columns, stages)
        self._following = False
        header, letter = self.horizontalHeader(), self.fontMetrics().averageCharWidth()
        if others:
            for at, column in enumerate(columns):
                usual = NARROW + 2 if column.kind is Kind.NUMBER else USUAL
                title = header.fontMetrics().horizontalAdvance(column.title) + 8 * letter
                header.resizeSection(at, max(WIDTHS.get(column.key, usual) * letter, title))
        header.blockSignals(True)
        order = Qt.SortOrder.DescendingOrder if look.descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(columns.index(look.order) if look.order in columns else -1, order)
        header.blockSignals(False)
        self.follow()

    @property
    def chosen(self) -> list[ModelVersion]:
        """The selected versions, from the top down."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [self.model_of_versions.versions[row] for row in rows]

    @Slot()
    def follow(self) -> None:
        """Select what is selected elsewhere."""
        wanted = self._state.versions
        if {one.version for one in self.chosen} == set(wanted):
            return
        rows = {one.version: row for row, one in enumerate(self.model_of_versions.versions)}
        selection, last = QItemSelection(), self.model_of_versions.columnCount() - 1
        for number in wanted:
            if number in rows:
                first = self.model_of_versions.index(rows[number], 0)
                selection.select(first, first.siblingAtColumn(last))
        self._following = True
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(selection, flags.ClearAndSelect)
        if wanted and wanted[-1] in rows:
            current = self.model_of_versions.index(rows[wanted[-1]], max(self.currentIndex().column(), 0))
            self.selectionModel().setCurrentIndex(current, flags.NoUpdate)
        self._following = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Of a copy, Qt would take the text of one cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        else:
            super().keyPressEvent(event)

    @Slot()
    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard, whole, with headings and tabs."""
        model = self.model_of_versions
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        lines = [[column.title for column in model.columns]]
        for row in rows:
            cells = (model.index(row, at).data(FULL_ROLE) for at in range(model.columnCount()))
            lines.append([" ".join(str(cell).split()) for cell in cells])
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))

    @Slot()
    def _on_selected(self) -> None:
        """The one that the keyboard is on is what the inspector shows."""
        if self._following:
            return
        numbers = [one.version for one in self.chosen]
        row = self.currentIndex().row()
        current = self.model_of_versions.versions[row].version if row >= 0 else 0
        self._state.select(sorted(numbers, key=lambda one: one == current))

    @Slot(QModelIndex)
    def _on_activated(self, _index: QModelIndex) -> None:
        if len(self.chosen) > 1:
            self.compare_asked.emit()

    @Slot(int, Qt.SortOrder)
    def _on_order(self, section: int, order: Qt.SortOrder) -> None:
        if 0 <= section < len(self.model_of_versions.columns):
            column = self.model_of_versions.columns[section]
            self.order_changed.emit(column, order is Qt.SortOrder.DescendingOrder)
