"""Paints the cells of the run table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import (
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from runfolio.core.columns import NAME, STATUS, Column, Source, is_trend
from runfolio.core.grouping import NOTHING
from runfolio.core.states import RunStatus
from runfolio.gui.aliases import Index
from runfolio.gui.run_colors import DOT, paint_dot, paint_swatch, run_color
from runfolio.gui.runs import cells
from runfolio.gui.runs.editing import CellEditing
from runfolio.gui.runs.folding import Folding
from runfolio.gui.runs.group_paint import arrow_area, paint_arrow, paint_group
from runfolio.gui.runs.header import MARGIN, NAME_INDENT
from runfolio.gui.runs.look import TableLook
from runfolio.gui.runs.model import RunTableModel
from runfolio.gui.runs.trend_paint import TrendPaint
from runfolio.gui.runs.trends import Trends
from runfolio.gui.runs.value_paint import ValuePaint, fill
from runfolio.store.table import Row

#: In pixels, by the user's preference; a row is higher where the font needs it.
ROW_HEIGHTS = {"compact": 24, "normal": 28, "comfortable": 34}
BADGE = "baseline"
DOT_ROOM = 5
PLACEHOLDER = 0.55

#: A section, and where it begins and how wide it is in pixels.
CellRoom: TypeAlias = tuple[int, int, int]
#: Takes the place of a row, the part of it that is seen, and whether it is selected.
PaintRow: TypeAlias = Callable[[QPainter, int, QRect, bool], None]
PaintValue: TypeAlias = Callable[[QPainter, QRect, Row, object], None]


class RunDelegate(CellEditing):
    """Cells of one `RunTableModel`; it asks the model itself, for Qt's roles say too little and take too long: the view
    has whole rows painted, by a painter that smooths edges.

    Attributes:
        look: colours and fonts.
        folding: which rows stand beneath others; None of a table where none does.
        lit: the run under the mouse, here or in a chart; None for none.
        closed: the groups that charts leave out.
    """

    def __init__(self, model: RunTableModel, trends: Trends, look: TableLook, parent: QWidget) -> None:
        super().__init__(model, parent)
        self.look = look
        self.lit: int | None = None
        self.closed: frozenset[int] = frozenset()
        self.folding: Folding | None = None
        self._trends = TrendPaint(trends)

    def row_painter(self, rooms: Sequence[CellRoom]) -> PaintRow:
        """What paints the cells of some columns in one row after another, with all of the row's background."""
        columns = [self._model.columns[section] for section, _, _ in rooms]
        painters = [self._painter(column) for column in columns]

        def paint(painter: QPainter, place: int, area: QRect, selected: bool) -> None:
            row, run = self._model.row(place), int(self._model.ids[place])
            painter.fillRect(area, self.look.window)
            self.paint_background(painter, area, run, selected)
            top, height = area.y(), area.height() - 1
            for (section, left, width), column, cell in zip(rooms, columns, painters, strict=True):
                inner = QRect(left + MARGIN, top, width - 2 * MARGIN, height)
                if row is not None:
                    cell(painter, inner, row, self._model.value_at(row, section))
                elif run < 0:
                    self._paint_group(painter, inner, run, column)
                else:
                    self._paint_placeholder(painter, inner, column)

        return paint

    def paint_value(self, painter: QPainter, cell: QRect, row: Row, column: Column, value: object) -> None:
        """What stands in a cell of a run, wherever it is."""
        self._painter(column)(painter, _inner(cell), row, value)

    def _painter(self, column: Column) -> PaintValue:
        """What paints the cells of a column as it is now."""
        if is_trend(column):
            return partial(self._paint_trend, column.key)
        if column == NAME:
            return lambda painter, inner, row, _: self._paint_name(painter, inner, row)
        if column == STATUS:
            return lambda painter, inner, row, _: self._paint_status(painter, inner, row.status)
        return ValuePaint(self._model, self.look, column).paint

    def paint_background(self, painter: QPainter, area: QRect, run: int, selected: bool) -> None:
        """A part of a row: selected, under the mouse or plain, with the line under it."""
        if selected or run == self.lit:
            painter.fillRect(area, self.look.selection if selected else self.look.hover)
        painter.fillRect(area.x(), area.bottom(), area.width(), 1, self.look.line)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All rows are of one height, which the view knows."""
        return QSize(0, ROW_HEIGHTS["normal"])

    def _paint_placeholder(self, painter: QPainter, inner: QRect, column: Column) -> None:
        width = round(inner.width() * PLACEHOLDER)
        left = inner.right() - width if cells.right_aligned(column) else inner.left()
        bar = QRectF(left, inner.center().y() - 3, width, 6)
        fill(painter, bar, 3, self.look.line)

    def _paint_group(self, painter: QPainter, inner: QRect, row: int, column: Column) -> None:
        if self._model.groups is None:
            return
        if column == NAME:
            inner = self._paint_fold(painter, inner, row)
            inner = self._paint_swatch(painter, inner, row, self._model.groups.color(row))
        status = self._model.groups.data(row, column, int(Qt.ItemDataRole.EditRole)) if column == STATUS else None
        if status is not None:
            self._paint_status(painter, inner, RunStatus(status))
            return
        number = self._model.groups.number(row, column)
        share = self._model.share(column, number) if column.source is Source.METRIC else None
        delta = self._model.marks.delta_of_group(column, self._model.groups.compared(row, column))
        area = inner if share is None else inner.adjusted(0, 0, 0, -4)
        room = area
        if delta is not None:
            text = self._model.groups.text(row, column).partition(" (n=")[0]
            taken = ValuePaint(self._model, self.look, column).paint_delta(painter, area, delta, text)
            room = area.adjusted(taken, 0, 0, 0)
        paint_group(painter, room, row, column, self._model.groups, self.look)
        if share is not None:
            ValuePaint(self._model, self.look, column).paint_share(painter, inner, share)

    def _paint_fold(self, painter: QPainter, inner: QRect, row: int) -> QRect:
        """The arrow of a row that others stand beneath; returns the room beside it."""
        if self.folding is None or self.folding.lines.outline is None:
            return inner
        area = arrow_area(inner, self.folding.depth(row))
        if self.folding.size(row):
            paint_arrow(painter, area, self.folding.is_open(row), self.look.muted)
        return inner.adjusted(area.right() + 1 - inner.left(), 0, 0, 0)

    def _paint_swatch(self, painter: QPainter, inner: QRect, row: int, number: int) -> QRect:
        """The colour of a group's line in charts, full or a frame as the line is solid or dashed; returns the room
        beside it. A group that is not in charts has none.
        """
        if number == NOTHING:
            return inner
        center = QPointF(inner.left() + DOT / 2, inner.center().y() + 1)
        if row in self.closed:
            self._paint_closed_eye(painter, center)
        else:
            paint_swatch(painter, center, number, self.look.dark)
        return inner.adjusted(NAME_INDENT - MARGIN // 2, 0, 0, 0)

    def _is_beneath_its_parent(self, run: int) -> bool:
        return self.folding is not None and not self.folding.lines.grouped and self.folding.depth(run) > 0

    def dot_area(self, cell: QRect, run: int) -> QRect:
        """Where the dot of a run or the swatch of a group is within the cell of its name, with some room around it."""
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
            self.look.plain.write(painter, area, "↳", self.look.muted)
            area = area.adjusted(self.look.plain.width("↳ "), 0, 0, 0)
        if row.id == (self._model.marks.baseline.id if self._model.marks.baseline else None):
            area = area.adjusted(0, 0, -self._paint_badge(painter, area), 0)
        self.look.strong.write(painter, area, cells.one_line(row.name), self.look.text)

    def _paint_badge(self, painter: QPainter, area: QRect) -> int:
        """The word that marks the baseline, at the right edge; returns the room that it takes."""
        width, height = self.look.fine.width(BADGE) + 12, self.look.fine.height + 2
        if width > area.width() / 2:
            return 0
        pill = QRectF(area.right() - width, area.center().y() - height / 2 + 1, width, height)
        fill(painter, pill, height / 2, self.look.accent_fill)
        self.look.fine.write(painter, pill.toAlignedRect().adjusted(6, 0, 0, 0), BADGE, self.look.accent)
        return width + 6

    def _paint_dot(self, painter: QPainter, center: QPointF, run: int) -> None:
        paint_dot(painter, center, self.look.number(run), self.look.dark)

    def _paint_closed_eye(self, painter: QPainter, center: QPointF) -> None:
        """The sign of a run that charts leave out."""
        painter.setPen(QPen(self.look.muted, 1.2))
        half = DOT / 2
        painter.drawArc(QRectF(center.x() - half, center.y() - half - 1.5, DOT, DOT), 200 * 16, 140 * 16)
        for step in (-1, 0, 1):
            painter.drawLine(
                center + QPointF(step * 2.6, 2.2 - abs(step)), center + QPointF(step * 3.6, 4.6 - abs(step))
            )

    def _paint_status(self, painter: QPainter, inner: QRect, status: RunStatus) -> None:
        color, text, fine = self.look.status[status], cells.status_text(status), self.look.fine
        width = min(fine.width(text) + 16, inner.width())
        pill = QRectF(inner.left() - 2, inner.center().y() - fine.height / 2 - 1, width, fine.height + 4)
        if not status.ended:
            fill(painter, pill, pill.height() / 2, self.look.accent_fill)
        fine.write(painter, pill.toRect().adjusted(8, 0, -4, 0), text, color)

    def _paint_trend(self, key: str, painter: QPainter, inner: QRect, row: Row, _value: object) -> None:
        self._trends.paint(painter, inner, (row.id, key), run_color(self.look.number(row.id), self.look.dark))


def _inner(rect: QRect) -> QRect:
    """A cell without its margins and the line under it."""
    return rect.adjusted(MARGIN, 0, -MARGIN, -1)
