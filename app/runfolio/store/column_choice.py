"""Which columns the run table could have: all that there are, and those in which the runs that are listed differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Table, func, literal, null, select, union_all

from runfolio.core.columns import Column, Kind, Source, param
from runfolio.core.system_tags import is_system_tag
from runfolio.store.connection import Store
from runfolio.store.schema import keys, params, tags
from runfolio.store.table import RunQuery, chosen, used


def tag_columns(store: Store, experiments: Sequence[int] = ()) -> list[Column]:
    """The tags that users have put on runs of these experiments, by name; of no experiments, of all."""
    with store.reading() as connection:
        names = [name for name, *_ in used(connection, tags, experiments)]
    return [_tag(name) for name in names if not is_system_tag(name)]


def varying(store: Store, query: RunQuery) -> list[Column]:
    """The params and tags in which the runs of a query differ, as some have another value than others, or none.

    What tracking itself has tagged is left out. Raises FilterError.
    """
    with store.reading() as connection:
        runs_listed = chosen(store, connection, query).subquery()
        number = connection.execute(select(func.count()).select_from(runs_listed)).scalar_one()
        counted = union_all(*(_values(table, select(runs_listed.c.id)) for table in (params, tags))).subquery()
        differing = (counted.c.different > 1) | (counted.c.runs < number)
        named = select(counted.c.source, keys.c.name, counted.c.runs, counted.c.numbers)
        named = named.join(keys, keys.c.id == counted.c.key_id).where(differing)
        found = connection.execute(named.order_by(counted.c.source, keys.c.name)).all()
    return [
        param(name, numbers == count) if source == Source.PARAM else _tag(name)
        for source, name, count, numbers in found
        if source == Source.PARAM or not is_system_tag(name)
    ]


def _values(table: Table, chosen_runs: Select[Any]) -> Select[Any]:
    """Per key: how many runs have it, with how many different values, and how many of those are numbers."""
    source, numbers = (Source.PARAM, func.count(table.c.number)) if table is params else (Source.TAG, null())
    counts = func.count(table.c.value.distinct()).label("different"), func.count().label("runs")
    query = select(literal(str(source)).label("source"), table.c.key_id, *counts, numbers.label("numbers"))
    return query.where(table.c.run_id.in_(chosen_runs)).group_by(table.c.key_id)


def _tag(name: str) -> Column:
    return Column(Source.TAG, name, Kind.TEXT)
