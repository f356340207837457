"""The menu of a column: everything that can be done with it, for mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu

from runfolio.core import view_edits as edits
from runfolio.core.columns import STATISTICS, TREND, SortKey, Source, is_number, metric, sortable
from runfolio.core.direction import is_judged, lower_of
from runfolio.core.filter.narrow import field_of
from runfolio.core.folding import group_title, groups_of
from runfolio.core.views import View, columns_in_order
from runfolio.gui.chrome.labels import as_caption
from runfolio.gui.columns.formats import FormatsEditor
from runfolio.gui.columns.quick_filter import clear_filter, quick_filter
from runfolio.gui.formulas.commands import edit_formula, without
from runfolio.gui.icons import icon
from runfolio.gui.messages import Message
from runfolio.gui.runs.model import GROUPS
from runfolio.gui.runs.view import RunView
from runfolio.gui.session import Session


class ColumnMenu(QMenu):
    """What can be done with one column of a table."""

    def __init__(self, table: RunView, session: Session, section: int, choose: QAction) -> None:
        super().__init__(table)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._table = table
        self._session = session
        self._section = section
        self._natural = table.looking.natural
        self.column = table.runs.column_at(section)
        self._add_sorting()
        self.addSeparator()
        self._add_filter()
        self.addSeparator()
        self._add_placing()
        self.addSeparator()
        self._add_looks()
        if self.column.source is Source.FORMULA:
            self.addSeparator()
            self._do("Edit Formula…", partial(edit_formula, session, self.column, table.window()), "formula")
            self._change("Remove Formula", partial(without, column=self.column), "trash")
        self.addSeparator()
        self._add_folding()
        widths = self.addMenu("Width")
        self._do("Fit", lambda: table.arrangement.fit(section), "", widths)
        self._do("Fit All", table.arrangement.fit_all, "", widths)
        self._do("Copy Column Id", self._copy_id, "copy")
        self.addAction(choose)

    @property
    def _view(self) -> View:
        return self._session.view

    def _do(self, title: str, do: Callable[[], object], symbol: str = "", menu: QMenu | None = None) -> QAction:
        action = (menu or self).addAction(as_caption(title))
        if symbol:
            action.setIcon(icon(symbol, "muted"))
        action.triggered.connect(lambda checked=False: do())
        return action

    def _change(
        self, title: str, change: Callable[[View], View], symbol: str = "", menu: QMenu | None = None, why: str = ""
    ) -> QAction:
        """An entry that changes the view, as it is by then; it is undone under its title, or as `why` says."""
        session = self._session
        return self._do(title, lambda: session.set_view(change(session.view), why or title), symbol, menu)

    def _check(
        self, title: str, checked: bool, change: Callable[[View], View], menu: QMenu | None = None, why: str = ""
    ) -> QAction:
        action = self._change(title, change, "", menu, why)
        action.setCheckable(True)
        action.setChecked(checked)
        return action

    # Order

    def _add_sorting(self) -> None:
        column, order = sortable(self.column), self._view.order
        for title, down in (("Sort Ascending", False), ("Sort Descending", True)):
            symbol = "chevron-down" if down else "chevron-up"
            self._change(title, partial(edits.sort, key=SortKey(column, down)), symbol)
        key = next((one for one in order if one.column == column), None)
        if order and (key is None or len(order) > 1):
            more = self.addMenu("Add to Sort" if key is None else f"Key {order.index(key) + 1} of the Sort")
            for title, down in (("Ascending", False), ("Descending", True)):
                change = partial(edits.sort, key=SortKey(column, down), more=True)
                self._check(title, key is not None and key.descending is down, change, more, "Sort")
        if key is not None:
            turned = replace(key, nulls_first=not key.nulls_first)
            self._check("Missing Values First", key.nulls_first, partial(edits.sort, key=turned, more=True))
            self._change("Clear Sort", partial(edits.unsort, column=column), "close")

    # Filter

    def _add_filter(self) -> None:
        field = field_of(sortable(self.column), self._view.directions)
        if field is not None:
            self._do("Filter…", self._open_filter, "filter")
            if self.column in self._table.header.marks.filters:
                self._do("Clear Filter", partial(clear_filter, self._session, field), "close")

    def _open_filter(self) -> None:
        popup = quick_filter(self._session, self.column, self._table)
        if popup is not None:
            popup.open_at(self._below())

    # Place

    def _add_placing(self) -> None:
        column, view, natural = self.column, self._view, self._natural
        self._change("Unpin" if column in view.pinned else "Pin", partial(edits.pin, column=column), "pin")
        order = columns_in_order(view, natural)
        if column in order:
            menu = self.addMenu("Move")
            for title, by in (("Left", -1), ("Right", 1)):
                self._change(
                    title, partial(edits.move, column=column, by=by, natural=natural), "", menu, f"Move Column {title}"
                )
        self._change("Hide", partial(edits.hide, columns=(column,), natural=natural))
        self._change("Hide Others", partial(edits.hide_others, column=column, natural=natural))
        if column.source is Source.METRIC:
            menu = self.addMenu("Insert Statistic")
            for name in (*STATISTICS, TREND):
                new = metric(column.key, name)
                there = new in order
                insert = partial(edits.insert_after, new=new, neighbour=column, natural=natural)
                change = partial(edits.hide, columns=(new,), natural=natural) if there else insert
                self._check(name, there, change, menu, "Hide Column" if there else "Show Column")

    # Looks

    def _add_looks(self) -> None:
        column, view = self.column, self._view
        if is_number(column):
            self._check("Heat Colours", column in view.heat, partial(edits.heat, column=column))
        if column.statistic != TREND:
            self._do("Formats…", lambda: FormatsEditor(self._session, column, self._table).open_at(self._below()))
        if column.source is Source.METRIC:
            chosen = view.directions
            lower = lower_of(column.key, chosen) if is_judged(column.key, chosen) else None
            for title, down in (("Higher Is Better", False), ("Lower Is Better", True)):
                self._check(title, lower is down, partial(edits.direct, key=column.key, lower=down))

    def _add_folding(self) -> None:
        for group in groups_of(self.column):
            name = GROUPS[self.column.source].capitalize() if "." not in group else group_title(group)
            word = "Unfold" if group in self._view.folded else "Fold"
            symbol = "expand" if word == "Unfold" else "collapse"
            self._change(f"{word} {name}", partial(edits.fold, group=group), symbol)

    def _copy_id(self) -> None:
        QGuiApplication.clipboard().setText(self.column.id)
        self._session.message.emit(Message(f"Copied {self.column.id}."))

    def _below(self) -> QPoint:
        """The place under the column's name."""
        header = self._table.header
        return header.viewport().mapToGlobal(QPoint(header.left_of(self._section), header.names_height))


def open_menu(table: RunView, session: Session, section: int, place: QPoint | None, choose: QAction) -> ColumnMenu:
    """Open the menu of a section at a place of the screen, or under the column's name."""
    menu = ColumnMenu(table, session, section, choose)
    header, row = table.header, max(table.currentIndex().row(), 0)
    if place is None:
        table.scrollTo(table.runs.index(row, section))
    below = header.viewport().mapToGlobal(QPoint(header.left_of(section), header.names_height))
    menu.popup(below if place is None else place)
    return menu
