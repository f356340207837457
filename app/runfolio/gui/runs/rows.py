"""Reads rows for the run table's model: those that are looked at for the first time, and those that have changed."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from functools import partial
from itertools import count

from PySide6.QtCore import QObject

from runfolio.gui.pending import Pending
from runfolio.gui.refresh import Refresh
from runfolio.gui.runs.model import Rows, RunTableModel
from runfolio.gui.runs.reading import read_rows
from runfolio.gui.session import Session

COMPLAINT = "Rows could not be read."


class RowReader:
    """Two readings that do not wait for each other, nor for that of the whole table: a page, and rows that are there.

    Each takes a turn when it is asked for, and of two answers with the same row the later turn is the newer one.
    """

    def __init__(self, session: Session, model: RunTableModel, parent: QObject) -> None:
        self._session = session
        self._model = model
        self._turns = count(1)
        self._changed: Pending[int] = Pending()
        self._missing: Pending[int] = Pending()
        self._rows = Refresh(session, self._rows_job, model.put_rows, COMPLAINT, parent, pending=self._changed)
        self._page = Refresh(
            session,
            self._page_job,
            model.put_rows,
            COMPLAINT,
            parent,
            failed=model.fetching.failed,
            pending=self._missing,
        )

    @property
    def idle(self) -> bool:
        """True when all rows that are missing or known to have changed have been read."""
        return self._rows.idle and self._page.idle

    def turn(self) -> int:
        """The next turn, for rows that are read with a table."""
        return next(self._turns)

    def look_at(self, runs: Iterable[int]) -> None:
        """Read rows that are missing."""
        self._missing.add(runs)
        self._page.ask()

    def look_ahead(self, runs: Iterable[int]) -> None:
        """Read those that are missing when the table has been painted: they may soon be scrolled to."""
        wanted = [run for run in runs if run >= 0]
        missing = set(wanted).difference(self._model.cached(wanted))
        if missing:
            self._missing.add(run for run in wanted if run in missing)
            self._page.ask_soon()

    def follow(self, *parts: Container[int]) -> None:
        """These, of which there may be very many, have changed: those that are here are read again."""
        here = (*self._model.cached(), *self._missing)
        self._changed.add(run for run in here if any(run in part for part in parts))
        self._rows.ask()

    def read_all_again(self) -> None:
        """Read all that is here again: it is to have other cells."""
        self._changed.add(self._model.cached())
        self._rows.ask()

    def _rows_job(self) -> Callable[[], Rows] | None:
        return self._reading(self._model.cached(self._changed.take()))

    def _page_job(self) -> Callable[[], Rows] | None:
        return self._reading(self._missing.take())

    def _reading(self, runs: list[int]) -> Callable[[], Rows] | None:
        columns, lower = self._model.columns, self._session.view.directions
        return partial(read_rows, self._session.store, runs, columns, lower, self.turn()) if runs else None
