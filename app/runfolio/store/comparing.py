"""Which run came before another one of the same script, and what differs between two runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from sqlalchemy import and_, or_, select

from runfolio.core.captured import PACKAGES, PATCH
from runfolio.core.difference_table import DifferencePart, difference_table
from runfolio.core.differences import Group, Snapshot, differences
from runfolio.core.entities import Run
from runfolio.core.errors import NotFound
from runfolio.core.states import LifecycleStage
from runfolio.store.captured import captured_text
from runfolio.store.connection import Store
from runfolio.store.datasets import inputs_of
from runfolio.store.file_facts import MOST, file_facts, unread
from runfolio.store.runs import get_run
from runfolio.store.schema import runs


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs from `other`, the older of the two as it is told; no groups without another run."""

    other: Run | None
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedRuns:
    """What some runs have, the first of them as the baseline; `whole` unless files were left unread."""

    runs: Sequence[Run]
    parts: tuple[DifferencePart, ...] = ()
    whole: bool = True


def previous_run(store: Store, run: Run) -> int | None:
    """The run of the same script in the same experiment that started last before this one; None of the first.

    Runs that are nested in the same one follow each other, and so do those that are not nested.
    """
    time, number = runs.c.start_time, runs.c.id
    nested = runs.c.parent_uuid == run.parent_run_id if run.parent_run_id else runs.c.parent_uuid.is_(None)
    query = select(number).where(
        runs.c.experiment_id == run.experiment,
        runs.c.lifecycle_stage == LifecycleStage.ACTIVE,
        runs.c.source_name == run.source,
        nested,
    )
    tie = and_(time == run.start_time, number < run.id)
    query = query.where(time <= run.start_time, or_(time < run.start_time, tie))
    with store.reading() as connection:
        return connection.execute(query.order_by(time.desc(), number.desc()).limit(1)).scalar()


def compare_two(store: Store, run: Run, other: int, lower: Mapping[str, bool] | None = None) -> Comparison:
    """What differs between a run and another one. Raises NotFound if the other is gone."""
    old = get_run(store, other)
    return Comparison(old, differences(_snapshot(store, old), _snapshot(store, run), lower))


def compare_many(
    store: Store, numbers: Sequence[int], lower: Mapping[str, bool] | None = None, most: int = MOST
) -> ComparedRuns:
    """Those of some runs that are there, the first one as the baseline, and what they have; nothing of one alone.

    Of their files, no more than `most` bytes are read.
    """
    found = []
    for number in numbers:
        with suppress(NotFound):
            found.append(get_run(store, number))
    if len(found) < 2:
        return ComparedRuns(found)
    files = file_facts(store, [run.id for run in found], most)
    snapshots = [replace(_snapshot(store, run), files=of_run) for run, of_run in zip(found, files, strict=True)]
    return ComparedRuns(found, difference_table(snapshots, lower), whole=not unread(files))


def _snapshot(store: Store, run: Run) -> Snapshot:
    patch, lock = (captured_text(store, run, path) for path in (PATCH, PACKAGES))
    return Snapshot(
        run, None if patch is None else patch.text, None if lock is None else lock.text, inputs_of(store, run.id)
    )
