"""From a journal into the tables: each record lands exactly once, because the new position is in the same transaction.

A pass is few, large steps (one read, one parse, one `executemany` per table, one commit): beside a busy Python loop
every hand-over of the interpreter's lock may cost milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import and_, bindparam, delete, insert, select, update

from runfolio.core.curves import Points
from runfolio.core.entities import LifecycleStage, RunStatus
from runfolio.journal.read import Batch, JournalReader, read_events
from runfolio.store import chunks, experiments, schema, summaries
from runfolio.store.batches import in_batches
from runfolio.store.connection import Store, Transaction
from runfolio.store.dialect import insert_or_ignore, insert_or_update

Row = dict[str, Any]
Event = dict[str, Any]


@dataclass(slots=True)
class Ingest:
    """One journal on its way into the tables. For one thread at a time.

    Attributes:
        series: the journal's number of a series -> (run id, metric), from its `series` events.
        damaged: slots and events that were not as they were written.
    """

    store: Store
    path: Path
    reader: JournalReader
    series: dict[int, tuple[str, str]] = field(default_factory=dict)
    damaged: int = 0

    @property
    def journal(self) -> str:
        """The journal's id."""
        return self.path.name

    def run(self, *, dead: bool = False, close: bool = False) -> bool:
        """Bring in what is new; True if there was anything. `close` marks the journal as finished.

        Raises:
            StoreError: the tables cannot be written now; nothing was lost, call again later.
        """
        batch = self.reader.read(dead=dead)
        moved = (batch.points_end, batch.events_end) != (self.reader.points_end, self.reader.events_end)
        if not moved and not close:
            return False
        with self.store.writing() as transaction:
            if not self._claim(transaction, batch, close):
                self._catch_up(transaction)
                return True
            self._apply(transaction, batch)
        self.reader.advance(batch)
        self.damaged += batch.damaged
        return moved

    def finish(self) -> None:
        """Bring in all that is left of a journal that nobody writes to any more, and mark it as finished."""
        while self.run(dead=True):
            pass
        self.run(dead=True, close=True)

    def _claim(self, transaction: Transaction, batch: Batch, close: bool) -> bool:
        """Move the journal's position on; False if another process has done so since we read."""
        table = schema.journals
        here = and_(
            table.c.id == self.journal,
            table.c.points_done == self.reader.points_end,
            table.c.events_done == self.reader.events_end,
        )
        values = {
            "points_done": batch.points_end,
            "events_done": batch.events_end,
            "damaged": table.c.damaged + batch.damaged,
            "finished": close,
        }
        return transaction.connection.execute(update(table).where(here).values(values)).rowcount == 1

    def _catch_up(self, transaction: Transaction) -> None:
        table = schema.journals
        row = transaction.connection.execute(select(table).where(table.c.id == self.journal)).one()
        events, _, _ = read_events(self.path)
        self._define(events)
        self.reader.points_end, self.reader.events_end = row.points_done, row.events_done
        self.damaged = max(self.damaged, row.damaged)

    def _define(self, events: Iterable[Event]) -> None:
        for event in of_type(events, "series"):
            self.series[event["id"]] = (event["run"], event["key"])

    def _apply(self, transaction: Transaction, batch: Batch) -> None:
        self._define(batch.events)
        add_runs(transaction, batch.events, self.journal)
        groups = summaries.grouped(batch.points)
        uuids = {event["run"] for event in batch.events if "run" in event}
        uuids |= {self.series[number][0] for number in groups.series if number in self.series}
        ids = run_ids(transaction, sorted(uuids))
        key_ids = ids_of_keys(transaction, sorted(_names(batch.events) | {key for _, key in self.series.values()}))
        add_texts(transaction, batch.events, ids, key_ids)
        add_artifacts(transaction, batch.events, ids)
        ended = end_runs(transaction, batch.events, ids)
        self._add_points(transaction, groups, ids, key_ids)
        touch(transaction, ids.values(), _last_time(batch))
        for number in ended:
            merge_series_of(transaction, number)

    def _add_points(
        self, transaction: Transaction, groups: summaries.Grouped, ids: dict[str, int], key_ids: dict[str, int]
    ) -> None:
        found: list[tuple[tuple[int, int], Row, NDArray[np.void]]] = []
        for index, (number, row) in enumerate(zip(groups.series, summaries.summarised(groups), strict=True)):
            if number not in self.series or self.series[number][0] not in ids:
                self.damaged += row["count"]  # its definition was in an event that is damaged
                continue
            run, key = self.series[number]
            found.append(((ids[run], key_ids[key]), row, groups.group(index)))
        add_series(transaction, found)


def open_ingest(store: Store, path: Path) -> Ingest:
    """Take up a journal where the tables are."""
    table = schema.journals
    with store.reading() as connection:
        row = connection.execute(select(table).where(table.c.id == path.name)).first()
    if row is None:
        with store.writing() as transaction:
            first = {"id": path.name, "points_done": 0, "events_done": 0, "damaged": 0, "finished": False}
            transaction.connection.execute(insert_or_ignore(table).values(first))
    ingest = Ingest(store, path, JournalReader(path, row.points_done if row else 0, row.events_done if row else 0))
    if row is not None:
        ingest.damaged = row.damaged
        ingest._define(read_events(path)[0])
    return ingest


def of_type(events: Iterable[Event], kind: str) -> Iterator[Event]:
    """The events of one type."""
    return (event for event in events if event["type"] == kind)


def add_runs(transaction: Transaction, events: Iterable[Event], journal: str) -> None:
    """New runs, and old ones that go on: those are RUNNING again and belong to this journal.

    A forked process tells of the runs it goes on logging to, which stay its parent's.
    """
    started = list(of_type(events, "run"))
    if not started:
        return
    names = {e["experiment"]: e["time"] for e in reversed(started) if "experiment" in e}
    by_name = {name: experiments.id_for_name(transaction, name, at) for name, at in names.items()}
    rows = [_run_row(event, by_name, transaction.revision) for event in started]
    transaction.connection.execute(insert_or_ignore(schema.runs), rows)
    again = update(schema.runs).where(schema.runs.c.run_uuid == bindparam("uuid"))
    _many(
        transaction,
        again.values(status=RunStatus.RUNNING, end_time=None, journal=journal),
        [{"uuid": event["run"]} for event in started if event["journal"] == journal],
    )


def _run_row(event: Event, by_name: dict[str, int], revision: int) -> Row:
    return {
        "run_uuid": event["run"],
        "experiment_id": by_name[event["experiment"]] if "experiment" in event else event["experiment_id"],
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


def run_ids(transaction: Transaction, uuids: list[str]) -> dict[str, int]:
    """The store's numbers of runs."""
    found: dict[str, int] = {}
    for part in in_batches(uuids):
        query = select(schema.runs.c.run_uuid, schema.runs.c.id).where(schema.runs.c.run_uuid.in_(part))
        found.update((row.run_uuid, row.id) for row in transaction.connection.execute(query))
    return found


def ids_of_keys(transaction: Transaction, names: list[str]) -> dict[str, int]:
    """The numbers of key names, made where missing."""
    if not names:
        return {}
    table = schema.keys
    found: dict[str, int] = {}
    for _ in range(2):
        for part in in_batches(names):
            query = select(table.c.name, table.c.id).where(table.c.name.in_(part))
            found.update((row.name, row.id) for row in transaction.connection.execute(query))
        missing = [{"name": name} for name in names if name not in found]
        if not missing:
            break
        transaction.connection.execute(insert_or_ignore(table), missing)
    return found


def _names(events: Iterable[Event]) -> set[str]:
    texts = [event.get("values", ()) for event in events if event["type"] in ("params", "tags")]
    return {name for values in texts for name in values}


def add_texts(transaction: Transaction, events: list[Event], ids: dict[str, int], key_ids: dict[str, int]) -> None:
    """Params, of which the first value stays, and tags, of which the last one does; None deletes a tag."""

    def cells(kind: str) -> Iterator[tuple[tuple[int, int], str | None]]:
        for event in of_type(events, kind):
            if event["run"] in ids:
                for name, value in event["values"].items():
                    yield (ids[event["run"]], key_ids[name]), value

    params = [
        {"run_id": run, "key_id": key, "value": value, "number": number(value)} for (run, key), value in cells("params")
    ]
    latest = dict(cells("tags"))
    tags = [{"run_id": r, "key_id": k, "value": v} for (r, k), v in latest.items() if v is not None]
    gone = [{"run": r, "key": k} for (r, k), v in latest.items() if v is None]
    _many(transaction, insert_or_ignore(schema.params), params)
    _many(transaction, insert_or_update(schema.tags), tags)
    table = schema.tags
    _many(
        transaction,
        delete(table).where(table.c.run_id == bindparam("run"), table.c.key_id == bindparam("key")),
        gone,
    )


def number(value: str | None) -> float | None:
    """A param's value as a finite number, if it is one: numbers are sorted as such."""
    try:
        result = float(value or "")
    except ValueError:
        return None
    return result if np.isfinite(result) else None


def add_artifacts(transaction: Transaction, events: list[Event], ids: dict[str, int]) -> None:
    """Files; one logged again under its name replaces the earlier."""
    latest = {
        (ids[e["run"]], e["path"]): {"run_id": ids[e["run"]], "path": e["path"], "size": e["size"], "time": e["time"]}
        for e in of_type(events, "artifact")
        if e["run"] in ids
    }
    _many(transaction, insert_or_update(schema.artifacts), list(latest.values()))


def end_runs(transaction: Transaction, events: list[Event], ids: dict[str, int]) -> list[int]:
    """Runs that ended and did not go on after that; returns their numbers."""
    table = schema.runs
    latest = {e["run"]: e for e in events if e["type"] in ("run", "end")}
    rows = [
        {"number": ids[e["run"]], "status": e["status"], "end_time": e["time"]}
        for e in of_type(latest.values(), "end")
        if e["run"] in ids
    ]
    _many(transaction, update(table).where(table.c.id == bindparam("number")), rows)
    return [row["number"] for row in rows]


def touch(transaction: Transaction, numbers: Iterable[int], seen: int) -> None:
    """Stamp runs with the revision and their latest sign of life."""
    table = schema.runs
    later = update(table).where(table.c.id == bindparam("number"))
    rows = [{"number": number, "revision": transaction.revision} for number in numbers]
    _many(transaction, later, rows)
    if seen:
        older = update(table).where(table.c.id == bindparam("number"), table.c.last_seen < seen)
        _many(transaction, older.values(last_seen=seen), [{"number": row["number"]} for row in rows])


def add_series(transaction: Transaction, found: list[tuple[tuple[int, int], Row, NDArray[np.void]]]) -> None:
    """Points with their summaries: (run, key), the new points' summary, the points."""
    before = _summaries(transaction, sorted({run for (run, _), _, _ in found}))
    fresh: dict[tuple[int, int], Row] = {}
    for where, row, _ in found:
        if where not in before:
            fresh.setdefault(where, row)  # a journal may have two numbers for one series
    _create_series(transaction, fresh)
    known = before | (_summaries(transaction, sorted({run for run, _ in fresh})) if fresh else {})
    rows: list[Row] = []
    changed: list[Row] = []
    growing: list[int] = []
    for where, new, slots in found:
        old = known[where]
        is_new = fresh.pop(where, None) is not None
        start = 0 if is_new else old["count"]
        points = Points(*(np.ascontiguousarray(slots[name]) for name in ("step", "time", "value")))
        rows.extend(chunks.chunk_rows(old["id"], start, points))
        if not is_new:
            old = known[where] = summaries.added(old, new) | {"appends": old["appends"] + 1}
            changed.append({f"_{name}": value for name, value in old.items() if name not in ("run_id", "key_id")})
            if old["appends"] % chunks.MERGE_EVERY == 0:
                growing.append(old["id"])
    _many(transaction, insert(schema.chunks), rows)
    _update_series(transaction, changed)
    for number in growing:
        chunks.merge_tail(transaction.connection, number)


def _summaries(transaction: Transaction, numbers: list[int]) -> dict[tuple[int, int], Row]:
    table = schema.series
    found: dict[tuple[int, int], Row] = {}
    for part in in_batches(numbers):
        for row in transaction.connection.execute(select(table).where(table.c.run_id.in_(part))).mappings():
            found[row["run_id"], row["key_id"]] = dict(row)
    return found


def _create_series(transaction: Transaction, fresh: dict[tuple[int, int], Row]) -> None:
    rows = [
        {"run_id": run, "key_id": key, "appends": 1, "revision": transaction.revision, **row}
        for (run, key), row in fresh.items()
    ]
    _many(transaction, insert(schema.series), rows)


def _update_series(transaction: Transaction, changed: list[Row]) -> None:
    if not changed:
        return
    table = schema.series
    names = [name[1:] for name in changed[0] if name not in ("_id", "_revision")]
    statement = update(table).where(table.c.id == bindparam("_id"))
    values: dict[str, Any] = {name: bindparam(f"_{name}") for name in names}
    _many(transaction, statement.values(revision=transaction.revision, **values), changed)


def merge_series_of(transaction: Transaction, run: int) -> None:
    """Join the small chunks of a run that is over."""
    table = schema.series
    query = select(table.c.id).where(table.c.run_id == run, table.c.appends > 1)
    for found in transaction.connection.execute(query).scalars().all():
        chunks.merge_tail(transaction.connection, found, final=True)


def _many(transaction: Transaction, statement: Any, rows: list[Row]) -> None:
    if rows:
        transaction.connection.execute(statement, rows)


def _last_time(batch: Batch) -> int:
    times = [event["time"] for event in batch.events if "time" in event]
    if len(batch.points):
        times.append(int(batch.points["time"].max()))
    return max(times, default=0)
