"""Trials of a search that a script makes itself: a run each, nested in the one of the search."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from runfolio.client.active_run import ActiveRun
from runfolio.client.active_runs import keep_open, leave, open_run, run_to_log_to, start_run
from runfolio.client.destination import chosen_experiment, current_tracker
from runfolio.core import rules
from runfolio.core.states import RunStatus


class Search:
    """The run of a search, which is this thread's active one, or a new one. Its trials may run in other threads.

    Attributes:
        metric: what trials are judged by; the run of the search has the best of it so far, as `best_` and this name.
    """

    def __init__(self, metric: str) -> None:
        self.metric = rules.key(metric, "metric")
        self._run = run_to_log_to()
        self._best: float | None = None
        self._guard = threading.Lock()

    @contextmanager
    def trial(self, name: str) -> Iterator[ActiveRun]:
        """A run that is active in this thread while a trial runs; it fails if the trial raises."""
        with start_run(run_name=name, nested=True, parent_run_id=self._run.info.run_id) as run:
            yield run

    def log_trial(
        self, name: str, status: RunStatus, start: int | None, end: int | None, log: Callable[[ActiveRun], None]
    ) -> None:
        """Log a trial that has ended: `log` is called with its run. Times are epoch milliseconds."""
        experiment = chosen_experiment(None)
        run = open_run(current_tracker(), experiment, name, self._run.info.run_id, start)
        keep_open(run)
        try:
            log(run)
        finally:
            leave(run, status, end)

    def note(self, value: float, step: int, *, minimize: bool) -> None:
        """Take in the value of a trial that has finished."""
        with self._guard:
            better = self._best is None or (value < self._best if minimize else value > self._best)
            if not math.isnan(value) and better:
                self._best = value
                self._run.log_metric(f"best_{self.metric}", value, step)


def flat(values: Mapping[Any, Any], above: str = "") -> dict[str, Any]:
    """Params of a mapping that may hold others: `model.depth`."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        name = f"{above}{key}"
        found |= flat(value, f"{name}.") if isinstance(value, Mapping) else {name: value}
    return found
