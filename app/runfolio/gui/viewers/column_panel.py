"""Beside a table: what the values of the current column come to, and the current cell in full."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import HEADING, muted, scaled, section_label
from runfolio.gui.inspector.rows import TableRow, plain, simple
from runfolio.gui.inspector.rows import muted as muted_span
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.theme import Theme
from runfolio.gui.viewers.histogram import Histogram
from runfolio.previews.table.source import Column
from runfolio.previews.table.wholes import Summary

CELL_LINES = 6


class ColumnPanel(QScrollArea):
    """One column at a time.

    Attributes:
        facts: what is told of the column, as rows of names and values.
        cell: the current cell in full.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 28)
        self._name, self._state = ElidedLabel(), muted()
        self._name.setFont(scaled(self._name.font(), (1 + HEADING) / 2))
        self.histogram = Histogram(theme)
        self.facts = TextTable("What the column comes to", theme.color)
        self.frequent = TextTable("The most frequent values", theme.color)
        self._frequent_title = section_label("Most frequent")
        self.cell = QPlainTextEdit()
        self._place()
        theme.theme_changed.connect(self.facts.recolor)
        theme.theme_changed.connect(self.frequent.recolor)

    def _place(self) -> None:
        self.cell.setReadOnly(True)
        self.cell.setTabChangesFocus(True)
        self.cell.setAccessibleName("The cell in full")
        self.cell.setMinimumHeight(self.fontMetrics().lineSpacing() * CELL_LINES)
        self._state.setWordWrap(True)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(12, 4, 4, 4)
        layout.setSpacing(8)
        for widget in (section_label("Column"), self._name, self._state, self.histogram, self.facts):
            layout.addWidget(widget)
        layout.addWidget(self._frequent_title)
        layout.addWidget(self.frequent)
        layout.addWidget(section_label("Cell"))
        layout.addWidget(self.cell)
        layout.addStretch(1)
        self.setWidget(inner)
        self.clear()

    def clear(self) -> None:
        """Tell of no column."""
        self._name.setText("")
        self._state.setText("Choose a cell to see what its column comes to.")
        self.cell.setPlainText("")
        self._show(None)

    def begin(self, column: Column) -> None:
        """Tell of another column, of which nothing is known yet."""
        self._name.setText(column.name)
        self._name.setToolTip(column.name)
        self._state.setText(column.type or column.kind)
        self._show(None)

    def set_share(self, column: Column, share: float) -> None:
        """Say how far it is."""
        self._state.setText(f"{column.type or column.kind} · looking at all rows, {share:.0%}")

    def show_summary(self, column: Column, summary: Summary) -> None:
        """Tell what it came to."""
        self._state.setText(column.type or summary.kind)
        self._show(summary)

    def refuse(self, reason: str) -> None:
        """Say why it cannot be told."""
        self._state.setText(reason)

    def _show(self, summary: Summary | None) -> None:
        self.facts.set_rows(list(_rows(summary)) if summary is not None else [])
        if summary is None:
            self.histogram.hide()
        else:
            self.histogram.show_bins(summary.bins, summary.least, summary.greatest)
        frequent = _frequent(summary)
        self.frequent.set_rows(frequent)
        self.frequent.setVisible(bool(frequent))
        self._frequent_title.setVisible(bool(frequent))


def _rows(told: Summary) -> Iterator[TableRow]:
    yield simple("rows", f"{told.rows:,}")
    yield simple("empty", _part(told.missing, told.rows))
    yield simple("different", "very many" if told.distinct is None else f"{told.distinct:,}")
    if told.least is not None and told.greatest is not None:
        yield figure("least", told.least)
        if told.quartiles:
            for name, value in zip(("lower quartile", "median", "upper quartile"), told.quartiles, strict=True):
                yield figure(name, value)
        yield figure("greatest", told.greatest)
        yield figure("mean", told.mean or 0.0)
        yield figure("deviation", told.deviation or 0.0)
    if told.not_finite:
        yield simple("NaN or ∞", f"{told.not_finite:,}")
    if told.longest:
        yield simple("letters", f"{told.shortest:,} to {told.longest:,}")


def _frequent(told: Summary | None) -> list[TableRow]:
    """Of values that all differ, none is frequent."""
    if told is None or not told.frequent or told.frequent[0][1] <= 1:
        return []
    return [
        TableRow(f"{place}", ("text", text), lambda number=number: (("text", _part(number, told.rows)),))  # type: ignore[misc]
        for place, (text, number) in enumerate(told.frequent)
    ]


def _part(number: int, whole: int) -> str:
    return f"{number:,} ({number / whole:.1%})" if number and whole else f"{number:,}"


def figure(name: str, value: float) -> TableRow:
    """A number in few digits; in full in the tool tip and on the clipboard."""
    return TableRow(name, muted_span(name), lambda: (plain(numbers.short(value)),), full=lambda: numbers.exact(value))
