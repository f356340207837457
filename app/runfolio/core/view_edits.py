"""What a user does to the columns of a view: each function gives the view as it is afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace

from runfolio.core.cell_rules import CellRule
from runfolio.core.columns import NAME, Column, SortKey, Source
from runfolio.core.direction import is_judged, lower_is_better
from runfolio.core.views import View, columns_in_order

Columns = Sequence[Column]


def show(view: View, column: Column, natural: Columns) -> View:
    """Show a column; one that the runs do not have by themselves is added."""
    view = replace(view, hidden=_without(view.hidden, column))
    there = view.automatic and column in natural
    return view if there or column in view.added else replace(view, added=(*view.added, column))


def hide(view: View, columns: Columns, natural: Columns) -> View:
    """Leave columns out; those that were added are not added any more, nor shown because the runs have them by now."""
    added, pinned = _without(view.added, *columns), _without(view.pinned, *columns)
    own = [one for one in columns if one not in view.added or one in natural]
    hidden = (*view.hidden, *(one for one in own if one not in view.hidden))
    return replace(view, added=added, pinned=pinned, hidden=hidden)


def hide_others(view: View, column: Column, natural: Columns) -> View:
    """Leave out all but one column and the runs' names, without which rows say nothing."""
    others = [one for one in columns_in_order(view, natural) if one not in (column, NAME)]
    return hide(view, others, natural)


def insert_after(view: View, new: Column, neighbour: Column, natural: Columns) -> View:
    """Show a column right of another one; one that is shown already moves there."""
    others = [one for one in columns_in_order(view, natural) if one != new]
    place = others.index(neighbour) + 1 if neighbour in others else len(others)
    return arrange(show(view, new, natural), [*others[:place], new, *others[place:]], natural)


def arrange(view: View, order: Columns, natural: Columns, moved: Column | None = None) -> View:
    """Have the columns stand in this order. The one that the user has moved is pinned if it stands among the pinned
    ones now, and else not; columns that are not in sight keep their neighbours.
    """
    everything = columns_in_order(view, natural)
    places = list(order)
    for one in everything:  # of a folded group: after the one that it stood behind
        if one not in order:
            before = everything[: everything.index(one)]
            follows = next((other for other in reversed(before) if other in places), None)
            places.insert(0 if follows is None else places.index(follows) + 1, one)
    unseen = [one for one in view.places if one not in places]
    pinned = [one for one in order if one in view.pinned and one != moved]
    if moved is not None and _is_among(order, pinned, order.index(moved), moved in view.pinned):
        pinned.insert(order.index(moved), moved)
    return replace(view, places=(*places, *unseen), pinned=tuple(pinned))


def _is_among(order: Columns, pinned: Columns, place: int, was: bool) -> bool:
    """Whether a place is among the pinned ones; at their end only for one that has been there."""
    follows = place < len(pinned) and list(order[place + 1 : place + 2]) == [pinned[place]]
    return follows or (was and place <= len(pinned))


def move(view: View, column: Column, by: int, natural: Columns) -> View:
    """Move a column so many places to the right, among the pinned ones or among the others."""
    order = list(columns_in_order(view, natural))
    pinned = len([one for one in order if one in view.pinned])
    place = order.index(column)
    low, high = (0, pinned) if place < pinned else (pinned, len(order))
    order.insert(min(max(place + by, low), high - 1), order.pop(place))
    return arrange(view, order, natural)


def pin(view: View, column: Column) -> View:
    """Keep a column in sight while others scroll; or let it go again. With the first one the runs' names are pinned
    too, left of it: without them rows say nothing.
    """
    if column in view.pinned:
        return replace(view, pinned=_without(view.pinned, column))
    names = (NAME,) if not view.pinned and NAME not in (column, *view.hidden) else ()
    return replace(view, pinned=(*names, *view.pinned, column))


def sort(view: View, key: SortKey, *, more: bool = False) -> View:
    """Order the runs by a key, or by one more; a key of the same column gives way to it in its place."""
    order = view.order if more else ()
    if any(one.column == key.column for one in order):
        return replace(view, order=tuple(key if one.column == key.column else one for one in order))
    return replace(view, order=(*order, key))


def unsort(view: View, column: Column) -> View:
    """Order the runs by the other keys only."""
    return replace(view, order=tuple(key for key in view.order if key.column != column))


def heat(view: View, column: Column) -> View:
    """Colour a column's cells by their values, or not any more."""
    rest = _without(view.heat, column)
    return replace(view, heat=rest if column in view.heat else (*view.heat, column))


def direct(view: View, key: str, lower: bool) -> View:
    """Say whether lower is better of a metric; what its name says anyway is not kept."""
    rest = tuple((name, chosen) for name, chosen in view.lower if name != key)
    as_named = is_judged(key, {}) and lower is lower_is_better(key)
    return replace(view, lower=rest if as_named else (*rest, (key, lower)))


def fold(view: View, group: str) -> View:
    """Show the first column of a group only, or all of them again."""
    rest = tuple(one for one in view.folded if one != group)
    return replace(view, folded=rest if group in view.folded else (*view.folded, group))


def with_rules(view: View, column: Column, rules: Iterable[CellRule]) -> View:
    """Mark a column's cells by these rules and no others."""
    return replace(view, rules=(*(one for one in view.rules if one.column != column), *rules))


def vary(view: View, varying: Columns, natural: Columns, *, only: bool = False) -> View:
    """Show the params and tags in which the runs differ; with `only`, hide those in which they do not."""
    for column in varying:
        view = show(view, column, natural)
    if only:
        same = [one for one in columns_in_order(view, natural) if one.source in (Source.PARAM, Source.TAG)]
        view = hide(view, [one for one in same if one not in varying and not one.title], natural)
    return view


def reset_columns(view: View) -> View:
    """Have the columns as if nothing had ever been chosen; filter, order, baseline and formats stay."""
    plain = View()
    chosen = ("automatic", "hidden", "added", "places", "pinned", "folded")
    return replace(view, **{one.name: getattr(plain, one.name) for one in fields(View) if one.name in chosen})


def _without(columns: tuple[Column, ...], *gone: Column) -> tuple[Column, ...]:
    return tuple(one for one in columns if one not in gone)
