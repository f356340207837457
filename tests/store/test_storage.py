"""What takes the room of a store, what is there twice, what is nobody's, and what a rule of retention comes to."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from runfolio.core import copying
from runfolio.core.errors import InvalidValue
from runfolio.core.folder import ARTIFACTS, REGISTRY
from runfolio.core.retention import Rule
from runfolio.store import Store, duplicates, retention, storage
from runfolio.store.artifacts import list_artifacts
from runfolio.store.duplicates import find_duplicates
from runfolio.store.file_trash import FileOf, delete_files
from runfolio.store.retention import planned
from runfolio.store.strays import Kind, find_strays
from runfolio.store.trash import delete_runs
from tests.store.script import START, Script


@pytest.fixture
def script(store: Store) -> Script:
    return Script(store)


def add(script: Script, run: str, path: str, data: bytes, *, hashed: bool = True, links: Path | None = None) -> Path:
    """A file of a run, in place and told of."""
    file = script.store.path / ARTIFACTS / run / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if links is None:
        file.write_bytes(data)
        os.utime(file, (START / 1000, START / 1000))
    else:
        file.hardlink_to(links)
    digest = {"sha256": hashlib.sha256(data).hexdigest()} if hashed else {}
    script.event("artifact", run, path=path, size=len(data), **digest)
    return file


@pytest.fixture
def filled(store: Store, script: Script) -> list[str]:
    """Two runs of one experiment and one of another, with files and a curve."""
    with script:
        runs = [script.start(experiment=name, name=f"run {at}") for at, name in enumerate(("a", "a", "b"))]
        for at, run in enumerate(runs):
            add(script, run, "model.pt", bytes([at]) * 1000)
            add(script, run, "notes.TXT", b"same text", hashed=at != 1)
            script.log(run, "loss", [0.5] * 100)
            script.end(run)
        add(script, runs[2], "big.bin", bytes(5000))
        script.take()
    return runs


def test_what_takes_the_room(store: Store, filled: list[str]) -> None:
    by_experiment = {one.name: (one.count, one.bytes) for one in storage.by_experiment(store)}
    assert by_experiment == {"b": (3, 6009), "a": (4, 2018)}
    assert [(one.name, one.place, one.count, one.bytes) for one in storage.by_run(store, most=2)] == [
        ("run 2", "b", 3, 6009),
        ("run 0", "a", 2, 1009),
    ]
    kinds = [(one.name, one.count, one.bytes) for one in storage.by_kind(store)]
    assert kinds == [(".bin", 1, 5000), (".pt", 3, 3000), (".txt", 3, 27)]
    (loss,) = storage.by_metric(store)
    assert (loss.name, loss.count) == ("loss", 300) and 300 < loss.bytes < 10_000
    assert sum(one.row_bytes for one in storage.by_experiment(store)) == loss.bytes
    delete_runs(store, [1])
    delete_files(store, [FileOf(filled[2], "big.bin")])
    found = storage.totals(store)
    assert (found.count, found.files, found.trashed) == (6, 3027, 1009 + 5000)
    assert found.database >= store.size() > 0 and found.free > 0


def test_files_of_registered_versions_are_counted_once(
    store: Store, filled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    version = store.path / REGISTRY / "net" / "v1"
    version.mkdir(parents=True)
    (version / "model.pt").hardlink_to(store.path / ARTIFACTS / filled[0] / "model.pt")
    (version / "notes.md").write_bytes(bytes(70))
    delete_files(store, [FileOf(filled[2], "big.bin"), FileOf(filled[2], "notes.TXT")])
    delete_runs(store, [1])
    found = storage.totals(store)
    assert (found.files, found.registry, found.trashed) == (1009 * 2 + 1000, 70, 1009 + 5000 + 9)
    assert find_strays(store) == [], "what the registry has is no stray"


def test_files_that_are_there_twice(store: Store, script: Script, filled: list[str]) -> None:
    (found,) = find_duplicates(store)
    assert (found.size, found.wasted) == (9, 18)
    assert [(one.name, one.file.path) for one in found.copies] == [(f"run {at}", "notes.TXT") for at in range(3)]
    (store.path / ARTIFACTS / filled[0] / "notes.TXT").unlink()
    (store.path / ARTIFACTS / filled[0] / "notes.TXT").hardlink_to(store.path / ARTIFACTS / filled[1] / "notes.TXT")
    (found,) = find_duplicates(store)
    assert found.wasted == 9, "two names of one file waste nothing"


def test_a_copy_in_the_trash_is_none_that_stays(store: Store, filled: list[str]) -> None:
    delete_runs(store, [1])
    (found,) = find_duplicates(store)
    assert [(one.name, one.spare) for one in found.copies] == [("run 1", False), ("run 2", True)]
    delete_runs(store, [2])
    assert find_duplicates(store) == [], "a single copy is left of what is in use"


def test_a_copy_that_is_gone_or_changed_is_none_that_stays(store: Store, filled: list[str]) -> None:
    oldest = store.path / ARTIFACTS / filled[0] / "notes.TXT"
    oldest.write_bytes(b"some text")
    (found,) = find_duplicates(store)
    assert [(one.name, one.spare) for one in found.copies] == [("run 1", False), ("run 2", True)]
    assert found.wasted == 9
    oldest.unlink()
    (found,) = find_duplicates(store)
    assert [(one.name, one.spare) for one in found.copies] == [("run 1", False), ("run 2", True)]
    (store.path / ARTIFACTS / filled[1] / "notes.TXT").write_bytes(b"gone bad!")
    assert find_duplicates(store) == []


def test_a_copy_that_was_only_touched_is_read_again(store: Store, filled: list[str]) -> None:
    (store.path / ARTIFACTS / filled[0] / "notes.TXT").touch()
    (found,) = find_duplicates(store)
    assert [one.spare for one in found.copies] == [False, True, True]


def test_a_copy_that_a_registered_version_has_is_not_spare(
    store: Store, filled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "registered_sources", lambda _connection: {filled[1]: frozenset(["notes.TXT"])})
    (found,) = find_duplicates(store)
    assert [one.spare for one in found.copies] == [False, False, True] and found.wasted == 9


def test_looking_for_copies_can_be_stopped_within_a_file(
    store: Store, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "BLOCK", 10)
    told: list[tuple[int, int]] = []
    with script:
        run = script.start()
        for name in ("a", "b"):
            add(script, run, name, bytes(100), hashed=False)
        script.take()
    assert find_duplicates(store, lambda *done: told.append(done), lambda: (130, 200) in told) == []
    assert told == [(done, 200) for done in (0, *range(10, 110, 10), 100, 110, 120, 130)]
    assert [bool(one.sha256) for one in list_artifacts(store, 1)] == [True, False], "what was read is not read again"


def test_only_files_that_could_be_the_same_are_read(store: Store, script: Script) -> None:
    told: list[tuple[int, int]] = []
    with script:
        run = script.start()
        for name, data in (("a", b"1234"), ("b", b"1235"), ("c", b"12345"), ("d", b"1234"), ("empty", b"")):
            add(script, run, name, data, hashed=False)
        script.take()
    (found,) = find_duplicates(store, lambda *done: told.append(done))
    assert [one.file.path for one in found.copies] == ["a", "d"] and told[-1] == (12, 12)
    told.clear()
    find_duplicates(store, lambda *done: told.append(done))
    assert not told, "hashes are recorded"


def test_what_is_nobodys(store: Store, script: Script, filled: list[str]) -> None:
    root = store.path / ARTIFACTS
    part = f".{'0' * 32}.part"
    for run, name in ((filled[0], "stray"), (filled[0], f"sub/{part}"), ("nobody", "lost"), (filled[1], "young")):
        file = root / run / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode())
        if name != "young":
            os.utime(file, (START / 1000, START / 1000))
    (root / filled[2] / "big.bin").unlink()
    with Script(store) as other:
        live = other.start()
        other.take()
        (root / live).mkdir()
        (root / live / "not told of yet").write_bytes(b"x")
        os.utime(root / live / "not told of yet", (START / 1000, START / 1000))
        found = {(one.file.run, one.file.path): (one.kind, one.size, one.name) for one in find_strays(store)}
    assert found == {
        (filled[0], "stray"): (Kind.NO_ROW, 5, "run 0"),
        (filled[0], f"sub/{part}"): (Kind.PART, 42, "run 0"),
        ("nobody", "lost"): (Kind.NO_RUN, 4, ""),
        (filled[2], "big.bin"): (Kind.NO_FILE, 5000, "run 2"),
    }
    delete_files(store, [FileOf(*place) for place in found])
    assert find_strays(store) == []


def test_what_a_killed_process_has_printed_is_the_runs_and_that_of_no_run_is_nobodys(
    store: Store, filled: list[str]
) -> None:
    for run in (filled[0], "nobody"):
        for name in ("console.log", "console-2.log", "console.log.1", "console.log.2"):
            file = store.path / ARTIFACTS / run / "runfolio" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"x")
            os.utime(file, (START / 1000, START / 1000))
    assert [one.file.run for one in find_strays(store)] == ["nobody"] * 4


def test_what_a_link_leads_to_is_no_stray(store: Store, filled: list[str], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "precious").write_bytes(b"x")
    os.utime(tmp_path / "mine" / "precious", (START / 1000, START / 1000))
    (store.path / ARTIFACTS / "elsewhere").symlink_to(tmp_path / "mine")
    assert find_strays(store) == []


def test_what_cannot_be_looked_into_is_not_called_lost(
    store: Store, filled: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = os.scandir

    def scandir(path: Any = ".") -> Any:
        if os.fspath(path).endswith(filled[0]):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(os.path, "lexists", lambda path: filled[0] not in os.fspath(path) and Path(path).exists())
    assert find_strays(store) == []
    assert f"{filled[0]} cannot be looked into: Permission denied" in caplog.text


def test_a_folder_that_was_set_aside_is_no_stray(store: Store, filled: list[str]) -> None:
    root = store.path / ARTIFACTS / filled[0]
    (root / "models" / ".net.0123abcd.old.part").mkdir(parents=True)
    (root / "models" / ".net.0123abcd.old.part" / "MLmodel").write_bytes(b"1")
    assert find_strays(store) == [] and (root / "models" / "net" / "MLmodel").read_bytes() == b"1"
    replaced, part = root / "models" / ".net.0123abcd.old.part" / "MLmodel", root / f".{'0' * 32}.part" / "MLmodel"
    for file in (replaced, part):
        file.parent.mkdir()
        file.write_bytes(b"0")
        os.utime(file, (START / 1000, START / 1000))
    assert sorted((one.file.path, one.kind) for one in find_strays(store)) == [
        (f".{'0' * 32}.part/MLmodel", Kind.PART),
        ("models/.net.0123abcd.old.part/MLmodel", Kind.PART),
    ]


# Retention


@pytest.fixture
def trained(store: Store, script: Script) -> list[str]:
    """Two runs with three checkpoints each, of which the second one is the best, and one that is under way."""
    runs = []
    with script:
        for at, optimizer in enumerate(("adam", "sgd", "adam")):
            run = script.start(experiment="a", name=f"run {at}")
            script.params(run, {"optimizer": optimizer})
            for step, loss in enumerate((0.5, 0.1 + at / 100, 0.3)):
                script.log(run, "loss", [loss], [step], anew=step == 0)
                add(script, run, f"checkpoints/step={step}.ckpt", bytes(10))
                add(script, run, f"after/{step}/weights.bin", bytes(5))
                add(script, run, f"after/{step}/config.json", bytes(1))
            add(script, run, "notes.txt", b"x")
            if at < 2:
                script.end(run)
            runs.append(run)
        script.take()
    return runs


def test_the_best_and_the_last_checkpoint_of_each_run(store: Store, trained: list[str]) -> None:
    found = planned(store, Rule(pattern="*.ckpt", metric="loss", lower=True))
    assert sorted(found.files) == sorted(FileOf(run, "checkpoints/step=0.ckpt") for run in trained[:2])
    assert found.plan.bytes == 20
    kept = {(one.run, one.path[-6]): reason for one, reason in found.plan.kept}
    assert kept == {
        (trained[0], "1"): "the best: 0.1",
        (trained[0], "2"): "the last",
        (trained[1], "1"): "the best: 0.11",
        (trained[1], "2"): "the last",
        **{(trained[2], str(step)): "its run is under way" for step in range(3)},
    }
    assert delete_files(store, found.files).text == "Moved 2 files (20 B) to the trash"
    assert planned(store, Rule(pattern="*.ckpt", metric="loss", lower=True)).files == []


def test_folders_go_as_a_whole_and_are_judged_by_when_they_were_logged(store: Store, trained: list[str]) -> None:
    found = planned(store, Rule(pattern="after/*", metric="loss", lower=True, last=0))
    going = [(one.run, one.path, one.bytes) for one in found.plan.going]
    assert going == [(run, f"after/{step}", 6) for run in trained[:2] for step in (0, 2)]
    assert len(found.files) == 8


def test_groups_of_runs(store: Store, trained: list[str]) -> None:
    rule = Rule(pattern="*.ckpt", metric="loss", lower=True, last=0, per="experiment")
    kept = [one.run for one, _ in planned(store, rule).plan.kept if one.held == ""]
    assert kept == [trained[0]]
    rule = Rule(pattern="*.ckpt", metric="loss", lower=True, last=0, per="params.optimizer")
    kept = [one.run for one, _ in planned(store, rule).plan.kept if one.held == ""]
    assert kept == trained[:2]
    assert planned(store, rule, places=[99]).files == []
    for slip in ("params.optimiser", "params.loss"):
        with pytest.raises(InvalidValue, match="None of these runs has a param"):
            planned(store, replace(rule, per=slip))


def _has_come(told: list[tuple[int, int]], last: tuple[int, int]) -> bool:
    return last in told


def test_reading_for_a_rule_tells_how_far_it_is_and_can_be_stopped(
    store: Store, trained: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "in_batches", lambda items: ([one] for one in items))
    rule, told = Rule(pattern="*.ckpt", metric="loss", lower=True), list[tuple[int, int]]()
    assert planned(store, rule, progress=lambda *done: told.append(done)).files
    assert told == [(1, 6), (2, 6), (3, 6), (6, 6)]
    for last in ((2, 6), (6, 6)):
        told.clear()
        stopped = planned(store, rule, progress=lambda *done: told.append(done), stop=partial(_has_come, told, last))
        assert stopped.files == [] and told[-1] == last
    told.clear()
    planned(store, Rule(pattern="*.ckpt"), progress=lambda *done: told.append(done))
    assert told[-1] == (3, 3)


def test_registered_versions_and_the_trash_are_left_alone(
    store: Store, trained: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "registered_sources", lambda _connection: {trained[0]: frozenset(["checkpoints"])})
    delete_runs(store, [2])
    found = planned(store, Rule(pattern="*.ckpt", last=0))
    assert found.files == []
    assert {reason for one, reason in found.plan.kept if one.run == trained[0]} == {"a registered version"}
    assert not [one for one, _ in found.plan.kept if one.run == trained[1]]
