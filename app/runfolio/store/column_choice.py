"""Which columns the run table could have: all that there are, and those in which the runs that are listed differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, literal, select, union_all

from runfolio.core.columns import Column, Kind, Source, param, typed
from runfolio.core.system_tags import is_system_tag
from runfolio.store import dialect
from runfolio.store.connection import Store
from runfolio.store.run_order import chosen
from runfolio.store.run_query import RunQuery, listed
from runfolio.store.schema import keys, params, runs, tags
from runfolio.store.table import used


def tag_columns(store: Store, experiments: Sequence[int] = ()) -> list[Column]:
    """The tags that users have put on runs of these experiments, by name; of no experiments, of all.

    A tag all of whose values are numbers is a column of numbers, as a param is.
    """
    with store.reading() as connection:
        names = [name for name, *_ in used(connection, tags, experiments) if not is_system_tag(name)]
        texts = select(keys.c.name).where(keys.c.name.in_(names), _some_text(experiments))
        others = set(connection.execute(texts).scalars())
    return [_tag(name, name not in others) for name in names]


def _some_text(experiments: Sequence[int]) -> ColumnElement[bool]:
    """That a run of these experiments has a value of a tag, a row of `keys`, that is no number."""
    own = select(literal(1)).where(tags.c.key_id == keys.c.id, dialect.number_of(tags.c.value).is_(None))
    return own.join(runs, runs.c.id == tags.c.run_id).where(listed(experiments)).exists()


def varying(store: Store, query: RunQuery) -> list[Column]:
    """The params and tags in which the runs of a query differ, as some have another value than others, or none.

    What tracking itself has tagged is left out. Raises FilterError.
    """
    with store.reading() as connection, dialect.in_time(connection, query.filter):
        runs_listed = chosen(store, connection, query).subquery()
        number = connection.execute(select(func.count()).select_from(runs_listed)).scalar_one()
        counted = union_all(*(_values(table, select(runs_listed.c.id)) for table in (params, tags))).subquery()
        differing = (counted.c.different > 1) | (counted.c.runs < number)
        named = select(counted.c.source, keys.c.name, counted.c.runs, counted.c.numbers)
        named = named.join(keys, keys.c.id == counted.c.key_id).where(differing)
        found = connection.execute(named.order_by(counted.c.source, keys.c.name)).all()
    return [
        param(name, numbers == count) if source == Source.PARAM else _tag(name, numbers == count)
        for source, name, count, numbers in found
        if source == Source.PARAM or not is_system_tag(name)
    ]


def _values(table: Table, chosen_runs: Select[Any]) -> Select[Any]:
    """Per key: how many runs have it, with how many different values, and how many of those are numbers."""
    source = Source.PARAM if table is params else Source.TAG
    numbers = func.count(table.c.number if table is params else dialect.number_of(table.c.value))
    counts = func.count(table.c.value.distinct()).label("different"), func.count().label("runs")
    query = select(literal(str(source)).label("source"), table.c.key_id, *counts, numbers.label("numbers"))
    return query.where(table.c.run_id.in_(chosen_runs)).group_by(table.c.key_id)


def _tag(name: str, numeric: bool) -> Column:
    return typed(name) if numeric else Column(Source.TAG, name, Kind.TEXT)
