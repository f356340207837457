"""Keeps the run table's model true to the store: which runs in which order, which columns, which cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from runfolio.core.clock import now_ms
from runfolio.core.columns import CREATED, Column, SortKey, Source
from runfolio.core.direction import headline
from runfolio.core.entities import Changes
from runfolio.gui.messages import Message
from runfolio.gui.refresh import Refresh
from runfolio.gui.runs import cells
from runfolio.gui.runs.model import Rows, RunTableModel
from runfolio.gui.runs.reading import Columns, Table, read_columns, read_rows, read_table
from runfolio.gui.runs.trends import Trends
from runfolio.gui.session import Selection, Session

NEWEST_FIRST = SortKey(CREATED, descending=True)
# A table sorted by a value that moves would jump too fast to read; ranges need not be newer than this either (ms).
SORT_PACE, COLUMN_PACE = 500, 1000
SECOND, CALM = 1_000, 10_000


class State(Enum):
    """What there is to show."""

    NO_EXPERIMENT = auto()
    READING = auto()
    NO_RUNS = auto()
    RUNS = auto()


class RunFeed(QObject):
    """Reads for a model what the session's experiments hold, and again what changes.

    Attributes:
        model: the model that is kept.
        trends: the pictures of its trend column.
        state: what there is to show.

    Signals:
        state_changed(): another state.
        sorted(): the order of the rows is another key's.
    """

    state_changed = Signal()
    sorted = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.model = RunTableModel(self._fetch, self)
        self.trends = Trends(session, self)
        self.state = State.NO_EXPERIMENT
        self._sort = NEWEST_FIRST
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
        self._on_selection(session.selection)

    @property
    def sort(self) -> SortKey:
        """The order of the rows."""
        return self._sort

    @property
    def settled(self) -> bool:
        """True when everything known to have changed has been read."""
        return self._table.idle and self._rows.idle and self._columns.idle

    def sort_by(self, key: SortKey | None) -> None:
        """Order the rows by a column, or with None the newest first."""
        self._sort = key or NEWEST_FIRST
        self.sorted.emit()
        self._table.ask_now()

    def refresh(self) -> None:
        """Read everything on screen anew."""
        self._changed.update(self.model.cached())
        self._rows.ask()
        self._table.ask_now()

    # What to read

    def _table_job(self) -> Callable[[], Table] | None:
        if not self._experiments:
            return None
        return partial(read_table, self._session.store, self._experiments, (_stored(self._sort),))

    def _rows_job(self) -> Callable[[], Rows] | None:
        runs, self._changed = self.model.cached(self._changed), set()
        return partial(read_rows, self._session.store, runs, self.model.columns) if runs else None

    def _columns_job(self) -> Callable[[], Columns] | None:
        return partial(read_columns, self._session.store, self._experiments) if self._experiments else None

    def _fetch(self, runs: list[int]) -> None:
        work = partial(read_rows, self._session.store, runs, self.model.columns)
        self._session.jobs.read(work, self.model.put_rows, failed=self._on_fetch_failed)

    def _on_fetch_failed(self, error: Exception) -> None:
        self.model.fetching.failed()
        self._session.message.emit(Message.of_error(error, "Rows could not be read."))

    # What was read

    def _take_table(self, table: Table) -> None:
        if table.query.experiments != self._experiments or table.query.sort != (_stored(self._sort),):
            self._table.ask_now()
            return
        self._show_columns(table.columns)
        self.model.set_ranges(table.ranges)
        # Rows before ids: the first sight of a table has its values, and its columns their widths from them.
        self.model.put_rows(table.first)
        self.model.set_ids(table.ids)
        self._newest = max(self._newest, int(table.ids.max(initial=0)))
        self._set_state(State.RUNS if len(table.ids) else State.NO_RUNS)

    def _lose_table(self) -> None:
        """With the next change the runs are read again, as if they were new."""
        self._newest = 0

    def _take_columns(self, found: Columns) -> None:
        if found.experiments != self._experiments or self.state is not State.RUNS:
            return
        self._show_columns(found.columns)
        self.model.set_ranges(found.ranges)

    def _show_columns(self, columns: tuple[Column, ...]) -> None:
        if columns != self.model.columns:
            self._changed.update(self.model.cached())
        key = headline([column.key for column in columns if column.source is Source.METRIC])
        self.trends.set_key(key)
        self.model.set_columns(columns, None if key is None else cells.trend(key))
        if self._changed:
            self._rows.ask()

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

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if not self._experiments:
            return
        self._changed.update(changes.runs)
        self._rows.ask()
        self.trends.mark(changes.runs)
        newest = max(changes.runs, default=0)
        if newest > self._newest:
            self._newest = newest
            self._table.ask_now()
        elif self._sort != NEWEST_FIRST and changes.runs:
            self._table.ask()
        if changes.runs:
            self._columns.ask()

    @Slot()
    def _on_clock(self) -> None:
        """Seconds are counted where a run is going; elsewhere ages need not be so fresh."""
        now = now_ms()
        if self.model.has_running() or now - self.model.now >= CALM:
            self.model.tick(now)


def _stored(key: SortKey) -> SortKey:
    """The key as the store knows it: a trend is sorted by its metric."""
    return SortKey(replace(key.column, statistic="last"), key.descending) if cells.is_trend(key.column) else key
