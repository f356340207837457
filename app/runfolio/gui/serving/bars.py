"""How the answers of one server or two are distributed: bars of the first, and the outline of the second over them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from runfolio.core import numbers
from runfolio.gui.theme import Theme
from runfolio.serving.replaying import Distribution

MARGIN, ABOVE, GAP = 8, 12, 2
#: In the roles of the theme: bars that are filled, and an outline that is dashed.
ROLES = "accent", "warn"
#: Letters of a bar's name below it.
LETTERS = 12


class DistributionBars(QWidget):
    """Shares of all answers, so that servers with different numbers of them can be compared.

    Signals:
        told(str): what the bar is that is pointed to.
    """

    told = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.shown: Distribution | None = None
        self._names: tuple[str, ...] = ()
        self._at: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 100)
        self.setAccessibleName("Distribution of the answers")
        theme.theme_changed.connect(self.update)

    def show_distribution(self, shown: Distribution | None, names: tuple[str, ...]) -> None:
        """Show one, of servers with these names; nothing with None."""
        self.shown, self._names = shown, names
        self._at = None if shown is None or self._at is None or self._at >= len(shown.names) else self._at
        bars = 0 if shown is None else len(shown.names)
        self.setAccessibleDescription(f"{bars} bars: " + ", ".join(map(self.text_of, range(min(bars, 5)))))
        self.update()

    def sizeHint(self) -> QSize:
        """Some room."""
        return QSize(420, 220)

    def text_of(self, bar: int) -> str:
        """What a bar stands for, with what each server has there."""
        assert self.shown is not None
        shares = self._shares()
        each = [
            f"{name} {shares[at][bar]:.1%} ({int(self.shown.counts[at][bar]):,})" for at, name in enumerate(self._names)
        ]
        return f"{self.shown.names[bar]}: {' · '.join(each)}"

    def _shares(self) -> list[npt.NDArray[np.float64]]:
        assert self.shown is not None
        return [one / max(int(one.sum()), 1) for one in self.shown.counts]

    def _area(self) -> QRectF:
        left = self.fontMetrics().horizontalAdvance("100 %") + 2 * MARGIN
        below = self.fontMetrics().lineSpacing() + 6
        return QRectF(left, ABOVE, max(self.width() - left - MARGIN, 10), max(self.height() - below - ABOVE, 10))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Axes, bars and outline."""
        shown = self.shown
        if shown is None or not shown.names:
            return
        painter, area, shares = QPainter(self), self._area(), self._shares()
        most = max(float(one.max(initial=0.0)) for one in shares) or 1.0
        self._paint_axes(painter, area, most)
        if self._at is not None:
            painter.fillRect(self._bar(area, self._at, 1.0), self._theme.color("hover"))
        for at in range(len(shown.names)):
            bar = self._bar(area, at, float(shares[0][at]) / most)
            painter.fillRect(bar.adjusted(GAP, 0, -GAP, 0), self._theme.color(ROLES[0]))
        if len(shares) > 1:
            self._paint_outline(painter, area, shares[1] / most)
        self._paint_names(painter, area)

    def _paint_axes(self, painter: QPainter, area: QRectF, most: float) -> None:
        for share in (0.0, 0.5, 1.0):
            y = area.bottom() - share * area.height()
            painter.setPen(self._theme.color("line"))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(self._theme.color("muted"))
            label = QRectF(0, y - 10, area.left() - MARGIN, 20)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(
                label,
                int(right),
                f"{most * share:.3g}".replace("e-", "e−") if most < 0.001 else f"{most * share * 100:.3g} %",
            )

    def _paint_outline(self, painter: QPainter, area: QRectF, heights: npt.NDArray[np.float64]) -> None:
        """Over the bars, dashed, so that it is told from them without colours too."""
        pen = QPen(self._theme.color(ROLES[1]), 2)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        line = QPolygonF([area.bottomLeft()])
        for at, height in enumerate(heights.tolist()):
            bar = self._bar(area, at, height)
            line.append(bar.topLeft())
            line.append(bar.topRight())
        line.append(area.bottomRight())
        painter.drawPolyline(line)

    def _paint_names(self, painter: QPainter, area: QRectF) -> None:
        """Of stretches the ends, of single answers as many names as have room."""
        assert self.shown is not None
        painter.setPen(self._theme.color("muted"))
        below = QRectF(area.left(), area.bottom() + 4, area.width(), self.fontMetrics().lineSpacing())
        if self.shown.edges is not None:
            ends = self.shown.edges[0], self.shown.edges[len(self.shown.edges) // 2], self.shown.edges[-1]
            sides = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
            for end, side in zip(ends, sides, strict=True):
                painter.drawText(below, int(side), numbers.short(float(f"{end:.4g}")))
            return
        wide = area.width() / len(self.shown.names)
        step = max(1, round(self.fontMetrics().averageCharWidth() * LETTERS / wide))
        for at in range(0, len(self.shown.names), step):
            place = QRectF(area.left() + at * wide, below.top(), wide * step, below.height())
            name = self.fontMetrics().elidedText(self.shown.names[at], Qt.TextElideMode.ElideRight, int(wide * step))
            aligned = Qt.AlignmentFlag.AlignHCenter if step == 1 else Qt.AlignmentFlag.AlignLeft
            painter.drawText(place, int(aligned), name)

    def _bar(self, area: QRectF, at: int, height: float) -> QRectF:
        assert self.shown is not None
        wide = area.width() / len(self.shown.names)
        return QRectF(area.left() + at * wide, area.bottom() - height * area.height(), wide, height * area.height())

    def _bar_at(self, x: float) -> int | None:
        if self.shown is None or not self.shown.names:
            return None
        area = self._area()
        return min(max(int((x - area.left()) / area.width() * len(self.shown.names)), 0), len(self.shown.names) - 1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The bar below the mouse is told."""
        self._move(self._bar_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows go from bar to bar."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() not in steps or self.shown is None or not self.shown.names:
            super().keyPressEvent(event)
            return
        self._move(
            0 if self._at is None else min(max(self._at + steps[Qt.Key(event.key())], 0), len(self.shown.names) - 1)
        )

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed to any more."""
        super().leaveEvent(event)
        self._move(None)

    def event(self, event: QEvent) -> bool:
        """The tool tip of a bar says what it stands for."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self._bar_at(event.pos().x())
            QToolTip.showText(event.globalPos(), "" if at is None else self.text_of(at), self)
            return True
        return super().event(event)

    def _move(self, at: int | None) -> None:
        if at != self._at:
            self._at = at
            self.told.emit("" if at is None else self.text_of(at))
            self.update()
