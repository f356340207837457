"""What is drawn of the graph: a box for each node, and curves between them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from runfolio.core.registry.lineage import Kind, Node
from runfolio.gui.chrome.labels import SMALL, scaled, tool_tip
from runfolio.gui.icons import pixmap
from runfolio.gui.registry.version.rows import leads
from runfolio.gui.theme import Theme

ICONS = {Kind.DATASET: "storage", Kind.RUN: "run", Kind.ARTIFACT: "file", Kind.VERSION: "model"}
LETTERS, PADDING, ICON, DOT, RADIUS = 22, 10, 16, 9, 8
ACROSS, DOWN = 48, 16
NORMAL, LIT = 1.2, 2.0


class Sizes:
    """How large a box is, by the font.

    Attributes:
        width, height: of a box. across, down: from one to the next.
    """

    def __init__(self, font: QFont) -> None:
        self.font, self.small = font, scaled(font, SMALL)
        self.bold = scaled(font, 1.0, QFont.Weight.DemiBold)
        metrics, small = QFontMetricsF(self.font), QFontMetricsF(self.small)
        self.width = LETTERS * metrics.averageCharWidth() + 2 * PADDING + ICON
        self.height = metrics.height() + small.height() + 2 * PADDING - 2
        self.across, self.down = self.width + ACROSS, self.height + DOWN


class NodeItem(QGraphicsItem):
    """A box with what a node is called, and what else is told of it.

    Attributes:
        node: what it stands for.
        current: whether the keyboard is on it. lit: whether it belongs to the one that is current.
    """

    def __init__(self, node: Node, sizes: Sizes, theme: Theme, role: str) -> None:
        super().__init__()
        self.node, self._sizes, self._theme, self._role = node, sizes, theme, role
        self.current, self.lit = False, False
        self.setToolTip(tool_tip("\n".join(filter(None, (f"{node.kind}: {node.title}", node.detail)))))
        if leads(node) or node.stage:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def boundingRect(self) -> QRectF:
        return QRectF(-2, -2, self._sizes.width + 4, self._sizes.height + 4)

    @property
    def left(self) -> QPointF:
        """Where curves come in."""
        return self.pos() + QPointF(0, self._sizes.height / 2)

    @property
    def right(self) -> QPointF:
        """Where they go out."""
        return self.pos() + QPointF(self._sizes.width, self._sizes.height / 2)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        sizes, color = self._sizes, self._theme.color
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = "accent" if self.current or self.lit else "line"
        painter.setPen(QPen(color(edge), LIT if self.current else NORMAL))
        painter.setBrush(color("accent_fill" if self.current else "panel"))
        painter.drawRoundedRect(QRectF(0, 0, sizes.width, sizes.height), RADIUS, RADIUS)
        self._paint_sign(painter)
        metrics, small = QFontMetricsF(sizes.bold), QFontMetricsF(sizes.small)
        x, room = PADDING + ICON + 6, sizes.width - 2 * PADDING - ICON - 6
        middle = not self.node.detail or self.node.kind is Kind.STAGE
        painter.setFont(sizes.bold if self.node.kind in (Kind.VERSION, Kind.STAGE) else sizes.font)
        painter.setPen(color("text"))
        line = QRectF(x, 0 if middle else PADDING - 2, room, sizes.height if middle else metrics.height())
        title = metrics.elidedText(self.node.title, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), title)
        if not middle:
            painter.setFont(sizes.small)
            painter.setPen(color("muted"))
            below = QRectF(x, PADDING - 2 + metrics.height(), room, small.height())
            told = small.elidedText(self.node.detail, Qt.TextElideMode.ElideRight, room)
            painter.drawText(below, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), told)

    def _paint_sign(self, painter: QPainter) -> None:
        y = self._sizes.height / 2
        if self.node.kind is Kind.STAGE:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color(self._role))
            painter.drawEllipse(QPointF(PADDING + ICON / 2, y), DOT / 2, DOT / 2)
            return
        ratio = painter.device().devicePixelRatioF()
        picture = pixmap(ICONS[self.node.kind], self._theme.color("accent" if self.lit else "muted"), ICON, ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(QPointF(PADDING, y - ICON / 2), picture)


class EdgeItem(QGraphicsItem):
    """A curve from what was before to what came of it."""

    def __init__(self, first: NodeItem, second: NodeItem, theme: Theme) -> None:
        super().__init__()
        self.first, self.second = first, second
        self._theme = theme
        self.lit = False
        self.setZValue(-1)
        start, end = first.right, second.left
        bend = max((end.x() - start.x()) / 2, ACROSS / 2)
        self._path = QPainterPath(start)
        self._path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)

    def boundingRect(self) -> QRectF:
        return self._path.boundingRect().adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade: QColor = self._theme.color("accent" if self.lit else "faint")
        painter.setPen(QPen(shade, LIT if self.lit else NORMAL))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path)
