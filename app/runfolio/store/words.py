"""Words that are searched for: the runs in whose names, tags or params one occurs, and what a text is searched as."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    true,
    type_coerce,
    union_all,
)

from runfolio.store import dialect, texts
from runfolio.store.gather import Numbers, as_texts, read_texts
from runfolio.store.schema import keys, long_values, params, runs, tags

Test: TypeAlias = Callable[[ColumnElement[str]], ColumnElement[bool]]

# Of a key with as many different values or more, all rows are looked at.
FEW_VALUES = 100


def mentioned(connection: Connection, word: str) -> Numbers:
    """The runs in whose names, tags or params a word occurs, whatever its case, some of them more than once."""
    # A word with letters is in none of the numbers, which are most of the params.
    as_number = not any(one.isascii() and one.isalpha() and one not in "eE" for one in word)
    statement = _mentioning(word.isascii(), as_number, texts.ELLIPSIS in word)
    (found,) = read_texts(connection, statement, word=word.lower())
    return found


def contains(text: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """That a word occurs in a text, whatever its case."""
    return dialect.occurs(word.lower(), lowered(text, word.isascii()))


def lowered(text: ColumnElement[str], ascii: bool) -> ColumnElement[str]:
    """A text in lower case, to compare with the lower case of another one, which may be of ASCII alone."""
    return (func.lower if ascii else dialect.lower_of_any_script)(text)


def whole(table: Table) -> ColumnElement[str]:
    """The value in a row of params or tags; a long one is beside its table, which holds the beginning."""
    value = table.c.value
    beside = (long_values.c.table_name == table.name, long_values.c.owner_id == texts.owner_of(table))
    long = select(long_values.c.value).where(*beside, long_values.c.key_id == table.c.key_id).scalar_subquery()
    may_be_long = func.length(value) == texts.SHOWN + 1
    return type_coerce(case((may_be_long, func.coalesce(long, value)), else_=value), String())


@cache
def _mentioning(ascii: bool, as_number: bool, cut: bool) -> Select[Any]:
    """Made once for words of a kind, for there may be many; `word` is given with each use."""

    def holds(text: ColumnElement[str]) -> ColumnElement[bool]:
        return dialect.occurs(bindparam("word", type_=String()), lowered(text, ascii))

    long = select(long_values.c.owner_id).where(long_values.c.table_name.in_([tags.name, params.name]))
    found = [
        select(runs.c.id).where(holds(runs.c.name)),
        *_in_rows(tags, "tags_by_value", holds, cut, False),
        *_in_rows(params, "params_by_value", holds, cut, as_number),
        long.where(holds(long_values.c.value)),
    ]
    return as_texts(union_all(*found))


def _in_rows(table: Table, index: str, holds: Test, cut: bool, as_number: bool) -> list[Select[Any]]:
    """The runs in whose params or tags a word occurs: of a key with few different values, each is looked at once."""
    found = select(table.c.run_id)
    if cut:
        # What is cut off of a long value is found beside it; only its ellipsis is not the user's.
        return [found.where(holds(whole(table)))]
    if as_number:
        return [found.where(holds(table.c.value))]
    different = _different(table)
    alike = different.c.key_id == table.c.key_id, different.c.value == table.c.value
    all_known = select(different.c.key_id).where(different.c.value.is_(None))
    others = table.c.key_id.in_(select(keys.c.id).where(keys.c.id.not_in(all_known)))
    of_one = holds(func.coalesce(different.c.value, ""))  # no function is given the NULL at the end
    of_few = found.join(different, and_(*alike)).where(_is_text(table), of_one)
    of_many = found.where(others, _is_text(table), holds(table.c.value))
    return [dialect.by_index(one, table, index) for one in (of_few, of_many)]


@cache
def _different(table: Table) -> CTE:
    """The first different texts of each key in order, then NULL if these are all of them."""

    def next_of(key: ColumnElement[int], *after: ColumnElement[bool]) -> ScalarSelect[Any]:
        own = select(table.c.value).where(table.c.key_id == key, _is_text(table), *after)
        return own.order_by(table.c.value).limit(1).scalar_subquery()

    first = select(keys.c.id.label("key_id"), next_of(keys.c.id).label("value"), literal(1).label("place"))
    known = first.cte(f"different_{table.name}", recursive=True)
    following = next_of(known.c.key_id, table.c.value > known.c.value)
    more = known.c.value.is_not(None), known.c.place < FEW_VALUES
    return known.union_all(select(known.c.key_id, following, known.c.place + 1).where(*more))


def _is_text(table: Table) -> ColumnElement[bool]:
    return table.c.number.is_(None) if table is params else true()
