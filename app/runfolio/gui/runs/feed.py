"""Keeps the run table's model true to the store: which runs in which order, which columns, which cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import Enum, auto
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from runfolio.core.columns import NEWEST_FIRST, Column, SortKey, Source
from runfolio.core.entities import Changes
from runfolio.core.views import View, shown_columns
from runfolio.gui.pending import Pending
from runfolio.gui.refresh import Refresh
from runfolio.gui.runs.ageing import Ageing
from runfolio.gui.runs.fitting import Fitting
from runfolio.gui.runs.folding import Folding
from runfolio.gui.runs.group_rows import GroupRows
from runfolio.gui.runs.grouped import Known
from runfolio.gui.runs.lines import Lines
from runfolio.gui.runs.model import RunTableModel
from runfolio.gui.runs.reading import (
    SCREEN,
    Before,
    Columns,
    Table,
    Unreadable,
    read_columns,
    read_first_page,
    read_table,
    readable,
)
from runfolio.gui.runs.rows import RowReader
from runfolio.gui.runs.sums import GroupSums
from runfolio.gui.runs.trends import Trends
from runfolio.gui.session import Session
from runfolio.store.run_order import is_natural

# A table sorted by a value that moves would jump too fast to read; ranges need not be newer than this either (ms).
SORT_PACE, COLUMN_PACE, GROUP_PACE = 500, 1000, 1500
# Rows that have come are painted before more is read.
PAINT_MS = 16
NO_RUNS = np.empty(0, np.int64)


class State(Enum):
    """What there is to show."""

    NO_EXPERIMENT = auto()
    READING = auto()
    NO_RUNS = auto()
    NO_MATCH = auto()
    UNREADABLE = auto()
    RUNS = auto()


class RunFeed(QObject):
    """Reads for a model what the session's experiments hold, and again what changes.

    Attributes:
        model: the model that is kept.
        folding: opens and closes its rows.
        sums: what its groups come to.
        trends: the pictures of its trend columns.
        state: what there is to show.
        why: what is wrong with a filter that cannot be read.
        natural: the columns that the view has by itself: those that the runs have values for, and a trend.
        live: whether rows move as soon as the values they are sorted by do.
        room: how many rows can be seen.
        fitting: how many runs fit the filter.

    Signals:
        state_changed(): another state.
        sorted(): the order of the rows is by other keys.
        order_aged(bool): whether the rows stand otherwise than their values say now.
    """

    state_changed = Signal()
    sorted = Signal()
    order_aged = Signal(bool)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.room: Callable[[], int] = lambda: SCREEN
        self.model = RunTableModel(lambda runs: self._rows.look_at(runs), self)
        self._rows = RowReader(session, self.model, self)
        self.trends = Trends(session, self)
        self.state = State.NO_EXPERIMENT
        self.why = ""
        self.natural: tuple[Column, ...] = ()
        self.live = bool(session.preferences["live_sort"])
        self.fitting = Fitting(session, self)
        self._view = session.view
        self._wanted: tuple[object, ...] = ()
        self._shown: Table | Unreadable | None = None
        self._fresh: Lines | None = None
        # The runs of which what groups are made of is not true any more, in the parts in which they came.
        self._stale: Pending[frozenset[int]] = Pending()
        self._experiments: tuple[int, ...] = ()
        self._newest = 0
        self.folding = Folding(self.model, self)
        self.sums = GroupSums(session, self)
        self.model.groups = GroupRows(self.sums, self.folding.is_open, lambda: self.model.now, lambda: self.model.marks)
        complaint = "The runs could not be read."
        self._table = Refresh(
            session, self._table_job, self._take_table, complaint, self, SORT_PACE, pending=self._stale
        )
        self._columns = Refresh(
            session, self._columns_job, self._take_columns, "The columns could not be read.", self, COLUMN_PACE
        )
        self._ageing = Ageing(self.model, self)
        self._ageing.passed.connect(self._on_passed)
        self._calm = QTimer(self, singleShot=True, interval=GROUP_PACE)
        self._calm.timeout.connect(self._table.ask)
        self.sums.came.connect(self.model.repaint_columns)
        self.trends.came.connect(self.model.repaint_trends)
        session.changed.connect(self._on_changed)
        session.selection_changed.connect(self._on_look)
        session.view_changed.connect(self._on_look)
        session.preferences.changed.connect(self._on_preference)
        self._on_look()

    @property
    def order(self) -> tuple[SortKey, ...]:
        """The keys of the order of the rows, the first one leading."""
        return self._session.view.order or (NEWEST_FIRST,)

    @property
    def aged(self) -> bool:
        """True while the rows stand otherwise than their values say now."""
        return self._fresh is not None

    @property
    def listing(self) -> bool:
        """True while it is being read which runs there are, or what groups of them come to."""
        partly = isinstance(self._shown, Table) and not self._shown.whole
        return self._table.busy or partly or not self.sums.idle

    @property
    def settled(self) -> bool:
        """True when everything known to have changed has been read."""
        parts = (self._table, self._rows, self._columns, self.sums)
        return all(part.idle for part in parts) and not self._calm.isActive()

    @property
    def current(self) -> bool:
        """True when the rows are those that the session asks for now."""
        return self._is_current(self._shown)

    def order_by(self, *keys: SortKey) -> None:
        """Order the rows by these keys; without any, the newest first."""
        order = () if keys == (NEWEST_FIRST,) else keys
        self._session.set_view(replace(self._session.view, order=order), "Sort")

    def apply_order(self) -> None:
        """Have the rows stand as their values say now."""
        if self._fresh is not None:
            self.folding.show(self._fresh)
            self._set_fresh(None)

    def set_live(self, live: bool) -> None:
        """Choose whether rows move as soon as the values they are sorted by do."""
        self.live = live
        if live:
            self.apply_order()

    @Slot(bool)
    def hold_still(self, still: bool) -> None:
        """Have rows and columns stay where they are while something is being typed into a cell."""
        for part in (self._table, self._columns):
            part.hold(still)

    def refresh(self) -> None:
        """Read everything on screen anew."""
        self._rows.read_all_again()
        self._table.ask_now()

    # What to read

    def _table_job(self) -> Callable[[], Table | Unreadable] | None:
        query, view = self._session.query, self._session.view
        if not query.experiments:
            return None
        if self._are_new(query.experiments) and is_natural(query.sort) and not (query.filter or view.grouped):
            return partial(read_first_page, self._session.store, query, view, self._before(None, None))
        stale = self._stale.take()
        grouped = self.sums.grouped
        known = None if grouped is None or self._shown is None else Known(grouped, stale)
        before = self._before(self.folding.lines if self._holds() else None, known)
        return partial(readable, partial(read_table, self._session.store, query, view, before), query, view)

    def _before(self, held: Lines | None, known: Known | None) -> Before:
        told = isinstance(self._shown, Table) and not self._are_new(self._session.query.experiments)
        natural = self.natural if told else None
        return Before(held, known, self.folding.folds, natural, min(self.room(), SCREEN), self._rows.turn())

    def _holds(self) -> bool:
        """Rows that are sorted by values that move stay where they are until the user has them sorted again."""
        return self._is_current(self._shown) and self.order != (NEWEST_FIRST,) and not self.live

    def _are_new(self, experiments: tuple[int, ...]) -> bool:
        """Whether nothing of the runs of these experiments has been shown yet."""
        return self._shown is None or self._shown.query.experiments != experiments

    def _is_current(self, table: Table | Unreadable | None) -> bool:
        """Whether a table is what the session asks for now."""
        return table is not None and _answers(table, self._session)

    def _columns_job(self) -> Callable[[], Columns] | None:
        experiments = self._session.selection.experiments
        return partial(read_columns, self._session.store, experiments, self._session.view) if experiments else None

    # What was read

    def _take_table(self, table: Table | Unreadable) -> None:
        if not self._is_current(table):
            self._table.read_again()
        elif isinstance(table, Unreadable):
            self._take_none(table)
        else:
            self._show_table(table)

    def _take_none(self, unreadable: Unreadable) -> None:
        """Whatever the filter was to say, the rows that are there are none of those."""
        self._shown = unreadable
        self.sums.show(None)
        self.folding.show(Lines(NO_RUNS))
        self._set_fresh(None)
        self._set_state(State.UNREADABLE, str(unreadable.why))
        self.fitting.take(None)

    def _show_table(self, table: Table) -> None:
        other = self._are_new(table.query.experiments)
        self._shown = table
        if table.columns is not None:
            self._show_columns(table.columns)
        # Rows before ids: the first sight of a table has its values, and its columns their widths from them.
        self.model.put_rows(table.first)
        # Runs that have changed since this was asked for, and were nowhere to be seen until now.
        self._rows.follow(*self._stale.waiting)
        self.sums.show(table.grouped)
        if table.grouped is not None:
            self.model.repaint_all()
        self.folding.show(table.lines)
        self._set_fresh(table.fresh)
        self._newest = max(self._newest, int(table.lines.runs.max(initial=0)))
        nothing = State.NO_MATCH if table.query.filter else State.NO_RUNS
        self._set_state(State.RUNS if len(table.lines.runs) else nothing)
        self.fitting.take(len(table.lines.runs) if table.query.filter else None)
        if not table.whole:
            self._table.ask_after(PAINT_MS)
        self._rows.look_ahead(self.model.ids[:SCREEN].tolist())
        if other:
            self._columns.ask_after(PAINT_MS)

    def _take_columns(self, found: Columns) -> None:
        if found.experiments == self._experiments and not self._are_new(found.experiments):
            self._show_columns(found.columns)
            self.model.set_ranges(found.ranges)

    def _show_columns(self, natural: tuple[Column, ...]) -> None:
        self.natural = natural
        columns = shown_columns(self._session.view, natural)
        other = columns != self.model.columns
        self.model.set_columns(columns)
        if other:
            self._rows.read_all_again()

    def _set_fresh(self, fresh: Lines | None) -> None:
        was, self._fresh = self.aged, fresh
        if self.aged is not was:
            self.order_aged.emit(self.aged)

    def _set_state(self, state: State, why: str = "") -> None:
        self._ageing.go_on(state in (State.RUNS, State.NO_MATCH))
        if (state, why) != (self.state, self.why):
            self.state, self.why = state, why
            self.state_changed.emit()

    # What happens

    @Slot()
    def _on_look(self) -> None:
        """Other experiments, another view, or both: told of one after the other, but there at once."""
        experiments, view = self._session.selection.experiments, self._session.view
        if (experiments, view) == (self._experiments, self._view):
            return
        before, self._view = self._view, view
        if before.order != view.order:
            self.sorted.emit()
        if (before.group_by, before.group_except) != (view.group_by, view.group_except):
            self.folding.close_groups()
        if experiments != self._experiments:
            self._choose(experiments)
        wanted, self._wanted = self._wanted, _listing(self._session)
        if wanted != self._wanted:
            self._table.ask_instead()
        if not self._are_new(experiments):  # else what is there still is of others, in their own view
            self._follow_view(before, view)

    def _choose(self, experiments: tuple[int, ...]) -> None:
        self._experiments = experiments
        if not experiments:  # what is chosen next appears with its first page, if it is the same again too
            self._shown = None
        self._set_state(State.READING if experiments else State.NO_EXPERIMENT)

    def _follow_view(self, before: View, view: View) -> None:
        if before.lower != view.lower:
            self._rows.read_all_again()
        if _ranged(before) != _ranged(view):
            self._columns.ask_now()
        self._show_columns(self.natural)

    @Slot(str)
    def _on_preference(self, key: str) -> None:
        if key == "live_sort":
            self.set_live(self._session.preferences[key])

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if not self._experiments or not (changes.moved or changes.places.intersection(self._experiments)):
            return
        parts = changes.runs, changes.checked
        self._rows.follow(*(parts if _of_checks(self.model.columns) else parts[:1]))
        self.trends.mark(changes.runs)
        self._stale.add(filter(None, parts))
        self._follow(changes)
        if changes.runs:
            self._columns.ask()

    def _asks_for_checks(self) -> bool:
        view = self._session.view
        summed = view.grouped and _of_checks(self.model.columns)
        return summed or "check" in view.filter or _of_checks(key.column for key in view.order)

    def _follow(self, changes: Changes) -> None:
        """Read again which runs there are, and in which order, where that may be another."""
        newest, known = max(changes.runs, default=0), self._newest
        self._newest = max(newest, known)
        found = bool(changes.checked) and self._asks_for_checks()
        values_count = self.order != (NEWEST_FIRST,) or bool(self._session.view.filter)
        if self._session.view.grouped:
            # Groups are summed up anew, which takes longer than to read a few rows.
            if (changes.runs or changes.moved or found) and not self._calm.isActive():
                self._calm.start()
        elif changes.moved:
            self._table.ask_now()
        elif newest > known or found or (changes.runs and values_count):
            self._table.ask()

    @Slot()
    def _on_passed(self) -> None:
        """Other runs may fit the filter by now."""
        if isinstance(self._shown, Table) and self._shown.query.moves():
            self._table.ask()


def _of_checks(columns: Iterable[Column]) -> bool:
    return any(column.source is Source.CHECK for column in columns)


def _listing(asked: Session | Table | Unreadable) -> tuple[object, ...]:
    """All that says which rows there are, and in which order."""
    view = asked.view
    grouping = view.group_by, view.group_except, view.statistic if view.grouped else None, view.nested
    return asked.query, view.lower, *grouping


def _answers(table: Table | Unreadable, session: Session) -> bool:
    """Whether a table is what a session asks for; as a rule it is of the very same view."""
    same = table.view is session.view and table.query.experiments == session.selection.experiments
    return same or _listing(table) == _listing(session)


def _ranged(view: View) -> tuple[object, ...]:
    """All of a view that says of which columns the ranges are to be known, and which values make them."""
    shown = view.automatic, view.hidden, view.added, view.pinned, view.folded
    return view.heat, view.lower, *shown
