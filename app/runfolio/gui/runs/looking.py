"""Keeps a run table true to the session's view: marks, the frozen baseline, clicks on its header, height of rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Qt, Slot
from PySide6.QtGui import QGuiApplication, QPainter

from runfolio.core import view_edits
from runfolio.core.columns import Column, Source, sortable
from runfolio.core.sorting import next_order
from runfolio.gui.runs import selecting
from runfolio.gui.runs.arranging import Arrangement
from runfolio.gui.runs.baseline import Baseline
from runfolio.gui.runs.delegate import ROW_HEIGHTS
from runfolio.gui.runs.feed import RunFeed
from runfolio.gui.runs.marks import CellMarks
from runfolio.gui.runs.telling import header_marks
from runfolio.gui.session import Session

if TYPE_CHECKING:
    from runfolio.gui.runs.view import RunView


class Looking(QObject):
    """The view of one table.

    Attributes:
        baseline: the run that the others are compared with.
    """

    def __init__(self, table: RunView, feed: RunFeed, session: Session, arrangement: Arrangement) -> None:
        super().__init__(table)
        self._table = table
        self._header = table.header
        self._feed = feed
        self._session = session
        self._arrangement = arrangement
        self.baseline = Baseline(session, feed, self)
        self._about: tuple[object, ...] = ()
        self._header.sectionClicked.connect(self._on_header_clicked)
        self._header.group_clicked.connect(self._on_group_clicked)
        self._header.frozen_clicked.connect(self.go_to_baseline)
        session.view_changed.connect(self._show)
        session.preferences.changed.connect(self._on_preference)
        self.baseline.changed.connect(self._on_baseline)
        feed.model.columnsInserted.connect(self._show)
        feed.model.modelReset.connect(self._show)
        self.set_row_height()
        self._show()

    @property
    def natural(self) -> tuple[Column, ...]:
        """The columns that the runs have by themselves."""
        return self._feed.natural

    @Slot()
    def go_to_baseline(self) -> None:
        """Select the baseline run, wherever it stands."""
        row = self.baseline.row
        if row is not None:
            self._session.select_runs([row.id], row.id)
            self._table.scroll_to(selecting.place_of(self._feed.model.ids, row.id))

    def set_row_height(self) -> None:
        """Give the rows the height that the user prefers, or what the font needs."""
        wanted = ROW_HEIGHTS[self._session.preferences["row_height"]]
        rows, height = self._table.verticalHeader(), max(wanted, self._table.fontMetrics().height() + 6)
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(height)
        self._freeze()

    @Slot()
    def _show(self) -> None:
        """Another view, or other columns of it; a new order of the rows changes nothing."""
        view, model = self._session.view, self._feed.model
        about = view, self._feed.natural, model.columns, self.baseline.row, self.baseline.columns
        if about == self._about:
            return
        self._about = about
        marked, model.marks = model.marks, CellMarks(view, self.baseline.row, self.baseline.values)
        marks, before = header_marks(view, self._feed.order, self._feed.natural, model.columns), self._header.marks
        self._header.set_marks(marks)
        if marks.order != before.order:
            self._arrangement.widen(key.column for key in marks.order)
        self._freeze()
        if not model.marks.paint_as(marked):
            self._table.viewport().update()

    @Slot()
    def _on_baseline(self) -> None:
        self._show()
        self._arrangement.arrange()

    def _freeze(self) -> None:
        height = self._table.verticalHeader().defaultSectionSize()
        self._header.freeze(None if self.baseline.row is None else self._paint_baseline, height)

    def _paint_baseline(self, painter: QPainter, area: QRect, column: Column) -> None:
        row, model, delegate = self.baseline.row, self._feed.model, self._table.delegate
        if row is not None:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(area, delegate.look.raised)
            delegate.paint_background(painter, area, row.id, False)
            cells = tuple(map(model.marks.base.get, model.columns))
            value = model.value_of(replace(row, cells=cells), column)
            delegate.paint_value(painter, area, row, column, value)
            painter.restore()

    @Slot(str)
    def _on_preference(self, key: str) -> None:
        if key == "row_height":
            self.set_row_height()

    @Slot(int)
    def _on_header_clicked(self, section: int) -> None:
        """A first click sorts, a second one turns the order round, a third goes back to the newest first.

        With Shift, the column becomes one more key of the order, or the same happens to the key that it is.
        """
        column, order = sortable(self._feed.model.column_at(section)), self._feed.order
        more = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
        lower = self._session.view.directions
        self._feed.order_by(*next_order(order if more else order[:1], column, lower, alone=not more))

    @Slot(object)
    def _on_group_clicked(self, source: Source) -> None:
        self._session.set_view(view_edits.fold(self._session.view, str(source)), "Fold Columns")
