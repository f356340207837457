"""What stands in place of the charts when there are none: what to do next, with the snippet to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from runfolio.gui.chrome.labels import fixed_font

SNIPPET = """import runfolio

with runfolio.start_run():
    for step in range(100):
        runfolio.log_metric("loss", 1 / (step + 1), step=step)"""


class EmptyCharts(QWidget):
    """A sentence and, where it helps, the lines of Python that make the first curve."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel()
        self._code = QLabel(SNIPPET)
        self._copy = QPushButton("Copy")
        self._text.setProperty("role", "muted")
        self._code.setProperty("role", "code")
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setWordWrap(True)
        self._code.setFont(fixed_font(self.font()))
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._copy.setAccessibleName("Copy the example")
        self._copy.clicked.connect(self._on_copy)
        layout = QVBoxLayout(self)
        layout.addStretch()
        # Not aligned: a label that is gets no more height than one line, however many its words need.
        layout.addWidget(self._text)
        for widget in (self._code, self._copy):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()

    def say(self, text: str, example: bool) -> None:
        """Show a sentence, with the example or without."""
        self._text.setText(text)
        self._code.setVisible(example)
        self._copy.setVisible(example)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(SNIPPET)
