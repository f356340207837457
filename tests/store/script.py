"""A training script as the store sees it: a journal that is written to, and what moves it into the tables."""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from runfolio.core.folder import JOURNAL
from runfolio.core.states import RunStatus
from runfolio.journal.append import JournalWriter
from runfolio.store import Store, open_store, runs
from runfolio.store.ingest import Ingest, open_ingest
from runfolio.store.recover import dispose

START = 1_600_000_000_000
_numbers = itertools.count()


class Script:
    """Logs to a store as the client does, but with times of the test's own.

    Attributes:
        writer: its journal.
        ingest: what brings the journal in.
        now: the time of the next record in ms; a second later after each.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.writer = JournalWriter(store.path / JOURNAL)
        self.ingest: Ingest = open_ingest(store, self.writer.path)
        self.now = START
        self._series: dict[tuple[str, str], int] = {}
        self._held = True

    def __enter__(self) -> Script:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.die()

    def start(
        self, *, experiment: str = "Default", name: str = "a run", run_id: str = "", parent: str | None = None
    ) -> str:
        """Start a run, or take one up again; returns its public id."""
        run_id = run_id or f"run{next(_numbers)}"
        self._origin = {
            "experiment": experiment,
            "name": name,
            "parent": parent,
            "user": "me",
            "source": "train.py",
            "journal": self.writer.path.name,
        }
        self.event("run", run_id, **self._origin)
        return run_id

    def go_on(self, parent: Script, run_id: str) -> None:
        """Log to a run of another script, as a forked child does."""
        self.event("run", run_id, **parent._origin)

    def event(self, kind: str, run: str, **details: object) -> None:
        """Any event of a run."""
        self.writer.event({"type": kind, "run": run, "time": self._tick(), **details})

    def params(self, run: str, values: Mapping[str, str]) -> None:
        """Log params."""
        self.event("params", run, values=dict(values))

    def tags(self, run: str, values: Mapping[str, str | None]) -> None:
        """Set tags; None deletes."""
        self.event("tags", run, values=dict(values))

    def log(
        self, run: str, key: str, values: Sequence[float], steps: Sequence[int] | None = None, *, anew: bool = False
    ) -> None:
        """Log points, at steps 0, 1, 2, ... if not told; `anew` makes the journal name the series once more."""
        number = self._define(run, key, anew)
        for step, value in zip(steps if steps is not None else range(len(values)), values, strict=True):
            self.writer.point(number, int(step), self._tick(), float(value))

    def end(self, run: str, status: RunStatus = RunStatus.FINISHED) -> None:
        """End a run."""
        self.event("end", run, status=str(status))

    def take(self) -> None:
        """Bring in everything logged so far."""
        while self.ingest.run():
            pass

    def number(self, run: str) -> int:
        """The store's number of a run."""
        found = runs.find_run(self.store, run)
        assert found is not None
        return found

    def finish(self) -> None:
        """End as a process that ends well does."""
        self.ingest.finish()
        self.die()
        dispose(self.ingest)

    def die(self) -> None:
        """End as a process that is killed does: nothing more is written and the lock is free."""
        if self._held:
            self._held = False
            self.writer.close()

    def _define(self, run: str, key: str, anew: bool) -> int:
        if anew or (run, key) not in self._series:
            number = self._series[run, key] = self.writer.next_series()
            self.writer.event({"type": "series", "run": run, "numbers": {key: number}})
        return self._series[run, key]

    def _tick(self) -> int:
        self.now += 1000
        return self.now


@cache
def _empty_store() -> Path:
    """A store made once, for copying is much faster than making one."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    open_store(folder).close()
    return folder


@contextmanager
def new_store() -> Iterator[Store]:
    """A store for one example of hypothesis, which shares fixtures between its examples."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(_empty_store(), folder, dirs_exist_ok=True)
        store = open_store(folder)
        try:
            yield store
        finally:
            store.close()


def same_bits(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Whether floats agree to the last bit, NaNs and signed zeros included."""
    return np.array_equal(np.ascontiguousarray(one).view(np.int64), np.ascontiguousarray(other).view(np.int64))
