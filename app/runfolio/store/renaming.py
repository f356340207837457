"""Names of runs in the tables: the column, and MLflow's tag beside it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, select, update

from runfolio.core.states import RUN_NAME
from runfolio.store import dialect, texts
from runfolio.store.batches import execute_many
from runfolio.store.connection import Transaction
from runfolio.store.key_ids import ids_of_keys
from runfolio.store.schema import runs, tags


def write_names(transaction: Transaction, names: Mapping[int, str]) -> None:
    """Give runs names, stamped as changed; MLflow's tag for the name, where a script has set it, says the same."""
    statement = update(runs).where(runs.c.id == bindparam("number")).values(name=bindparam("called"))
    stamped = statement.values(revision=transaction.revision)
    execute_many(transaction, stamped, [{"number": run, "called": name} for run, name in names.items()])
    number = ids_of_keys(transaction, [RUN_NAME])[RUN_NAME]
    query = select(tags.c.run_id).where(tags.c.key_id == number, dialect.among(tags.c.run_id, names))
    tagged = transaction.connection.execute(query).scalars().all()
    texts.write(transaction, tags, [(run, number, names[run]) for run in tagged])
