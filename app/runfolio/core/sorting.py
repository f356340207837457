"""What clicking on a column's name does to the order of the runs."""

from __future__ import annotations

from collections.abc import Mapping

from runfolio.core.columns import CREATED, DURATION, NEWEST_FIRST, Column, Kind, SortKey, Source
from runfolio.core.direction import lower_of

Order = tuple[SortKey, ...]


def first_order(column: Column, lower: Mapping[str, bool]) -> SortKey:
    """The order of a first click: the best, the newest, the longest first; settings and names ascending."""
    if column.source is Source.METRIC:
        return SortKey(column, not lower_of(column.key, lower))
    return SortKey(column, column.kind in (Kind.TIME, Kind.DURATION) or column in (CREATED, DURATION))


def next_order(order: Order, column: Column, lower: Mapping[str, bool], *, alone: bool = False) -> Order:
    """The order after another click on a column: sorted by it, then the other way round, then not any more.

    `lower` has the metrics for which a user has said whether lower is better.
    """
    first = first_order(column, lower)
    now = next((key for key in order if key.column == column), None)
    if now is None:
        return (first,) if alone or order == (NEWEST_FIRST,) else (*order, first)
    if now == first:
        return tuple(SortKey(column, not first.descending) if key is now else key for key in order)
    rest = tuple(key for key in order if key is not now)
    return rest if rest or column != CREATED else (first,)
