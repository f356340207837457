"""Events of a journal into the tables: params with their history, tags of runs and of experiments."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from runfolio.core.model_history import HISTORY
from runfolio.core.rules import shorten
from runfolio.core.states import RUN_NAME, RUN_PARENT
from runfolio.journal.events import Event, of_type
from runfolio.store import experiments, schema, texts
from runfolio.store.batches import execute_many, in_batches
from runfolio.store.connection import Transaction

log = logging.getLogger("runfolio")

Row = dict[str, Any]
Numbers = dict[str, int]


def names_in(events: Sequence[Event]) -> set[str]:
    """The names of params and tags, that of the tag with a run's models among them."""
    kinds = ("params", "tags", "experiment", "experiment_tags")
    named = {name for event in events if event["type"] in kinds for name in event.get("values", ())}
    return named | ({HISTORY} if any(event["type"] == "model" for event in events) else set())


def add_params(transaction: Transaction, events: Iterable[Event], ids: Numbers, key_ids: Numbers) -> None:
    """Params: the first value stays, unless a later event says `overwrite`; the history has what came after it.

    A script refuses another value of its own, but cannot know of one that another process has just set. Such a value
    is not lost: the history keeps it as refused.
    """
    given = [(ids[e["run"]], e) for e in of_type(events, "params") if e["run"] in ids]
    places = {(run, key_ids[name]) for run, event in given for name in event["values"]}
    known = texts.by_place(transaction.connection, schema.params, places) if given else {}
    fresh: dict[texts.Place, str] = {}
    history: list[Row] = []
    for run, event in given:
        for name, value in event["values"].items():
            place = run, key_ids[name]
            old = known.get(place)
            if old == value or (old is not None and _is_same_number(old, value)):
                continue
            refused = old is not None and not event.get("overwrite", False)
            if old is not None:
                history.append(_history_row(place, old, value, event["time"], refused))
            if not refused:
                known[place] = fresh[place] = value
    texts.write(transaction, schema.params, [(*place, value) for place, value in fresh.items()])
    _tell(_add_history(transaction, history), key_ids)


def _is_same_number(one: str, other: str) -> bool:
    """Whether two texts say one number: who starts a script writes 1e-05, and the script 0.00001."""
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _history_row(place: texts.Place, old: str, new: str, time: int, refused: bool) -> Row:
    run, key = place
    return {"run_id": run, "key_id": key, "old_value": old, "new_value": new, "time": time, "refused": refused}


def _tell(refused: list[Row], key_ids: Numbers) -> None:
    names = {number: name for name, number in key_ids.items()} if refused else {}
    for row in refused:
        key, old, new = names[row["key_id"]], shorten(row["old_value"]), shorten(row["new_value"])
        log.warning("The param %s stays %s: %s came from another process and is in the run's history.", key, old, new)


def _add_history(transaction: Transaction, rows: list[Row]) -> list[Row]:
    """Write what happened to params; returns what is newly refused, for the same refusal is told once."""
    table = schema.param_history
    told: set[tuple[int, int, str]] = set()
    for part in in_batches(sorted({row["run_id"] for row in rows if row["refused"]})):
        query = select(table.c.run_id, table.c.key_id, table.c.new_value).where(table.c.refused)
        found = transaction.connection.execute(query.where(table.c.run_id.in_(part)))
        told.update((run, key, value) for run, key, value in found)
    new = []
    for row in rows:
        what = row["run_id"], row["key_id"], row["new_value"]
        if not row["refused"] or what not in told:
            new.append(row)
            told |= {what} if row["refused"] else set()
    execute_many(transaction, insert(table), new)
    return [row for row in new if row["refused"]]


def add_tags(transaction: Transaction, events: Iterable[Event], ids: Numbers, key_ids: Numbers) -> None:
    """Tags: the last value stays, None deletes. Those that are MLflow's spelling of a column set it too."""
    given = [(ids[e["run"]], e["values"]) for e in of_type(events, "tags") if e["run"] in ids]
    cells = [(run, key_ids[name], value) for run, values in given for name, value in values.items()]
    texts.write(transaction, schema.tags, cells)
    table = schema.runs
    for tag, column in ((RUN_NAME, "name"), (RUN_PARENT, "parent_uuid")):
        found = {run: values[tag] for run, values in given if tag in values}
        rows = [{"number": run, "new": value} for run, value in found.items() if value or column == "parent_uuid"]
        statement = update(table).where(table.c.id == bindparam("number")).values({column: bindparam("new")})
        # Beneath another run, it stands elsewhere.
        statement = statement.values(moved=transaction.revision) if column == "parent_uuid" else statement
        execute_many(transaction, statement, rows)


def add_experiments(transaction: Transaction, events: Iterable[Event], key_ids: Numbers) -> None:
    """Experiments made for themselves, and tags of experiments; those of one that is gone are of nobody."""
    cells: list[texts.Text] = []
    for event in events:
        if event["type"] == "experiment":
            owner = experiments.id_for_name(transaction, event["name"], event["time"])
        elif event["type"] == "experiment_tags":
            owner = _owner(transaction, event)
        else:
            continue
        cells += [(owner, key_ids[name], value) for name, value in event.get("values", {}).items()]
    there = experiments.numbers(transaction.connection, {owner for owner, _, _ in cells})
    texts.write(transaction, schema.experiment_tags, [cell for cell in cells if cell[0] in there])
    experiments.touch(transaction, there)


def _owner(transaction: Transaction, event: Event) -> int:
    if "experiment_id" in event:
        return int(event["experiment_id"])
    return experiments.id_for_name(transaction, event["experiment"], event["time"])
