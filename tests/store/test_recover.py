"""Journals whose writer is gone: their runs get a true end, all their points, and the files are removed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest
from sqlalchemy import select

from runfolio.core.clock import now_ms
from runfolio.core.errors import StoreBusy
from runfolio.core.states import RunStatus
from runfolio.journal.layout import EVENTS, LOCK, SLOT_SIZE, segment_name
from runfolio.journal.read import abandoned
from runfolio.store import Store, dialect, open_store, runs, schema, series
from runfolio.store.garbage import collect_garbage
from runfolio.store.ingest import Ingest, open_ingest
from runfolio.store.recover import recover, recover_journal, release
from runfolio.store.trash import delete_runs
from tests.journal.samples import set_slot, spoil
from tests.store.script import Script


def journal_folder(store: Store) -> list[str]:
    return sorted(path.name for path in (store.path / "journal").iterdir())


def journal_rows(store: Store) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(select(schema.journals.c.id)).scalars())


def a_dead_script(store: Store, *, count: int = 10, taken: int = 0, run_id: str = "") -> Script:
    """A script that died in its first run; some of its points are in the tables already."""
    script = Script(store)
    run = script.start(run_id=run_id)
    script.log(run, "loss", range(taken), range(taken))
    script.take()
    script.log(run, "loss", range(taken, count), range(taken, count))
    script.die()
    return script


@pytest.mark.parametrize("taken", [0, 4, 10])
def test_the_run_of_a_dead_writer_is_killed_when_it_was_last_seen(store: Store, taken: int) -> None:
    script = a_dead_script(store, taken=taken, run_id="r")
    assert recover(store) == 1
    run = runs.get_run(store, script.number("r"))
    assert run.status is RunStatus.KILLED
    assert run.end_time == run.last_seen == script.now
    assert series.points(store, run.id, "loss").values.tolist() == list(range(10))
    assert run.metrics["loss"].count == 10
    assert journal_folder(store) == []
    assert recover(store) == 0


def test_runs_that_had_ended_keep_their_status(store: Store) -> None:
    script = Script(store)
    ends = {script.start(): status for status in (RunStatus.FINISHED, RunStatus.FAILED, RunStatus.KILLED)}
    for run, status in ends.items():
        script.end(run, status)
        ended = script.now
        script.log(run, "late", [1.0])
    script.die()
    recover(store)
    for run, status in ends.items():
        assert runs.get_run(store, script.number(run)).status is status
    assert runs.get_run(store, script.number(run)).end_time == ended


def test_a_run_that_goes_on_elsewhere_is_left_alone(store: Store) -> None:
    a_dead_script(store, run_id="r", taken=10)
    with Script(store) as script:
        script.start(run_id="r")
        script.take()
        assert recover(store) == 1
        assert runs.get_run(store, script.number("r")).status is RunStatus.RUNNING


def test_a_living_writer_is_left_alone(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        script.take()
        assert recover(store) == 0
        assert runs.get_run(store, script.number(run)).status is RunStatus.RUNNING
        assert journal_folder(store) == [script.writer.path.name]


def test_positions_of_journals_that_are_gone_are_forgotten(store: Store) -> None:
    with Script(store) as living:
        a_dead_script(store)
        a_dead_script(store)
        assert recover(store) == 2
        assert journal_rows(store) == [living.writer.path.name]


def test_a_journal_that_never_came_to_an_event(store: Store) -> None:
    script = Script(store)
    script.die()
    (script.writer.path / EVENTS).write_bytes(b"")
    assert recover(store) == 1
    assert journal_folder(store) == []


def test_holes_and_a_torn_event_are_no_damage(store: Store) -> None:
    script = a_dead_script(store, run_id="r")
    set_slot(script.writer.path, 3, bytes(SLOT_SIZE))
    with (script.writer.path / EVENTS).open("ab") as file:
        file.write(b"\x20\x00\x00")
    recover(store)
    assert series.points(store, script.number("r"), "loss").values.tolist() == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    assert journal_folder(store) == []


@pytest.mark.parametrize("part", ["points", "last event", "middle event", "series event"])
def test_a_damaged_journal_is_kept_aside_after_all_that_is_whole_was_taken(store: Store, part: str) -> None:
    script = Script(store)
    run = script.start(run_id="r")
    script.log(run, "loss", [1.0, 2.0, 3.0])
    script.params(run, {"first": "1"})
    script.params(run, {"second": "2"})
    script.die()
    events = script.writer.path / EVENTS
    if part == "points":
        spoil(script.writer.path / segment_name(0), SLOT_SIZE + 8, 1)
    else:
        word = {"last event": b'"second"', "middle event": b'"first"', "series event": b'"loss"'}[part]
        spoil(events, events.read_bytes().index(word) + 2, 1)
    assert recover(store) == 1
    found = runs.get_run(store, script.number("r"))
    assert found.status is RunStatus.KILLED
    assert (
        found.params
        == {
            "points": {"first": "1", "second": "2"},
            "last event": {"first": "1"},
            "middle event": {"second": "2"},
            "series event": {"first": "1", "second": "2"},
        }[part]
    )
    expected = {"points": [1.0, 3.0], "series event": []}.get(part, [1.0, 2.0, 3.0])
    assert series.points(store, found.id, "loss").values.tolist() == expected
    assert journal_folder(store) == [f"{script.writer.path.name}.damaged"]
    assert recover(store) == 0
    assert series.points(store, found.id, "loss").values.tolist() == expected


def test_damage_that_was_met_before_a_crash_is_remembered(store: Store) -> None:
    script = a_dead_script(store)
    spoil(script.writer.path / segment_name(0), 5, 1)
    first = open_ingest(store, script.writer.path)
    while first.run(dead=True):
        pass
    assert first.damaged == 1
    recover(store)
    assert journal_folder(store) == [f"{script.writer.path.name}.damaged"]


def test_what_a_crash_during_recovery_left_is_done_by_the_next(store: Store) -> None:
    script = a_dead_script(store, run_id="r")
    open_ingest(store, script.writer.path).finish()
    assert runs.get_run(store, script.number("r")).status is RunStatus.RUNNING
    assert recover(store) == 1
    assert runs.get_run(store, script.number("r")).status is RunStatus.KILLED
    assert len(series.points(store, script.number("r"), "loss")) == 10


def test_what_a_kill_in_the_middle_of_a_removal_left_goes_with_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_dead_script(store)
    with monkeypatch.context() as patched:
        patched.setattr("shutil.rmtree", lambda *_, **__: None)
        recover(store)
    (left,) = journal_folder(store)
    (store.path / "journal" / "just begun").mkdir()
    recover(store)
    assert journal_folder(store) == ["just begun"] and left not in journal_rows(store)


def test_a_journal_disposed_of_by_two(store: Store) -> None:
    script = a_dead_script(store)
    first, second = (open_ingest(store, script.writer.path) for _ in range(2))
    release(first)
    release(second)
    assert journal_folder(store) == []


def test_a_store_that_cannot_be_written_now_is_recovered_later(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialect, "BUSY_TIMEOUT_MS", 50)
    impatient = open_store(store.path)
    script = a_dead_script(store, run_id="r", taken=2)
    with store.writing(), pytest.raises(StoreBusy):
        recover(impatient)
    assert journal_folder(store) == [script.writer.path.name]
    assert recover(impatient) == 1
    assert len(series.points(store, script.number("r"), "loss")) == 10
    impatient.close()


def test_a_store_opened_for_reading_is_not_recovered(store: Store) -> None:
    script = a_dead_script(store)
    reader = open_store(store.path, read_only=True)
    assert recover(reader) == 0
    assert journal_folder(store) == [script.writer.path.name]
    reader.close()


def test_many_threads_recover_at_once(store: Store) -> None:
    scripts = [a_dead_script(store, run_id=f"r{number}", count=20) for number in range(12)]
    stores = [open_store(store.path) for _ in range(3)]
    start = threading.Barrier(len(stores))
    taken: list[int] = []
    errors: list[Exception] = []

    def work(own: Store) -> None:
        start.wait()
        try:
            taken.append(recover(own))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(own,)) for own in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for own in stores:
        own.close()
    assert not errors
    assert sum(taken) == 12
    assert_recovered(store, scripts)


RECOVERER = """
import sys
from runfolio.store import open_store
from runfolio.store.recover import recover
store = open_store(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(recover(store), flush=True)
store.close()
"""


@pytest.mark.faults
def test_two_processes_recover_at_once(store: Store) -> None:
    scripts = [a_dead_script(store, run_id=f"r{number}", count=20) for number in range(12)]
    command = [sys.executable, "-c", RECOVERER, str(store.path)]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    reports = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert sum(int(report) for report in reports) == 12
    assert_recovered(store, scripts)


@pytest.mark.faults
def test_a_recovery_that_is_killed_is_finished_by_the_next(store: Store) -> None:
    scripts = [a_dead_script(store, run_id=f"r{number}", count=20) for number in range(6)]
    command = [sys.executable, "-c", RECOVERER, str(store.path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    process.stdout.readline()
    process.stdin.write("go\n")
    process.stdin.flush()
    while len(journal_folder(store)) == 6:
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    recover(store)
    for folder in journal_folder(store):
        # It died between removing the events of a journal, which is its end, and the rest of its files.
        assert not (store.path / "journal" / folder / EVENTS).exists()
    for script in scripts:
        run = runs.get_run(store, script.number(f"r{scripts.index(script)}"))
        assert (run.status, run.metrics["loss"].count) == (RunStatus.KILLED, 20)


def assert_recovered(store: Store, scripts: list[Script]) -> None:
    assert journal_folder(store) == []
    for number, script in enumerate(scripts):
        run = runs.get_run(store, script.number(f"r{number}"))
        assert run.status is RunStatus.KILLED
        assert series.points(store, run.id, "loss").values.tolist() == list(range(20))


def test_a_journal_without_its_folder_is_not_taken(store: Store) -> None:
    assert abandoned(store.path / "journal" / "gone") is None
    script = a_dead_script(store)
    lock = abandoned(script.writer.path)
    assert lock is not None
    recover_journal(store, script.writer.path)
    assert abandoned(script.writer.path) is None
    os.close(lock)
    assert not (script.writer.path / LOCK).exists()


UNSOUND = [
    {"type": "run", "run": "x", "name": ["a"], "time": 1, "journal": "j", "experiment": "Default"},
    {"type": "run", "run": "x", "name": "a", "time": 1, "journal": "j"},
    {"type": "run", "run": "x", "time": 1},
    {"type": "params", "run": "r", "values": {"lr": None}, "time": 1},
    {"type": "params", "run": "r", "values": {"caf\udce9": "1"}, "time": 1},
    {"type": "tags", "run": "r", "values": "lr", "time": 1},
    {"type": "end", "run": "r", "status": "DONE", "time": 1},
    {"type": "artifact", "run": "r", "path": "a", "size": 2**70, "time": 1},
    {"type": "of another world"},
    {},
]


@pytest.mark.parametrize("event", UNSOUND, ids=ascii)
def test_an_event_without_sense_keeps_nothing_else_out(store: Store, event: dict[str, object]) -> None:
    with Script(store) as script:
        run = script.start(run_id="r")
        script.writer.event(event)
        script.log(run, "loss", [1.0, 2.0])
        script.end(run)
    assert recover(store) == 1
    found = runs.get_run(store, script.number("r"))
    assert (found.status, found.metrics["loss"].count) == (RunStatus.FINISHED, 2)
    assert journal_folder(store) == [f"{script.writer.path.name}.damaged"]


def test_a_run_of_an_experiment_that_is_gone(store: Store) -> None:
    with Script(store) as script:
        journal = script.writer.path.name
        script.event("run", "r", name="a", journal=journal, experiment_id=77)
    recover(store)
    assert runs.get_run(store, script.number("r")).experiment_name == "Default"


def test_a_journal_that_shows_a_bug_of_ours_is_set_aside_and_the_others_come_in(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = a_dead_script(store, run_id="bad", taken=2), a_dead_script(store, run_id="good")
    finish = Ingest.finish

    def fail(ingest: Ingest) -> None:
        if ingest.path == bad.writer.path:
            raise LookupError("a bug")
        finish(ingest)

    monkeypatch.setattr(Ingest, "finish", fail)
    assert recover(store) == 2
    assert "please report" in caplog.text
    assert runs.get_run(store, good.number("good")).metrics["loss"].count == 10
    assert runs.get_run(store, bad.number("bad")).status is RunStatus.KILLED
    assert journal_folder(store) == [f"{bad.writer.path.name}.damaged"]
    assert recover(store) == 0


def test_a_journal_that_cannot_be_read_now_waits_and_the_others_come_in(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = a_dead_script(store, run_id="bad", taken=2), a_dead_script(store, run_id="good")
    segment = bad.writer.path / segment_name(0)
    away = segment.rename(store.path / "away")
    segment.mkdir()
    recover(store)
    assert "tried again later" in caplog.text and "please report" not in caplog.text
    assert runs.get_run(store, good.number("good")).metrics["loss"].count == 10
    assert runs.get_run(store, bad.number("bad")).status is RunStatus.RUNNING
    segment.rmdir()
    away.rename(segment)
    assert recover(store) == 1
    found = runs.get_run(store, bad.number("bad"))
    assert found.status is RunStatus.KILLED and found.metrics["loss"].count == 10
    assert journal_folder(store) == []


def test_what_is_logged_to_a_run_that_was_removed_for_good_is_no_damage(store: Store) -> None:
    script = a_dead_script(store, run_id="r", taken=4)
    delete_runs(store, [script.number("r")])
    assert collect_garbage(store).runs == 1
    assert recover(store) == 1
    assert journal_folder(store) == []


def test_a_point_from_the_future_does_not_make_its_run_end_there(store: Store) -> None:
    with Script(store) as script:
        run = script.start(run_id="r")
        script.log(run, "loss", [1.0])
        script.writer.point(0, 1, 2**62, 2.0)
    before = now_ms()
    recover(store)
    found = runs.get_run(store, script.number("r"))
    assert found.end_time is not None and before <= found.end_time <= now_ms()
    assert series.points(store, found.id, "loss").times[1] == 2**62
