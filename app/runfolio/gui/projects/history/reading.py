"""Reads the runs that a project's entry point has made, with what they were given and how they did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from runfolio.core.columns import CREATED, DURATION, NAME, STATUS, Column, Kind, Source, metric
from runfolio.core.filter.write import quoted
from runfolio.core.numbers import NumberFormat, column_format
from runfolio.store import Store
from runfolio.store.run_order import first_runs
from runfolio.store.run_query import RunQuery
from runfolio.store.table import Row, metrics_of, rows

ENTRY_POINT = "mlflow.project.entryPoint"
#: As many runs are listed; all are in the run table.
MOST = 100
#: As many params have columns of their own.
MOST_PARAMS = 6
ATTRIBUTES = (STATUS, NAME, CREATED, DURATION)


@dataclass(frozen=True, slots=True)
class Past:
    """The runs of an entry point, the newest first.

    Attributes:
        total: how many there are in all.
        metrics: what they have logged: most of them the first.
        metric: the one that is shown; "" for none.
    """

    asked: tuple[str, str] = ("", "")
    runs: Sequence[Row] = ()
    total: int = 0
    columns: Sequence[Column] = ATTRIBUTES
    metrics: Sequence[str] = ()
    metric: str = ""
    formats: Mapping[Column, NumberFormat] = field(default_factory=dict)


def read_past(store: Store, uri: str, entry: str, params: Sequence[str], chosen: str) -> Past:
    """Read the runs of an entry point.

    Args:
        params: those that are shown.
        chosen: the metric to show; "" for what most of them have logged.
    """
    query = RunQuery(filter=of_entry(uri, entry))
    ids, total = first_runs(store, query, MOST)
    numbers = [int(one) for one in ids]
    logged = metrics_of(store, numbers) if numbers else {}
    metrics = sorted(logged, key=lambda name: (-logged[name], name))
    shown = chosen if chosen in logged else next(iter(metrics), "")
    columns = [*ATTRIBUTES, metric(shown)] if shown else [*ATTRIBUTES]
    columns += [Column(Source.PARAM, name, Kind.TEXT) for name in params[:MOST_PARAMS]]
    found = rows(store, numbers, columns)
    listed = [found[one] for one in numbers if one in found]
    formats = {one: _format(listed, at) for at, one in enumerate(columns) if one.source is Source.METRIC}
    return Past((uri, entry), listed, total, columns, metrics, shown, formats)


def of_entry(uri: str, entry: str) -> str:
    """The filter that finds the runs of an entry point."""
    return f"attributes.source_name = {quoted(uri)} and tags.`{ENTRY_POINT}` = {quoted(entry)}"


def _format(listed: Sequence[Row], at: int) -> NumberFormat:
    return column_format([value for row in listed if isinstance(value := row.cells[at], (int, float))])
