"""The page of what a run prints: it follows the end while the run goes on, and can be searched."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QToolButton, QWidget

from runfolio.core import numbers
from runfolio.gui.chrome.labels import muted
from runfolio.gui.icons import icon
from runfolio.gui.inspector.console_text import ConsoleText
from runfolio.gui.inspector.facts import Details
from runfolio.gui.inspector.memory import Memory
from runfolio.gui.inspector.pages import Page, Reader
from runfolio.gui.inspector.section import search_box
from runfolio.gui.inspector.sparks import Sparks
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.console import Output, Place, console_files, read_console

#: What was read, of which run's output, from where on.
Continuation = tuple[int, str, Place | None, Output]
# While a run goes on, its output is looked at so often, in milliseconds.
POLL = 250


class ConsolePage(Page):
    """The output, a line to search it, and where there are several outputs, which."""

    title = "Console"

    def __init__(self, session: Session, memory: Memory, sparks: Sparks) -> None:
        super().__init__(session, memory, sparks)
        self._run, self._path = 0, ""
        self._place: Place | None = None
        self.text = ConsoleText(session.theme.color, self)
        self.search = search_box("the output")
        self.previous, self.next = self._button("chevron-up", "Previous"), self._button("chevron-down", "Next")
        self.found = muted()
        self.files = QComboBox()
        self.files.setAccessibleName("Which output")
        self.note = muted()
        self.end = QPushButton("Follow the end")
        self.end.setProperty("kind", "small")
        self._place_parts()
        self._refresh = Refresh(session, self._prepare, self._take, "The output could not be read.", self, POLL)
        self._clock = QTimer(self, interval=POLL)
        self._clock.timeout.connect(self._refresh.ask)
        self._connect()

    def _button(self, symbol: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(symbol, "muted"))
        button.setToolTip(f"{name} place")
        button.setAccessibleName(f"{name} place")
        return button

    def _place_parts(self) -> None:
        top, bottom = QWidget(), QWidget()
        row = QHBoxLayout(top)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.search, 1)
        for widget in (self.found, self.previous, self.next):
            row.addWidget(widget)
        below = QHBoxLayout(bottom)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.note, 1)
        below.addWidget(self.end)
        self.note.setMinimumWidth(1)
        self.end.hide()
        self.place([top, self.files, self.text, bottom], scrolls=False)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._on_typed)
        self.search.installEventFilter(self)
        self.previous.clicked.connect(partial(self.search_on, back=True))
        self.next.clicked.connect(partial(self.search_on, back=False))
        self.end.clicked.connect(self.text.to_end)
        self.text.following_changed.connect(self._on_following)
        self.files.currentTextChanged.connect(self._on_file)

    # What is shown

    @staticmethod
    def applies(details: Details) -> bool:
        """With any output."""
        return bool(console_files(details.artifacts))

    def reader(self) -> Reader:
        """The end of the latest output; nothing is read here of the run whose output is shown."""
        return partial(_read_last, self._run, self._path)

    def show_run(self, details: Details, found: Any) -> None:
        """Show a run's output; the one that is shown already is only read on, so that it stays where one reads it."""
        path, output = found
        if output is None:
            self._refresh.ask()
        else:
            self._run, self._path, self._place = details.run.id, path, output.place
            self._show(output)
        self._list_files(console_files(details.artifacts))
        self._follow(details)

    def _list_files(self, names: list[str]) -> None:
        self.files.blockSignals(True)
        if names != [self.files.itemText(at) for at in range(self.files.count())]:  # the list may be open
            self.files.clear()
            self.files.addItems(names)
        self.files.setCurrentText(self._path)
        self.files.blockSignals(False)
        self.files.setVisible(len(names) > 1)

    def update_run(self, details: Details) -> None:
        """It may have ended, and then its output is whole."""
        self._refresh.ask()
        self._follow(details)

    def _follow(self, details: Details) -> None:
        if details.run.status.ended:
            self._clock.stop()
        elif not self._clock.isActive():
            self._clock.start()

    def hidden(self) -> None:
        """Nobody looks."""
        self._clock.stop()

    def _show(self, output: Output) -> None:
        if output.fresh:
            self.text.set_text(output.lines, output.rest)
            self.note.setText(f"{numbers.size(output.skipped)} before this are not shown." if output.skipped else "")
        else:
            self.text.add(output.lines, output.rest)

    def _prepare(self) -> Callable[[], Continuation] | None:
        return partial(_read_on, self.session.store, self._run, self._path, self._place) if self._path else None

    def _take(self, answer: Continuation) -> None:
        *asked, output = answer
        if asked == [self._run, self._path, self._place]:
            self._place = output.place
            self._show(output)

    # What the user does

    @Slot(str)
    def _on_file(self, path: str) -> None:
        if path and path != self._path:
            self._path, self._place = path, None
            self._refresh.ask_now()

    @Slot(bool)
    def _on_following(self, following: bool) -> None:
        self.end.setVisible(not following)

    @Slot(str)
    def _on_typed(self, _text: str) -> None:
        self.text.from_selection_start()
        self.search_on()

    def search_on(self, *, back: bool = False) -> None:
        """Go to the next or previous place of what is searched for."""
        words = self.search.text()
        at, total = self.text.find_words(words, back=back)
        self.found.setText(f"{at} of {numbers.count(total)}" if total else "nothing" if words else "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Return goes to the next place, with Shift to the previous one; Escape clears the search."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.search_on(back=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.search.clear()
                return True
        return False


def _read_last(shown: int, path: str, store: Store, details: Details) -> tuple[str, Output | None]:
    """The path and the end of an output; no end where that is shown already."""
    run, names = details.run.id, console_files(details.artifacts)
    if run == shown and path in names:
        return path, None
    last = (names or [""])[-1]
    return last, read_console(store, run, last) if last else Output()


def _read_on(store: Store, run: int, path: str, place: Place | None) -> Continuation:
    return run, path, place, read_console(store, run, path, place)
