"""What is shown in the middle while there is nothing to list: what to do next, with the lines to copy."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from runfolio.core.paths import store_path
from runfolio.gui.chrome.labels import heading, muted
from runfolio.gui.chrome.snippet import copy_button, snippet_label

START = "import runfolio"
ELSEWHERE = "runfolio.set_tracking_uri({folder!r})"
REST = 'with runfolio.start_run():\n    runfolio.log_metric("loss", 0.25, step=1)'


class Notice(QWidget):
    """A heading, a sentence, and perhaps lines to copy and commands to run, in the middle of an empty page."""

    def __init__(self, title: str, text: str, snippet: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = QVBoxLayout()
        inner.setSpacing(12)
        inner.addWidget(heading(title))
        words = muted(text)
        words.setWordWrap(True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setMinimumWidth(self.fontMetrics().averageCharWidth() * 72)
        inner.addWidget(words)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        if snippet:
            inner.addWidget(code := snippet_label(snippet))
            self._buttons.addWidget(copy_button(code.text))
        self._buttons.addStretch()
        inner.addLayout(self._buttons)
        outer = QVBoxLayout(self)
        row = QHBoxLayout()
        row.addStretch()
        row.addLayout(inner)
        row.addStretch()
        outer.addStretch(2)
        outer.addLayout(row)
        outer.addStretch(3)

    def offer(self, action: QAction) -> None:
        """Add a button for a command."""
        button = QPushButton(action.icon(), action.text())
        button.setToolTip(action.shortcut().toString())
        button.clicked.connect(action.trigger)
        self._buttons.insertWidget(self._buttons.count() - 1, button)


def welcome(store: Path) -> Notice:
    """The page of a store without runs."""
    text = f"This store is empty: {store}\nLog a first run with these lines, or watch a sweep of small networks train."
    return Notice("Nothing logged yet", text, first_run(store))


def first_run(store: Path) -> str:
    """A script that logs to this store; it names the store only if scripts would not find it by themselves."""
    elsewhere = [] if store == store_path() else [ELSEWHERE.format(folder=str(store))]
    return "\n".join([START, *elsewhere, REST])
