"""The counts that triggers keep, from which a table knows its columns: always what counting the rows would give."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from runfolio.core.columns import Source
from runfolio.core.states import RunStatus
from runfolio.store import Store, dialect, open_store, schema
from runfolio.store.experiments import list_experiments
from runfolio.store.garbage import collect_garbage
from runfolio.store.moving import move_runs
from runfolio.store.operations import create_experiment, set_tag
from runfolio.store.run_order import first_runs, run_ids
from runfolio.store.run_query import RunQuery
from runfolio.store.table import columns
from runfolio.store.trash import delete_runs
from tests.store.script import Script
from tests.store.test_opening import store_of_format

Counts = dict[tuple[int, str, int], tuple[int, int]]


def kept(store: Store) -> Counts:
    """The counts as they are kept, without those of nothing."""
    table = schema.used_keys
    with store.reading() as connection:
        found = connection.execute(select(table).where((table.c.runs != 0) | (table.c.numbers != 0)))
        return {(row.experiment_id, row.table_name, row.key_id): (row.runs, row.numbers) for row in found}


def counted(store: Store) -> Counts:
    """The same from the rows themselves."""
    runs, found = schema.runs, {}
    with store.reading() as connection:
        for table in (schema.params, schema.tags, schema.series):
            number = func.count(table.c.number) if table is schema.params else func.count().filter(table.c.key_id < 0)
            query = select(runs.c.experiment_id, table.c.key_id, func.count(), number)
            query = query.join(runs, runs.c.id == table.c.run_id).where(runs.c.lifecycle_stage == "active")
            for experiment, key, count, numbers in connection.execute(
                query.group_by(runs.c.experiment_id, table.c.key_id)
            ):
                found[experiment, table.name, key] = count, numbers
    return found


def totals(store: Store) -> dict[str, tuple[int, int]]:
    """How many runs each experiment has, and how many of them are running."""
    return {one.name: (one.runs, one.running) for one in list_experiments(store)}


def test_counts_follow_all_that_happens_to_runs(store: Store) -> None:
    with Script(store) as script:
        first, second, third = (script.start(experiment=name, name=name) for name in ("a", "a", "b"))
        for run, rate in ((first, "0.1"), (second, "fast"), (third, "0.3")):
            script.params(run, {"lr": rate, "seed": "1"})
            script.tags(run, {"team": "x"})
            script.log(run, "loss", [1.0, 0.5])
        script.end(third)
        script.take()
        one, two, three = map(script.number, (first, second, third))
        assert kept(store) == counted(store) != {}
        assert totals(store) == {"a": (2, 2), "b": (1, 0)}
        elsewhere = create_experiment(store, "c").id
        undo = [
            delete_runs(store, [one]).inverse,
            move_runs(store, [two], elsewhere).inverse,
            set_tag(store, three, "team", None).inverse,
        ]
        assert kept(store) == counted(store)
        assert totals(store) == {"a": (0, 0), "b": (1, 0), "c": (1, 1)}
        for inverse in reversed(undo):
            assert inverse is not None
            inverse(store)
            assert kept(store) == counted(store)
        script.event("params", second, values={"lr": "0.2"}, overwrite=True)
        script.end(first, RunStatus.FAILED)
        script.end(second)
        script.take()
    assert kept(store) == counted(store)
    assert totals(store) == {"a": (2, 0), "b": (1, 0), "c": (0, 0)}
    assert [column.kind for column in columns(store) if column.key == "lr"] == ["number"]
    delete_runs(store, [one, two])
    assert collect_garbage(store).runs == 2
    assert kept(store) == counted(store)


def test_a_store_of_an_older_version_is_counted_when_it_is_opened(tmp_path: Path) -> None:
    folder = store_of_format(tmp_path / "store", "0005")
    engine = dialect.engine(folder / "runfolio.db")
    values = "{0}, 'id{0}', 7, 'run {0}', '{1}', {0}, NULL, {0}, '{2}', NULL, '', '', NULL, 1, NULL, NULL"
    with engine.begin() as connection:
        for number, status, stage in ((1, "RUNNING", "active"), (2, "FINISHED", "active"), (3, "FINISHED", "deleted")):
            connection.exec_driver_sql(f"INSERT INTO runs VALUES ({values.format(number, status, stage)})")
            connection.exec_driver_sql(f"INSERT OR IGNORE INTO keys VALUES ({number}, 'key {number}')")
            connection.exec_driver_sql(f"INSERT INTO params VALUES ({number}, {number}, '{number}', {number})")
            connection.exec_driver_sql(f"INSERT INTO tags VALUES ({number}, 1, 'x')")
    engine.dispose()
    store = open_store(folder)
    assert kept(store) == counted(store)
    assert totals(store) == {"old": (2, 1)}
    assert [column.key for column in columns(store) if column.source is Source.PARAM] == ["key 1", "key 2"]
    assert run_ids(store, RunQuery((7,))).tolist() == [2, 1]
    assert [found.tolist() for found in first_runs(store, RunQuery((7,)), 1)[:1]] == [[2]]
    store.close()
