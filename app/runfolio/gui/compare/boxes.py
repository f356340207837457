"""How the values of each group lie, on one scale: as boxes with whiskers and dots beyond, or as violins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from runfolio.core.curves import Floats
from runfolio.core.kernel import Violin
from runfolio.core.statistics import mean_of
from runfolio.gui.compare.scale_paint import SIDE, ScaleDelegate, place_of

#: Under this role a cell has its `Box`, and under the next one the least and greatest value of all.
BOX_ROLE = int(Qt.ItemDataRole.UserRole) + 21
RANGE_ROLE = BOX_ROLE + 1
#: Whiskers reach to the last value within so many heights of the box (Tukey).
REACH = 1.5
#: So many dots of values beyond the whiskers are drawn of one group.
MOST_DOTS = 200
DOT = 1.6


@dataclass(frozen=True, slots=True)
class Box:
    """How some values lie.

    Attributes:
        low, high: where the whiskers end.
        lower, median, upper: the quartiles.
        mean: their mean.
        beyond: values beyond the whiskers, some of very many.
        count: how many values are beyond them.
    """

    low: float
    lower: float
    median: float
    upper: float
    high: float
    mean: float
    beyond: tuple[float, ...] = ()
    count: int = 0


def box_of(values: Floats) -> Box | None:
    """How finite values lie; None where there are none. Quartiles are interpolated, as numpy does it."""
    values = np.sort(values[np.isfinite(values)])
    if not len(values):
        return None
    # In halves, for the distance between the largest floats is none.
    lower, median, upper = (2 * np.quantile(values / 2, [0.25, 0.5, 0.75])).tolist()
    reach = REACH * (upper / 2 - lower / 2)
    inside = values[(values / 2 >= lower / 2 - reach) & (values / 2 <= upper / 2 + reach)]
    low, high = float(inside[0]), float(inside[-1])
    beyond = values[(values < low) | (values > high)]
    # The least and the greatest of very many are among those that are kept.
    kept = np.linspace(0, len(beyond) - 1, min(len(beyond), MOST_DOTS)).astype(np.intp)
    return Box(low, lower, median, upper, high, mean_of(values), tuple(beyond[kept].tolist()), len(beyond))


def range_of(boxes: Sequence[Box | None]) -> tuple[float, float]:
    """The least and the greatest value of all."""
    ends = [end for box in boxes if box is not None for end in (box.low, box.high, *box.beyond)]
    return (min(ends), max(ends)) if ends else (0.0, 1.0)


class BoxDelegate(ScaleDelegate):
    """Paints boxes lying down, so that one below the other they are on one scale."""

    letters = 18

    def paint_data(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The box or violin of a group that has values."""
        box, scale = index.data(BOX_ROLE), index.data(RANGE_ROLE)
        area = QRectF(option.rect).adjusted(SIDE, 4, -SIDE, -4)

        def x(value: float) -> float:
            return place_of(value, area, scale, flat=0.5)

        if isinstance(box, Violin):
            self._paint_violin(painter, box, area, x)
        elif isinstance(box, Box):
            body = QRectF(x(box.lower), area.top(), x(box.upper) - x(box.lower), area.height())
            self._paint(painter, box, body, x, bool(option.state & QStyle.StateFlag.State_Selected))

    def _paint_violin(self, painter: QPainter, violin: Violin, area: QRectF, x: Callable[[float], float]) -> None:
        middle, accent, text = area.center().y(), self._theme.color("accent"), self._theme.color("text")
        if len(violin.density):
            half = violin.density * (area.height() / 2)
            across = [x(value) for value in violin.places.tolist()]
            edge = [QPointF(*one) for one in zip(across, (middle - half).tolist(), strict=True)]
            edge += [QPointF(*one) for one in zip(across[::-1], (middle + half[::-1]).tolist(), strict=True)]
            painter.setPen(QPen(accent, 1.2))
            painter.setBrush(self._theme.color("accent_fill"))
            painter.drawPolygon(QPolygonF(edge))
            painter.setPen(QPen(text, 2))
            painter.drawLine(QPointF(x(violin.median), middle - 5), QPointF(x(violin.median), middle + 5))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        for value in violin.few[:MOST_DOTS].tolist():
            painter.drawEllipse(QPointF(x(value), middle), DOT + 1, DOT + 1)
        painter.setBrush(text)
        painter.drawEllipse(QPointF(x(violin.mean), middle), DOT, DOT)

    def _paint(self, painter: QPainter, box: Box, body: QRectF, x: Callable[[float], float], selected: bool) -> None:
        middle, accent = body.center().y(), self._theme.color("accent")
        painter.setPen(QPen(accent, 1.2))
        painter.drawLine(QPointF(x(box.low), middle), QPointF(body.left(), middle))
        painter.drawLine(QPointF(body.right(), middle), QPointF(x(box.high), middle))
        for end in (box.low, box.high):
            painter.drawLine(QPointF(x(end), middle - 3), QPointF(x(end), middle + 3))
        painter.setBrush(self._theme.color("panel" if selected else "accent_fill"))
        painter.drawRect(body)
        painter.setPen(QPen(self._theme.color("text"), 2))
        painter.drawLine(QPointF(x(box.median), body.top() + 1), QPointF(x(box.median), body.bottom() - 1))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        for value in box.beyond:
            painter.drawEllipse(QPointF(x(value), middle), DOT, DOT)
        painter.setBrush(self._theme.color("text"))
        painter.drawEllipse(QPointF(x(box.mean), middle), DOT, DOT)
