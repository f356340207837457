"""Keeps the run table's model true to the store: which runs in which order, which columns, which cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from runfolio.core.clock import now_ms
from runfolio.core.columns import NEWEST_FIRST, Column, SortKey
from runfolio.core.entities import Changes
from runfolio.core.views import View, shown_columns
from runfolio.gui.aliases import Ids
from runfolio.gui.messages import Message
from runfolio.gui.refresh import Refresh
from runfolio.gui.runs.model import Rows, RunTableModel
from runfolio.gui.runs.reading import Columns, Table, read_columns, read_rows, read_table
from runfolio.gui.runs.trends import Trends
from runfolio.gui.session import Selection, Session
from runfolio.store.table import RunQuery

# A table sorted by a value that moves would jump too fast to read; ranges need not be newer than this either (ms).
SORT_PACE, COLUMN_PACE = 500, 1000
SECOND, CALM = 1_000, 10_000


class State(Enum):
    """What there is to show."""

    NO_EXPERIMENT = auto()
    READING = auto()
    NO_RUNS = auto()
    NO_MATCH = auto()
    RUNS = auto()


class RunFeed(QObject):
    """Reads for a model what the session's experiments hold, and again what changes.

    Attributes:
        model: the model that is kept.
        trends: the pictures of its trend columns.
        state: what there is to show.
        natural: the columns that the view has by itself: those that the runs have values for, and a trend.
        live: whether rows move as soon as the values they are sorted by do.

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
        self.model = RunTableModel(self._fetch, self)
        self.trends = Trends(session, self)
        self.state = State.NO_EXPERIMENT
        self.natural: tuple[Column, ...] = ()
        self.live = bool(session.preferences["live_sort"])
        self._view = session.view
        self._shown: RunQuery | None = None
        self._fresh: Ids | None = None
        self._experiments: tuple[int, ...] = ()
        self._newest = 0
        self._changed: set[int] = set()
        self._table = Refresh(
            session, self._table_job, self._take_table, "The runs could not be read.", self, SORT_PACE, self._lose_table
        )
        self._rows = Refresh(session, self._rows_job, self.model.put_rows, "The runs could not be read.", self)
        self._columns = Refresh(
            session, self._columns_job, self._take_columns, "The columns could not be read.", self, COLUMN_PACE
        )
        self._clock = QTimer(self, interval=SECOND)
        self._clock.timeout.connect(self._on_clock)
        self.trends.came.connect(self.model.repaint_trends)
        session.changed.connect(self._on_changed)
        session.selection_changed.connect(self._on_selection)
        session.view_changed.connect(self._on_view)
        session.preferences.changed.connect(self._on_preference)
        self._on_selection(session.selection)

    @property
    def order(self) -> tuple[SortKey, ...]:
        """The keys of the order of the rows, the first one leading."""
        return self._session.view.order or (NEWEST_FIRST,)

    @property
    def aged(self) -> bool:
        """True while the rows stand otherwise than their values say now."""
        return self._fresh is not None

    @property
    def settled(self) -> bool:
        """True when everything known to have changed has been read."""
        return self._table.idle and self._rows.idle and self._columns.idle

    def order_by(self, *keys: SortKey) -> None:
        """Order the rows by these keys; without any, the newest first."""
        order = () if keys == (NEWEST_FIRST,) else keys
        self._session.set_view(replace(self._session.view, order=order), "Sort")

    def apply_order(self) -> None:
        """Have the rows stand as their values say now."""
        if self._fresh is not None:
            self.model.set_ids(self._fresh)
            self._set_fresh(None)

    def set_live(self, live: bool) -> None:
        """Choose whether rows move as soon as the values they are sorted by do."""
        self.live = live
        if live:
            self.apply_order()

    def refresh(self) -> None:
        """Read everything on screen anew."""
        self._changed.update(self.model.cached())
        self._rows.ask()
        self._table.ask_now()

    # What to read

    def _table_job(self) -> Callable[[], Table] | None:
        if not self._experiments:
            return None
        query = self._session.query
        held = self.model.ids if self._holds(query) else None
        return partial(read_table, self._session.store, query, self._session.view, held)

    def _holds(self, query: RunQuery) -> bool:
        """Rows that are sorted by values that move stay where they are until the user has them sorted again."""
        return query == self._shown and self.order != (NEWEST_FIRST,) and not self.live

    def _rows_job(self) -> Callable[[], Rows] | None:
        runs, self._changed = self.model.cached(self._changed), set()
        return self._reading(runs) if runs else None

    def _reading(self, runs: list[int]) -> Callable[[], Rows]:
        return partial(read_rows, self._session.store, runs, self.model.columns, dict(self._view.lower))

    def _columns_job(self) -> Callable[[], Columns] | None:
        if not self._experiments:
            return None
        return partial(read_columns, self._session.store, self._experiments, self._view)

    def _fetch(self, runs: list[int]) -> None:
        self._session.jobs.read(self._reading(runs), self.model.put_rows, failed=self._on_fetch_failed)

    def _on_fetch_failed(self, error: Exception) -> None:
        self.model.fetching.failed()
        self._session.message.emit(Message.of_error(error, "Rows could not be read."))

    # What was read

    def _take_table(self, table: Table) -> None:
        if table.query != self._session.query:
            self._table.ask_now()
            return
        self._shown = table.query
        self._show_columns(table.columns)
        self.model.set_ranges(table.ranges)
        # Rows before ids: the first sight of a table has its values, and its columns their widths from them.
        self.model.put_rows(table.first)
        self.model.set_ids(table.ids)
        self._set_fresh(table.fresh)
        self._newest = max(self._newest, int(table.ids.max(initial=0)))
        nothing = State.NO_MATCH if table.query.filter else State.NO_RUNS
        self._set_state(State.RUNS if len(table.ids) else nothing)

    def _lose_table(self) -> None:
        """With the next change the runs are read again, as if they were new."""
        self._newest = 0

    def _take_columns(self, found: Columns) -> None:
        if found.experiments != self._experiments or self.state is not State.RUNS:
            return
        self._show_columns(found.columns)
        self.model.set_ranges(found.ranges)

    def _show_columns(self, natural: tuple[Column, ...]) -> None:
        self.natural = natural
        columns = shown_columns(self._session.view, natural)
        if columns != self.model.columns:
            self._changed.update(self.model.cached())
        self.model.set_columns(columns)
        if self._changed:
            self._rows.ask()

    def _set_fresh(self, fresh: Ids | None) -> None:
        was, self._fresh = self.aged, fresh
        if self.aged is not was:
            self.order_aged.emit(self.aged)

    def _set_state(self, state: State) -> None:
        self._clock.start() if state is State.RUNS else self._clock.stop()
        if state is not self.state:
            self.state = state
            self.state_changed.emit()

    # What happens

    @Slot(object)
    def _on_selection(self, selection: Selection) -> None:
        if selection.experiments == self._experiments:
            return
        self._experiments = selection.experiments
        self._changed.clear()
        self._set_state(State.READING if self._experiments else State.NO_EXPERIMENT)
        self._table.ask_now()

    @Slot(str)
    def _on_preference(self, key: str) -> None:
        if key == "live_sort":
            self.set_live(self._session.preferences[key])

    @Slot(object)
    def _on_view(self, view: View) -> None:
        before, self._view = self._view, view
        if before.order != view.order:
            self.sorted.emit()
        if (before.order, before.filter, before.lower) != (view.order, view.filter, view.lower):
            self._table.ask_now()
        if before.lower != view.lower:
            self._changed.update(self.model.cached())
        if (before.heat, before.added) != (view.heat, view.added):
            self._columns.ask_now()
        if self.natural:
            self._show_columns(self.natural)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if not self._experiments:
            return
        self._changed.update(changes.runs)
        self._rows.ask()
        self.trends.mark(changes.runs)
        newest = max(changes.runs, default=0)
        if newest > self._newest or changes.moved:
            self._newest = max(newest, self._newest)
            self._table.ask_now()
        elif changes.runs and (self.order != (NEWEST_FIRST,) or self._session.view.filter):
            self._table.ask()
        if changes.runs:
            self._columns.ask()

    @Slot()
    def _on_clock(self) -> None:
        """Seconds are counted where a run is going; elsewhere ages need not be so fresh."""
        now = now_ms()
        if self.model.has_running() or now - self.model.now >= CALM:
            self.model.tick(now)
