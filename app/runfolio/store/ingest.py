"""From a journal into the tables: each record lands exactly once, because the new position is in the same transaction.

A pass is few, large steps (one read, one parse, one `executemany` per table, one commit): beside a busy Python loop
every hand-over of the interpreter's lock may cost milliseconds.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from sqlalchemy import and_, select, update

from runfolio.core.clock import now_ms
from runfolio.core.folder import JOURNAL
from runfolio.journal.events import Event, is_sound, of_type
from runfolio.journal.layout import DAMAGED, EVENTS, SLOTS, UNAIDED, segment_name
from runfolio.journal.read import Batch, JournalReader, journals, read_events
from runfolio.store import chunks, schema, summaries, take_events, take_inputs, take_models, take_points, take_texts
from runfolio.store.connection import Store, Transaction
from runfolio.store.dialect import insert_or_ignore
from runfolio.store.key_ids import ids_of_keys
from runfolio.store.runs import ids_of_runs

#: So often others' journals are taken up, where their writers bring them in at the same moment.
TRIES = 3


@dataclass(slots=True)
class Ingest:
    """One journal on its way into the tables. For one thread at a time.

    Attributes:
        series: the journal's number of a series -> (run id, metric), from its `series` events.
        damaged: slots and events that were not as they were written.
        removed: how many segments, from the first, have been taken and removed.
    """

    store: Store
    path: Path
    reader: JournalReader
    series: dict[int, tuple[str, str]] = field(default_factory=dict)
    damaged: int = 0
    removed: int = 0

    @property
    def journal(self) -> str:
        """The journal's id."""
        return self.path.name

    def run(self, *, dead: bool = False, close: bool = False) -> bool:
        """Bring in what is new; True if there was anything. `close` marks the journal as finished.

        Raises:
            StoreError: the tables cannot be written now; nothing was lost, call again later.
        """
        batch = _sound(self.reader.read(dead=dead))
        moved = (batch.points_end, batch.events_end) != (self.reader.points_end, self.reader.events_end)
        if not moved and not close:
            return False
        with self.store.writing() as transaction:
            if not self._claim(transaction, batch, close):
                self._catch_up(transaction)
                return True
            self._apply(transaction, batch)
        self.reader.advance(batch)
        self._remove_taken()
        self.damaged += batch.damaged
        return moved

    def _remove_taken(self) -> None:
        """A long run must not fill the disk twice: a segment whose points are all in the tables can go."""
        first = self.reader.points_end // SLOTS
        with suppress(OSError):  # where a file cannot be removed while it is mapped, it goes with the journal
            for number in range(self.removed, first):
                (self.path / segment_name(number)).unlink(missing_ok=True)
        self.removed = first

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
        row = transaction.connection.execute(select(table).where(table.c.id == self.journal)).one_or_none()
        if row is None:  # its writer has ended, and another process has brought all of it in and removed it
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.path))
        self.series |= series_of(self.path)
        self.reader.points_end, self.reader.events_end = row.points_done, row.events_done
        self.damaged = max(self.damaged, row.damaged)

    def _apply(self, transaction: Transaction, batch: Batch) -> None:
        self.series |= _series_in(batch.events)
        take_events.add_runs(transaction, batch.events, self.journal)
        groups = summaries.grouped(batch.points)
        logged = [self.series[number] for number in groups.series if number in self.series]
        uuids = {event["run"] for event in batch.events if "run" in event} | {run for run, _ in logged}
        ids = ids_of_runs(transaction.connection, sorted(uuids))
        names = take_texts.names_in(batch.events) | {key for _, key in logged}
        key_ids = ids_of_keys(transaction, sorted(names))
        take_texts.add_experiments(transaction, batch.events, key_ids)
        take_texts.add_params(transaction, batch.events, ids, key_ids)
        tags = take_models.as_tags(transaction, batch.events, ids, key_ids)
        take_texts.add_tags(transaction, tags, ids, key_ids)
        take_inputs.add_inputs(transaction, batch.events, ids)
        take_events.add_artifacts(transaction, batch.events, ids)
        take_events.update_runs(transaction, batch.events, ids)
        ended = take_events.end_runs(transaction, batch.events, ids, self.journal)
        groups = self._without_lost(groups, batch, ids)
        places = [(ids[run], key_ids[key]) for run, key in map(self.series.__getitem__, groups.series)]
        take_points.add_points(transaction, places, groups)
        take_events.touch(transaction, ids.values(), _last_time(batch))
        chunks.merge_series_of(transaction, ended)

    def _without_lost(self, groups: summaries.Grouped, batch: Batch, ids: dict[str, int]) -> summaries.Grouped:
        """The groups, but those whose definition was in an event that is damaged, and those of runs that are gone."""
        unknown = [number for number in groups.series if number not in self.series]
        gone = [number for number in groups.series if number in self.series and self.series[number][0] not in ids]
        if not unknown and not gone:
            return groups
        self.damaged += int(np.isin(batch.points["series"], unknown).sum())
        return summaries.grouped(batch.points[~np.isin(batch.points["series"], unknown + gone)])


def open_ingest(store: Store, path: Path) -> Ingest:
    """Take up a journal where the tables are."""
    table = schema.journals
    with store.reading() as connection:
        row = connection.execute(select(table).where(table.c.id == path.name)).first()
    if row is None:
        with store.writing() as transaction:
            first = {"id": path.name, "points_done": 0, "events_done": 0, "damaged": 0, "finished": False}
            transaction.connection.execute(insert_or_ignore(table).values(first))
        return Ingest(store, path, JournalReader(path))
    reader = JournalReader(path, row.points_done, row.events_done)
    return Ingest(store, path, reader, series_of(path), row.damaged)


def take_in(store: Store) -> None:
    """Bring in what writers that live have told by now, as they do themselves a little later. Raises StoreError."""
    table = schema.journals
    with store.reading() as connection:
        done = {name: end for name, end in connection.execute(select(table.c.id, table.c.events_done))}
    for path in journals(store.path / JOURNAL):
        with suppress(OSError):  # its writer has ended and removed it
            told = (path / EVENTS).stat().st_size
            if not path.name.endswith(DAMAGED) and told != done.get(path.name):
                ingest = open_ingest(store, path)
                for _ in range(TRIES):  # again if the writer was quicker, and has not brought in all of it
                    if ingest.reader.events_end >= told or not ingest.run():
                        break


class Aid:
    """Brings in journals that grow and whose writers cannot do it; for one thread.

    Attributes:
        store: where they come in.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._known: dict[Path, Ingest] = {}

    def run(self) -> None:
        """Bring in what is new. Raises StoreError."""
        for mark in (self.store.path / JOURNAL).glob(f"*/{UNAIDED}"):
            path = mark.parent
            with suppress(OSError):  # its writer has ended, and another process has brought it in
                if path not in self._known:
                    self._known[path] = open_ingest(self.store, path)
                self._known[path].run()


def series_of(path: Path) -> dict[int, tuple[str, str]]:
    """What a journal's numbers of series stand for: (run id, metric)."""
    return _series_in(event for event in read_events(path)[0] if event.get("type") == "series" and is_sound(event))


def _series_in(events: Iterable[Event]) -> dict[int, tuple[str, str]]:
    told = of_type(events, "series")
    return {number: (event["run"], key) for event in told for key, number in event["numbers"].items()}


def _sound(batch: Batch) -> Batch:
    """Without the events that the tables could not take."""
    events = [event for event in batch.events if is_sound(event)]
    return replace(batch, events=events, damaged=batch.damaged + len(batch.events) - len(events))


def _last_time(batch: Batch) -> int:
    """The latest sign of life of the runs in a batch. A point's time is the user's to give: it may be in the future."""
    times = [event["time"] for event in batch.events if "run" in event and "time" in event]
    if len(batch.points):
        times.append(int(batch.points["time"].max()))
    return min(max(times, default=0), now_ms())
