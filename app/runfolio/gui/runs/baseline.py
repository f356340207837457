"""The baseline run of the view: read once, and again when it or the columns have changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from runfolio.core.columns import Column
from runfolio.core.entities import Changes
from runfolio.core.views import View
from runfolio.gui.refresh import Refresh
from runfolio.gui.runs.feed import RunFeed
from runfolio.gui.runs.reading import read_rows
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.runs import find_run
from runfolio.store.table import Row

Answer = tuple[str, tuple[Column, ...], Row | None]


class Baseline(QObject):
    """The run that the others are compared with.

    Attributes:
        row: its row, with cells of `columns`; None while there is no baseline, or none in this store.
        columns: what its cells are of.

    Signals:
        changed(): another run, or other values.
    """

    changed = Signal()

    def __init__(self, session: Session, feed: RunFeed, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._feed = feed
        self._wanted = session.view.baseline
        self._lower = session.view.lower
        self.row: Row | None = None
        self.columns: tuple[Column, ...] = ()
        self._refresh = Refresh(session, self._prepare, self._take, "The baseline could not be read.", self)
        session.view_changed.connect(self._on_view)
        session.changed.connect(self._on_changed)
        feed.model.modelReset.connect(self._on_columns)
        feed.model.columnsInserted.connect(self._on_columns)

    @property
    def values(self) -> Mapping[Column, object]:
        """Its values by column."""
        return {} if self.row is None else dict(zip(self.columns, self.row.cells, strict=True))

    def _prepare(self) -> Callable[[], Answer] | None:
        if not self._wanted:
            self._take(("", (), None))
            return None
        return partial(read_baseline, self._session.store, self._wanted, self._feed.model.columns, dict(self._lower))

    def _take(self, answer: Answer) -> None:
        wanted, columns, row = answer
        if wanted == self._wanted and (row, columns) != (self.row, self.columns):
            self.row, self.columns = row, columns
            self.changed.emit()

    @Slot(object)
    def _on_view(self, view: View) -> None:
        if (view.baseline, view.lower) != (self._wanted, self._lower):
            self._wanted, self._lower = view.baseline, view.lower
            self._refresh.ask()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if self._wanted and (self.row is None or self.row.id in changes.runs):
            self._refresh.ask()

    @Slot()
    def _on_columns(self) -> None:
        if self._wanted and self.columns != self._feed.model.columns:
            self._refresh.ask()


def read_baseline(store: Store, run_id: str, columns: tuple[Column, ...], lower: Mapping[str, bool]) -> Answer:
    """The run with a public id and its cells of these columns, to be run on a worker."""
    run = find_run(store, run_id)
    return run_id, columns, None if run is None else read_rows(store, [run], columns, lower).found.get(run)
