"""Requests that are predicted as one table: what a prediction costs is then shared by all that wait for one.

Only rows of the same form and columns go together, and only for models that look at each row by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from runfolio.models.mlmodel import PYFUNC, MLmodel
from runfolio.models.schema.infer import table_kind
from runfolio.serving.worker.requests import Told

#: Flavors whose models look at each row by itself.
BY_ROW = ("sklearn", "xgboost", "lightgbm", "catboost")


def looks_at_rows(model: MLmodel) -> bool:
    """Whether a model's answer to a row does not depend on the others."""
    loader = str(model.flavors.get(PYFUNC, {}).get("loader_module", ""))
    return loader.rpartition(".")[2] in BY_ROW


def groups(told: Sequence[Told]) -> Iterator[list[int]]:
    """The places of requests that go together."""
    found: dict[Any, list[int]] = {}
    for place, one in enumerate(told):
        found.setdefault(_key(one, place), []).append(place)
    yield from found.values()


def joined(told: Sequence[Told]) -> Told:
    """One request with the rows of all, which go together."""
    first = told[0]
    if len(told) == 1:
        return first
    if first.form == "dataframe_split":
        rows: Any = {"columns": first.rows["columns"], "data": [row for one in told for row in one.rows["data"]]}
    else:
        rows = [row for one in told for row in one.rows]
    return Told(first.form, rows)


def count(told: Told) -> int:
    """How many rows a request has that goes together with others."""
    return len(told.rows["data"] if told.form == "dataframe_split" else told.rows)


def split(output: Any, counts: Sequence[int]) -> list[Any] | None:
    """The answer to each of several requests; None where there is not one for each row."""
    kind = table_kind(output)
    if not hasattr(output, "__len__") or isinstance(output, dict | str | bytes) or len(output) != sum(counts):
        return None
    parts, at = [], 0
    for number in counts:
        parts.append(output.iloc[at : at + number] if kind.startswith("pandas") else output[at : at + number])
        at += number
    return parts


def _key(told: Told, place: int) -> Any:
    alone = ("alone", place)
    if told.params is not None or told.form == "inputs":
        return alone
    if told.form == "dataframe_split":
        rows = told.rows
        if not isinstance(rows, dict) or set(rows) != {"columns", "data"} or not isinstance(rows["data"], list):
            return alone
        columns = rows["columns"]
        return (told.form, *map(str, columns)) if rows["data"] and isinstance(columns, list) else alone
    if not isinstance(told.rows, list) or not told.rows:
        return alone
    if not all(isinstance(row, dict) for row in told.rows):
        return (told.form, "values") if all(isinstance(row, list) for row in told.rows) else alone
    names = tuple(told.rows[0])
    return (told.form, *names) if all(tuple(row) == names for row in told.rows) else alone
