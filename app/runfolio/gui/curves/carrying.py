"""Charts are moved by their headings: a line shows where one goes, Escape leaves it where it is."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from runfolio.gui.curves.arranger import Arranger
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.grid import ChartGrid

# Nearer to the edge than this, in pixels, the grid scrolls by so many.
EDGE, SCROLL = 24, 16


class DropLine(QWidget):
    """Where the chart goes that is carried."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """In the accent."""
        QPainter(self).fillRect(self.rect(), self.palette().link())


class Carrying:
    """Lets the cards of a grid be carried."""

    def __init__(self, grid: ChartGrid, arranger: Arranger) -> None:
        self._grid, self._arranger = grid, arranger
        self._line = DropLine(grid.widget())
        self._line.hide()

    def add(self, card: ChartCard) -> None:
        """Let a card be carried by its heading."""
        card.heading.carried.connect(lambda at: self._carry(at))
        card.heading.dropped.connect(lambda at: self._drop(card.key, at))
        card.heading.left.connect(self._line.hide)

    def _carry(self, at: QPoint) -> None:
        """Show where the chart would go; near an edge the grid scrolls."""
        inside, bar = self._grid.viewport().mapFromGlobal(at).y(), self._grid.verticalScrollBar()
        if inside < EDGE or inside > self._grid.viewport().height() - EDGE:
            bar.setValue(bar.value() + (SCROLL if inside > EDGE else -SCROLL))
        place = self._grid.drop_place(at)
        self._line.setVisible(place is not None)
        if place is not None:
            self._line.setGeometry(place.line)
            self._line.raise_()

    def _drop(self, key: str, at: QPoint) -> None:
        self._line.hide()
        place = self._grid.drop_place(at)
        if place is not None:
            self._arranger.move_beside(key, place.section, place.key, after=place.after)
