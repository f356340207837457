"""A rubber band that the keyboard draws: it begins at a point, and the arrow keys make it longer and shorter."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent

Key = Qt.Key
#: The part of the area that a key moves a corner by; with Ctrl it moves so many times as far.
STEP, BIG = 0.04, 5
#: In steps to the right and down.
ARROWS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}
ENDS = (Key.Key_Space, Key.Key_Return, Key.Key_Enter)


class KeyBand:
    """A band, while there is one.

    Attributes:
        band: where it is; None while there is none.
    """

    def __init__(self) -> None:
        self.band: QRectF | None = None
        self._corner = QPointF()

    def begin(self, corner: QPointF, margin: float) -> QRectF:
        """Begin around a place; it reaches so far beyond that to all sides."""
        self._corner = corner
        self.band = QRectF(corner, corner).adjusted(-margin, -margin, margin, margin)
        return self.band

    def end(self) -> None:
        """There is no band any more."""
        self.band = None

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key does something with the band."""
        return self.band is not None and event.key() in (*ARROWS, *ENDS, Key.Key_Escape)

    def press(self, event: QKeyEvent, within: QRectF) -> QRectF | None:
        """Move the corner that is opposite to where it began, or end it.

        Returns what is to be selected: what is in the band, nothing where it was left by Escape, and None where it has
        ended, which leaves what is selected as it is.
        """
        if self.band is None or event.key() in ENDS:
            self.band = None
            return None
        if event.key() == Key.Key_Escape:
            self.band = None
            return QRectF(QPointF(-1, -1), QPointF(-1, -1))
        times = BIG if event.modifiers() & Qt.KeyboardModifier.ControlModifier else 1
        right, down = (STEP * times * step for step in ARROWS[Key(event.key())])
        band, start = self.band, self._corner
        x = _moved(band.left(), band.right(), start.x(), right * within.width(), within.left(), within.right())
        y = _moved(band.top(), band.bottom(), start.y(), down * within.height(), within.top(), within.bottom())
        self.band = QRectF(QPointF(x[0], y[0]), QPointF(x[1], y[1]))
        return self.band

    def resize(self, before: QRectF, now: QRectF) -> None:
        """What is between the axes has another size: the band stays around the same points."""
        across, down = now.width() / max(before.width(), 1.0), now.height() / max(before.height(), 1.0)

        def place(one: QPointF) -> QPointF:
            part = one - before.topLeft()
            return now.topLeft() + QPointF(part.x() * across, part.y() * down)

        if self.band is not None:
            self._corner, self.band = (
                place(self._corner),
                QRectF(place(self.band.topLeft()), place(self.band.bottomRight())),
            )


def _moved(low: float, high: float, start: float, by: float, least: float, most: float) -> tuple[float, float]:
    """A stretch with an end moved: the one farther from where it began, or of two as far the one that it goes to."""
    below, above = start - low, high - start
    margin = min(below, above)
    if above > below + 1e-6 or (abs(above - below) <= 1e-6 and by > 0):
        return low, min(max(high + by, start + margin), max(most, start + margin))
    return max(min(low + by, start - margin), min(least, start - margin)), high
