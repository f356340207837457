"""The bytes of any file, for what nothing else shows."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from runfolio.core.errors import CannotShow
from runfolio.gui.chrome.labels import muted
from runfolio.gui.icons import icon
from runfolio.gui.session import Session
from runfolio.gui.viewers.hex_view import PAGE, HexView
from runfolio.gui.viewers.viewer import ViewedFile, Viewer
from runfolio.previews.hexed import AskBytes, AskSize, FindBytes


class HexViewer(Viewer):
    """Bytes, a place to go to, and something to look for.

    Attributes:
        view: the bytes.
        place: where to go to.
        search: what is looked for.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.view = HexView(session.theme)
        self.place = QLineEdit(placeholderText="Go to, such as 0x1f0 or 496")
        self.search = QLineEdit(placeholderText='Find bytes, such as 89 50 4e 47 or "PNG"')
        self._state = muted()
        self._arrange()
        self.view.wanted.connect(self._on_wanted)
        self.view.moved.connect(self._on_moved)
        self.place.returnPressed.connect(self.go)
        self.search.returnPressed.connect(self.find_next)

    def _arrange(self) -> None:
        self.place.setAccessibleName("Go to the byte")
        self.search.setAccessibleName("Find bytes")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.place, 2)
        row.addWidget(self.search, 3)
        row.addWidget(self._state, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.view, 1)
        self.setFocusProxy(self.view)

    def show_file(self, file: ViewedFile) -> None:
        """Ask how many bytes it has."""
        self._state.setText("")
        self.view.setAccessibleName(f"Bytes of {file.name}")
        self.ask(AskSize(str(file.file)), self._on_size, "size")

    def _on_size(self, size: int) -> None:
        if not size:
            self.refused.emit(CannotShow("This file is empty."))
            return
        self.view.begin(size)
        self.told.emit(f"{size:,} bytes")

    @Slot(int)
    def _on_wanted(self, page: int) -> None:
        if self.file is not None:
            question = AskBytes(str(self.file.file), page * PAGE, PAGE)
            self.ask(question, partial(self.view.put, page), f"page {page}")

    @Slot(object)
    def _on_moved(self, place: int) -> None:
        value = self.view.byte(place)
        told = f" · {value:#04x} = {value}" if value is not None else ""
        self._state.setText(f"{place:#x} = {place:,}{told}")

    @Slot()
    def go(self) -> None:
        """Go to the byte that is named."""
        try:
            self.view.go_to(int(self.place.text().replace(",", ""), 0))
        except ValueError:
            self._state.setText("A place is a number: 496, or 0x1f0 with hexadecimal digits.")

    @Slot()
    def find_next(self) -> None:
        """Go to the next place of the bytes that are looked for."""
        wanted = bytes_of(self.search.text())
        if not wanted:
            self._state.setText('Bytes are written as pairs of hexadecimal digits, or as "text".')
        elif self.file is not None:
            start = self.view.place + (self.view.marked > 1)
            self._find(wanted, start, from_top=not start)

    def _find(self, wanted: bytes, start: int, *, from_top: bool) -> None:
        """Look on from a place; with `from_top`, all before it has been looked at."""
        assert self.file is not None
        self._state.setText(f"Looking, at {start:,}…")
        question = FindBytes(str(self.file.file), wanted, start)
        self.ask(question, partial(self._on_found, wanted, from_top), "find")

    def _on_found(self, wanted: bytes, from_top: bool, found: tuple[int, bool]) -> None:
        place, there = found
        if there:
            self.view.go_to(place, max(len(wanted), 2) if len(wanted) > 1 else 1)
        elif place >= 0:
            self._find(wanted, place, from_top=from_top)
        elif not from_top:
            self._find(wanted, 0, from_top=True)
        else:
            self._state.setText("These bytes are not in the file.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+F, F3 and Ctrl+G; Escape goes back to the bytes."""
        if event.matches(QKeySequence.StandardKey.Find):
            self.search.setFocus()
        elif event.matches(QKeySequence.StandardKey.FindNext):
            self.find_next()
        elif event.key() == Qt.Key.Key_G and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.place.setFocus()
        elif event.key() == Qt.Key.Key_Escape and not self.view.hasFocus():
            self.view.setFocus()
        else:
            super().keyPressEvent(event)


def bytes_of(text: str) -> bytes:
    """What is typed to look for bytes: text in quotes, else hexadecimal digits; nothing if it is neither."""
    text = text.strip()
    if len(text) > 2 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1].encode()
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        return b""
