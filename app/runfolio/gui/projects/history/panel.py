"""The runs of an entry point under its form: choosing one shows it in the inspector, its values can be used again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QTableView, QVBoxLayout, QWidget

from runfolio.core.entities import Changes, Run
from runfolio.core.numbers import counted
from runfolio.core.projects.records import EntryPoint
from runfolio.gui.chrome.labels import muted, section_label
from runfolio.gui.chrome.tables import set_up_rows
from runfolio.gui.chrome.wheel import still_combo
from runfolio.gui.icons import icon
from runfolio.gui.projects.history.model import PastModel
from runfolio.gui.projects.history.reading import Past, read_past
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.store.runs import get_run

PACE = 500
QWIDGETSIZE_MAX = (1 << 24) - 1  # Qt's, which PySide6 lacks
NOTHING = "This entry point has not been run yet. Its runs are listed here, and their values can be used again."


class HistoryPanel(QWidget):
    """Follows the store.

    Attributes:
        model, table: the runs, and the view of them.
        measure: which metric is shown.
        use: the button that fills the form from the selected run.

    Signals:
        values_wanted(dict): the form is to have these values.
    """

    values_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._uri, self._entry = "", EntryPoint("", "")
        self.model = PastModel(session.theme, self)
        self.table, self.measure = QTableView(self), still_combo(self)
        self.use, self.open = QPushButton("Use These Values"), QPushButton("Open the Run")
        self._summary, self._nothing = muted(), muted(NOTHING)
        self._place()
        complaint = "The runs of the project could not be read."
        self._refresh: Refresh[Past] = Refresh(session, self._job, self._on_read, complaint, self, PACE)
        self._connect()

    def show_entry(self, uri: str, entry: EntryPoint) -> None:
        """Show the runs of an entry point."""
        if (uri, entry) == (self._uri, self._entry):
            return
        self._uri, self._entry = uri, entry
        self.model.show_past(Past())
        self._refresh.ask_instead()

    def _place(self) -> None:
        table = self.table
        set_up_rows(table, "Runs of this entry point")
        table.setModel(self.model)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._nothing.setWordWrap(True)
        self._nothing.setContentsMargins(16, 4, 16, 12)
        self.measure.setAccessibleName("Metric that is shown")
        self.use.setIcon(icon("undo", "muted"))
        self.open.setIcon(icon("run", "muted"))
        top = QHBoxLayout()
        top.setContentsMargins(16, 8, 16, 4)
        top.setSpacing(8)
        top.addWidget(section_label("Runs"))
        top.addWidget(self._summary, 1)
        for widget in (self.measure, self.use, self.open):
            top.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(table, 1)
        layout.addWidget(self._nothing, 1, Qt.AlignmentFlag.AlignTop)
        self.setFocusProxy(table)
        self._tell()

    def _connect(self) -> None:
        self._session.changed.connect(self._on_changed)
        self.table.selectionModel().selectionChanged.connect(self._on_chosen)
        self.table.activated.connect(self._on_open)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.measure.activated.connect(self._refresh.ask_now)
        self.use.clicked.connect(self._on_use)
        self.open.clicked.connect(self._on_open)
        self.model.modelReset.connect(self._tell)

    @property
    def chosen(self) -> int | None:
        """The selected run."""
        rows = self.table.selectionModel().selectedRows()
        row = self.model.row(rows[0]) if rows else None
        return None if row is None else row.id

    def _job(self) -> Callable[[], Past] | None:
        if not self._uri:
            return None
        params = [one.name for one in self._entry.parameters]
        chosen = self.measure.currentText()
        return partial(read_past, self._session.store, self._uri, self._entry.name, params, chosen)

    def _on_read(self, past: Past) -> None:
        if past.asked != (self._uri, self._entry.name):
            self._refresh.read_again()
            return
        before = self.chosen
        first = not self.model.past.runs
        self.model.show_past(past)
        if first:
            self._fit()
        self._choose(before)
        self.measure.blockSignals(True)
        self.measure.clear()
        self.measure.addItems(list(past.metrics))
        self.measure.setCurrentText(past.metric)
        self.measure.blockSignals(False)
        self._tell()

    def _fit(self) -> None:
        """Columns as wide as what is in them, and some air."""
        self.table.resizeColumnsToContents()
        header, air = self.table.horizontalHeader(), 2 * self.fontMetrics().averageCharWidth()
        for section in range(header.count() - 1):  # the last one takes what is left
            header.resizeSection(section, header.sectionSize(section) + air)

    def _choose(self, run: int | None) -> None:
        """What was selected stays so where rows are added."""
        at = next((at for at, one in enumerate(self.model.past.runs) if one.id == run), -1)
        if at >= 0 and self.chosen != run:
            self.table.selectRow(at)

    @Slot()
    def _tell(self) -> None:
        past = self.model.past
        self._summary.setText(counted(past.total, "run") if past.runs else "")
        self.table.setVisible(bool(past.runs))
        self.setMaximumHeight(QWIDGETSIZE_MAX if past.runs else self.sizeHint().height())
        self._nothing.setVisible(not past.runs)
        self.measure.setVisible(len(past.metrics) > 1)
        for button in (self.use, self.open):
            button.setVisible(bool(past.runs))
            button.setEnabled(self.chosen is not None)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.runs or changes.moved or changes.removed:
            self._refresh.ask()

    @Slot()
    def _on_chosen(self) -> None:
        self._tell()
        if self.chosen is not None:
            self._session.select_runs([self.chosen], self.chosen)

    @Slot()
    def _on_open(self) -> None:
        if self.chosen is not None:
            work = partial(get_run, self._session.store, self.chosen)
            self._session.jobs.read(work, lambda run: self._session.run_wanted.emit(run.id, run.experiment))

    @Slot()
    def _on_use(self) -> None:
        if self.chosen is not None:
            self._session.jobs.read(partial(get_run, self._session.store, self.chosen), self._offer)

    def _offer(self, run: Run) -> None:
        self.values_wanted.emit(dict(run.params))

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        if not self.table.indexAt(place).isValid():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for title, symbol, do in (
            ("Use These Values", "undo", self._on_use),
            ("Open the Run", "run", self._on_open),
        ):
            menu.addAction(icon(symbol, "muted"), title).triggered.connect(do)
        menu.popup(self.table.viewport().mapToGlobal(place))
