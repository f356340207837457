"""The colour and dash of a run: the same in every view and after every restart."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

# Ten hues for each theme, chosen by a search that keeps every pair apart for normal sight and for the three kinds of
# colour blindness, with a contrast of at least 3:1 against the theme's panel.
NAMES = ("Blue", "Orange", "Green", "Red", "Violet", "Cyan", "Yellow", "Pink", "Olive", "Grey")
DARK = ("#3fb4ff", "#f98816", "#06a288", "#e24f4f", "#a473de", "#29defd", "#e9cc51", "#d491c5", "#8bb471", "#b9c6c1")
LIGHT = ("#4247cd", "#ab660c", "#11a774", "#b9083f", "#9458f0", "#50837c", "#a7930b", "#db51b4", "#3e5912", "#73588b")
HUES = len(DARK)
# Long enough to be seen in a curve that goes up and down; in widths of the pen.
DASHES = [6.0, 3.0]
#: How large the sign of a group's colour is, in pixels.
SWATCH = 9
#: And that of a run's.
DOT = 7


class RunColors(QObject):
    """The colours that were chosen for runs of a store by hand.

    Attributes:
        chosen: run -> the number of its colour; kept as one mapping, which looks may hold on to.

    Signals:
        changed(): some are others.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.chosen: dict[int, int] = {}

    def number(self, run: int) -> int:
        """What `run_color` and `run_pen` take for a run: the number of its chosen colour, else its own number."""
        return self.chosen.get(run, run)

    def set_chosen(self, chosen: Mapping[int, int]) -> None:
        """Take what the store holds."""
        if dict(chosen) != self.chosen:
            self.chosen.clear()
            self.chosen.update(chosen)
            self.changed.emit()


def run_color(run: int, dark: bool) -> QColor:
    """The colour of a run, or of a number that was chosen for it, in the dark or the light theme.

    It follows from the store's number of the run. These numbers count up, so that the runs of a sweep, which are
    looked at together, get ten different hues and then the same ones dashed, while a hash would soon repeat itself.
    """
    return QColor((DARK if dark else LIGHT)[run % HUES])


def run_pen_style(run: int) -> Qt.PenStyle:
    """Solid for ten runs, dashed for the next ten: the second sign that tells runs of one hue apart."""
    return Qt.PenStyle.DashLine if run // HUES % 2 else Qt.PenStyle.SolidLine


def run_pen(run: int, dark: bool, width: float = 1.0) -> QPen:
    """The pen that draws a run, `width` pixels wide at any zoom."""
    pen = QPen(run_color(run, dark), width, run_pen_style(run))
    if pen.style() == Qt.PenStyle.DashLine:
        pen.setDashPattern(DASHES)
    pen.setCosmetic(True)
    return pen


def paint_dot(painter: QPainter, center: QPointF, number: int, dark: bool) -> None:
    """The sign of a run's colour: a full dot for a solid line, a ring for a dashed one."""
    color, solid = run_color(number, dark), run_pen_style(number) is Qt.PenStyle.SolidLine
    painter.setPen(Qt.PenStyle.NoPen if solid else QPen(color, 1.6))
    painter.setBrush(color if solid else Qt.BrushStyle.NoBrush)
    radius = DOT / 2 if solid else DOT / 2 - 0.6
    painter.drawEllipse(center, radius, radius)


def dot_picture(number: int, dark: bool, ratio: float) -> QPixmap:
    """The same as a picture, for a screen with so many pixels to each of ours."""
    side = DOT + 2
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_dot(painter, QPointF(side / 2, side / 2), number, dark)
    painter.end()
    return picture


def paint_swatch(painter: QPainter, center: QPointF, number: int, dark: bool) -> None:
    """The sign of a group's colour: full for a solid line, a frame for a dashed one."""
    color, solid = run_color(number, dark), run_pen_style(number) is Qt.PenStyle.SolidLine
    half = SWATCH / 2 if solid else SWATCH / 2 - 0.8
    painter.setPen(Qt.PenStyle.NoPen if solid else QPen(color, 1.6))
    painter.setBrush(color if solid else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(center.x() - half, center.y() - half, 2 * half, 2 * half), 2, 2)
