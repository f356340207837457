"""Finding runs and experiments by filters, in an order, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from runfolio.core.clock import now_ms
from runfolio.core.entities import Experiment
from runfolio.core.errors import FilterError
from runfolio.core.filter import EXPERIMENTS, RUNS, Subject, parse_filter, parse_order
from runfolio.core.filter.tree import OrderKey
from runfolio.core.folder import ARTIFACTS
from runfolio.core.states import ViewType
from runfolio.store import dialect
from runfolio.store.batches import raw_rows
from runfolio.store.compile_filter import compiled
from runfolio.store.compile_order import experiments_in_order, runs_in_order
from runfolio.store.connection import Store
from runfolio.store.experiments import in_view, with_tags
from runfolio.store.metric_names import resolve_metrics
from runfolio.store.run_fields import ExperimentFields, RunFields
from runfolio.store.schema import experiments as experiment_table
from runfolio.store.schema import runs


def find_runs(
    store: Store,
    *,
    experiments: Sequence[int] = (),
    filter: str | None = "",
    view: ViewType = ViewType.ACTIVE_ONLY,
    order_by: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> list[int]:
    """The store's numbers of the runs that a filter lets pass, in order.

    Without experiments, those of all. Ties of the order, or all runs if there is none, are broken by the newest start
    and then by the public id.

    Raises:
        FilterError: the filter or the order cannot be read.
    """
    node, order, now = parse_filter(filter, RUNS), read_order(order_by, RUNS), now_ms()
    query: Select[Any] = select(runs.c.id).where(in_view(runs, view))
    if experiments:
        query = query.where(dialect.among(runs.c.experiment_id, experiments))
    with store.reading() as connection, dialect.in_time(connection, filter or ""):
        node, order = resolve_metrics(connection, node, order)
        fields = RunFields(now, store.path / ARTIFACTS, connection)
        query = runs_in_order(query.where(compiled(node, fields, now)), order, fields)
        return [run for run, *_ in raw_rows(connection, _page(query, limit, offset))]


def find_experiments(
    store: Store,
    *,
    filter: str | None = "",
    view: ViewType = ViewType.ACTIVE_ONLY,
    order_by: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> list[Experiment]:
    """The experiments that a filter lets pass, with how many runs they have in use; the newest first by default.

    Raises:
        FilterError: the filter or the order cannot be read.
    """
    node, order = parse_filter(filter, EXPERIMENTS), read_order(order_by, EXPERIMENTS)
    fields, now = ExperimentFields(), now_ms()
    query = select(experiment_table).where(in_view(experiment_table, view), compiled(node, fields, now))
    query = _page(experiments_in_order(query, order, fields), limit, offset)
    with store.reading() as connection, dialect.in_time(connection, filter or ""):
        return with_tags(connection, connection.execute(query).all())


def read_order(order_by: Sequence[str], subject: Subject = RUNS) -> list[OrderKey]:
    """The keys of an order, each a field with its direction.

    Raises:
        FilterError: one cannot be read, or a field comes twice.
    """
    if isinstance(order_by, str):
        order_by = [order_by]
    order: list[OrderKey] = []
    for text in order_by or ():
        key = parse_order(text, subject)
        if any(key.field == earlier.field for earlier in order):
            raise FilterError(f"The order names {text.split()[0]} twice.", text, 0, text)
        order.append(key)
    return order


def _page(query: Select[Any], limit: int | None, offset: int) -> Select[Any]:
    return query.limit(limit).offset(offset or None)
