"""From the journal into the tables: every record exactly once, whatever happens in between."""

from __future__ import annotations

import json
import math
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from runfolio.core.model_history import HISTORY
from runfolio.core.states import RunStatus
from runfolio.journal.layout import EVENTS, SLOT_SIZE, segment_name
from runfolio.journal.read import PATIENCE, JournalReader
from runfolio.store import Store, experiments, ingest, open_store, runs, schema, series
from runfolio.store.artifacts import list_artifacts
from runfolio.store.ingest import Ingest, open_ingest
from runfolio.store.recover import recover
from tests.journal.samples import set_slot, spoil
from tests.store.script import START, Script, new_store, same_bits

REFUSALS = ("chunks", "series", "journals", "runs", "params")


def values_of(store: Store, run: int, key: str = "loss") -> list[float]:
    return [float(value) for value in series.points(store, run, key).values]


def test_what_others_have_told_is_taken_in_where_they_do_so_at_the_same_moment(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Script(store) as script:
        run = script.start()
        script.take()

        script.event("artifact", run, path="a", size=1)
        first = script.ingest.reader.read()
        script.event("artifact", run, path="b", size=1)

        def overtaken(found: Store, path: Path) -> Ingest:
            opened = open_ingest(found, path)
            with monkeypatch.context() as patched:
                patched.setattr(JournalReader, "read", lambda *_args, **_options: first)
                script.ingest.run()
            return opened

        monkeypatch.setattr(ingest, "open_ingest", overtaken)
        ingest.take_in(store)
        assert [one.path for one in list_artifacts(store, script.number(run))] == ["a", "b"]


def rows_in(store: Store, table: str) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(schema.metadata.tables[table])).scalar_one())


def test_a_whole_run(store: Store) -> None:
    with Script(store) as script:
        parent = script.start(experiment="vision/resnet", name="parent")
        child = script.start(experiment="vision/resnet", name="child", parent=parent)
        script.params(child, {"lr": "0.1", "optimizer": "adam"})
        script.tags(child, {"note": "hello", "gone": "x"})
        script.tags(child, {"note": "bye", "gone": None})
        script.log(child, "loss", [3.0, 1.0, 2.0])
        script.end(child)
        script.take()
        run = runs.get_run(store, script.number(child))
        assert run.parent == script.number(parent)
    assert (run.run_id, run.name, run.status) == (child, "child", RunStatus.FINISHED)
    assert (run.experiment_name, run.user) == ("vision/resnet", "me")
    assert run.params == {"lr": "0.1", "optimizer": "adam"}
    assert run.tags == {"note": "bye"}
    loss = run.metrics["loss"]
    assert (loss.count, loss.first, loss.last, loss.last_step) == (3, 3.0, 2.0, 2)
    assert (loss.minimum, loss.minimum_step, loss.maximum, loss.mean) == (1.0, 1, 3.0, 2.0)
    assert run.start_time == START + 2000
    assert run.end_time == run.last_seen == script.now


def model(place: str, second: int, **more: object) -> dict[str, object]:
    return {"artifact_path": place, "utc_time_created": f"2026-01-01 00:00:{second:02}.5", **more}


@pytest.mark.parametrize("first", [0, 1])
def test_models_that_several_scripts_log_to_a_run_are_all_in_its_tag(store: Store, first: int) -> None:
    """Whichever journal comes first."""
    with Script(store) as one, Script(store) as other:
        run = one.start()
        one.tags(run, {HISTORY: json.dumps([model("old", 0), model("again", 1, by="nobody")])})
        one.take()
        one.event("model", run, entry=model("a", 2))
        one.event("model", run, entry=model("both", 6, by="one"))
        other.go_on(one, run)
        other.event("model", run, entry=model("both", 4, by="other"))
        other.event("model", run, entry=model("b", 3))
        other.event("model", run, entry=model("again", 5, by="other"))
        for script in (one, other) if first == 0 else (other, one):
            script.take()
        number = one.number(run)
        found = json.loads(runs.get_run(store, number).tags[HISTORY])
    told = [(entry["artifact_path"], entry.get("by")) for entry in found]
    assert told == [("old", None), ("a", None), ("b", None), ("again", "other"), ("both", "one")]


def test_models_and_what_is_said_of_their_tag_are_taken_in_turn(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        script.event("model", run, entry=model("a", 1))
        script.tags(run, {HISTORY: None, "note": "x"})
        script.event("model", run, entry=model("b", 2))
        script.event("model", "nobody", entry=model("c", 3))
        script.take()
        tags = runs.get_run(store, script.number(run)).tags
        assert json.loads(tags[HISTORY]) == [model("b", 2)] and tags["note"] == "x"
        script.tags(run, {HISTORY: "no list"})
        script.event("model", run, entry=model("d", 4))
        script.event("model", run, entry="no model")
        script.take()
        assert json.loads(runs.get_run(store, script.number(run)).tags[HISTORY]) == [model("d", 4)]
        assert script.ingest.damaged == 1


def test_a_tag_with_many_models_is_kept_whole(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        for number in range(20):
            script.event("model", run, entry=model(f"m{number}", number, text="x" * 1000))
            script.take()
        found = json.loads(runs.get_run(store, script.number(run)).tags[HISTORY])
    assert [one["artifact_path"] for one in found] == [f"m{number}" for number in range(20)]


def test_a_journal_that_an_older_version_has_left_is_taken_in_whole(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        number = script.writer.next_series()
        script.writer.event({"type": "series", "id": number, "run": run, "key": "loss"})
        script.writer.point(number, 1, START, 0.5)
        script.take()
        assert values_of(store, script.number(run)) == [0.5]


def test_nothing_new_changes_nothing(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        script.log(run, "loss", [1.0])
        script.take()
        counts = {table: rows_in(store, table) for table in schema.metadata.tables}
        for _ in range(5):
            assert not script.ingest.run()
            assert not open_ingest(store, script.writer.path).run()
        assert {table: rows_in(store, table) for table in schema.metadata.tables} == counts
        assert values_of(store, script.number(run)) == [1.0]


def test_params_keep_their_first_value_and_tags_their_last_over_many_passes(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        for value in ("0.1", "0.2", "0.3"):
            script.params(run, {"lr": value})
            script.tags(run, {"stage": value})
            script.take()
        found = runs.get_run(store, script.number(run))
        assert (found.params, found.tags) == ({"lr": "0.1"}, {"stage": "0.3"})
        script.tags(run, {"stage": None})
        script.tags(run, {"never": None})
        script.take()
        assert runs.get_run(store, script.number(run)).tags == {}
        script.tags(run, {"stage": None})
        script.tags(run, {"stage": "back"})
        script.take()
        assert runs.get_run(store, script.number(run)).tags == {"stage": "back"}


def test_non_finite_values_are_kept(store: Store) -> None:
    logged = [1.0, math.nan, math.inf, -math.inf, -0.0, 2.0]
    with Script(store) as script:
        run = script.start()
        script.log(run, "loss", logged)
        script.log(run, "only nan", [math.nan])
        script.take()
        number = script.number(run)
    assert same_bits(series.points(store, number, "loss").values, np.array(logged))
    metrics = runs.get_run(store, number).metrics
    assert (metrics["loss"].non_finite, metrics["loss"].mean) == (3, 1.0)
    assert math.isnan(metrics["only nan"].last)
    assert metrics["only nan"].minimum is metrics["only nan"].mean is None


def test_two_journals_in_one_series(store: Store) -> None:
    with Script(store) as one, Script(store) as two:
        run = one.start(run_id="shared")
        one.log(run, "loss", [0.0, 1.0], [0, 1])
        one.take()
        two.start(run_id=run, name="ignored")
        two.log(run, "loss", [2.0, 3.0], [2, 3])
        two.take()
        one.log(run, "loss", [4.0], [4])
        one.take()
        number = one.number(run)
    assert values_of(store, number) == [0.0, 1.0, 2.0, 3.0, 4.0]
    found = runs.get_run(store, number)
    assert (found.name, found.metrics["loss"].count, found.metrics["loss"].last_step) == ("a run", 5, 4)


def test_a_journal_may_have_two_numbers_for_one_series(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        script.log(run, "loss", [0.0, 1.0])
        script.log(run, "loss", [2.0, 3.0], [2, 3], anew=True)
        script.take()
        script.log(run, "loss", [4.0], [4], anew=True)
        script.take()
        number = script.number(run)
    assert values_of(store, number) == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert runs.get_run(store, number).metrics["loss"].count == 5


def test_a_run_that_ends_and_goes_on_in_one_pass_is_running(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        script.end(run)
        script.start(run_id=run)
        script.take()
        assert runs.get_run(store, script.number(run)).status is RunStatus.RUNNING
        script.end(run, RunStatus.FAILED)
        script.start(run_id=run)
        script.end(run, RunStatus.FINISHED)
        script.take()
        assert runs.get_run(store, script.number(run)).status is RunStatus.FINISHED


def test_a_hole_in_the_points_is_passed_over_once_and_for_all(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        script.log(run, "loss", [0.0, 1.0, 2.0])
        set_slot(script.writer.path, 1, bytes(SLOT_SIZE))
        for _ in range(PATIENCE + 3):
            script.take()
        number = script.number(run)
        assert values_of(store, number) == [0.0, 2.0]
        script.log(run, "loss", [3.0], [3])
        script.take()
        assert values_of(store, number) == [0.0, 2.0, 3.0]


def test_a_damaged_event_of_a_living_script_is_passed_over_and_counted_once(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        script.take()
        before = (script.writer.path / EVENTS).stat().st_size
        script.params(run, {"lost": "1"})
        spoil(script.writer.path / EVENTS, before + 20, 1)
        revision = rows_in(store, "journals"), script.ingest.damaged
        for _ in range(3):
            assert not script.ingest.run()
        assert (rows_in(store, "journals"), script.ingest.damaged) == revision
        script.params(run, {"kept": "2"})
        script.take()
        assert runs.get_run(store, script.number(run)).params == {"kept": "2"}
        assert script.ingest.damaged == 1
        assert open_ingest(store, script.writer.path).damaged == 1


@pytest.mark.parametrize("table", REFUSALS)
def test_a_pass_that_fails_anywhere_has_not_taken_place(store: Store, table: str) -> None:
    with Script(store) as script:
        run = script.start()
        script.log(run, "loss", [1.0])
        script.take()
        script.params(run, {"lr": "1"})
        script.tags(run, {"a": "b"})
        script.log(run, "loss", [2.0], [1])
        script.log(run, "other", [2.0])
        script.end(run)
        number = script.number(run)
        before = runs.get_run(store, number)
        refuse(store, table)
        for _ in range(2):
            with pytest.raises(Exception, match="refused by the test"):
                script.take()
            assert runs.get_run(store, number) == before
        refuse(store, table, stop=True)
        script.take()
        after = runs.get_run(store, number)
    assert values_of(store, number) == [1.0, 2.0]
    assert (after.status, after.params, after.tags) == (RunStatus.FINISHED, {"lr": "1"}, {"a": "b"})
    assert after.metrics["other"].count == 1


@pytest.mark.parametrize("child_first", [True, False])
def test_a_forked_process_logs_to_its_parents_run(store: Store, child_first: bool) -> None:
    with Script(store) as parent, Script(store) as child:
        run = parent.start()
        parent.log(run, "of parent", [1.0])
        child.go_on(parent, run)
        child.log(run, "of child", [2.0, 3.0])
        child.params(run, {"lr": "1"})
        parent.end(run)
        for script in (child, parent) if child_first else (parent, child):
            script.take()
        found = runs.get_run(store, parent.number(run))
    assert {key: metric.count for key, metric in found.metrics.items()} == {"of parent": 1, "of child": 2}
    assert (found.status, found.params) == (RunStatus.FINISHED, {"lr": "1"})


def test_the_end_of_a_forked_process_is_not_its_parents(store: Store) -> None:
    with Script(store) as parent:
        run = parent.start()
        with Script(store) as child:
            child.go_on(parent, run)
            child.take()
        recover(store)
        assert runs.get_run(store, child.number(run)).status is RunStatus.RUNNING
        parent.die()
        recover(store)
        assert runs.get_run(store, child.number(run)).status is RunStatus.KILLED


def refuse(store: Store, table: str, *, stop: bool = False) -> None:
    """Make the database itself refuse changes to a table."""
    with store.writing() as transaction:
        for verb in ("INSERT", "UPDATE"):
            name = f"refuse_{verb}_{table}"
            refusal = f"AFTER {verb} ON {table} BEGIN SELECT RAISE(FAIL, 'refused by the test'); END"
            statement = f"DROP TRIGGER {name}" if stop else f"CREATE TRIGGER {name} {refusal}"
            transaction.connection.exec_driver_sql(statement)


INGESTER = """
import sys
from pathlib import Path
from runfolio.store import open_store
from runfolio.store.ingest import open_ingest
store = open_store(sys.argv[1])
ingest = open_ingest(store, Path(sys.argv[2]))
read = ingest.reader.read
ingest.reader.read = lambda **options: read(segments=1, **options)
while True:
    print("pass", flush=True)
    ingest.run()
"""


@pytest.mark.faults
def test_an_ingester_that_is_killed_leaves_nothing_half_done(store: Store) -> None:
    count = 5000
    with Script(store) as script:
        run = script.start()
        for round_ in range(3):
            steps = range(count * round_, count * (round_ + 1))
            script.log(run, "loss", steps, steps)
            command = [sys.executable, "-c", INGESTER, str(store.path), str(script.writer.path)]
            process = subprocess.Popen(command, stdout=subprocess.PIPE)
            assert process.stdout is not None
            for _ in range(round_ % 3 + 1):
                assert process.stdout.readline() == b"pass\n"
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=30)
        open_ingest(store, script.writer.path).run()
        number = script.number(run)
    assert values_of(store, number) == list(range(3 * count))
    assert runs.get_run(store, number).metrics["loss"].count == 3 * count


def test_two_ingesters_race_on_one_journal(store: Store) -> None:
    other_store = open_store(store.path)
    errors: list[Exception] = []
    done = threading.Event()

    def ingest(of: Store, path: Path) -> None:
        own = open_ingest(of, path)
        try:
            while not done.is_set():
                own.run()
            own.run()
        except Exception as error:
            errors.append(error)

    with Script(store) as script:
        run = script.start()
        paths = [store, other_store, store]
        threads = [threading.Thread(target=ingest, args=(of, script.writer.path)) for of in paths]
        for thread in threads:
            thread.start()
        for number in range(400):
            script.log(run, f"metric {number % 3}", range(number, number + 5), range(number, number + 5))
            script.params(run, {f"p{number}": str(number)})
        done.set()
        for thread in threads:
            thread.join()
        script.take()
        found = runs.get_run(store, script.number(run))
    other_store.close()
    assert not errors
    assert sum(metric.count for metric in found.metrics.values()) == 2000
    assert found.params == {f"p{number}": str(number) for number in range(400)}
    for key in range(3):
        expected = [float(v) for n in range(key, 400, 3) for v in range(n, n + 5)]
        assert sorted(values_of(store, found.id, f"metric {key}")) == sorted(expected)


@settings(max_examples=20)
@given(st.lists(st.integers(1, 800), min_size=1, max_size=60), st.booleans())
def test_many_small_passes_keep_every_point_in_order_in_few_chunks(sizes: list[int], ends: bool) -> None:
    with new_store() as store, Script(store) as script:
        run = script.start()
        at = 0
        for size in sizes:
            script.log(run, "loss", range(at, at + size), range(at, at + size))
            script.take()
            at += size
        if ends:
            script.end(run)
            script.take()
        number = script.number(run)
        assert values_of(store, number) == list(range(at))
        assert runs.get_run(store, number).metrics["loss"].count == at
        full = at // 4096 + 1
        assert rows_in(store, "chunks") <= (full if ends else full + 32)


def test_a_run_that_ends_is_compacted(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        for at in range(100):
            script.log(run, "loss", [at, math.nan], [2 * at, 2 * at + 1])
            script.take()
        assert rows_in(store, "chunks") < 40
        script.end(run)
        script.take()
        assert rows_in(store, "chunks") == 1
        assert len(series.points(store, script.number(run), "loss")) == 200


def test_out_of_order_steps_are_read_in_order_and_equal_ones_as_logged(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        script.log(run, "loss", [5.0, 1.0, 3.0], [5, 1, 3])
        script.take()
        script.log(run, "loss", [2.0, 3.5, 0.0], [2, 3, 0])
        script.take()
        script.end(run)
        script.take()
        points = series.points(store, script.number(run), "loss")
    assert points.steps.tolist() == [0, 1, 2, 3, 3, 5]
    assert points.values.tolist() == [0.0, 1.0, 2.0, 3.0, 3.5, 5.0]
    assert (np.diff(points.times[[3, 4]]) > 0).all()


def test_extreme_steps_and_times(store: Store) -> None:
    steps = [-(2**63), -1, 0, 2**63 - 1]
    with Script(store) as script:
        run = script.start()
        script.log(run, "loss", [1.0, 2.0, 3.0, 4.0], steps)
        script.take()
        found = runs.get_run(store, script.number(run)).metrics["loss"]
        assert series.points(store, found_number(store, run), "loss").steps.tolist() == steps
    assert (found.first_step, found.last_step) == (-(2**63), 2**63 - 1)


def found_number(store: Store, run: str) -> int:
    number = runs.find_run(store, run)
    assert number is not None
    return number


def test_a_hundred_metrics_and_a_thousand_runs_in_one_pass(store: Store) -> None:
    with Script(store) as script:
        ids = [script.start(experiment=f"e{n % 7}", name=f"n{n}") for n in range(1000)]
        for number in range(100):
            script.log(ids[0], f"m{number}", [number])
        for run in ids:
            script.log(run, "loss", [1.0])
        script.take()
        assert len(runs.get_run(store, script.number(ids[0])).metrics) == 101
    assert sum(experiment.runs for experiment in experiments.list_experiments(store)) == 1000
    assert len(experiments.list_experiments(store)) == 7


def test_a_script_that_ends_well_leaves_no_journal(store: Store) -> None:
    script = Script(store)
    run = script.start()
    script.log(run, "loss", [1.0, 2.0, 3.0])
    script.end(run)
    # A call that was interrupted between taking its slot and filling it, just before the end.
    set_slot(script.writer.path, 1, bytes(SLOT_SIZE))
    script.finish()
    assert not script.writer.path.exists()
    assert values_of(store, script.number(run)) == [1.0, 3.0]
    assert recover(store) == 0


def test_a_script_that_ends_well_with_a_damaged_journal_leaves_it_aside(store: Store) -> None:
    script = Script(store)
    run = script.start()
    script.log(run, "loss", [1.0, 2.0, 3.0])
    spoil(script.writer.path / segment_name(0), SLOT_SIZE + 5, 1)
    script.end(run)
    script.finish()
    assert [path.name for path in (store.path / "journal").iterdir()] == [f"{script.writer.path.name}.damaged"]
    assert values_of(store, script.number(run)) == [1.0, 3.0]
