"""What a user does to the computed and hand-typed columns of a view: each function gives the view as it is after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from runfolio.core import rules
from runfolio.core.columns import Column, formula, typed
from runfolio.core.errors import AlreadyExists, FilterError, InvalidValue
from runfolio.core.filter import parse_filter
from runfolio.core.filter.narrow import exchanged, fields_of
from runfolio.core.filter.tree import Entity, Field
from runfolio.core.formulas import parse_formula
from runfolio.core.printable import printable
from runfolio.core.views import COLUMN_LISTS, FormulaColumn, View

LONGEST_NAME = 100


def set_formula(view: View, old: str, name: str, text: str) -> View:
    """Add a computed column, or with the name of an old one change that, wherever the view names it.

    Raises:
        InvalidValue: the name is blank, too long, taken or cannot be written in a filter, or the formula not be read.
    """
    name, text = " ".join(name.split()), text.strip()
    if name != old or not name:
        _check_name(name)
    if name != old and any(one.name == name for one in view.formulas):
        raise AlreadyExists(f"There is a computed column {name!r} already.", "Choose another name.")
    parse_formula(text)
    new = FormulaColumn(name, text)
    before = next((one for one in view.formulas if one.name == old), None)
    if before is None:
        return replace(view, formulas=(*view.formulas, new))
    view = _refiltered(view, old, name)
    view = replace(view, formulas=tuple(new if one is before else one for one in view.formulas))
    return _exchanged(view, formula(before.name, before.text), formula(name, text))


def default_name(text: str) -> str:
    """What a computed column is called that was given no name: as its formula."""
    name = " ".join(text.split())[:LONGEST_NAME].strip()
    return name.replace('"', "'") if "`" in name else name


def _check_name(name: str) -> None:
    if not name or len(name) > LONGEST_NAME:
        raise InvalidValue(f"A column's name has 1 to {LONGEST_NAME} characters.")
    if "`" in name and '"' in name:  # a filter writes a name between the ones or the others
        raise InvalidValue("A column's name cannot have both ` and \" in it.", "Filters could not name it.")
    if printable(name) != name or rules.text(name) != name:
        raise InvalidValue("A column's name cannot have control characters in it.")


def remove_formula(view: View, name: str) -> View:
    """Take a computed column away, and what the view says of it."""
    gone = next((one for one in view.formulas if one.name == name), None)
    if gone is None:
        return view
    view = _refiltered(view, name, "")
    view = replace(view, formulas=tuple(one for one in view.formulas if one is not gone))
    return _exchanged(view, formula(gone.name, gone.text), None)


def formulas_in_filter(view: View) -> tuple[FormulaColumn, ...]:
    """The computed columns that the view's filter names; none of a filter that cannot be read."""
    if "formula" not in view.filter:
        return ()
    try:
        asked = fields_of(parse_filter(view.filter, view.subject))
    except FilterError:
        return ()
    names = {field.key for field in asked if field is not None and field.entity is Entity.FORMULA}
    return tuple(one for one in view.formulas if one.name in names)


def add_typed(view: View, key: str) -> View:
    """Show a column to type into: a tag. Raises InvalidValue: the key breaks a rule."""
    column = typed(rules.key(key.strip(), "tag"))
    hidden = tuple(one for one in view.hidden if one != column)
    return replace(view, hidden=hidden, added=(*(one for one in view.added if one != column), column))


def _refiltered(view: View, old: str, name: str) -> View:
    """The view whose filter names a computed column by another name; with an empty one, not any more."""
    new = Field(Entity.FORMULA, name) if name else None
    return replace(view, filter=exchanged(view.filter, view.subject, Field(Entity.FORMULA, old), new))


def _exchanged(view: View, old: Column, new: Column | None) -> View:
    """The view with another column, or none, in each place of one."""
    lists: dict[str, Any] = {name: tuple(_put(getattr(view, name), old, new)) for name in COLUMN_LISTS}
    order = (replace(key, column=one) for key in view.order for one in _put([key.column], old, new))
    rules = (replace(rule, column=one) for rule in view.rules for one in _put([rule.column], old, new))
    return replace(view, **lists, order=tuple(order), rules=tuple(rules))


def _put(columns: Iterable[Column], old: Column, new: Column | None) -> list[Column]:
    kept = (new if one == old else one for one in columns)
    return [one for one in kept if one is not None]
