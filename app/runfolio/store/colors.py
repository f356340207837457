"""The colours that were chosen for runs by hand; all others have theirs by their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy import delete, select

from runfolio.core import numbers
from runfolio.core.errors import InvalidValue
from runfolio.store import dialect
from runfolio.store.batches import execute_many
from runfolio.store.connection import Store, Transaction, note_looks
from runfolio.store.operations import Outcome, moved_on
from runfolio.store.schema import run_colors, runs

# Ten hues, and the same ten dashed.
COLORS = 20

Colors = Mapping[int, int | None]


def chosen_colors(store: Store) -> dict[int, int]:
    """The runs with a colour of their own: run -> its number in the palette."""
    with store.reading() as connection:
        query = select(run_colors.c.run_id, run_colors.c.color)
        return {run: color for run, color in connection.execute(query)}


def set_colors(store: Store, numbers: Sequence[int], color: int | None) -> Outcome:
    """Give runs a colour of the palette, or with None the one they have by their number. Raises InvalidValue."""
    if color is not None and not 0 <= color < COLORS:
        raise InvalidValue(f"There are {COLORS} colours, from 0 on; {color} is none of them.")
    return _put(store, dict.fromkeys(numbers, color))


def _put(store: Store, colors: Colors, expected: Colors | None = None) -> Outcome:
    with store.writing() as transaction:
        there = _there(transaction, colors)
        old = {run: color for run, color in there.items() if run in colors}
        if expected is not None and old != expected:
            raise moved_on("Some of the colours have been chosen anew since.")
        new = {run: colors[run] for run in old}
        gone = [run for run, color in new.items() if color is None]
        transaction.connection.execute(delete(run_colors).where(dialect.among(run_colors.c.run_id, gone)))
        rows = [{"run_id": run, "color": color} for run, color in new.items() if color is not None]
        execute_many(transaction, dialect.insert_or_update(run_colors), rows)
        note_looks(transaction)
    text = f"Coloured {numbers.counted(len(new), 'run')}"
    return Outcome(text, partial(_put, colors=old, expected=new))


def _there(transaction: Transaction, wanted: Colors) -> dict[int, int | None]:
    """The runs that there are, each with its colour or None."""
    query = select(runs.c.id, run_colors.c.color).outerjoin(run_colors, run_colors.c.run_id == runs.c.id)
    query = query.where(dialect.among(runs.c.id, wanted))
    return {run: color for run, color in transaction.connection.execute(query)}
