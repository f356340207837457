"""Paints the cells of the table of jobs; it asks the model itself, for Qt's roles take too long."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from runfolio.core.queue.records import AT_WORK
from runfolio.gui.queue.model import JobsModel
from runfolio.gui.queue.rows import RIGHT, TEXTS, JobColumn, JobRow
from runfolio.gui.queue.words import ROLES
from runfolio.gui.runs.lettering import Lettering
from runfolio.gui.runs.look import fonts
from runfolio.gui.runs.value_paint import fill
from runfolio.gui.theme import Theme

MARGIN, BAR, PLACEHOLDER = 8, 3, 0.55
COLUMNS = tuple(JobColumn)
#: What is read first; the rest has less weight.
STRONG = JobColumn.TITLE
PLAIN = frozenset([JobColumn.PROGRESS, JobColumn.DURATION, JobColumn.REASON])


class JobDelegate(QStyledItemDelegate):
    """Cells of a `JobsModel`."""

    def __init__(self, theme: Theme, model: JobsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model
        self._take_look(parent.font())
        theme.theme_changed.connect(lambda: self._take_look(parent.font()))

    def _take_look(self, font: QFont) -> None:
        """Colours and fonts, found out once: cells are many."""
        body, bold, small, _ = fonts(font)
        self._body, self._bold, self._small = Lettering(body), Lettering(bold), Lettering(small)
        names = ("window", "line", "selection", "hover", "text", "muted", "accent", "accent_fill", *ROLES.values())
        self._colors = {name: self._theme.color(name) for name in names}

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All rows are of one height, which the view knows."""
        return QSize(0, self._body.height + 12)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One cell with its part of the row's background."""
        area: QRect = option.rect
        colors = self._colors
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(area, colors["selection"] if selected else colors["window"])
        painter.fillRect(area.x(), area.bottom(), area.width(), 1, colors["line"])
        row, column = self._model.row(index.row()), COLUMNS[index.column()]
        inner = area.adjusted(MARGIN, 0, -MARGIN, -1)
        if row is None:
            bar = QRectF(inner.left(), inner.center().y() - 3, inner.width() * PLACEHOLDER, 6)
            fill(painter, bar, 3, colors["line"])
        elif column is JobColumn.STATE:
            self._paint_state(painter, inner, row)
        elif column is JobColumn.PROGRESS and row.progress.share is not None:
            self._paint_progress(painter, inner, row, row.progress.share)
        else:
            text = TEXTS[column](row, self._model.now)
            failed = column is JobColumn.REASON and ROLES[row.job.state] == "bad"
            role = "bad" if failed else "text" if column is STRONG or column in PLAIN else "muted"
            lettering = self._bold if column is STRONG else self._body
            lettering.write(painter, inner, text, colors[role], right=column in RIGHT)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(colors["accent"])
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(0, 0, -1, -2))

    def _paint_state(self, painter: QPainter, inner: QRect, row: JobRow) -> None:
        text, role = TEXTS[JobColumn.STATE](row, 0), ROLES[row.job.state]
        small = self._small
        if row.job.state in AT_WORK:
            width = min(small.width(text) + 16, inner.width())
            pill = QRectF(inner.left() - 2, inner.center().y() - small.height / 2 - 1, width, small.height + 4)
            fill(painter, pill, pill.height() / 2, self._colors["accent_fill"])
        small.write(painter, inner.adjusted(6, 0, 0, 0), text, self._colors["warn" if row.job.cancelling else role])

    def _paint_progress(self, painter: QPainter, inner: QRect, row: JobRow, share: float) -> None:
        """What is said, over a bar."""
        self._small.write(painter, inner.adjusted(0, 0, 0, -BAR - 2), row.progress.text, self._colors["text"])
        bar = QRectF(inner.left(), inner.bottom() - BAR - 3, inner.width(), BAR)
        fill(painter, bar, BAR / 2, self._colors["line"])
        done = QRectF(bar.left(), bar.top(), max(bar.width() * share, BAR), BAR)
        fill(painter, done, BAR / 2, self._colors["accent"])
