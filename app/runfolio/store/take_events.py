"""Events of a journal into the tables: runs, params, tags, artifacts, ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from runfolio.core.entities import DEFAULT_EXPERIMENT, LifecycleStage, RunStatus
from runfolio.core.rules import param_number
from runfolio.journal.events import Event, of_type
from runfolio.store import experiments, schema
from runfolio.store.batches import execute_many
from runfolio.store.connection import Transaction
from runfolio.store.dialect import insert_or_ignore, insert_or_update

Row = dict[str, Any]


def add_runs(transaction: Transaction, events: Iterable[Event], journal: str) -> None:
    """New runs, and old ones that go on: those are RUNNING again and belong to this journal.

    A forked process tells of the runs it goes on logging to, which stay its parent's.
    """
    started = list(of_type(events, "run"))
    if not started:
        return
    places = _experiments_of(transaction, started)
    rows = [_run_row(event, place, transaction.revision) for event, place in zip(started, places, strict=True)]
    transaction.connection.execute(insert_or_ignore(schema.runs), rows)
    again = update(schema.runs).where(schema.runs.c.run_uuid == bindparam("uuid"))
    execute_many(
        transaction,
        again.values(status=RunStatus.RUNNING, end_time=None, journal=journal),
        [{"uuid": event["run"]} for event in started if event["journal"] == journal],
    )


def _experiments_of(transaction: Transaction, started: list[Event]) -> list[int]:
    """The experiment of each run; one that is gone is replaced by the default one."""
    asked = {event["experiment_id"] for event in started if "experiment_id" in event}
    table = schema.experiments
    there = set(transaction.connection.execute(select(table.c.id).where(table.c.id.in_(asked))).scalars())
    found: dict[str, int] = {}
    places: list[int] = []
    for event in started:
        place = event.get("experiment_id", 0)
        if place not in there:
            name = event.get("experiment", DEFAULT_EXPERIMENT)
            if name not in found:
                found[name] = experiments.id_for_name(transaction, name, event["time"])
            place = found[name]
        places.append(place)
    return places


def _run_row(event: Event, experiment: int, revision: int) -> Row:
    return {
        "run_uuid": event["run"],
        "experiment_id": experiment,
        "name": event["name"],
        "status": RunStatus.RUNNING,
        "start_time": event["time"],
        "end_time": None,
        "last_seen": event["time"],
        "lifecycle_stage": LifecycleStage.ACTIVE,
        "parent_uuid": event.get("parent"),
        "user_name": event.get("user", ""),
        "source_name": event.get("source", ""),
        "journal": event["journal"],
        "revision": revision,
    }


def add_texts(transaction: Transaction, events: list[Event], ids: dict[str, int], key_ids: dict[str, int]) -> None:
    """Params, of which the first value stays, and tags, of which the last one does; None deletes a tag."""

    def cells(kind: str) -> Iterator[tuple[tuple[int, int], str | None]]:
        for event in of_type(events, kind):
            if event["run"] in ids:
                for name, value in event["values"].items():
                    yield (ids[event["run"]], key_ids[name]), value

    params = [
        {"run_id": run, "key_id": key, "value": value, "number": param_number(value)}
        for (run, key), value in cells("params")
    ]
    latest = dict(cells("tags"))
    tags = [{"run_id": r, "key_id": k, "value": v} for (r, k), v in latest.items() if v is not None]
    gone = [{"run": r, "key": k} for (r, k), v in latest.items() if v is None]
    execute_many(transaction, insert_or_ignore(schema.params), params)
    execute_many(transaction, insert_or_update(schema.tags), tags)
    table = schema.tags
    execute_many(
        transaction,
        delete(table).where(table.c.run_id == bindparam("run"), table.c.key_id == bindparam("key")),
        gone,
    )


def add_artifacts(transaction: Transaction, events: list[Event], ids: dict[str, int]) -> None:
    """Files; one logged again under its name replaces the earlier."""
    latest = {
        (ids[e["run"]], e["path"]): {"run_id": ids[e["run"]], "path": e["path"], "size": e["size"], "time": e["time"]}
        for e in of_type(events, "artifact")
        if e["run"] in ids
    }
    execute_many(transaction, insert_or_update(schema.artifacts), list(latest.values()))


def end_runs(transaction: Transaction, events: list[Event], ids: dict[str, int]) -> list[int]:
    """Runs that ended and did not go on after that; returns their numbers."""
    table = schema.runs
    latest = {e["run"]: e for e in events if e["type"] in ("run", "end")}
    rows = [
        {"number": ids[e["run"]], "status": e["status"], "end_time": e["time"]}
        for e in of_type(latest.values(), "end")
        if e["run"] in ids
    ]
    execute_many(transaction, update(table).where(table.c.id == bindparam("number")), rows)
    return [row["number"] for row in rows]


def names_in(events: Iterable[Event]) -> set[str]:
    """The names of params and tags."""
    return {name for kind in ("params", "tags") for event in of_type(events, kind) for name in event["values"]}


def touch(transaction: Transaction, numbers: Iterable[int], seen: int) -> None:
    """Stamp runs with the revision and their latest sign of life."""
    table = schema.runs
    later = update(table).where(table.c.id == bindparam("number"))
    rows = [{"number": number, "revision": transaction.revision} for number in numbers]
    execute_many(transaction, later, rows)
    if seen:
        older = update(table).where(table.c.id == bindparam("number"), table.c.last_seen < seen)
        execute_many(transaction, older.values(last_seen=seen), [{"number": row["number"]} for row in rows])
