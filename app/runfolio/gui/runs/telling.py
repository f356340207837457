"""What the run table's header tells of a view's columns."""

from __future__ import annotations

from collections.abc import Mapping

from runfolio.core.columns import Column, SortKey, Source, headings, sortable
from runfolio.core.direction import is_judged, lower_of
from runfolio.core.errors import FilterError
from runfolio.core.filter import filter_text, parse_filter
from runfolio.core.filter.narrow import conditions_by_field, field_of
from runfolio.core.views import View, columns_with_folded
from runfolio.gui.runs.header import Marks


def header_marks(
    view: View, order: tuple[SortKey, ...], natural: tuple[Column, ...], shown: tuple[Column, ...]
) -> Marks:
    """The marks of the columns that are shown; `order` is that of the rows, `natural` are the runs' own columns."""
    standing = columns_with_folded(view, natural)
    return Marks(
        order,
        filters_of(view, shown),
        {column: len(behind) for column, behind in standing.items() if behind},
        sum(column in view.pinned for column in shown),
        view.folded,
        {column: direction_text(column, view.directions) for column in shown if column.source is Source.METRIC},
        headings(shown),
    )


def filters_of(view: View, columns: tuple[Column, ...]) -> dict[Column, str]:
    """The conditions that the view's filter has on single columns, as text."""
    try:
        own = conditions_by_field(parse_filter(view.filter, view.subject))
    except FilterError:  # of a view that was written by hand; the filter line says so
        return {}
    found = {}
    for column in columns:
        field = field_of(sortable(column), view.directions)
        if field in own:
            found[column] = " and ".join(map(filter_text, own[field]))
    return found


def direction_text(column: Column, lower: Mapping[str, bool]) -> str:
    """Which way a metric is better, and who says so; empty where nobody does."""
    if not is_judged(column.key, lower):
        return ""
    which = "Lower" if lower_of(column.key, lower) else "Higher"
    return f"{which} is better{', as you have said' if column.key in lower else ''}"
