"""The files that a rule of retention is about, with what is known of each; and what the rule comes to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select

from runfolio.core.clock import now_ms
from runfolio.core.curves import Points
from runfolio.core.errors import InvalidValue
from runfolio.core.retention import EXPERIMENT, PARAM, RUN, Candidate, Plan, Rule, plan, steps_in, unit_of
from runfolio.core.states import LifecycleStage, RunStatus
from runfolio.store.batches import in_batches, raw_rows
from runfolio.store.connection import Store
from runfolio.store.file_trash import FileOf
from runfolio.store.registry.sources import Sources, is_source, registered_sources
from runfolio.store.schema import artifacts, experiments, keys, params, runs
from runfolio.store.series import points_of

#: So many points are in memory at a time.
POINTS_AT_ONCE = 2_000_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class KnownRun:
    """A run whose files a rule is about: its number and public id, and the number and name of its experiment."""

    number: int
    uuid: str
    name: str
    status: str
    experiment: int
    place: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What a rule comes to; `runs` has what is known of each run by its public id."""

    rule: Rule
    plan: Plan
    runs: Mapping[str, KnownRun]

    @property
    def files(self) -> list[FileOf]:
        """Exactly what would go into the trash."""
        return [FileOf(one.run, path) for one in self.plan.going for path in one.files]


def planned(
    store: Store,
    rule: Rule,
    places: Collection[int] | None = None,
    progress: Progress = lambda done, total: None,
    stop: Callable[[], bool] = lambda: False,
) -> Planned:
    """What would go of the runs in use of some experiments, or of all. Changes nothing. Raises InvalidValue.

    A run that is under way keeps all it has, and so does a registered version. Of what `stop` left no time for, nothing
    goes.
    """
    rule.check()
    judged = bool(rule.metric and rule.best)
    units = _units(store, rule, places, _stage(progress, 0, 1 + judged), stop)
    values = _values(store, rule, units, _stage(progress, 1, 2), stop) if judged else {}
    if stop():
        return Planned(rule, plan(rule, [], now_ms()), {})
    groups = _groups(store, rule, list(units))
    with store.reading() as connection:
        sources = registered_sources(connection)
    found = [
        Candidate(
            run.uuid,
            path,
            tuple(row[0] for row in rows),
            sum(row[1] for row in rows),
            max(row[2] for row in rows),
            groups.get(run, run.uuid),
            values.get((run.uuid, path)),
            _held(sources, run, rows),
        )
        for run, of_run in units.items()
        for path, rows in of_run.items()
    ]
    known = {run.uuid: run for run in units}
    return Planned(rule, plan(rule, found, now_ms()), known)


def _stage(progress: Progress, at: int, of: int) -> Progress:
    """Progress of one of several stages, as that of the whole."""
    return lambda done, total: progress(at * total + done, of * total)


def _units(
    store: Store, rule: Rule, places: Collection[int] | None, progress: Progress, stop: Callable[[], bool]
) -> dict[KnownRun, dict[str, list[Any]]]:
    """By run and name, the files that the rule is about: path, size and time of each."""
    known = runs.c.id, runs.c.run_uuid, runs.c.name, runs.c.status, runs.c.experiment_id, experiments.c.name
    query = select(*known).join(experiments, experiments.c.id == runs.c.experiment_id)
    query = query.where(runs.c.lifecycle_stage == LifecycleStage.ACTIVE)
    if places is not None:
        query = query.where(runs.c.experiment_id.in_(places))
    with store.reading() as connection:
        those = [KnownRun(*row) for row in raw_rows(connection, query.order_by(runs.c.id))]
    found: dict[KnownRun, dict[str, list[Any]]] = {}
    done = 0
    for part in in_batches(those):
        if stop():
            break
        _add_files(store, rule, {run.number: run for run in part}, found)
        done += len(part)
        progress(done, len(those))
    return found


def _add_files(
    store: Store, rule: Rule, those: Mapping[int, KnownRun], found: dict[KnownRun, dict[str, list[Any]]]
) -> None:
    """Add the files of some runs, which are given by their numbers."""
    query = select(artifacts.c.run_id, artifacts.c.path, artifacts.c.size, artifacts.c.time)
    query = query.where(artifacts.c.run_id.in_(those)).order_by(artifacts.c.run_id, artifacts.c.path)
    globs = rule.globs
    with store.reading() as connection:
        rows = raw_rows(connection, query)
    for run, path, size, time in rows:
        if (unit := unit_of(path, globs)) is not None:
            found.setdefault(those[run], {}).setdefault(unit, []).append((path, size, time))


def _held(sources: Sources, run: KnownRun, rows: Sequence[Any]) -> str:
    if run.status == RunStatus.RUNNING:
        return "its run is under way"
    return "a registered version" if any(is_source(sources, run.uuid, row[0]) for row in rows) else ""


def _values(
    store: Store,
    rule: Rule,
    units: Mapping[KnownRun, Mapping[str, list[Any]]],
    progress: Progress,
    stop: Callable[[], bool],
) -> dict[tuple[str, str], float]:
    """Of each file or folder, the metric as it was when it was logged."""
    found: dict[tuple[str, str], float] = {}
    waiting, total = list(units), len(units)
    while waiting and not stop():
        some, left = points_of(store, [run.number for run in waiting], rule.metric, POINTS_AT_ONCE)
        # Those of the last runs are not read where there are too many points; there are always those of the first.
        done = len(waiting) if not left else 1 + max(at for at, run in enumerate(waiting) if run.number in some)
        for run in waiting[:done]:
            points = some.get(run.number)
            for path, rows in units[run].items() if points is not None else ():
                value = value_at(points, path, max(row[2] for row in rows))  # type: ignore[arg-type]
                if value is not None:
                    found[run.uuid, path] = value
        waiting = waiting[done:]
        progress(total - len(waiting), total)
    return found


def value_at(points: Points, path: str, time: int) -> float | None:
    """A metric at the step that a name tells, else as it was last before that time; None if it was not logged yet."""
    for step in steps_in(path):
        at = np.searchsorted(points.steps, step, "right")
        if at and points.steps[at - 1] == step:
            return float(points.values[at - 1])
    before = np.flatnonzero(points.times <= time)
    return float(points.values[before[np.argmax(points.times[before])]]) if len(before) else None


def _groups(store: Store, rule: Rule, those: Sequence[KnownRun]) -> dict[KnownRun, str]:
    if rule.per == RUN:
        return {}
    if rule.per == EXPERIMENT:
        return {run: str(run.experiment) for run in those}
    values: dict[int, str] = {}
    key = rule.per.removeprefix(PARAM)
    with store.reading() as connection:
        number = connection.execute(select(keys.c.id).where(keys.c.name == key)).scalar()
        for part in in_batches([run.number for run in those] if number is not None else []):
            query = select(params.c.run_id, params.c.value).where(params.c.key_id == number)
            values |= dict(raw_rows(connection, query.where(params.c.run_id.in_(part))))
    if those and not values:  # else a slip of the pen would make one group of all runs, of which little is kept
        raise InvalidValue(f"None of these runs has a param {key!r} to group them by.", "Look at the name once more.")
    # Runs without the param are a group of their own.
    return {run: f"{run.experiment}/{values.get(run.number, '')}" for run in those}
