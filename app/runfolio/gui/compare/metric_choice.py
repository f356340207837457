"""The choice of the metric by which runs and groups are judged: one for all cards of the page that judge."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from runfolio.core.columns import Column, Kind, Source
from runfolio.gui.columns.picker import ColumnPicker, open_picker
from runfolio.gui.compare.card import Look, choice, show_choice


class MetricChoice(QObject):
    """A button that says by what runs are judged, and opens the list of what they could be judged by.

    Attributes:
        button: to be put in a heading.

    Signals:
        chosen(Column): by what they are to be judged.
    """

    chosen = Signal(object)

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._title, self._parent = title, parent
        self._offered: Sequence[Column] = ()
        self._column: Column | None = None
        self.button = choice(title)
        self.button.clicked.connect(self.open)

    def show_column(self, column: Column | None, columns: Sequence[Column], look: Look) -> None:
        """Say by what runs are judged, and what there is."""
        self._column = column
        self._offered = [one for one in columns if is_measure(one)]
        self.button.setVisible(column is not None)
        if column is not None:
            show_choice(self.button, "by", look.name(column))

    @Slot()
    def open(self) -> None:
        """Open the list."""
        picker = ColumnPicker(self._title, self._offered, self._chosen, self.chosen.emit, self._parent)
        open_picker(picker, self.button)

    def _chosen(self) -> list[Column]:
        return [self._column] if self._column is not None else []


def is_measure(column: Column) -> bool:
    """Whether runs can be judged by a column: one of numbers or durations."""
    return column.source is Source.METRIC or column.kind in (Kind.NUMBER, Kind.DURATION)
