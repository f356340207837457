"""Paints texts and numbers in the cells of a column, with what the view and the baseline make of them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from runfolio.core.cell_rules import Tone
from runfolio.core.checks import Verdict
from runfolio.core.columns import Column, Kind, Source
from runfolio.core.deltas import Delta
from runfolio.gui.runs import cells
from runfolio.gui.runs.look import TableLook
from runfolio.gui.runs.model import RunTableModel
from runfolio.store.table import Row

BAR = 3
#: So far a coloured cell reaches out beside its value, and so far it stays away from its neighbours.
HEAT_OUT, HEAT_GAP = 7, 2


class ValuePaint:
    """One column as it is now: what is the same for all of its cells is found out once."""

    def __init__(self, model: RunTableModel, look: TableLook, column: Column) -> None:
        self._look = look
        self._column = column
        self._marks = model.marks
        self._form = model.format_of(column)
        self._now = model.now
        self._share = partial(model.share, column)
        self._right = cells.right_aligned(column)
        self._color = look.muted if column.kind is Kind.TIME else look.text
        self._is_warm = column in model.marks.view.heat
        self._is_metric = column.source is Source.METRIC
        self._bar = look.tones[Tone.WARN] if self._is_metric and self._marks.is_lower(column) else look.accent

    def paint(self, painter: QPainter, inner: QRect, row: Row, value: object) -> None:
        """A run's value."""
        text = cells.text(self._column, value, self._form, self._now)
        share = self._share(value)
        heat = self._marks.heat(self._column, share) if self._is_warm else None
        bar = share if self._is_metric and heat is None else None
        area = inner if bar is None else inner.adjusted(0, 0, 0, -4)
        if heat is not None:
            painter.fillRect(inner.adjusted(-HEAT_OUT, HEAT_GAP, HEAT_OUT, -HEAT_GAP), self._look.heat(heat))
        color = self._look.tones[value.tone] if isinstance(value, Verdict) else self._color
        tone = self._marks.tone(self._column, value)
        if tone is not None:
            color = color if heat is not None else self._look.tones[tone]
            area = area.adjusted(self._paint_sign(painter, area, tone.shape, color), 0, 0, 0)
        delta = self._marks.delta(row.id, self._column, value)
        if delta is not None:
            self.paint_delta(painter, area, delta, text, plain=heat is not None)
        self._look.plain.write(painter, area, text, color, right=self._right)
        if bar is not None:
            self.paint_share(painter, inner, bar)

    def paint_share(self, painter: QPainter, inner: QRect, share: float) -> None:
        """A track as wide as the cell, filled in proportion; the least value keeps a stub, for it is a value."""
        left, top, width = inner.left(), inner.bottom() - BAR - 1, inner.width()
        painter.fillRect(left, top, width, BAR, self._look.line)
        fill(painter, QRectF(left, top, max(width * share, 2.0 * BAR), BAR), BAR / 2, self._bar)

    def _paint_sign(self, painter: QPainter, area: QRect, sign: str, color: QColor) -> int:
        """The shape of a mark, left of the value; returns the room that it takes."""
        self._look.strong.write(painter, area, sign, color)
        return self._look.strong.width(f"{sign} ")

    def paint_delta(self, painter: QPainter, area: QRect, delta: Delta, text: str, *, plain: bool = False) -> int:
        """The difference from the baseline, left of the value; where there is no room for it, its sign.

        Returns the room that it takes.
        """
        room, width = area.width() - self._look.plain.width(f"{text} "), self._look.fine.width
        form = self._form if self._is_metric else None
        shown = next((one for one in (delta.text(form), delta.sign) if width(one) <= room), "")
        tones = {True: self._look.tones[Tone.OK], False: self._look.tones[Tone.BAD], None: self._look.muted}
        self._look.fine.write(painter, area, shown, self._look.text if plain else tones[delta.better])
        return width(f"{shown} ")


def fill(painter: QPainter, rect: QRectF, radius: float, color: QColor) -> None:
    """A rectangle with round corners."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(rect, radius, radius)
