"""Events of a journal into the tables: models that were logged, which one tag of their run names."""

from __future__ import annotations

from runfolio.core.model_history import HISTORY, with_entry
from runfolio.journal.events import Event
from runfolio.store import schema, texts
from runfolio.store.connection import Transaction

Numbers = dict[str, int]


def as_tags(transaction: Transaction, events: list[Event], ids: Numbers, key_ids: Numbers) -> list[Event]:
    """The events, with those that tell of a model as events that set the tag to all models that its run has then.

    What another process has logged is in the tables already, for whoever writes them is alone.
    """
    runs = {ids[event["run"]] for event in events if event["type"] == "model" and event["run"] in ids}
    if not runs:
        return events
    number = key_ids[HISTORY]
    there = texts.by_place(transaction.connection, schema.tags, {(run, number) for run in runs})
    known: dict[int, str | None] = {run: there.get((run, number)) for run in runs}
    told = []
    for event in events:
        run = ids.get(event.get("run", ""))
        if run in known:
            if event["type"] == "model":
                values = {HISTORY: with_entry(known[run], event["entry"])}
                event = {"type": "tags", "run": event["run"], "time": event["time"], "values": values}
            if event["type"] == "tags":
                known[run] = event["values"].get(HISTORY, known[run])
        told.append(event)
    return told
