"""How far runs that go on are to go, as far as they have said so."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, Table, select

from runfolio.core.known_total import EPOCH_PARAMS, STEP_PARAMS, TOTAL_TAG, Total, known_total
from runfolio.core.states import RunStatus
from runfolio.store import dialect
from runfolio.store.connection import Store
from runfolio.store.schema import keys, params, runs, tags

Values = dict[int, dict[str, str]]


def known_totals(store: Store, numbers: Sequence[int]) -> dict[int, Total]:
    """The totals of those of the runs that are still running and have said one."""
    going = select(runs.c.id).where(dialect.among(runs.c.id, numbers), runs.c.status == str(RunStatus.RUNNING))
    with store.reading() as connection:
        running = connection.execute(going).scalars().all()
        of_params = _values(connection, params, running, (*STEP_PARAMS, *EPOCH_PARAMS))
        of_tags = _values(connection, tags, running, (TOTAL_TAG,))
    totals = {run: known_total(of_params.get(run, {}), of_tags.get(run, {})) for run in running}
    return {run: total for run, total in totals.items() if total is not None}


def _values(connection: Connection, table: Table, runs: Sequence[int], names: Collection[str]) -> Values:
    """The values of some params or tags: run -> name -> value."""
    query = select(table.c.run_id, keys.c.name, table.c.value).join(keys, keys.c.id == table.c.key_id)
    found: Values = {}
    for run, name, value in connection.execute(query.where(table.c.run_id.in_(runs), keys.c.name.in_(names))):
        found.setdefault(run, {})[name] = value
    return found
