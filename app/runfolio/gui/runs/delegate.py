"""Paints the cells of the run table and edits a run's name in place."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from runfolio.core.columns import CREATED, NAME, STATUS, Column, Source, is_trend
from runfolio.core.direction import lower_is_better
from runfolio.core.states import RunStatus
from runfolio.gui.aliases import Index
from runfolio.gui.run_colors import run_color, run_pen_style
from runfolio.gui.runs import cells
from runfolio.gui.runs.header import MARGIN, NAME_INDENT
from runfolio.gui.runs.look import TableLook
from runfolio.gui.runs.model import RUN_ROLE, RunTableModel
from runfolio.gui.runs.trends import Trends
from runfolio.store.table import Row

ROW_HEIGHT = 28
DOT, BAR = 7, 3
ANY_SIDE = Qt.AlignmentFlag.AlignVCenter
PLACEHOLDER = 0.55


class RunDelegate(QStyledItemDelegate):
    """Cells of one `RunTableModel`; it asks the model itself, for Qt's roles say too little.

    Attributes:
        look: colours and fonts.
        lit: the run under the mouse, here or in a chart; None for none.

    Signals:
        renamed(int, str): the user gave a run another name.
    """

    renamed = Signal(int, str)

    def __init__(self, model: RunTableModel, trends: Trends, look: TableLook, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.lit: int | None = None
        self._model = model
        self._trends = trends

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell with its background and the line under it."""
        rect = option.rect
        place, column = index.row(), self._model.column_at(index.column())
        row = self._model.row(place)
        run = int(self._model.ids[place])
        self.paint_background(painter, rect, run, bool(option.state & QStyle.StateFlag.State_Selected))
        inner = rect.adjusted(MARGIN, 0, -MARGIN, -1)
        if row is None:
            self._paint_placeholder(painter, inner, column)
        elif column == NAME:
            self._paint_name(painter, inner, row)
        elif column == STATUS:
            self._paint_status(painter, inner, row.status)
        elif is_trend(column):
            self._paint_trend(painter, inner, run, column.key)
        else:
            self._paint_value(painter, inner, place, column)

    def paint_background(self, painter: QPainter, area: QRect, run: int, selected: bool) -> None:
        """A part of a row: selected, under the mouse or plain, with the line under it."""
        if selected or run == self.lit:
            painter.fillRect(area, self.look.selection if selected else self.look.hover)
        painter.setPen(self.look.line)
        painter.drawLine(area.bottomLeft(), area.bottomRight())

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All rows are of one height."""
        return QSize(0, ROW_HEIGHT)

    def _paint_placeholder(self, painter: QPainter, inner: QRect, column: Column) -> None:
        width = round(inner.width() * PLACEHOLDER)
        left = inner.right() - width if cells.right_aligned(column) else inner.left()
        bar = QRectF(left, inner.center().y() - 3, width, 6)
        _fill(painter, bar, 3, self.look.line)

    def _paint_name(self, painter: QPainter, inner: QRect, row: Row) -> None:
        dot = QPointF(inner.left() + DOT / 2, inner.center().y() + 1)
        self._paint_dot(painter, dot, row.id)
        area = inner.adjusted(NAME_INDENT - MARGIN // 2, 0, 0, 0)
        if row.parent is not None:
            painter.setPen(self.look.muted)
            painter.setFont(self.look.body)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | ANY_SIDE), "↳")
            area = area.adjusted(painter.fontMetrics().horizontalAdvance("↳ "), 0, 0, 0)
        name = row.name
        self._paint_text(painter, area, name, self.look.text, bold=True)

    def _paint_dot(self, painter: QPainter, center: QPointF, run: int) -> None:
        """A full dot for a solid line, a ring for a dashed one."""
        color = run_color(run, self.look.dark)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        solid = run_pen_style(run) is Qt.PenStyle.SolidLine
        painter.setPen(Qt.PenStyle.NoPen if solid else QPen(color, 1.6))
        painter.setBrush(color if solid else Qt.BrushStyle.NoBrush)
        radius = DOT / 2 if solid else DOT / 2 - 0.6
        painter.drawEllipse(center, radius, radius)
        painter.restore()

    def _paint_status(self, painter: QPainter, inner: QRect, status: RunStatus) -> None:
        color, text = self.look.status[status], cells.status_text(status)
        painter.setFont(self.look.small)
        metrics = painter.fontMetrics()
        width = min(metrics.horizontalAdvance(text) + 16, inner.width())
        pill = QRectF(inner.left() - 2, inner.center().y() - metrics.height() / 2 - 1, width, metrics.height() + 4)
        if not status.ended:
            _fill(painter, pill, pill.height() / 2, self.look.accent_fill)
        painter.setPen(color)
        area = pill.toRect().adjusted(8, 0, -4, 0)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | ANY_SIDE), shown)

    def _paint_value(self, painter: QPainter, inner: QRect, place: int, column: Column) -> None:
        muted = column == CREATED
        value = self._model.value(place, column)
        bar = self._model.share(column, value) if column.source is Source.METRIC else None
        area = inner.adjusted(0, 0, 0, -4) if bar is not None else inner
        color = self.look.muted if muted else self.look.text
        self._paint_text(painter, area, self._model.text(place, column), color, right=cells.right_aligned(column))
        if bar is not None:
            self._paint_bar(painter, inner, bar, self.look.warn if lower_is_better(column.key) else self.look.accent)

    def _paint_text(
        self, painter: QPainter, area: QRect, text: str, color: QColor, *, bold: bool = False, right: bool = False
    ) -> None:
        painter.setFont(self.look.bold if bold else self.look.body)
        painter.setPen(color)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, int(side | ANY_SIDE), shown)

    def _paint_bar(self, painter: QPainter, inner: QRect, share: float, color: QColor) -> None:
        """A track as wide as the cell, filled in proportion; the least value keeps a stub, for it is a value."""
        track = QRectF(inner.left(), inner.bottom() - BAR - 1, inner.width(), BAR)
        _fill(painter, track, BAR / 2, self.look.line)
        track.setWidth(max(track.width() * share, 2.0 * BAR))
        _fill(painter, track, BAR / 2, color)

    def _paint_trend(self, painter: QPainter, inner: QRect, run: int, key: str) -> None:
        picture = self._trends.picture(run, key)
        if picture is None:
            return
        area = QRectF(inner).adjusted(0, 6, 0, -6)
        points = [
            QPointF(area.left() + x * area.width(), area.bottom() - y * area.height())
            for x, y in zip(picture.x.tolist(), picture.y.tolist(), strict=True)
        ]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(run_color(run, self.look.dark), 1.4))
        painter.drawPolyline(QPolygonF(points))
        painter.restore()

    # Editing

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        """A line for the name."""
        editor = QLineEdit(parent)
        editor.setAccessibleName("Name of the run")
        editor.setFrame(False)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Begin with the name as it is, all of it selected."""
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, _model: QAbstractItemModel, index: Index) -> None:
        """Tell of another name; the model changes when the store has."""
        if isinstance(editor, QLineEdit):
            name = editor.text().strip()
            if name and name != index.data(Qt.ItemDataRole.EditRole):
                self.renamed.emit(index.data(RUN_ROLE), name)


def _fill(painter: QPainter, rect: QRectF, radius: float, color: QColor) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(rect, radius, radius)
    painter.restore()
