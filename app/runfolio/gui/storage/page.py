"""The page of storage: what takes the room, what is there twice or nobody's, and what a rule would take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedLayout,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.entities import Changes
from runfolio.core.errors import InvalidValue
from runfolio.core.numbers import counted, size
from runfolio.core.retention import Rule
from runfolio.gui.chrome.labels import Trouble, heading, muted
from runfolio.gui.icons import icon
from runfolio.gui.jobs import Job
from runfolio.gui.messages import Message
from runfolio.gui.pending import Pending
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.gui.storage.deleting import delete_lines
from runfolio.gui.storage.lines import Asked, Line, arranged
from runfolio.gui.storage.parts import PARTS, Part
from runfolio.gui.storage.rule_form import RuleForm
from runfolio.gui.storage.table import StorageTable
from runfolio.gui.storage.work_bar import WorkBar
from runfolio.store import Store
from runfolio.store.completion import known_names
from runfolio.store.file_trash import FileOf
from runfolio.store.steps import InSteps
from runfolio.store.storage import Totals, totals

#: What scripts log now is read no more often; milliseconds.
PACE = 3_000
TABLE, NOTHING = range(2)


@dataclass(frozen=True, eq=False)
class Answer:
    """What is shown of a part.

    Attributes:
        part: which.
        lines: all of it; None if it has not been looked for.
        rows: those that are searched for, in their order.
        totals: of the whole store; None if these were not read.
        metrics: the names of metrics, likewise.
    """

    part: Part
    lines: list[Line] | None
    rows: Sequence[Line] = ()
    totals: Totals | None = None
    metrics: Sequence[str] = field(default_factory=tuple)


class StoragePage(QWidget):
    """Follows the store where that is quick; what takes long is looked for when its tab is opened, or on request.

    Attributes:
        tabs, search, table, model: which part, what is looked for in it, and what is shown.
        form: the rule of retention.
        work: how far a search is.
        again, spare, delete: the buttons.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._known: dict[Part, list[Line]] = {}
        #: By what each part was looked through: the rule, and the experiments.
        self._asked: dict[Part, tuple[Rule, tuple[int, ...] | None]] = {}
        # The titles of the parts whose lines are to be read.
        self._due: Pending[Part] = Pending()
        self.tabs = QTabBar()
        self.search = QLineEdit(placeholderText="Search these")
        self.table = StorageTable(session.theme, self)
        self.model = self.table.lines
        self.form = RuleForm(self)
        self.trouble = Trouble(self)
        self.work = WorkBar(self)
        self.again = QPushButton("Look Again")
        self.spare = QPushButton("Select All but the Oldest")
        self.delete = QPushButton("Move to Trash")
        self._summary, self._told = muted(), muted()
        self._stack = QStackedLayout()
        self._place()
        self._refresh: Refresh[Answer] = Refresh(
            session, self._job, self._on_read, "What takes the room could not be read.", self, PACE, pending=self._due
        )
        self._connect()
        self._due.add([part for part in PARTS if part.read is not None])
        self._show_part()

    @property
    def part(self) -> Part:
        """What is shown."""
        return PARTS[self.tabs.currentIndex()]

    def _place(self) -> None:
        for part in PARTS:
            self.tabs.addTab(part.title)
        self.tabs.setAccessibleName("What is told")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(True)
        self.search.setAccessibleName("Search these")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        title = QHBoxLayout()
        title.setSpacing(10)
        title.addWidget(heading("Storage"))
        title.addWidget(self._summary, 1, Qt.AlignmentFlag.AlignBottom)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.search, 1)
        for button in (self.again, self.spare, self.delete):
            tools.addWidget(button)
        self._summary.setWordWrap(True)
        shown, nothing = QWidget(), QWidget()
        for place, inside in ((shown, self.table), (nothing, self._told)):
            inner = QVBoxLayout(place)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.addWidget(inside)
            self._stack.addWidget(place)
        self._told.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._told.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 8)
        layout.setSpacing(10)
        layout.addLayout(title)
        layout.addWidget(self.tabs)
        layout.addWidget(self.form)
        layout.addWidget(self.trouble)
        layout.addLayout(tools)
        layout.addWidget(self.work)
        layout.addLayout(self._stack, 1)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._show_part)
        self.search.textChanged.connect(self._refresh.ask_now)
        self.search.returnPressed.connect(self.table.setFocus)
        self.table.order_changed.connect(self._refresh.ask_now)
        self.table.selectionModel().selectionChanged.connect(self._show_state)
        self.table.activated.connect(self._go)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.model.modelReset.connect(self._show_state)
        self.form.asked.connect(self.look)
        self.form.changed.connect(self._on_rule)
        self.work.stopped.connect(self._show_stopped)
        self.again.clicked.connect(self.look)
        self.spare.clicked.connect(self.table.select_spare)
        self.delete.clicked.connect(self.delete_chosen)
        self._session.changed.connect(self._on_changed)
        self._session.presence_changed.connect(self._show_state)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del moves to the trash; Escape stops what is looked for, else it leaves the page, which others do."""
        if event.key() == Qt.Key.Key_Escape and self.work.job is not None:
            self.work.cancel()
        elif event.matches(QKeySequence.StandardKey.Delete):
            self.delete_chosen()
        else:
            super().keyPressEvent(event)

    # What is done with lines

    @property
    def going(self) -> list[FileOf]:
        """The files that would go to the trash: of those selected or, by a rule, all that it takes."""
        return [file for line in self._taken() for file in line.files]

    def _taken(self) -> list[Line]:
        # Of what a rule takes, what is in sight: what the search has hidden stays.
        return list(self.model.lines) if self.part.asks and self.part in self._known else self.table.chosen()

    @Slot()
    def delete_chosen(self) -> None:
        """Move what is selected, or what the rule takes, to the trash."""
        look, lines = self.part.look, self._taken()
        if look is not None and self.going and not self._session.read_only and self.work.job is None:
            delete = partial(delete_lines, look, *self._asked[self.part], lines)
            self._session.run(InSteps(delete, "Moving to the trash"))

    @Slot()
    def _go(self) -> None:
        """To the run or the experiment of the current line."""
        line = self.table.current()
        if line is not None and (line.run or line.experiment):
            self._session.run_wanted.emit(line.run, line.experiment)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        lines = self.table.chosen()
        there = menu.addAction("Go There")
        there.setEnabled(len(lines) == 1 and bool(lines[0].run or lines[0].experiment))
        there.triggered.connect(self._go)
        for button in (self.spare, self.delete):
            if not button.isHidden():
                item = menu.addAction(button.text())
                item.setEnabled(button.isEnabled())
                item.triggered.connect(button.click)
        menu.popup(self.table.viewport().mapToGlobal(place))

    # What takes long

    @Slot()
    def look(self) -> None:
        """Look for what the part lists, from the beginning."""
        part, look = self.part, self.part.look
        if look is None:
            self._due.add([part])
            self._refresh.ask_now()
            return
        if self.work.job is not None:
            self.work.job.cancel()
        rule = self.form.rule
        try:
            if part.asks:
                rule.check()
        except InvalidValue as error:
            self.trouble.tell(str(error))
            return
        self.trouble.tell("")
        chosen = self._session.selection.experiments if part.asks and self.form.chosen.isChecked() else None
        self._asked[part] = rule, chosen
        read = partial(_look, self._session.store, look, rule, chosen)
        done, failed = partial(self._on_found, part), self._on_not_found
        self.work.follow(self._session.jobs.read_long(read, done, title=part.looking, failed=failed, channel="storage"))
        self._show_state()

    def _on_found(self, part: Part, lines: list[Line]) -> None:
        self.work.finish()
        self._known[part] = lines
        self._refresh.ask_now()

    def _on_not_found(self, error: Exception) -> None:
        self.work.finish()
        self._session.message.emit(Message.of_error(error, "That could not be looked for."))
        self._show_state()

    @Slot()
    def _show_stopped(self) -> None:
        self._show_state()
        self.table.setFocus()

    @Slot()
    def _on_rule(self) -> None:
        """What was found is not what this rule takes."""
        if self.part.asks and self.part in self._known:
            del self._known[self.part]
            self._show_state()
            self._refresh.ask_now()

    # Reading

    @Slot()
    def _show_part(self) -> None:
        part = self.part
        self.form.setVisible(part.asks)
        self.trouble.tell("")
        self.spare.setVisible(part.look is not None and not part.asks)
        self.spare.setText(part.spare)
        self.delete.setVisible(part.look is not None)
        self.again.setVisible(not part.asks)
        if self.work.job is not None:
            self.work.job.cancel()
            self.work.finish()
        self.table.show_part(part)
        if part.look is not None and not part.asks and part not in self._known and self.isVisible():
            self.look()
        self._refresh.ask_now()

    def _job(self) -> Callable[[], Answer]:
        part = self.part
        column, descending = self.table.order(part)
        order = partial(arranged, text=self.search.text(), column=column, descending=descending)
        stale = part in self._due.take() or (part.read is not None and part not in self._known)
        # What was due of other parts is read when they are shown.
        for other in PARTS:
            if stale and other.read is not None and other is not part:
                self._known.pop(other, None)
        store = self._session.store
        known = None if stale and part.read else self._known.get(part)
        return partial(_read, store, part, known, order, whole=stale or not self._summary.text())

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.runs or changes.moved or changes.removed or changes.experiments:
            self._due.add([part for part in PARTS if part.read is not None])
            listed = self.part in self._known or self.work.job is not None
            if changes.removed:
                # Files have gone into the trash, or have come back: what was found is not so any more.
                for part in PARTS:
                    if part.look is not None:
                        self._known.pop(part, None)
            if self.isVisible():
                self._refresh.ask()
                if changes.removed and self.part.look is not None and listed:
                    self.look()

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed while nobody looked is read now."""
        super().showEvent(event)
        if self.part.look is not None and not self.part.asks and self.part not in self._known:
            self.look()
        self._refresh.ask_now()

    def _on_read(self, answer: Answer) -> None:
        if answer.totals is not None:
            self._summary.setText(_told(answer.totals))
        if answer.metrics:
            self.form.offer_metrics(answer.metrics)
        if answer.part is not self.part:  # another tab was opened meanwhile
            return
        if answer.lines is not None:
            self._known[answer.part] = answer.lines
        if list(answer.rows) != list(self.model.lines) or self.model.part is not answer.part:
            self.model.show_lines(answer.part, answer.rows)
        self._told.setText(self._nothing(answer))
        self._stack.setCurrentIndex(TABLE if answer.lines else NOTHING)
        self._show_state()

    def _nothing(self, answer: Answer) -> str:
        if answer.lines is not None:
            return answer.part.nothing
        return "" if self.work.job is not None else "Say what is to be kept, and see what would go."

    @Slot()
    def _show_state(self) -> None:
        files = self.going
        self.delete.setEnabled(bool(files) and not self._session.read_only and self.work.job is None)
        told = f"{counted(len(files), 'File')} ({size(sum(line.bytes for line in self._taken()))})"
        self.delete.setText(f"Move {told} to Trash" if files else "Move to Trash")
        self.spare.setEnabled(any(line.spare for line in self.model.lines))


def _told(found: Totals) -> str:
    parts = [
        f"{counted(found.count, 'file')} of {size(found.files)}",
        f"registry {size(found.registry)}" if found.registry else "",
        f"database {size(found.database)}",
        f"trash {size(found.trashed)}" if found.trashed else "",
        f"backups {size(found.backups)}" if found.backups else "",
        f"{size(found.free)} free on the disk",
    ]
    return " · ".join(part for part in parts if part)


def _read(
    store: Store, part: Part, known: list[Line] | None, order: Callable[[list[Line]], list[Line]], *, whole: bool
) -> Answer:
    """On a worker: there may be very many. With `whole`, the store is measured too."""
    lines = part.read(store) if part.read is not None and known is None else known
    metrics = known_names(store).metrics if part.asks else ()
    return Answer(part, lines, order(lines) if lines else (), totals(store) if whole else None, metrics)


def _look(
    store: Store, look: Callable[[Store, Asked], list[Line]], rule: Rule, places: tuple[int, ...] | None, job: Job
) -> list[Line]:
    def progress(done: int, total: int) -> None:
        job.progress = done / max(total, 1)

    return look(store, Asked(rule, places, progress, lambda: job.cancelled))
