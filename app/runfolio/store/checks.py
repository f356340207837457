"""Health checks of runs: which are due, what is found, how that is kept, and what is not to be told any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, and_, case, delete, exists, func, or_, select, update

from runfolio.core.captured import DIRTY, PACKAGES, PATCH
from runfolio.core.cell_rules import Tone
from runfolio.core.check_names import ANY, TITLES
from runfolio.core.checks import VERSION, Facts, Finding, Verdict, check_run, rank
from runfolio.core.checks.captured import signature
from runfolio.core.columns import Column, Source
from runfolio.core.curves import Points
from runfolio.core.entities import Run
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.filter import parse_filter
from runfolio.core.filter.tree import Entity, fields
from runfolio.core.numbers import counted
from runfolio.core.packages import read_lock
from runfolio.core.patches import read_patch
from runfolio.core.states import LifecycleStage, RunStatus
from runfolio.store import dialect
from runfolio.store.batches import execute_many, in_batches
from runfolio.store.bulk import read_runs
from runfolio.store.captured import captured_text
from runfolio.store.connection import Store, Transaction
from runfolio.store.curves import curve
from runfolio.store.datasets import inputs_of
from runfolio.store.operations import Outcome
from runfolio.store.run_fields import EVERY_RUN as EVERY_RUN
from runfolio.store.run_fields import troubles
from runfolio.store.schema import checked, findings, mutes, runs
from runfolio.store.series import points

#: A longer curve is looked at as it would be drawn on so many pixels.
MOST_POINTS, PIXELS = 4000, 800
ENDED = [status for status in RunStatus if status.ended]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a run as it was at a revision."""

    run: int
    seen: int
    findings: tuple[Finding, ...]
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to tell of a run, and what is muted, by the checks' names."""

    findings: tuple[Finding, ...] = ()
    muted: frozenset[str] = frozenset()
    everywhere: frozenset[str] = frozenset()


# What is due


def due(store: Store, limit: int, below: int | None = None) -> list[int]:
    """The newest runs that have ended and were not looked at as they are now; with `below`, of smaller numbers."""
    query = _due().order_by(runs.c.id.desc()).limit(limit)
    with store.reading() as connection:
        found = connection.execute(query if below is None else query.where(runs.c.id < below))
        return [*found.scalars()]


def number_due(store: Store) -> int:
    """How many runs are due: what is said of them is old, or not said yet."""
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(_due().subquery())).scalar_one()


def unchecked(store: Store, filter: str) -> str:
    """What to tell who asks a filter for findings, of runs that nobody has looked at; empty if there are none.

    Raises:
        FilterError: it cannot be read.
    """
    asked = any(field.entity is Entity.CHECK for field in fields(parse_filter(filter)))
    due = number_due(store) if asked else 0
    return f"{counted(due, 'run')} not looked at by the health checks yet, which an open window does." if due else ""


def due_among(store: Store, numbers: Iterable[int]) -> list[int]:
    """Those of the runs that are due, the newest first."""
    with store.reading() as connection:
        query = _due().where(dialect.among(runs.c.id, numbers)).order_by(runs.c.id.desc())
        return [*connection.execute(query).scalars()]


def _due() -> Select[tuple[int]]:
    old = or_(checked.c.run_id.is_(None), checked.c.seen < runs.c.revision, checked.c.version < VERSION)
    ended = runs.c.status.in_(ENDED), runs.c.lifecycle_stage == LifecycleStage.ACTIVE
    query = select(runs.c.id).outerjoin(checked, checked.c.run_id == runs.c.id).where(*ended, old)
    # From the newest run on until there are enough; the database would have all of them first, and sort them.
    return dialect.by_row(query, runs)


# Looking


def look(store: Store, run: int) -> Looked | None:
    """Run all checks on a run; None if it is gone. Changes nothing."""
    return next(look_at_each(store, [run]), None)


def look_at_each(store: Store, numbers: Sequence[int]) -> Iterator[Looked]:
    """The same for several runs in their order, each when it is asked for; without those that are gone."""
    with store.reading() as connection:
        query = select(runs.c.id, runs.c.revision).where(dialect.among(runs.c.id, numbers))
        seen = {run: revision for run, revision in connection.execute(query)}
    for run in read_runs(store, numbers):
        if run.id in seen:
            facts, sign = _facts(store, run)
            yield Looked(run.id, seen[run.id], check_run(facts), sign)


def _facts(store: Store, run: Run) -> tuple[Facts, str]:
    lock = captured_text(store, run, PACKAGES)
    patch = captured_text(store, run, PATCH) if run.tags.get(DIRTY, "").lower() == "true" else None
    sign = signature(run, inputs_of(store, run.id), None if patch is None else patch.text)
    with store.reading() as connection:
        nested = runs.c.parent_uuid == run.run_id, runs.c.lifecycle_stage == LifecycleStage.ACTIVE
        children = connection.execute(select(func.count()).select_from(runs).where(*nested)).scalar_one()
        twin = _twin(connection, run, sign) if sign else ""
    known: dict[tuple[str, bool], Points] = {}

    def read(key: str, exact: bool) -> Points:
        if (key, exact) not in known:
            known[key, exact] = _points(store, run, key, exact)
        return known[key, exact]

    changes = None if patch is None else read_patch(patch.text)
    return Facts(run, read, None if lock is None else read_lock(lock.text), changes, children, twin), sign


def _points(store: Store, run: Run, key: str, exact: bool) -> Points:
    if exact or run.metrics[key].count <= MOST_POINTS:
        return points(store, run.id, key)
    drawn = curve(store, run.id, key, pixels=PIXELS)
    return Points(drawn.x.astype(np.int64), np.zeros(len(drawn.x), np.int64), drawn.y)


def _twin(connection: Connection, run: Run, sign: str) -> str:
    """The name of the run that did the same last before this one; empty if none did."""
    earlier = _begins_before(runs.c, run.start_time, run.id)
    query = select(runs.c.name).join(checked, checked.c.run_id == runs.c.id)
    query = query.where(checked.c.signature == sign, earlier, runs.c.lifecycle_stage == LifecycleStage.ACTIVE)
    query = query.order_by(runs.c.start_time.desc(), runs.c.id.desc()).limit(1)
    # By the signature, which few have: the order alone would lead through all runs before this one.
    return connection.execute(dialect.by_row(query, runs)).scalar() or ""


def _begins_before(one: Any, start: Any, number: Any) -> ColumnElement[bool]:
    """Of two runs that do the same, which one is repeated: not by their numbers alone, for those of runs that two
    processes logged at once are in the order in which they were taken in.
    """
    return or_(one.start_time < start, and_(one.start_time == start, one.id < number))


# Keeping


def keep(store: Store, looked: Sequence[Looked]) -> list[int]:
    """Note what was found; returns runs that are due again, for a run that they repeat was not known before."""
    with store.writing() as transaction:
        connection = transaction.connection
        asked = [one.run for one in looked]
        here = set(connection.execute(select(runs.c.id).where(runs.c.id.in_(asked))).scalars())
        looked = [one for one in looked if one.run in here]
        connection.execute(delete(findings).where(findings.c.run_id.in_(asked)))
        rows = [_row(one.run, found) for one in looked for found in one.findings]
        execute_many(transaction, dialect.insert_or_update(findings), rows)
        notes = [
            {
                "run_id": one.run, "seen": one.seen, "version": VERSION,
                "signature": one.signature, "revision": transaction.revision,
            }
            for one in looked
        ]  # fmt: skip
        execute_many(transaction, dialect.insert_or_update(checked), notes)
        return _later_twins(transaction, looked)


def _row(run: int, found: Finding) -> dict[str, Any]:
    return {
        "run_id": run, "name": found.check, "tone": str(found.tone),
        "text": found.text, "metric": found.metric, "step": found.step,
    }  # fmt: skip


def _later_twins(transaction: Transaction, looked: Sequence[Looked]) -> list[int]:
    """Runs after these with the same signature that do not say so yet are to be looked at again."""
    connection, first = transaction.connection, runs.alias()
    said = exists().where(findings.c.run_id == checked.c.run_id, findings.c.name == "duplicate")
    same = select(checked.c.run_id).join(runs, runs.c.id == checked.c.run_id)
    same = same.join(first, _begins_before(first.c, runs.c.start_time, runs.c.id)).where(~said)
    later: list[int] = []
    for one in looked:
        if one.signature:
            query = same.where(checked.c.signature == one.signature, first.c.id == one.run)
            later += connection.execute(query).scalars().all()
    for part in in_batches(later):
        connection.execute(update(checked).where(checked.c.run_id.in_(part)).values(seen=-1))
    return later


# Telling


def told(store: Store, run: int) -> Told:
    """What there is to tell of a run: as it was noted, or, where that is out of date, as it is found now."""
    with store.reading() as connection:
        query = select(checked.c.run_id).join(runs, runs.c.id == checked.c.run_id)
        fresh = and_(checked.c.run_id == run, checked.c.seen >= runs.c.revision, checked.c.version == VERSION)
        noted = connection.execute(query.where(fresh)).first() is not None
        found = _noted(connection, [run]).get(run, []) if noted else []
        quiet = connection.execute(select(mutes).where(mutes.c.run_id.in_([run, EVERY_RUN]))).all()
    if not noted:
        looked = look(store, run)
        found = [] if looked is None else list(looked.findings)
    everywhere = frozenset(row.name for row in quiet if row.run_id == EVERY_RUN)
    order = list(TITLES)
    shown = sorted(found, key=lambda one: order.index(one.check) if one.check in order else len(order))
    return Told(tuple(shown), frozenset(row.name for row in quiet), everywhere)


def _noted(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Finding]]:
    found: dict[int, list[Finding]] = {}
    for part in in_batches(numbers):
        for row in connection.execute(select(findings).where(findings.c.run_id.in_(part))):
            one = Finding(row.name, Tone(row.tone), row.text, row.metric, row.step)
            found.setdefault(row.run_id, []).append(one)
    return found


def verdict_cells(
    connection: Connection, ids: Sequence[int], columns: Sequence[Column]
) -> dict[int, dict[Column, object]]:
    """The cells of the checks among the columns, of runs that were looked at. Run -> column -> Verdict."""
    wanted = [column for column in columns if column.source is Source.CHECK]
    if not wanted:
        return {}
    seen = connection.execute(select(checked.c.run_id).where(checked.c.run_id.in_(ids))).scalars().all()
    quiet = {(row.run_id, row.name) for row in connection.execute(select(mutes))}
    noted = _noted(connection, seen)
    cells: dict[int, dict[Column, object]] = {}
    for run in seen:
        wrong = [
            one
            for one in sorted(noted.get(run, []), key=lambda one: -rank(one.tone))
            if one.tone is not Tone.OK and not {(run, one.check), (EVERY_RUN, one.check)} & quiet
        ]
        for column in wanted:
            own = (one for one in wrong if column.key in (ANY, one.check))
            cells.setdefault(run, {})[column] = Verdict(tuple(own))
    return cells


def verdict_order(name: str) -> tuple[Any, list[ColumnElement[Any]]]:
    """What a column of checks is sorted by: a table to join with, and in it how bad the worst is, then how many."""
    bad = case((findings.c.tone == str(Tone.BAD), 2), else_=1)
    counted = select(findings.c.run_id, func.max(bad).label("worst"), func.count().label("number"))
    counted = counted.where(*troubles(name)).group_by(findings.c.run_id)
    wrong = counted.subquery()
    query = select(
        checked.c.run_id,
        func.coalesce(wrong.c.worst, 0).label("worst"),
        func.coalesce(wrong.c.number, 0).label("number"),
    ).outerjoin(wrong, wrong.c.run_id == checked.c.run_id)
    table = query.subquery()
    return table, [table.c.worst, table.c.number]


def found_in(name: str) -> Select[Any]:
    """The runs that were looked at, and of each 1 if a check, or any, has found something, else 0."""
    table, (worst, _) = verdict_order(name)
    return select(table.c.run_id, case((worst > 0, 1), else_=0).label("value"))


# Muting


def mute(store: Store, run: int, check: str, muted: bool = True) -> Outcome:
    """Do not tell any more, or again, what a check finds in a run, or in any with `EVERY_RUN`."""
    if check not in TITLES:
        raise InvalidValue(f"There is no check {check!r}.")
    with store.writing() as transaction:
        connection = transaction.connection
        if run != EVERY_RUN and connection.execute(select(runs.c.id).where(runs.c.id == run)).scalar() is None:
            raise NotFound(f"There is no run {run}.")
        here = mutes.c.run_id == run, mutes.c.name == check
        was = connection.execute(select(mutes.c.name).where(*here)).first() is not None
        if muted and not was:
            connection.execute(dialect.insert_or_ignore(mutes), [{"run_id": run, "name": check}])
        elif not muted:
            connection.execute(delete(mutes).where(*here))
        _stamp(transaction, run, check)
    where = "everywhere" if run == EVERY_RUN else "in this run"
    word = "Muted" if muted else "No longer muted"
    text = f"{word} {where}: {TITLES[check]}"
    return Outcome(text, (lambda s: mute(s, run, check, not muted)) if was is not muted else None)


def _stamp(transaction: Transaction, run: int, check: str) -> None:
    """Have all windows show the runs that it concerns anew."""
    if run != EVERY_RUN:
        transaction.connection.execute(update(runs).where(runs.c.id == run).values(revision=transaction.revision))
        return
    concerned = select(findings.c.run_id).where(findings.c.name == check, findings.c.tone != str(Tone.OK))
    stamped = update(checked).where(checked.c.run_id.in_(concerned)).values(revision=transaction.revision)
    transaction.connection.execute(stamped)
