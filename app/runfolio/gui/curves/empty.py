"""What stands in place of the charts when there are none: what to do next, with the snippet to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from runfolio.gui.chrome.labels import muted
from runfolio.gui.chrome.snippet import copy_button, snippet_label

SNIPPET = """import runfolio

with runfolio.start_run():
    for step in range(100):
        runfolio.log_metric("loss", 1 / (step + 1), step=step)"""


class EmptyCharts(QWidget):
    """A sentence and, where it helps, the lines of Python that make the first curve."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = muted()
        self._code = snippet_label(SNIPPET)
        self._copy = copy_button(self._code.text)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setWordWrap(True)
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
