"""The lines of one chart as one item of its scene: with an item for each, most of the time goes to managing them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from runfolio.gui.curves.in_view import InView


class Paintable(Protocol):
    """A curve, or what else paints itself in the coordinates of the plot."""

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None, /) -> None:
        """Do so."""


class Lines(InView):
    """Paints curves that are in no scene themselves, within the part of the plot that is shown."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self._curves: tuple[Paintable, ...] = ()

    def show_curves(self, curves: Iterable[Paintable]) -> None:
        """Paint these, the last one on top; also to be called when they have changed."""
        self._curves = tuple(curves)
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """One curve after another."""
        for curve in self._curves:
            curve.paint(painter, option, widget)
