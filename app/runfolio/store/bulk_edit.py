"""One change to many runs: what it would do, and doing it, as one step that can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, select, update

from runfolio.core import rules
from runfolio.core.name_patterns import Pattern, read_pattern
from runfolio.core.states import NOTE
from runfolio.core.system_tags import free_key
from runfolio.store import dialect, texts
from runfolio.store.connection import Store, Transaction
from runfolio.store.exchange import Kind, exchange, some_of
from runfolio.store.key_ids import ids_of_keys
from runfolio.store.operations import Outcome
from runfolio.store.renaming import write_names
from runfolio.store.schema import keys, params, runs, tags
from runfolio.store.steps import TO_THE_END, Steps

# So many of the changes are shown before they are made, and so many runs that lack a field are named.
SHOWN, NAMED = 100, 3

Values = Mapping[int, str | None]
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TagEdit:
    """Give runs a tag, or take it away with None; with `only_missing`, runs that have it keep theirs."""

    key: str
    value: str | None
    only_missing: bool = False


@dataclass(frozen=True, slots=True)
class NameEdit:
    """Name runs by a pattern (`core.name_patterns`); they are numbered in the order in which they are given."""

    pattern: str


Edit = TagEdit | NameEdit


@dataclass(frozen=True, slots=True)
class Lack:
    """A field of a pattern that some runs have no value for: how many, and the names of the first of them."""

    field: str
    number: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an edit would do.

    Attributes:
        total, changed: how many runs there are, and how many of them would be others.
        rows: the first of these: name, value before and after; None is no value.
        lacks: what a pattern asks for and some of the runs do not have.
    """

    total: int
    changed: int
    rows: tuple[tuple[str, str | None, str | None], ...]
    lacks: tuple[Lack, ...] = ()


def preview(store: Store, numbers: Sequence[int], edit: Edit) -> Preview:
    """What an edit would do to runs. Raises InvalidValue."""
    with store.reading() as connection:
        names = _names(connection, numbers)
        before, after = _plan(connection, names, edit)
        lacks = _lacks(connection, names, edit.pattern) if isinstance(edit, NameEdit) else ()
    shown = list(after)[:SHOWN]
    return Preview(len(names), len(after), tuple((names[run], before[run], after[run]) for run in shown), lacks)


def edit_runs(store: Store, numbers: Sequence[int], edit: Edit, steps: Steps = TO_THE_END) -> Outcome:
    """Change runs; those that are gone are left out. What was done until `steps` stops it stays.

    Raises InvalidValue.
    """
    with store.reading() as connection:
        before, after = _plan(connection, _names(connection, numbers), edit)
    if not after:
        return Outcome("Changed nothing: it was so already")
    return _put(edit, _told, store, steps, before, after)


def _put(edit: Edit, told: Callable[[Edit, str], str], store: Store, steps: Steps, old: Values, new: Values) -> Outcome:
    kind = Kind(
        there=lambda connection, some: _present(connection, _names(connection, some), edit),
        write=partial(_write, edit),
        told=lambda done, asked: told(edit, some_of(len(done), len(asked))),
        back=partial(_put, edit, _told_back),
    )
    return exchange(store, steps, kind, old, new)


def _told(edit: Edit, what: str) -> str:
    if isinstance(edit, NameEdit):
        return f"Renamed {what}"
    if edit.key == NOTE:
        return f"Described {what}" if edit.value else f"Removed the descriptions of {what}"
    return f"Removed the tag {edit.key} of {what}" if edit.value is None else f"Set the tag {edit.key} of {what}"


def _told_back(edit: Edit, what: str) -> str:
    return f"Put back {what}"


def _plan(connection: Connection, names: Mapping[int, str], edit: Edit) -> tuple[Values, Values]:
    """The values of those runs that would change, before and after."""
    old = _present(connection, names, edit)
    if isinstance(edit, TagEdit):
        free_key(edit.key)
        value = None if edit.value is None else rules.tag_value(edit.value)
        new: Values = {run: was if edit.only_missing and was is not None else value for run, was in old.items()}
    else:
        new = _named(connection, names, edit.pattern)
    after = {run: value for run, value in new.items() if value != old[run]}
    return {run: old[run] for run in after}, after


def _present(connection: Connection, names: Mapping[int, str], edit: Edit) -> Values:
    if isinstance(edit, NameEdit):
        return names
    number = connection.execute(select(keys.c.id).where(keys.c.name == edit.key)).scalar()
    there = {} if number is None else texts.by_place(connection, tags, ((run, number) for run in names))
    return {run: there.get((run, number or 0)) for run in names}


def _named(connection: Connection, names: Mapping[int, str], text: str) -> dict[int, str]:
    pattern = read_pattern(text)
    filled = {}
    for place, (run, (of_params, of_tags)) in enumerate(_asked(connection, names, pattern), start=1):
        # A run that the pattern says nothing about keeps its name: none may be without.
        filled[run] = rules.text(pattern.fill(names[run], place, of_params, of_tags)) or names[run]
    return filled


def _lacks(connection: Connection, names: Mapping[int, str], text: str) -> tuple[Lack, ...]:
    pattern = read_pattern(text)
    found: dict[str, list[int]] = {}
    for run, known in _asked(connection, names, pattern):
        for field in pattern.lacking(*known):
            found.setdefault(field, []).append(run)
    return tuple(Lack(field, len(some), tuple(names[run] for run in some[:NAMED])) for field, some in found.items())


def _asked(
    connection: Connection, names: Mapping[int, str], pattern: Pattern
) -> Iterator[tuple[int, tuple[Texts, Texts]]]:
    """The runs in order, each with those params and tags that a pattern may ask for."""
    numbers = list(names)
    of_params = texts.by_name(connection, params, numbers) if "params" in pattern.sources else {}
    of_tags = texts.by_name(connection, tags, numbers) if "tags" in pattern.sources else {}
    return ((run, (of_params.get(run, {}), of_tags.get(run, {}))) for run in numbers)


def _names(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """The names of those of the runs that there are, in the order in which they are given."""
    query = select(runs.c.id, runs.c.name).where(dialect.among(runs.c.id, numbers))
    found = {run: name for run, name in connection.execute(query)}
    return {run: found[run] for run in numbers if run in found}


def _write(edit: Edit, transaction: Transaction, values: Values) -> Values:
    if isinstance(edit, TagEdit):
        number = ids_of_keys(transaction, [edit.key])[edit.key]
        texts.write(transaction, tags, [(run, number, value) for run, value in values.items()])
        stamped = update(runs).where(dialect.among(runs.c.id, values)).values(revision=transaction.revision)
        transaction.connection.execute(stamped)
    else:
        write_names(transaction, {run: name for run, name in values.items() if name is not None})
    return values
