"""A sweep as the window shows it, read on a worker: of which run, its trials, the best of them, how it got there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runfolio.core.errors import NotFound
from runfolio.core.numbers import column_format, counted
from runfolio.core.projects.request import RunRequest, read_request
from runfolio.core.states import RUN_PARENT
from runfolio.core.sweeps.judging import best, best_so_far
from runfolio.core.sweeps.records import Sweep, Trial, TrialState
from runfolio.core.sweeps.stored import read_written
from runfolio.core.sweeps.suggesting import most
from runfolio.store import Store
from runfolio.store.runs import find_run, get_run, numbers_of
from runfolio.store.sweeps.memory import sweep_of, trials_of


@dataclass(frozen=True, slots=True, eq=False)
class SweepFacts:
    """A sweep as it is now.

    Attributes:
        run: the store's number of its parent run; `name`: what that is called. `ended`: whether it is over.
        sweep: what is searched. `request`: what is run with it.
        trials: by their numbers. `runs`: the store's numbers of their runs, by public id.
        most: how many trials there are to be, if no rule ends it before.
        best: the best one of all; `steps`: those that were better than all before, in the order in which they ended.
    """

    run: int
    name: str
    ended: bool
    sweep: Sweep
    request: RunRequest
    trials: tuple[Trial, ...]
    runs: Mapping[str, int]
    most: int
    best: Trial | None = None
    steps: tuple[Trial, ...] = field(default=())

    def count(self, state: TrialState) -> int:
        """How many trials are in a state."""
        return sum(one.state is state for one in self.trials)

    @property
    def over(self) -> int:
        """How many trials count as they are."""
        return sum(one.state.over for one in self.trials)

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return min(self.over / self.most, 1.0) if self.most else 0.0

    def text(self, value: float) -> str:
        """A value of the metric, with as many digits as tell the trials apart."""
        return column_format([one.value for one in self.trials if one.value is not None]).text(value)

    @property
    def summary(self) -> str:
        """How far it is: `38 of 60 trials · 2 running · 1 failed · 4 pruned`."""
        parts = [f"{self.over:,} of {counted(self.most, 'trial')}"]
        for state in (TrialState.RUNNING, TrialState.FAILED, TrialState.PRUNED):
            if number := self.count(state):
                parts.append(f"{number:,} {state}")
        return " · ".join(parts)


def read_facts(store: Store, run: int) -> SweepFacts | None:
    """The sweep that a run is the parent of, or a trial of; None if it is neither."""
    parent = parent_of(store, run)
    stored = sweep_of(store, parent) if parent is not None else None
    if parent is None or stored is None:
        return None
    own, trials = get_run(store, parent), tuple(trials_of(store, parent))
    sweep = read_written(stored.specification)
    return SweepFacts(
        parent,
        own.name,
        own.status.ended,
        sweep,
        read_request({"uri": "", **stored.request}),
        trials,
        numbers_of(store, [one.run_uuid for one in trials if one.run_uuid]),
        most(sweep),
        best(sweep, trials),
        tuple(best_so_far(sweep, trials)),
    )


def parent_of(store: Store, run: int) -> int | None:
    """The run itself if it is the parent of a sweep, else the one that it is nested in; None of any other."""
    if sweep_of(store, run) is not None:
        return run
    try:
        above = get_run(store, run).tags.get(RUN_PARENT, "")
    except NotFound:
        return None
    return find_run(store, above) if above else None
