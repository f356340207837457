"""Paints the rows of groups, and the arrows of all rows that can be opened."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from runfolio.core.columns import NAME, Column, Kind
from runfolio.gui.runs import cells
from runfolio.gui.runs.group_rows import GroupRows
from runfolio.gui.runs.lettering import Lettering
from runfolio.gui.runs.look import TableLook

#: How far a row stands to the right of the one it is beneath, and what its arrow takes.
STEP, ARROW = 16, 16
#: Half the width and half the height of an arrow.
REACH = (2.5, 4.5)


def arrow_area(inner: QRect, depth: int) -> QRect:
    """Where the arrow of a row is, within the cell of its name."""
    return QRect(inner.left() + depth * STEP - 4, inner.top(), ARROW, inner.height())


def paint_arrow(painter: QPainter, area: QRect, opened: bool, color: QColor) -> None:
    """The arrow of a row that can be opened: down while it is open, else to the right."""
    center, (short, long) = QPointF(area.center()), REACH
    points = [(-short, -long), (short, 0.0), (-short, long)]
    turned = [(-y, x) if opened else (x, y) for x, y in points]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline(QPolygonF([center + QPointF(x, y) for x, y in turned]))
    painter.restore()


def paint_group(painter: QPainter, inner: QRect, row: int, column: Column, groups: GroupRows, look: TableLook) -> None:
    """What stands in a cell of a group; of its name's cell, what is right of the arrow."""
    if column == NAME:
        _paint_title(painter, inner, row, groups, look)
        return
    text = groups.text(row, column)
    if cells.right_aligned(column):
        _paint_number(painter, inner, text, look)
    else:
        calm = column.kind is Kind.TIME or text.endswith(" values")
        look.plain.write(painter, inner, text, look.muted if calm else look.text)


def _paint_title(painter: QPainter, inner: QRect, row: int, groups: GroupRows, look: TableLook) -> None:
    """Names and values, as far as there is room, and always how many runs there are."""
    count = f"{groups.count(row):,}"
    taken = look.fine.width(count) + 8
    area = inner.adjusted(0, 0, -taken, 0)
    for number, part in enumerate(groups.title(row)):
        name = f"{' · ' if number else ''}{part.name} " if part.name else ""
        area = _beside(area, look.plain, painter, name, look.muted)
        letters, color = (look.strong, look.text) if part.is_set else (look.slanted, look.muted)
        area = _beside(area, letters, painter, part.text, color)
    look.fine.write(painter, QRect(area.left() + 8, inner.top(), taken, inner.height()), count, look.muted)


def _beside(area: QRect, letters: Lettering, painter: QPainter, text: str, color: QColor) -> QRect:
    """Write a text as far as there is room; returns what is left of the room."""
    return area.adjusted(letters.write(painter, area, text, color), 0, 0, 0)


def _paint_number(painter: QPainter, inner: QRect, text: str, look: TableLook) -> None:
    """The number with its spread; of how many it is, if there is room for that."""
    number, _, count = text.partition(" (n=")
    if count and look.plain.width(text) <= inner.width():
        taken = look.plain.write(painter, inner, f" (n={count}", look.muted, right=True)
        inner = inner.adjusted(0, 0, -taken, 0)
    look.plain.write(painter, inner, number, look.text, right=True)
