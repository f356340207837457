"""Texts and code, of any size: lines are read as they come into sight."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.core.errors import CannotShow, UserError
from runfolio.gui.chrome.labels import muted
from runfolio.gui.icons import icon
from runfolio.gui.jobs import Job
from runfolio.gui.messages import Message
from runfolio.gui.session import Session
from runfolio.gui.viewers.text_questions import AskColored, ColoredLines
from runfolio.gui.viewers.text_view import MOST_COPIED, PAGE, TextView
from runfolio.gui.viewers.viewer import ViewedFile, Viewer
from runfolio.previews.text import AskLines, AskText, FindText, TextFacts, TextWindow
from runfolio.previews.work import SLICE

#: So long lines are counted before the first ones are shown, in seconds.
AT_FIRST = 0.01


class TextViewer(Viewer):
    """A text.

    Attributes:
        view: its lines.
        search: what is looked for in it.
        tools: the row above, for buttons of what is more than a text.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.view = TextView(session.theme)
        self.search = QLineEdit(placeholderText="Find in the text")
        self.tools = QHBoxLayout()
        self._found = muted()
        self._next, self._previous = QPushButton(), QPushButton()
        self._place()
        self.view.wanted.connect(self._read_page)
        self.view.copying.connect(self._read_to_copy)
        self.search.returnPressed.connect(self.find_next)

    def _place(self) -> None:
        self.search.setAccessibleName("Find in the text")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(self.fontMetrics().averageCharWidth() * 40)
        self.search.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        row = self.tools
        row.setSpacing(8)
        row.addWidget(self.search, 1)
        for button, symbol, name, slot in (
            (self._previous, "chevron-up", "Previous place (Shift+F3)", self.find_previous),
            (self._next, "chevron-down", "Next place (F3)", self.find_next),
        ):
            button.setIcon(icon(symbol, "muted"))
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.clicked.connect(slot)
            row.addWidget(button)
        row.addWidget(self._found, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.view, 1)
        self.setFocusProxy(self.view)

    def show_file(self, file: ViewedFile) -> None:
        """Count its lines, and show those that are known meanwhile."""
        self.view.begin(file.name)
        self._found.setText("")
        self._count(AT_FIRST)

    def _count(self, seconds: float = SLICE) -> None:
        assert self.file is not None
        self.ask(AskText(str(self.file.file), seconds), self._on_facts, "count")

    def _on_facts(self, facts: TextFacts) -> None:
        self.view.set_lines(facts.lines)
        if not facts.size:
            self.refused.emit(CannotShow("This file is empty."))
            return
        lines = numbers.counted(facts.lines, "line")
        counted = lines if facts.complete else f"{lines} so far, {facts.share:.0%} counted"
        self.told.emit(f"{facts.encoding} · {counted}")
        if not facts.complete:
            self._count()

    @Slot(int)
    def _read_page(self, page: int) -> None:
        """At once as they are, and then with their colours: to find out what tells words apart takes a while."""
        assert self.file is not None
        self.ask(AskColored(str(self.file.file), page * PAGE, PAGE), self._put, f"page {page}")

    def _put(self, found: ColoredLines) -> None:
        assert self.file is not None
        self.view.put(found)
        question = AskColored(str(self.file.file), found.first, len(found.lines), self.file.name)
        work = partial(self._colored, question)
        self.read(work, self._put_colored, f"colours {found.first}")

    def _colored(self, question: AskColored, job: Job) -> ColoredLines | None:
        """None where that takes too long: the lines stay plain."""
        try:
            return self.session.previews.ask(question, lambda: job.cancelled)
        except UserError:
            return None

    def _put_colored(self, found: ColoredLines | None) -> None:
        if found is not None and found.spans:
            self.view.put(found)

    @Slot(int, int)
    def _read_to_copy(self, first: int, last: int) -> None:
        assert self.file is not None
        question = AskLines(str(self.file.file), first, last - first + 1)
        self.ask(question, self._copy, "copy")

    def _copy(self, found: TextWindow) -> None:
        self.view.copy_lines(found.first, found.lines)
        (start, _), (end, _) = self.view.selected.span
        if start == found.first and end - start >= MOST_COPIED:
            told = f"Copied the first {len(found.lines):,} of {end - start + 1:,} lines"
            self.session.message.emit(Message(told))

    # Finding

    @Slot()
    def find_next(self) -> None:
        """Go to the next place with what is looked for; after the last one to the first."""
        start = self.view.selected.span[0][0] + (1 if self.view.selected else 0)
        self._look(self.search.text(), start, backwards=False, whole=start == 0)

    @Slot()
    def find_previous(self) -> None:
        """Go to the place before; before the first one, to the last."""
        before = self.view.selected.span[0][0] - 1
        start = before if before >= 0 else self.view.lines - 1
        self._look(self.search.text(), start, backwards=True, whole=before < 0)

    def _look(self, words: str, start: int, *, backwards: bool, whole: bool) -> None:
        """Look on from a line; with `whole`, it was begun at that end of the text from which it goes."""
        if words and self.file is not None:
            self._found.setText(f"Looking, at line {start + 1:,}…")
            question = FindText(str(self.file.file), words, start, backwards)
            self.ask(question, partial(self._on_found, words, backwards, whole), "find")

    def _on_found(self, words: str, backwards: bool, whole: bool, found: tuple[int, bool]) -> None:
        line, there = found
        if there:
            self._found.setText(f"line {line + 1:,}")
            at = (self.view.line(line) or "").casefold().find(words.casefold())
            self.view.go_to(line, max(at, 0), len(words))
        elif line >= 0:
            self._look(words, line, backwards=backwards, whole=whole)
        elif not whole:
            self._look(words, self.view.lines - 1 if backwards else 0, backwards=backwards, whole=True)
        else:
            self._found.setText("It is not there.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+F, F3 and Shift+F3; Escape goes from the line back to the text."""
        if event.matches(QKeySequence.StandardKey.Find):
            self.search.setFocus()
        elif event.matches(QKeySequence.StandardKey.FindNext):
            self.find_next()
        elif event.matches(QKeySequence.StandardKey.FindPrevious):
            self.find_previous()
        elif event.key() == Qt.Key.Key_Escape and self.search.hasFocus():
            self.view.setFocus()
        else:
            super().keyPressEvent(event)
