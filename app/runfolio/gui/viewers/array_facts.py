"""What is known of an array, and what its values come to, once somebody wants to know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.gui.chrome.labels import muted, section_label
from runfolio.gui.inspector.rows import TableRow, simple
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.theme import Theme
from runfolio.gui.viewers.column_panel import figure
from runfolio.gui.viewers.histogram import Histogram
from runfolio.previews.arrays.questions import ArrayFacts
from runfolio.previews.arrays.source import ArrayEntry

#: The values of smaller arrays are summed up without being asked, in bytes.
SMALL = 64 * 1024 * 1024


class ArrayPanel(QScrollArea):
    """One array at a time.

    Signals:
        summing(): what the values come to is wanted.
    """

    summing = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 28)
        self.facts = TextTable("What is known of the array", theme.color)
        self.values = TextTable("What its values come to", theme.color)
        self.notes = TextTable("What the file says of itself", theme.color)
        self.histogram = Histogram(theme)
        self.button = QPushButton("Sum Up the Values")
        self._state, self._notes_title = muted(), section_label("File")
        self.button.clicked.connect(self.summing)
        for table in (self.facts, self.values, self.notes):
            theme.theme_changed.connect(table.recolor)
        self._place()

    def _place(self) -> None:
        self._state.setWordWrap(True)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(12, 4, 4, 4)
        layout.setSpacing(8)
        above: tuple[QWidget, ...] = (section_label("Array"), self.facts, section_label("Values"), self.button)
        for widget in (*above, self._state, self.histogram, self.values, self._notes_title, self.notes):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.setWidget(inner)

    def set_notes(self, notes: Sequence[tuple[str, str]]) -> None:
        """Tell what the file says of itself."""
        self.notes.set_rows([simple(key, value) for key, value in notes])
        self.notes.setVisible(bool(notes))
        self._notes_title.setVisible(bool(notes))

    def begin(self, entry: ArrayEntry) -> None:
        """Tell of another array; of a small one, what its values come to is asked for."""
        shape = " × ".join(f"{size:,}" for size in entry.shape)
        rows = [simple("name", entry.name)] if entry.name else []
        rows += [simple("shape", shape or "a single value"), simple("type", entry.type)]
        self.facts.set_rows([*rows, simple("size", numbers.size(entry.bytes))])
        self.values.set_rows([])
        self.histogram.hide()
        self._tell("")
        self.button.setVisible(not entry.reason and entry.bytes > SMALL)
        if not entry.reason and entry.bytes <= SMALL:
            self.summing.emit()

    def set_share(self, share: float) -> None:
        """Say how far it is."""
        self.button.hide()
        self._tell(f"Looking at all values, {share:.0%}")

    def show_facts(self, facts: ArrayFacts) -> None:
        """Tell what the values come to."""
        self.button.hide()
        self._tell("")
        self.values.set_rows(list(_rows(facts)))
        self.histogram.show_bins(facts.bins, facts.least, facts.greatest)

    def refuse(self, reason: str) -> None:
        """Say why it cannot be told."""
        self.button.hide()
        self._tell(reason)

    def _tell(self, text: str) -> None:
        self._state.setText(text)
        self._state.setVisible(bool(text))


def _rows(facts: ArrayFacts) -> Iterator[TableRow]:
    yield simple("values", f"{facts.count:,}")
    if facts.least is not None and facts.greatest is not None:
        yield figure("least", facts.least)
        yield figure("greatest", facts.greatest)
        yield figure("mean", facts.mean or 0.0)
        yield figure("deviation", facts.deviation or 0.0)
    for name, count in (("zeros", facts.zeros), ("NaN", facts.nans), ("infinite", facts.infinities)):
        if count:
            yield simple(name, f"{count:,} ({count / facts.count:.1%})")
