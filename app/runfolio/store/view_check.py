"""What a saved view names and a store does not have: a view may come from another store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from sqlalchemy import select

from runfolio.core.columns import Column, Source
from runfolio.core.errors import FilterError
from runfolio.core.filter import parse_filter
from runfolio.core.filter.complete import Known
from runfolio.core.filter.tree import Field, fields
from runfolio.core.formulas import parse_formula
from runfolio.core.saved_views import SavedView, read_saved_view
from runfolio.core.views import View
from runfolio.store.completion import known_names
from runfolio.store.connection import Store
from runfolio.store.experiments import list_experiments
from runfolio.store.schema import runs

# More is not read by anybody.
MOST_LINES = 200
# What a store may not know, as columns and filters call it, and as a reader does.
KINDS: dict[str, str] = {Source.METRIC: "metric", Source.PARAM: "param", Source.TAG: "tag"}


@dataclass(frozen=True, slots=True)
class FittedView:
    """A saved view as a store can show it.

    Attributes:
        saved: the view, without what cannot be read here.
        experiments: the ids of those of its experiments that there are.
        missing: what it names and is not here, or could not be understood, a line each.
    """

    saved: SavedView
    experiments: tuple[int, ...]
    missing: tuple[str, ...]


def fit_view(store: Store, text: str, name: str = "") -> FittedView:
    """Read a saved view for a store. Raises InvalidValue if it is none, or one of a later version."""
    saved, problems = read_saved_view(text, name)
    lines = [f"Not understood: {problem}" for problem in problems]
    places = {one.name: one.id for one in list_experiments(store)}
    lines += [f"No experiment {one!r}" for one in saved.experiments if one not in places]
    view, faults = _readable(saved.view)
    known = known_names(store)
    lines += faults + [f"No {word}" for word in _unknown(view, known)] + list(_no_baseline(store, view))
    experiments = tuple(places[one] for one in saved.experiments if one in places)
    return FittedView(replace(saved, view=view), experiments, tuple(dict.fromkeys(lines))[:MOST_LINES])


def _readable(view: View) -> tuple[View, list[str]]:
    """The view without a filter that cannot be read."""
    lines = []
    try:
        parse_filter(view.filter, view.subject)
    except FilterError as error:
        lines.append(f"The filter was left out: {view.filter}\n    {error.message}")
        view = replace(view, filter="")
    for one in view.formulas:
        try:
            parse_formula(one.text)
        except FilterError as error:
            lines.append(f"The column {one.name} cannot be computed: {one.text}\n    {error.message}")
    return view, lines


def _unknown(view: View, known: Known) -> Iterator[str]:
    names = dict(zip(KINDS.values(), (set(known.metrics), set(known.params), set(known.tags)), strict=True))
    used = *fields(parse_filter(view.filter, view.subject)), *_of_formulas(view)
    for kind, key in dict.fromkeys((*_of_columns(view), *map(_of_field, used))):
        if kind in names and key not in names[kind]:
            yield f"{kind} {key!r}"


def _of_columns(view: View) -> list[tuple[str, str]]:
    order = (key.column for key in view.order)
    marked = (*view.heat, *(rule.column for rule in view.rules))
    grouped = *view.group_by, *view.group_except
    columns: Iterable[Column] = (*order, *view.added, *view.pinned, *grouped, *marked, *view.compare.columns)
    return [(KINDS.get(column.source, ""), column.key) for column in columns]


def _of_formulas(view: View) -> Iterator[Field]:
    for one in view.formulas:
        with suppress(FilterError):  # told of already
            yield from parse_formula(one.text).fields()


def _of_field(field: Field) -> tuple[str, str]:
    return KINDS.get(field.entity, ""), field.key


def _no_baseline(store: Store, view: View) -> Iterator[str]:
    if view.baseline:
        with store.reading() as connection:
            if connection.execute(select(runs.c.id).where(runs.c.run_uuid == view.baseline)).scalar() is None:
                yield f"No run {view.baseline!r}, which is the baseline"
