"""How far jobs at work are, as their runs and trials tell; read on a worker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runfolio.core.clock import now_ms
from runfolio.core.entities import Run
from runfolio.core.errors import NotFound
from runfolio.core.known_total import RECENT, known_total, last_step, left_text, seconds_left
from runfolio.core.numbers import count
from runfolio.core.queue.records import AT_WORK, Job, JobKind
from runfolio.core.sweeps.records import Trial
from runfolio.core.sweeps.stored import read_written
from runfolio.core.sweeps.suggesting import most
from runfolio.core.system_tags import is_system_metric
from runfolio.store import Store
from runfolio.store.runs import find_run, get_run
from runfolio.store.series import recent_points
from runfolio.store.sweeps.memory import StoredSweep, sweep_of, trials_of


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Attributes:
        text: in few words, such as `step 120 of 500, about 2 min left`.
        share: from 0 to 1; None where nobody knows how long it takes.
    """

    text: str = ""
    share: float | None = None


NOTHING = Progress()


def read_progress(store: Store, job: Job) -> Progress:
    """How far a job is; nothing of one that is not at work, or has no run yet."""
    number = find_run(store, job.run_uuid) if job.state in AT_WORK and job.run_uuid else None
    if number is None:
        return NOTHING
    sweep = sweep_of(store, number) if job.kind is JobKind.SWEEP else None
    try:
        return of_run(store, get_run(store, number)) if sweep is None else of_trials(sweep, trials_of(store, number))
    except (NotFound, KeyError, TypeError, ValueError):  # deleted just now, or of a version that writes it otherwise
        return NOTHING


def of_trials(sweep: StoredSweep, trials: Iterable[Trial]) -> Progress:
    """The trials that are over, of all that there are to be."""
    over, number = sum(one.state.over for one in trials), most(read_written(sweep.specification))
    return Progress(f"{over:,} of {number:,} trials", min(over / number, 1.0) if number else None)


def of_run(store: Store, run: Run) -> Progress:
    """The step that a run is at, and what is left where it has said how far it goes."""
    own = [one for one in run.metrics.values() if not is_system_metric(one.key)]
    ahead = max(own, key=lambda one: one.last_step, default=None)
    if ahead is None:
        return NOTHING
    total = known_total(run.params, run.tags)
    recent = recent_points(store, run.id, ahead.key, RECENT) if total is not None else None
    end = last_step(total, recent) if total is not None and recent is not None else None
    if recent is None or end is None:
        return Progress(f"step {count(ahead.last_step)}")
    seconds = seconds_left(recent, end, now_ms())
    left = f", {left_text(seconds)}" if seconds is not None else ""
    return Progress(f"step {count(ahead.last_step)} of {count(end)}{left}", min(max(ahead.last_step / end, 0.0), 1.0))
