"""The page of servers: a table of them, and below it what the selected one can be asked and has printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.numbers import counted
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import fixed_font, heading
from runfolio.gui.chrome.welcome import Notice
from runfolio.gui.icons import icon
from runfolio.gui.refresh import Refresh
from runfolio.gui.serving.commands import OF_SERVERS, ServingCommands
from runfolio.gui.serving.reading import Answer, read_servers
from runfolio.gui.serving.replay_panel import ReplayPanel
from runfolio.gui.serving.rows import ServerRow
from runfolio.gui.serving.table import ServersTable
from runfolio.gui.serving.try_panel import TryPanel
from runfolio.gui.session import Session

#: Servers are asked how they fare so often, in milliseconds, while the page is seen.
SECOND = 1_000
NOTHING = (
    "A server answers requests with what a model predicts, on this machine, in the same way as MLflow's. "
    "Serve a model from its board in the registry, from a version's or a model's page, or from a shell:"
)
SNIPPET = "runfolio models serve -m models:/churn-classifier/Production"
EMPTY, LISTED = range(2)
BUTTONS = ("stop", "restart", "forget", "open_in_browser", "copy_address")


class ServingPage(QWidget):
    """Follows the servers of the store.

    Attributes:
        table: the servers.
        trying, replaying, log: what is below it, in tabs.
        serve: the button that asks which model is to be served.
        buttons: what is done with the selected server, by the names of `OF_SERVERS`.
        commands: what can be done.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self.commands = ServingCommands(session, self)
        self.table = ServersTable(session.theme)
        self.trying, self.replaying, self.log = TryPanel(session), ReplayPanel(session), QPlainTextEdit()
        self.summary, self.tabs = ElidedLabel(), QTabBar()
        self.serve = QPushButton(icon("serving", "accent_text"), "Serve…")
        self.buttons = {
            of.name: QPushButton(icon(of.symbol, "text"), TITLES[of.name]) for of in OF_SERVERS if of.name in BUTTONS
        }
        self.buttons["open_in_browser"].setToolTip("What the server takes; no browser sends a token")
        self.notice = Notice("No server", NOTHING, SNIPPET)
        self._whole, self._stack = QStackedLayout(self), QStackedLayout()
        self._place()
        complaint = "The servers could not be read."
        self._refresh: Refresh[Answer] = Refresh(session, self._job, self._take, complaint, self)
        self._clock = QTimer(self, interval=SECOND)
        self._connect()
        self._enable()

    def _place(self) -> None:
        self.summary.setProperty("role", "muted")
        self.serve.setProperty("kind", "primary")
        self.log.setReadOnly(True)
        self.log.setFont(fixed_font(self.font()))
        self.log.setAccessibleName("What the server has printed")
        self.log.setPlaceholderText("It has printed nothing, or prints to its terminal.")
        top, buttons = QHBoxLayout(), QHBoxLayout()
        top.setContentsMargins(16, 14, 16, 0)
        top.setSpacing(10)
        top.addWidget(heading("Serving"), 0, Qt.AlignmentFlag.AlignBottom)
        top.addWidget(self.summary, 1, Qt.AlignmentFlag.AlignBottom)
        top.addWidget(self.serve)
        buttons.setContentsMargins(16, 8, 16, 8)
        buttons.setSpacing(8)
        for button in self.buttons.values():
            buttons.addWidget(button)
        buttons.addStretch(1)
        logged = QWidget()
        QVBoxLayout(logged).addWidget(self.log)
        for title, panel in (("Try it", self.trying), ("Replay", self.replaying), ("Log", logged)):
            self.tabs.addTab(title)
            self._stack.addWidget(panel)
        self.tabs.setAccessibleName("What is done with the server")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        below, bar, line, tabbed = QWidget(), QHBoxLayout(), QFrame(), QVBoxLayout()
        line.setObjectName("line")
        line.setFixedHeight(1)
        bar.setContentsMargins(16, 4, 16, 0)
        bar.addWidget(self.tabs)
        tabbed.setContentsMargins(0, 0, 0, 0)
        tabbed.setSpacing(0)
        tabbed.addLayout(bar)
        tabbed.addWidget(line)
        tabbed.addLayout(self._stack, 1)
        below.setLayout(tabbed)
        both = QSplitter(Qt.Orientation.Vertical)
        both.setHandleWidth(1)
        both.setChildrenCollapsible(False)
        both.addWidget(self.table)
        both.addWidget(below)
        both.setSizes([3000, 7000])
        listed = QWidget()
        layout = QVBoxLayout(listed)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (top, buttons):
            layout.addLayout(part)
        layout.addWidget(both, 1)
        self._whole.addWidget(self.notice)
        self._whole.addWidget(listed)
        self._whole.setCurrentIndex(LISTED)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        state = self._session.serving
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self.serve.clicked.connect(lambda: self.commands.serve())
        for name, button in self.buttons.items():
            button.clicked.connect(getattr(self.commands, name))
        self.table.chosen.connect(self._on_chosen)
        self.table.menu_asked.connect(self._show_menu)
        self.table.copy_asked.connect(self.commands.copy_address)
        self.table.activated.connect(lambda _: self.trying.setFocus())
        self._clock.timeout.connect(self._refresh.ask)
        state.stale.connect(self._refresh.ask_now)
        self._session.presence_changed.connect(self._enable)

    @property
    def settled(self) -> bool:
        """True when all that is shown is as it was when it was read last."""
        return self._refresh.idle and self.trying.settled and self.replaying.settled

    # Reading

    def _job(self) -> Callable[[], Answer] | None:
        if not self.isVisible():
            return None
        chosen = self._session.serving.chosen
        return partial(read_servers, self._session.store.path, chosen.info.id if chosen is not None else "")

    def _take(self, answer: Answer) -> None:
        begins = self._session.serving.begins
        rows = tuple(replace(row, begins=row.info.id in begins) for row in answer.rows)
        self._whole.setCurrentIndex(LISTED if rows else EMPTY)
        running = sum(row.info.running for row in rows)
        self.summary.setText(f"{counted(running, 'server')} running" if rows else "")
        self._session.serving.show(rows)
        self.table.show_rows(rows)
        chosen = self._session.serving.chosen
        if chosen is not None and chosen.info.id == answer.chosen:
            self._show_log(answer.log)

    def _show_log(self, text: str) -> None:
        """Who has scrolled up goes on reading there; else the end is seen."""
        if text != self.log.toPlainText():
            bar = self.log.verticalScrollBar()
            place, at_end = bar.value(), bar.value() >= bar.maximum()
            self.log.setPlainText(text)
            bar.setValue(bar.maximum() if at_end else place)

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed while nobody looked is read now."""
        super().showEvent(event)
        self._clock.start()
        self._refresh.ask_now()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    # What is selected

    @Slot(object)
    def _on_chosen(self, row: ServerRow | None) -> None:
        before = self._session.serving.chosen
        other = (before.info.id if before else "") != (row.info.id if row else "")
        self._session.serving.choose(row)
        self.trying.show_server(row)
        self.replaying.show_server(row)
        self._enable()
        if other:
            self.log.clear()
            self._refresh.ask_now()

    @Slot()
    def _enable(self) -> None:
        for of in OF_SERVERS:
            if of.name in self.buttons:
                self.buttons[of.name].setEnabled(of.suits(self._session))
        self.serve.setEnabled(not self._session.read_only)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for of in OF_SERVERS:
            item = menu.addAction(icon(of.symbol, "muted"), of.title)
            item.setEnabled(of.suits(self._session))
            item.triggered.connect(getattr(self.commands, of.name))
        menu.popup(place)


#: What the buttons say, which stand beside each other.
TITLES = {
    "stop": "Stop",
    "restart": "Restart",
    "forget": "Forget",
    "open_in_browser": "Open in Browser",
    "copy_address": "Copy Address",
}
