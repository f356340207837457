"""Events of a journal into the tables: runs, artifacts, ends. Params and tags are in `take_texts`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, case, delete, update

from runfolio.core.media_types import media_type
from runfolio.core.states import DEFAULT_EXPERIMENT, LifecycleStage, RunStatus
from runfolio.journal.events import Event, of_type
from runfolio.store import experiments, schema, writers
from runfolio.store.batches import execute_many
from runfolio.store.connection import Transaction
from runfolio.store.dialect import insert_or_ignore, insert_or_update

Row = dict[str, Any]

# Of one run each; made once, for what is executed many times is then compiled once.
_GO_ON = (
    update(schema.runs)
    .where(schema.runs.c.run_uuid == bindparam("uuid"))
    .values(status=RunStatus.RUNNING, end_time=None, journal=bindparam("by"))
)
_THIS = update(schema.runs).where(schema.runs.c.id == bindparam("number"))
_END = _THIS.values(status=bindparam("how"), end_time=bindparam("when"))
_LATER = case((schema.runs.c.last_seen < bindparam("seen"), bindparam("seen")), else_=schema.runs.c.last_seen)
_TOUCH = _THIS.values(revision=bindparam("at"), last_seen=_LATER)

_GONE = delete(schema.artifacts).where(
    schema.artifacts.c.run_id == bindparam("of"), schema.artifacts.c.path == bindparam("name")
)


def add_runs(transaction: Transaction, events: Iterable[Event], journal: str) -> None:
    """New runs, and old ones that go on: those are RUNNING again and belong to this journal.

    A forked process tells of the runs it goes on logging to, which stay its parent's.
    """
    started = list(of_type(events, "run"))
    if not started:
        return
    places = _experiments_of(transaction, started)
    rows = [_run_row(event, place, transaction.revision) for event, place in zip(started, places, strict=True)]
    execute_many(transaction, insert_or_ignore(schema.runs), rows)
    own = [{"uuid": event["run"], "by": journal} for event in started if event["journal"] == journal]
    execute_many(transaction, _GO_ON, own)


def _experiments_of(transaction: Transaction, started: list[Event]) -> list[int]:
    """The experiment of each run; one that is gone is replaced by the default one, one in the trash comes back."""
    asked = {event["experiment_id"] for event in started if "experiment_id" in event}
    there = experiments.numbers(transaction.connection, asked)
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
    experiments.take_back(transaction, set(places))
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


def add_artifacts(transaction: Transaction, events: list[Event], ids: dict[str, int]) -> None:
    """Files; one logged again under its name replaces the earlier, and one that is gone has no row."""
    told = [e for e in events if e["type"] in ("artifact", "artifact_gone") and e["run"] in ids]
    latest = {(ids[e["run"]], e["path"]): e for e in told}
    rows = [artifact_row(run, e) for (run, _), e in latest.items() if e["type"] == "artifact"]
    execute_many(transaction, insert_or_update(schema.artifacts), rows)
    gone = [{"of": run, "name": path} for (run, path), e in latest.items() if e["type"] == "artifact_gone"]
    execute_many(transaction, _GONE, gone)


def artifact_row(run: int, event: Mapping[str, Any]) -> Row:
    """The row of a file that is told of by its path, size, time and, where it is known, its hash."""
    return {
        "run_id": run,
        "path": event["path"],
        "size": event["size"],
        "time": event["time"],
        "sha256": event.get("sha256"),
        "media_type": media_type(event["path"]),
    }


def end_runs(transaction: Transaction, events: list[Event], ids: dict[str, int], journal: str) -> list[int]:
    """Runs that ended here and did not go on after that; returns the numbers of those that are over for all."""
    own = [e for e in events if e["type"] == "end" or (e["type"] == "run" and e["journal"] == journal)]
    latest = {ids[e["run"]]: e for e in own if e["run"] in ids}
    writers.joined(transaction, journal, [run for run, e in latest.items() if e["type"] == "run"])
    opened = {ids[e["run"]] for e in of_type(own, "run") if e["run"] in ids}
    ends = {run: e["status"] for run, e in latest.items() if e["type"] == "end"}
    over = writers.left(transaction, journal, ends, opened) if ends else {}
    rows = [{"number": run, "how": status, "when": latest[run]["time"]} for run, status in over.items()]
    execute_many(transaction, _END, rows)
    return list(over)


def update_runs(transaction: Transaction, events: Iterable[Event], ids: dict[str, int]) -> None:
    """New names and states that somebody gave to runs, without logging to them."""
    table = schema.runs
    for event in of_type(events, "update"):
        values: Row = {name: event[name] for name in ("name", "status") if name in event}
        if "status" in values:
            ended = RunStatus(values["status"]).ended
            values["end_time"] = event.get("end_time", event["time"]) if ended else None
        if event["run"] in ids and values:
            statement = update(table).where(table.c.id == ids[event["run"]])
            transaction.connection.execute(statement.values(values))


def touch(transaction: Transaction, numbers: Iterable[int], seen: int) -> None:
    """Stamp runs with the revision and their latest sign of life."""
    revision = transaction.revision
    execute_many(transaction, _TOUCH, [{"number": number, "at": revision, "seen": seen} for number in numbers])
