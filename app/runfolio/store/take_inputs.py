"""Events of a journal into the tables: the datasets that runs used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from runfolio.core.states import DATA_CONTEXT
from runfolio.journal.events import Event, of_type
from runfolio.store.batches import execute_many, in_batches
from runfolio.store.connection import Transaction
from runfolio.store.datasets import Identity, numbers_of
from runfolio.store.dialect import insert_or_ignore, insert_or_update
from runfolio.store.schema import input_tags, inputs, runs

Row = dict[str, Any]


def add_inputs(transaction: Transaction, events: Iterable[Event], ids: dict[str, int]) -> None:
    """Datasets, each once in an experiment, and their uses: one for each run, dataset and context."""
    given = [(ids[e["run"]], one) for e in of_type(events, "inputs") if e["run"] in ids for one in e["inputs"]]
    if not given:
        return
    places = _experiments(transaction, {run for run, _ in given})
    rows = {_identity(places[run], one): _dataset_row(places[run], one) for run, one in given}
    numbers = numbers_of(transaction, rows)
    tags: dict[tuple[int, int, str], dict[str, str]] = {}
    for run, one in given:
        use = run, numbers[_identity(places[run], one)], one.get("tags", {}).get(DATA_CONTEXT, "")
        tags.setdefault(use, {}).update(one.get("tags", {}))
    uses = _input_numbers(transaction, list(tags))
    rows_of_tags = [
        {"input_id": uses[use], "name": name, "value": value}
        for use, named in tags.items()
        for name, value in named.items()
    ]
    execute_many(transaction, insert_or_update(input_tags), rows_of_tags)


def _input_numbers(transaction: Transaction, uses: list[tuple[int, int, str]]) -> dict[tuple[int, int, str], int]:
    rows = [{"run_id": run, "dataset_id": dataset, "context": context} for run, dataset, context in uses]
    execute_many(transaction, insert_or_ignore(inputs), rows)
    found = {}
    for part in in_batches(sorted({run for run, _, _ in uses})):
        query = select(inputs).where(inputs.c.run_id.in_(part))
        for row in transaction.connection.execute(query):
            found[row.run_id, row.dataset_id, row.context] = row.id
    return found


def _experiments(transaction: Transaction, numbers: set[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in in_batches(sorted(numbers)):
        query = select(runs.c.id, runs.c.experiment_id).where(runs.c.id.in_(part))
        found.update((run, experiment) for run, experiment in transaction.connection.execute(query))
    return found


def _identity(experiment: int, one: Row) -> Identity:
    return experiment, one["name"], one["digest"]


def _dataset_row(experiment: int, one: Row) -> Row:
    names = ("name", "digest", "source_type", "source", "schema", "profile")
    return {"experiment_id": experiment, **{name: one.get(name) for name in names}}
