"""The colours that were chosen for runs by hand; all others have theirs by their numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, delete, select

from runfolio.core.errors import InvalidValue
from runfolio.store import dialect
from runfolio.store.batches import execute_many
from runfolio.store.connection import Store, Transaction, note_looks
from runfolio.store.exchange import Kind, exchange, some_of
from runfolio.store.operations import Outcome
from runfolio.store.schema import run_colors, runs
from runfolio.store.steps import TO_THE_END, Steps

# Ten hues, and the same ten dashed.
COLORS = 20

Colors = Mapping[int, int | None]


def chosen_colors(store: Store) -> dict[int, int]:
    """The runs with a colour of their own: run -> its number in the palette."""
    with store.reading() as connection:
        query = select(run_colors.c.run_id, run_colors.c.color)
        return {run: color for run, color in connection.execute(query)}


def set_colors(store: Store, numbers: Sequence[int], color: int | None, steps: Steps = TO_THE_END) -> Outcome:
    """Give runs a colour of the palette, or with None the one they have by their number. Raises InvalidValue."""
    if color is not None and not 0 <= color < COLORS:
        raise InvalidValue(f"There are {COLORS} colours, from 0 on; {color} is none of them.")
    with store.reading() as connection:
        old = _there(connection, numbers)
    return _put(store, steps, old, dict.fromkeys(old, color))


def _put(store: Store, steps: Steps, old: Colors, new: Colors) -> Outcome:
    return exchange(store, steps, Kind(_there, _write, _told, _put), old, new)


def _told(done: Colors, asked: Collection[int]) -> str:
    return f"Coloured {some_of(len(done), len(asked))}"


def _write(transaction: Transaction, new: Colors) -> Colors:
    gone = [run for run, color in new.items() if color is None]
    transaction.connection.execute(delete(run_colors).where(dialect.among(run_colors.c.run_id, gone)))
    rows = [{"run_id": run, "color": color} for run, color in new.items() if color is not None]
    execute_many(transaction, dialect.insert_or_update(run_colors), rows)
    note_looks(transaction)
    return new


def _there(connection: Connection, wanted: Collection[int]) -> dict[int, int | None]:
    """The runs that there are, each with its colour or None."""
    query = select(runs.c.id, run_colors.c.color).outerjoin(run_colors, run_colors.c.run_id == runs.c.id)
    query = query.where(dialect.among(runs.c.id, wanted))
    return {run: color for run, color in connection.execute(query)}
