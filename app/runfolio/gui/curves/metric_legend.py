"""The row in a chart of several metrics that says which dashes, or which colours, are which."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from runfolio.gui.chrome.labels import SMALL, scaled, tool_tip
from runfolio.gui.curves.legend_row import more_text, row_places
from runfolio.gui.curves.look import ChartLook, dash
from runfolio.gui.run_colors import run_pen

SIDE, SAMPLE, ROOM, GAP = 10, 26, 5, 12
#: The longest name, in letters.
LONGEST = 28


class MetricLegend(QWidget):
    """A piece of each line with its metric, as many as fit, and how many more there are; its tool tip has all names.

    Attributes:
        metrics: those that are drawn.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.metrics: tuple[str, ...] = ()
        self._total = 0
        self._colored = False
        self._look: ChartLook | None = None
        self.setFont(scaled(self.font(), SMALL))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    def set_look(self, look: ChartLook) -> None:
        """Take the colours of a theme."""
        self._look = look
        self.update()

    def show_metrics(self, metrics: Sequence[str], total: int, *, colored: bool = False) -> None:
        """Name these, the first of `total`, which have colours or else dashes; without any there is no legend."""
        self.metrics, self._total, self._colored = tuple(metrics), total, colored
        left = f"The first {len(metrics):,} of {total:,} metrics are shown." if total > len(metrics) else ""
        self.setToolTip(tool_tip("\n".join(filter(None, (*metrics, left)))))
        self.setAccessibleName(f"Metrics: {', '.join(metrics)}. {left}".strip())
        self.setVisible(bool(metrics))
        self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(0, self.fontMetrics().height() + 2)

    def places(self) -> list[tuple[str, QRect]]:
        """What is written for each metric that there is room for, and where, from the left."""
        metrics = self.fontMetrics()
        room, middle = LONGEST * metrics.averageCharWidth(), Qt.TextElideMode.ElideMiddle
        names = [metrics.elidedText(metric, middle, room) for metric in self.metrics]
        widths = [SAMPLE + ROOM + metrics.horizontalAdvance(name) for name in names]
        line = self.rect().adjusted(SIDE, 0, -SIDE, 0)
        return list(zip(names, row_places(widths, self._total, line, GAP, metrics), strict=False))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Pieces of lines; in no colour where that is their run's."""
        if self._look is None:
            return
        painter, middle = QPainter(self), int(Qt.AlignmentFlag.AlignVCenter)
        right, places = SIDE, self.places()
        for number, (name, area) in enumerate(places):
            pen = run_pen(number, self._look.dark, 1.5) if self._colored else QPen(self._look.text, 1.5)
            if not self._colored:
                dash(pen, number)
            painter.setPen(pen)
            y = area.center().y() + 0.5
            painter.drawLine(QPointF(area.left(), y), QPointF(area.left() + SAMPLE, y))
            painter.setPen(self._look.muted)
            painter.drawText(area.adjusted(SAMPLE + ROOM, 0, 1, 0), middle, name)
            right = area.right() + GAP
        if len(places) < self._total:
            painter.drawText(QRect(right, 0, self.width(), self.height()), middle, more_text(self._total - len(places)))
