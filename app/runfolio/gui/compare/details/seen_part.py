"""Which part of pictures is seen that are zoomed and moved about together, in shares of their width and height."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

WHOLE = QRectF(0, 0, 1, 1)
#: No smaller part is seen; a step of zooming.
LEAST, STEP = 1 / 64, 1.25


def zoomed(seen: QRectF, factor: float, place: QPointF) -> QRectF:
    """So many times as large; what is at a place, as a share of what is seen, stays there."""
    side = min(max(seen.width() / factor, LEAST), 1.0)
    x, y = seen.x() + place.x() * seen.width(), seen.y() + place.y() * seen.height()
    return _inside(QRectF(x - place.x() * side, y - place.y() * side, side, side))


def moved(seen: QRectF, across: float, down: float) -> QRectF:
    """Another part of that size, so many times its own width and height from here."""
    return _inside(seen.translated(across * seen.width(), down * seen.height()))


def _inside(part: QRectF) -> QRectF:
    x, y = (min(max(at, 0.0), 1 - part.width()) for at in (part.x(), part.y()))
    return QRectF(x, y, part.width(), part.height())
