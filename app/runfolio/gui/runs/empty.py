"""What stands in place of the run table when there are no rows: what to do next, with the lines to copy."""

from __future__ import annotations

import json

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from runfolio.gui.chrome.labels import heading, muted
from runfolio.gui.chrome.snippet import copy_button, snippet_label
from runfolio.gui.runs.feed import State

SNIPPET = """import runfolio

runfolio.set_experiment(%s)
with runfolio.start_run():
    runfolio.log_params({"lr": 0.001, "batch": 128})
    for step in range(100):
        runfolio.log_metric("loss", 1 / (step + 1), step=step)"""
EXAMPLE = "my experiment"
# A long sentence about a filter is broken into lines of so many.
LETTERS = 72
TEXTS = {
    State.NO_EXPERIMENT: ("Pick an experiment", "Its runs appear here. Choose one in the list on the left."),
    State.READING: ("", "Reading runs…"),
    State.NO_RUNS: ("No runs yet", "They appear here as soon as a script starts one. This is all it takes:"),
    State.NO_MATCH: ("No run fits the filter", "There are runs here, but none of them has what it asks for."),
    State.UNREADABLE: ("This filter does not work", ""),
    State.RUNS: ("", ""),
}


class EmptyTable(QWidget):
    """A heading, a sentence and, where it helps, the lines of Python that make the first run.

    Attributes:
        show_all: the button that takes the filter away.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = heading()
        self._text = muted()
        self._code = snippet_label(SNIPPET % json.dumps(EXAMPLE))
        self._copy = copy_button(self._code.text)
        self.show_all = QPushButton("Show All Runs")
        self._place()

    def _place(self) -> None:
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch()
        for widget in (self._title, self._text, self._code, self._copy, self.show_all):
            row = QHBoxLayout()
            row.addStretch()
            row.addWidget(widget)
            row.addStretch()
            layout.addLayout(row)
        layout.addStretch()

    def set_experiment(self, name: str) -> None:
        """Have the lines make a run of this experiment."""
        self._code.setText(SNIPPET % json.dumps(name or EXAMPLE, ensure_ascii=False))

    def show_state(self, state: State, why: str = "") -> None:
        """Explain why there are no rows; `why` is what is wrong with the filter."""
        title, text = TEXTS[state]
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setWordWrap(bool(why))
        self._text.setMinimumWidth(self.fontMetrics().averageCharWidth() * min(len(why), LETTERS))
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._text.setText(text or why)
        for widget in (self._code, self._copy):
            widget.setVisible(state is State.NO_RUNS)
        self.show_all.setVisible(state in (State.NO_MATCH, State.UNREADABLE))
