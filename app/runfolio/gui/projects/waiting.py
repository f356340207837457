"""What the page shows while a project is fetched, and when that did not work."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QScrollArea, QVBoxLayout, QWidget

from runfolio.gui.chrome.labels import fixed_font, heading, muted, plain_label
from runfolio.gui.icons import icon
from runfolio.gui.projects.loading import Loaded, Progress

PROGRESS_MS = 150
#: What takes no longer than that is not told of: it would only flicker.
TOLD_AFTER_MS = 250


class Waiting(QWidget):
    """What is going on, and the way to end it.

    Signals:
        cancelled(): nobody wants to wait any more.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._progress = Progress()
        self.title, self.line = heading(), muted()
        self.cancel = QPushButton("Cancel")
        bar = QProgressBar(maximum=0, textVisible=False)
        bar.setAccessibleName("The project is being fetched")
        self.line.setWordWrap(True)
        self._parts = (self.title, bar, self.line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 24, 16, 16)
        layout.setSpacing(12)
        for part in self._parts:
            layout.addWidget(part)
        layout.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch()
        self._timer = QTimer(self, interval=PROGRESS_MS)
        self._timer.timeout.connect(self._tell)
        self._late = QTimer(self, singleShot=True, interval=TOLD_AFTER_MS)
        self._late.timeout.connect(self._appear)
        self.cancel.clicked.connect(self.cancelled)

    def start(self, uri: str, progress: Progress) -> None:
        """Something is being fetched."""
        self._progress = progress
        self.title.setText(f"Fetching {uri}")
        for part in (*self._parts, self.cancel):
            part.hide()
        self._late.start()

    def stop(self) -> None:
        """It is there, or not wanted any more."""
        self._late.stop()
        self._timer.stop()

    def _appear(self) -> None:
        for part in (*self._parts, self.cancel):
            part.show()
        self._timer.start()
        self._tell()

    def _tell(self) -> None:
        self.line.setText(self._progress.line)


class Faulty(QScrollArea):
    """Why a project cannot be used: what is wrong with its file, line by line, or why it could not be fetched.

    Attributes:
        again: the button that reads it once more.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.again = QPushButton("Read Again")
        self.again.setIcon(icon("refresh", "muted"))
        self._title, self._text = heading(), plain_label()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(10)
        self._text.setWordWrap(True)
        selectable = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self._text.setTextInteractionFlags(selectable)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(16, 24, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addLayout(self._lines)
        row = QHBoxLayout()
        row.addWidget(self.again)
        row.addStretch()
        layout.addLayout(row)
        layout.addStretch()
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFocusProxy(self.again)

    def show_faults(self, loaded: Loaded, file: str) -> None:
        """All that is wrong with the file."""
        many = "one thing" if len(loaded.faults) == 1 else f"{len(loaded.faults)} things"
        self._show(f"{file} has {many} to mend", "Nothing can be run until the file is right.")
        for fault in loaded.faults:
            self._lines.addWidget(_fault(fault.line, fault.text, loaded.lines.get(fault.line, "")))

    def show_reason(self, title: str, reason: Sequence[str]) -> None:
        """Why it could not be fetched, and what to do."""
        self._show(title, "\n".join(part for part in reason if part))

    def _show(self, title: str, text: str) -> None:
        self._title.setText(title)
        self._text.setText(text)
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()


def _fault(line: int, text: str, written: str) -> QWidget:
    """A fault with the line that it is in."""
    block = QWidget()
    layout = QVBoxLayout(block)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    said = plain_label(f"✕ line {line}: {text}" if line else f"✕ {text}")
    said.setProperty("role", "bad")
    said.setWordWrap(True)
    said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    layout.addWidget(said)
    if written.strip():
        code: QLabel = muted(f"{line:>4}  {written}")
        code.setFont(fixed_font(code.font()))
        layout.addWidget(code)
    return block
