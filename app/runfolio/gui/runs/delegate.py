"""Paints the cells of the run table."""

from __future__ import annotations

from PySide6.QtCore import (
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from runfolio.core.cell_rules import Tone
from runfolio.core.checks import Verdict
from runfolio.core.columns import NAME, STATUS, Column, Kind, Source, is_trend
from runfolio.core.deltas import Delta
from runfolio.core.states import RunStatus
from runfolio.gui.aliases import Index
from runfolio.gui.run_colors import run_color, run_pen_style
from runfolio.gui.runs import cells
from runfolio.gui.runs.editing import CellEditing
from runfolio.gui.runs.folding import Folding
from runfolio.gui.runs.group_paint import arrow_area, paint_arrow, paint_group
from runfolio.gui.runs.header import MARGIN, NAME_INDENT
from runfolio.gui.runs.look import TableLook
from runfolio.gui.runs.model import RunTableModel
from runfolio.gui.runs.trends import Trends
from runfolio.store.table import Row

#: In pixels, by the user's preference; a row is higher where the font needs it.
ROW_HEIGHTS = {"compact": 24, "normal": 28, "comfortable": 34}
BADGE = "baseline"
DOT, BAR = 7, 3
DOT_ROOM = 5
# Numbers, made once: putting flags together costs more than drawing a short text.
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
PLACEHOLDER = 0.55


class RunDelegate(CellEditing):
    """Cells of one `RunTableModel`; it asks the model itself, for Qt's roles say too little.

    Attributes:
        look: colours and fonts.
        folding: which rows stand beneath others; None of a table where none does.
        lit: the run under the mouse, here or in a chart; None for none.
    """

    def __init__(self, model: RunTableModel, trends: Trends, look: TableLook, parent: QWidget) -> None:
        super().__init__(model, parent)
        self.look = look
        self.lit: int | None = None
        self.folding: Folding | None = None
        self._trends = trends

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell with its background and the line under it."""
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self.paint_cell(painter, option.rect, index.row(), self._model.column_at(index.column()), selected)

    def paint_cell(self, painter: QPainter, rect: QRect, place: int, column: Column, selected: bool) -> None:
        """A cell of the row at a place."""
        row, run = self._model.row(place), int(self._model.ids[place])
        self.paint_background(painter, rect, run, selected)
        if run < 0:
            self._paint_group(painter, _inner(rect), run, column)
        elif row is None:
            self._paint_placeholder(painter, _inner(rect), column)
        else:
            self.paint_value(painter, rect, row, column, self._model.value_of(row, column))

    def paint_value(self, painter: QPainter, rect: QRect, row: Row, column: Column, value: object) -> None:
        """What stands in a cell."""
        inner = _inner(rect)
        if column == NAME:
            self._paint_name(painter, inner, row)
        elif column == STATUS:
            self._paint_status(painter, inner, row.status)
        elif is_trend(column):
            self._paint_trend(painter, inner, row.id, column.key)
        else:
            self._paint_text_or_number(painter, inner, row, column, value)

    def paint_background(self, painter: QPainter, area: QRect, run: int, selected: bool) -> None:
        """A part of a row: selected, under the mouse or plain, with the line under it."""
        if selected or run == self.lit:
            painter.fillRect(area, self.look.selection if selected else self.look.hover)
        painter.setPen(self.look.line)
        painter.drawLine(area.bottomLeft(), area.bottomRight())

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All rows are of one height, which the view knows."""
        return QSize(0, ROW_HEIGHTS["normal"])

    def _paint_placeholder(self, painter: QPainter, inner: QRect, column: Column) -> None:
        width = round(inner.width() * PLACEHOLDER)
        left = inner.right() - width if cells.right_aligned(column) else inner.left()
        bar = QRectF(left, inner.center().y() - 3, width, 6)
        _fill(painter, bar, 3, self.look.line)

    def _paint_group(self, painter: QPainter, inner: QRect, row: int, column: Column) -> None:
        if self._model.groups is None:
            return
        if column == NAME:
            inner = self._paint_fold(painter, inner, row)
        status = self._model.groups.data(row, column, int(Qt.ItemDataRole.EditRole)) if column == STATUS else None
        if status is not None:
            self._paint_status(painter, inner, RunStatus(status))
            return
        share = None
        if column.source is Source.METRIC:
            share = self._model.share(column, self._model.groups.number(row, column))
            inner = inner if share is None else inner.adjusted(0, 0, 0, -4)
        paint_group(painter, inner, row, column, self._model.groups, self.look)
        if share is not None:
            self._paint_share(painter, inner.adjusted(0, 0, 0, 4), share, column)

    def _paint_fold(self, painter: QPainter, inner: QRect, row: int) -> QRect:
        """The arrow of a row that others stand beneath; returns the room beside it."""
        if self.folding is None or self.folding.lines.outline is None:
            return inner
        area = arrow_area(inner, self.folding.depth(row))
        if self.folding.size(row):
            paint_arrow(painter, area, self.folding.is_open(row), self.look.muted)
        return inner.adjusted(area.right() + 1 - inner.left(), 0, 0, 0)

    def _is_beneath_its_parent(self, run: int) -> bool:
        return self.folding is not None and not self.folding.lines.grouped and self.folding.depth(run) > 0

    def dot_area(self, cell: QRect, run: int) -> QRect:
        """Where the dot of a run is within the cell of its name, with some room around it."""
        inner = _inner(cell)
        left = inner.left()
        if self.folding is not None and self.folding.lines.outline is not None:
            left = arrow_area(inner, self.folding.depth(run)).right() + 1
        return QRect(left - DOT_ROOM, cell.top(), DOT + 2 * DOT_ROOM, cell.height())

    def _paint_name(self, painter: QPainter, inner: QRect, row: Row) -> None:
        inner = self._paint_fold(painter, inner, row.id)
        dot = QPointF(inner.left() + DOT / 2, inner.center().y() + 1)
        if self._model.marks.eyes.sees(row.run_id):
            self._paint_dot(painter, dot, row.id)
        else:
            self._paint_closed_eye(painter, dot)
        area = inner.adjusted(NAME_INDENT - MARGIN // 2, 0, 0, 0)
        if row.parent is not None and not self._is_beneath_its_parent(row.id):
            painter.setPen(self.look.muted)
            painter.setFont(self.look.body)
            painter.drawText(area, LEFT, "↳")
            area = area.adjusted(painter.fontMetrics().horizontalAdvance("↳ "), 0, 0, 0)
        if row.id == (self._model.marks.baseline.id if self._model.marks.baseline else None):
            area = area.adjusted(0, 0, -self._paint_badge(painter, area), 0)
        self._paint_text(painter, area, cells.one_line(row.name), self.look.text, bold=True)

    def _paint_badge(self, painter: QPainter, area: QRect) -> int:
        """The word that marks the baseline, at the right edge; returns the room that it takes."""
        painter.setFont(self.look.small)
        width, height = painter.fontMetrics().horizontalAdvance(BADGE) + 12, painter.fontMetrics().height() + 2
        if width > area.width() / 2:
            return 0
        pill = QRectF(area.right() - width, area.center().y() - height / 2 + 1, width, height)
        _fill(painter, pill, height / 2, self.look.accent_fill)
        painter.setPen(self.look.accent)
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), BADGE)
        return width + 6

    def _paint_dot(self, painter: QPainter, center: QPointF, run: int) -> None:
        """A full dot for a solid line, a ring for a dashed one."""
        number = self.look.number(run)
        color = run_color(number, self.look.dark)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        solid = run_pen_style(number) is Qt.PenStyle.SolidLine
        painter.setPen(Qt.PenStyle.NoPen if solid else QPen(color, 1.6))
        painter.setBrush(color if solid else Qt.BrushStyle.NoBrush)
        radius = DOT / 2 if solid else DOT / 2 - 0.6
        painter.drawEllipse(center, radius, radius)
        painter.restore()

    def _paint_closed_eye(self, painter: QPainter, center: QPointF) -> None:
        """The sign of a run that charts leave out."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.look.muted, 1.2))
        half = DOT / 2
        painter.drawArc(QRectF(center.x() - half, center.y() - half - 1.5, DOT, DOT), 200 * 16, 140 * 16)
        for step in (-1, 0, 1):
            painter.drawLine(
                center + QPointF(step * 2.6, 2.2 - abs(step)), center + QPointF(step * 3.6, 4.6 - abs(step))
            )
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
        painter.drawText(area, LEFT, shown)

    def _paint_text_or_number(self, painter: QPainter, inner: QRect, row: Row, column: Column, value: object) -> None:
        """The value, with what the view and the baseline make of it."""
        marks, text = self._model.marks, self._model.text_of(column, value)
        share = self._model.share(column, value)
        heat = marks.heat(column, share)
        bar = share if column.source is Source.METRIC and heat is None else None
        area = inner.adjusted(0, 0, 0, -4) if bar is not None else inner
        if heat is not None:
            painter.fillRect(inner.adjusted(3 - MARGIN, 2, MARGIN - 3, -2), self.look.heat(heat))
        color = self.look.muted if column.kind is Kind.TIME else self.look.text
        if isinstance(value, Verdict):
            color = self.look.tones[value.tone]
        tone = marks.tone(column, value)
        if tone is not None:
            color = color if heat is not None else self.look.tones[tone]
            area = area.adjusted(self._paint_sign(painter, area, tone.shape, color), 0, 0, 0)
        delta = marks.delta(row.id, column, value)
        if delta is not None:
            self._paint_delta(painter, area, delta, column, text, plain=heat is not None)
        self._paint_text(painter, area, text, color, right=cells.right_aligned(column))
        if bar is not None:
            self._paint_share(painter, inner, bar, column)

    def _paint_share(self, painter: QPainter, inner: QRect, share: float, column: Column) -> None:
        tint = Tone.WARN if self._model.marks.is_lower(column) else None
        self._paint_bar(painter, inner, share, self.look.accent if tint is None else self.look.tones[tint])

    def _paint_sign(self, painter: QPainter, area: QRect, sign: str, color: QColor) -> int:
        """The shape of a mark, left of the value; returns the room that it takes."""
        painter.setFont(self.look.bold)
        painter.setPen(color)
        painter.drawText(area, LEFT, sign)
        return painter.fontMetrics().horizontalAdvance(f"{sign} ")

    def _paint_delta(
        self, painter: QPainter, area: QRect, delta: Delta, column: Column, text: str, *, plain: bool
    ) -> None:
        """The difference from the baseline, left of the value; where there is no room for it, its sign."""
        room = area.width() - QFontMetrics(self.look.body).horizontalAdvance(f"{text} ")
        form = self._model.format_of(column) if column.source is Source.METRIC else None
        painter.setFont(self.look.small)
        width = painter.fontMetrics().horizontalAdvance
        shown = next((one for one in (delta.text(form), delta.sign) if width(one) <= room), "")
        tones = {True: self.look.tones[Tone.OK], False: self.look.tones[Tone.BAD], None: self.look.muted}
        painter.setPen(self.look.text if plain else tones[delta.better])
        painter.drawText(area, LEFT, shown)

    def _paint_text(
        self, painter: QPainter, area: QRect, text: str, color: QColor, *, bold: bool = False, right: bool = False
    ) -> None:
        painter.setFont(self.look.bold if bold else self.look.body)
        painter.setPen(color)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, RIGHT if right else LEFT, shown)

    def _paint_bar(self, painter: QPainter, inner: QRect, share: float, color: QColor) -> None:
        """A track as wide as the cell, filled in proportion; the least value keeps a stub, for it is a value."""
        track = QRectF(inner.left(), inner.bottom() - BAR - 1, inner.width(), BAR)
        painter.fillRect(track, self.look.line)
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
        painter.setPen(QPen(run_color(self.look.number(run), self.look.dark), 1.4))
        painter.drawPolyline(QPolygonF(points))
        painter.restore()


def _inner(rect: QRect) -> QRect:
    """A cell without its margins and the line under it."""
    return rect.adjusted(MARGIN, 0, -MARGIN, -1)


def _fill(painter: QPainter, rect: QRectF, radius: float, color: QColor) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(rect, radius, radius)
    painter.restore()
