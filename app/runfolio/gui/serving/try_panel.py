"""Trying a server: a row to type, the request that it makes, and what one server or two answer to it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.serving.records import ServerInfo
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import fixed_font, muted, plain_label
from runfolio.gui.chrome.wheel import still_combo
from runfolio.gui.icons import icon
from runfolio.gui.jobs import Job
from runfolio.gui.serving.answer_view import AnswerView
from runfolio.gui.serving.copying import copy_text
from runfolio.gui.serving.json_colors import JsonColors
from runfolio.gui.serving.others import fill_others
from runfolio.gui.serving.row_form import RowForm
from runfolio.gui.serving.rows import ServerRow
from runfolio.gui.session import Session
from runfolio.serving.asking import NoAnswer, Reply, ask
from runfolio.serving.comparing import compared
from runfolio.serving.forms import Form, Row, count_rows, first_request, first_row, pretty, read_form, request_of
from runfolio.serving.snippets import as_curl, as_python

#: Seconds that a prediction may take before nobody waits any more.
SECONDS = 120.0
#: Milliseconds after a letter until the form shows what was typed as JSON.
SOON_MS = 150
#: In requests of more rows, the first cannot be typed: each letter would write all of them anew.
MOST_ROWS = 100
#: In letters: so wide, two answers have room beside each other.
WIDE = 130
NOT_JSON = "The request is no JSON."
TENSOR = "This model names no columns that it takes: its request is typed as JSON."


@dataclass(frozen=True, slots=True)
class Answers:
    """What servers have answered to one request.

    Attributes:
        each: the answer of each, in their order.
        compared: whether those of two are the same, and a sentence about it; None where there are not two.
    """

    each: tuple[Reply | NoAnswer, ...]
    compared: tuple[bool, str] | None


class TryPanel(QWidget):
    """Asks the selected server.

    Attributes:
        form: what is typed for each column.
        request: the JSON that is sent; what is typed in either is seen in the other.
        answers: of the server, and of the one that it is compared with.
        send, other, curl, python: the controls.
        verdict: what is wrong with the request, or how far the answers are apart.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._row: ServerRow | None = None
        self._shown: tuple[str, str] | None = None
        self._judged, self._wrong = "", ""
        self._job: Job | None = None
        self.form, self.request = RowForm(), QPlainTextEdit()
        self.answers = AnswerView(session.theme, "Answer"), AnswerView(session.theme, "Answer of the other one")
        self.send, self.other = QPushButton("Send"), still_combo()
        self.curl, self.python = QPushButton("Copy as curl"), QPushButton("Copy as Python")
        self.verdict = ElidedLabel()
        self._inputs, self._answered = QStackedLayout(), QSplitter()
        self._answered.setHandleWidth(1)
        self._answered.setChildrenCollapsible(False)
        self._place()
        self._later = QTimer(self, interval=SOON_MS, singleShot=True)
        self._connect()
        self.show_server(None)

    def _place(self) -> None:
        self.send.setProperty("kind", "primary")
        self.send.setToolTip("Send the request (Ctrl+Return)")
        self.other.setAccessibleName("Server to compare with")
        self.other.setToolTip("Send the same request to another server, and compare the answers")
        self.other.setMinimumContentsLength(18)
        self.other.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for button in (self.curl, self.python):
            button.setIcon(icon("copy", "muted"))
        self.request.setFont(fixed_font(self.font()))
        self.request.setTabChangesFocus(True)
        self.request.setAccessibleName("Request")
        JsonColors(self.request.document(), self._session.theme)
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 8, 16, 0)
        bar.setSpacing(8)
        for widget in (self.send, plain_label("Compare with"), self.other):
            bar.addWidget(widget)
        bar.addStretch(1)
        for widget in (self.curl, self.python):
            bar.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        self.verdict.setContentsMargins(16, 6, 16, 0)
        layout.addWidget(self.verdict)
        layout.addWidget(self._parts(), 1)
        self.setFocusProxy(self.form)

    def _parts(self) -> QSplitter:
        told = muted(TENSOR)
        told.setWordWrap(True)
        told.setMargin(16)
        told.setAlignment(Qt.AlignmentFlag.AlignTop)
        inputs, request = QWidget(), QWidget()
        inputs.setLayout(self._inputs)
        self._inputs.addWidget(self.form)
        self._inputs.addWidget(told)
        rows = QVBoxLayout(request)
        rows.setContentsMargins(8, 8, 8, 8)
        rows.setSpacing(6)
        rows.addWidget(muted("Request"))
        rows.addWidget(self.request, 1)
        parts = QSplitter()
        parts.setHandleWidth(1)
        parts.setChildrenCollapsible(False)
        for view in self.answers:
            self._answered.addWidget(view)
        for widget in (inputs, request, self._answered):
            parts.addWidget(widget)
        parts.setSizes([2400, 3000, 4600])
        return parts

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two answers stand beside each other, and in little room below each other."""
        super().resizeEvent(event)
        wide = self.width() >= WIDE * self.fontMetrics().averageCharWidth()
        self._answered.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)

    def _connect(self) -> None:
        self.form.edited.connect(self._on_row)
        self.form.wrong.connect(self._on_wrong)
        self.request.textChanged.connect(self._later.start)
        self._later.timeout.connect(self._on_request)
        self.send.clicked.connect(self._on_send)
        self.other.currentIndexChanged.connect(self._on_other)
        self.curl.clicked.connect(lambda: self._copy(as_curl, "the command"))
        self.python.clicked.connect(lambda: self._copy(as_python, "the lines"))
        self._session.serving.send_asked.connect(self.ask)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.ask)

    @property
    def settled(self) -> bool:
        """True when nothing is under way."""
        return self._job is None and not self._later.isActive()

    # What is asked

    def show_server(self, row: ServerRow | None) -> None:
        """Ask this server; of another version of its model the form is read anew, what was typed stays if it can."""
        self._row = row
        fill_others(self.other, self._session.serving.rows, row, "nothing")
        self._enable()
        known = (row.info.id, row.version) if row is not None and row.answers else None
        if row is not None and known is not None and known != self._shown:
            work = partial(_read_form, row.info)
            done = partial(self._show_form, known)
            self._session.jobs.read(work, done, channel="serving.form", failed=lambda _: None)

    def _show_form(self, known: tuple[str, str], form: Form) -> None:
        other = self._shown is None or self._shown[0] != known[0]
        self._shown = known
        self.form.show_columns(form.columns)
        self._inputs.setCurrentIndex(0 if form.columns else 1)
        self._judged = ""
        if other:
            self.request.setPlainText(pretty(first_request(form)))
            self._clear()
        self._on_request()

    @Slot(object)
    def _on_row(self, row: Row) -> None:
        self._wrong = ""
        self.request.setPlainText(pretty(request_of(row, self._typed())))
        self._later.stop()
        self._judge()

    @Slot(str)
    def _on_wrong(self, problem: str) -> None:
        """Until it is right, nothing is sent: the request has what was typed before."""
        self._wrong = problem
        self._judge()

    @Slot()
    def _on_request(self) -> None:
        if self.request.toPlainText() == self._judged:  # it has other colours
            return
        self._wrong = ""
        row = first_row(self._typed())
        if row is not None:
            self.form.show_row(row)
        self._judge()

    def _sendable(self) -> Any:
        """The request; None where the form or the request has what cannot be sent."""
        return None if self._wrong else self._typed()

    def _typed(self) -> Any:
        """The request; None of what is no JSON."""
        try:
            return json.loads(self.request.toPlainText())
        except (ValueError, RecursionError):
            return None

    def _judge(self) -> None:
        typed = self._typed()
        self._judged = self.request.toPlainText()
        rows = count_rows(typed)
        self.form.setEnabled(rows <= MOST_ROWS)
        if typed is None or self._wrong:
            self.tell(self._wrong or NOT_JSON, "bad")
        else:
            more = "; the form shows the first" if rows <= MOST_ROWS else ", too many for the form"
            self.tell(f"{rows:,} rows{more if self.form.fields else ''}" if rows > 1 else "", "muted")
        self._enable()

    def tell(self, text: str, role: str) -> None:
        """Say something beside the buttons."""
        self.verdict.setText(text)
        self.verdict.setVisible(bool(text))
        self.verdict.setProperty("role", role)
        self.verdict.style().unpolish(self.verdict)
        self.verdict.style().polish(self.verdict)

    def _enable(self) -> None:
        there, typed = self._row is not None and self._row.answers, self._sendable() is not None
        self.send.setText("Cancel" if self._job is not None else "Send")
        self.send.setEnabled(self._job is not None or (there and typed))
        for button in (self.curl, self.python):
            button.setEnabled(self._row is not None and bool(self._row.info.address) and typed)
        self.answers[1].setVisible(self.other.currentData() is not None)

    # What is answered

    @Slot()
    def _on_send(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._clear()  # what stands there answers another request
            self._over()
        else:
            self.ask()

    @Slot()
    def ask(self) -> None:
        """Send the request to the server, and to the one that it is compared with."""
        typed = self._sendable()
        if self._job is not None or self._row is None or not self._row.answers or typed is None:
            return
        servers = [self._row.info]
        if isinstance(other := self.other.currentData(), ServerInfo):
            servers.append(other)
        work = partial(_ask_all, servers, json.dumps(typed).encode())
        done = partial(self._show_answers, servers)
        self._job = self._session.jobs.read_long(work, done, title="Asking the server", failed=self._on_failed)
        self._enable()

    def _show_answers(self, servers: Sequence[ServerInfo], answers: Answers) -> None:
        self._over()
        self._judge()
        for view, server, answer in zip(self.answers, servers, answers.each, strict=False):
            if isinstance(answer, NoAnswer):
                view.show_problem(str(answer))
            else:
                view.show_reply(answer, server.wanted.title)
        if answers.compared is not None:
            same, text = answers.compared
            self.tell(f"{'=' if same else '≠'} {text}", "ok" if same else "warn")

    def _on_failed(self, error: Exception) -> None:
        self._over()
        self.answers[0].show_problem(str(error))

    def _over(self) -> None:
        self._job = None
        self._enable()

    def _clear(self) -> None:
        for view in self.answers:
            view.clear()

    @Slot()
    def _on_other(self) -> None:
        self.answers[1].clear()
        self._enable()

    def _copy(self, written: Any, what: str) -> None:
        if self._row is not None and (typed := self._sendable()) is not None:
            copy_text(self._session, written(self._row.info, typed), what)


def _read_form(server: ServerInfo) -> Form:
    return read_form(ask(server, "/openapi.json").json())


def _ask_all(servers: Sequence[ServerInfo], body: bytes, job: Job) -> Answers:
    each: list[Reply | NoAnswer] = []
    for server in servers:
        try:
            each.append(ask(server, "/invocations", body, seconds=SECONDS, stopped=lambda: job.cancelled))
        except NoAnswer as problem:
            each.append(problem)
    replies = [one for one in each if isinstance(one, Reply)]
    return Answers(tuple(each), compared(*replies) if len(replies) > 1 else None)
