"""Files that are added to a run by hand, and taken back."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runfolio.core import copying
from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound, StoreBusy
from runfolio.store import Store, adding
from runfolio.store.adding import add_files
from runfolio.store.artifacts import artifact_file, list_artifacts
from runfolio.store.steps import Steps
from tests.store.script import Script


@pytest.fixture
def run(store: Store) -> Iterator[int]:
    with Script(store) as script:
        public = script.start(name="a run")
        script.take()
        yield script.number(public)


def paths(store: Store, run: int) -> list[str]:
    return [file.path for file in list_artifacts(store, run)]


def test_files_and_folders_are_copied_with_their_hashes(store: Store, run: int, tmp_path: Path) -> None:
    (tmp_path / "data" / "inner").mkdir(parents=True)
    (tmp_path / "data" / "inner" / "a.txt").write_bytes(b"one")
    (tmp_path / "b.txt").write_bytes(b"two")
    outcome = add_files(store, run, [tmp_path / "data", tmp_path / "b.txt"], "added")
    assert outcome.text == "Added 2 files to a run"
    assert paths(store, run) == ["added/b.txt", "added/data/inner/a.txt"]
    found = list_artifacts(store, run)[0]
    assert found.sha256 == hashlib.sha256(b"two").hexdigest() and found.size == 3
    assert artifact_file(store, run, "added/b.txt").read_bytes() == b"two"


def test_they_are_taken_back_and_added_again(store: Store, run: int, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"two")
    outcome = add_files(store, run, [tmp_path / "b.txt"])
    file = artifact_file(store, run, "b.txt")
    assert outcome.inverse is not None
    back = outcome.inverse(store)
    assert paths(store, run) == [] and not file.exists()
    assert back.inverse is not None
    back.inverse(store)
    assert paths(store, run) == ["b.txt"] and file.read_bytes() == b"two"


def test_a_name_that_is_taken_gets_a_number_be_it_by_case_alone(store: Store, run: int, tmp_path: Path) -> None:
    for name, data in (("b.txt", b"1"), ("B.TXT", b"2")):
        (tmp_path / name[0]).mkdir(exist_ok=True)
        (tmp_path / name[0] / name).write_bytes(data)
        add_files(store, run, [tmp_path / name[0] / name])
    add_files(store, run, [tmp_path / "b" / "b.txt"])
    assert paths(store, run) == ["B-2.TXT", "b-3.txt", "b.txt"]


def test_a_folder_that_differs_only_by_case_is_the_one_that_is_there(store: Store, run: int, tmp_path: Path) -> None:
    for folder, name in (("Plots", "a.txt"), ("plots", "b.txt"), ("PLOTS", "a.txt")):
        (tmp_path / folder / "Loss").mkdir(parents=True)
        (tmp_path / folder / "Loss" / name).write_text(folder)
        add_files(store, run, [tmp_path / folder])
        (tmp_path / folder).rename(tmp_path / f"done {folder}")
    assert paths(store, run) == ["Plots/Loss/a-2.txt", "Plots/Loss/a.txt", "Plots/Loss/b.txt"]
    assert artifact_file(store, run, "Plots/Loss/b.txt").read_text() == "plots"


def test_where_there_are_no_links_nothing_is_left_of_what_cannot_be_placed(
    store: Store, run: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_args: object) -> None:
        raise OSError(95, "Operation not supported")

    (tmp_path / "b.txt").write_bytes(b"two")
    monkeypatch.setattr(os, "link", refused)
    add_files(store, run, [tmp_path / "b.txt"])
    folder = artifact_file(store, run, "b.txt").parent
    before = sorted(folder.iterdir())
    with monkeypatch.context() as patched, pytest.raises(EnvironmentProblem, match="Operation not supported"):
        patched.setattr(Path, "replace", refused)
        add_files(store, run, [tmp_path / "b.txt"])
    assert sorted(folder.iterdir()) == before and paths(store, run) == ["b.txt"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_in_folders_are_left_out(store: Store, run: int, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.txt").write_bytes(b"one")
    (tmp_path / "data" / "link").symlink_to("/etc/passwd")
    add_files(store, run, [tmp_path / "data"])
    assert paths(store, run) == ["data/a.txt"]


@pytest.mark.skipif(os.name == "nt", reason="no pipes there")
def test_what_is_no_file_is_left_out_and_named(store: Store, run: int, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("a.txt", "b.txt", "data/c.txt"):
        (tmp_path / name).write_bytes(b"one")
    os.mkfifo(tmp_path / "pipe")
    outcome = add_files(store, run, [tmp_path / name for name in ("a.txt", "pipe", "b.txt", "data")])
    assert outcome.text == "Added 3 files to a run; left out: pipe, which is a pipe"
    assert paths(store, run) == ["a.txt", "b.txt", "data/c.txt"]


@pytest.mark.skipif(os.name == "nt", reason="no pipes there")
def test_where_nothing_can_be_added_nothing_is_left(store: Store, run: int, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidValue, match="a pipe"):
        add_files(store, run, [tmp_path / "pipe"])
    with pytest.raises(NotFound):
        add_files(store, run, [tmp_path / "a.txt", tmp_path / "none"])
    with pytest.raises(InvalidValue, match="not allowed"):
        add_files(store, run, [tmp_path / "a.txt"], "../..")
    assert paths(store, run) == []
    folders = list((store.path / "artifacts").rglob("*"))
    assert not [file for file in folders if file.is_file()]


def test_what_the_tables_do_not_know_yet_is_not_written_over(store: Store, tmp_path: Path) -> None:
    with Script(store) as script:
        public = script.start()
        script.take()
        theirs = store.path / "artifacts" / public / "b.txt"
        theirs.parent.mkdir(parents=True)
        theirs.write_bytes(b"theirs")
        script.event("artifact", public, path="b.txt", size=6)
        (tmp_path / "b.txt").write_bytes(b"two")
        add_files(store, script.number(public), [tmp_path / "b.txt"])
        script.take()
        assert theirs.read_bytes() == b"theirs"
        assert artifact_file(store, script.number(public), "b-2.txt").read_bytes() == b"two"
        assert paths(store, script.number(public)) == ["b-2.txt", "b.txt"]


def test_what_a_script_logs_meanwhile_stays(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Script(store) as script:
        public = script.start()
        script.take()
        theirs = store.path / "artifacts" / public / "b.txt"

        def copy(*args: Any) -> str:
            digest = real(*args)
            if not theirs.exists():
                theirs.write_bytes(b"theirs")
                script.event("artifact", public, path="b.txt", size=6)
                script.take()
            return digest

        real = copying.copy_hashed
        monkeypatch.setattr(adding, "copy_hashed", copy)
        (tmp_path / "b.txt").write_bytes(b"two")
        add_files(store, script.number(public), [tmp_path / "b.txt"])
        assert theirs.read_bytes() == b"theirs" and paths(store, script.number(public)) == ["b-2.txt", "b.txt"]


@pytest.mark.parametrize("links", [True, False])
def test_what_cannot_be_told_takes_back_only_its_own(
    store: Store, run: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    (tmp_path / "a.txt").write_bytes(b"one")
    (tmp_path / "b.txt").write_bytes(b"two")
    root = store.path / "artifacts"

    def fail(*_args: Any) -> None:
        ours = next(root.rglob("a.txt"))
        assert ours.read_bytes() == b"one"
        (ours.parent / "new").write_bytes(b"theirs")
        (ours.parent / "new").replace(ours)
        raise StoreBusy("The store is busy.")

    def refuse(*_args: Any) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(adding, "insert", fail)
    if not links:
        monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(StoreBusy):
        add_files(store, run, [tmp_path / "a.txt", tmp_path / "b.txt"])
    assert [(file.name, file.read_bytes()) for file in root.rglob("*") if file.is_file()] == [("a.txt", b"theirs")]
    monkeypatch.undo()
    if not links:
        monkeypatch.setattr(os, "link", refuse)
    add_files(store, run, [tmp_path / "a.txt", tmp_path / "b.txt"])
    assert paths(store, run) == ["a-2.txt", "b.txt"]


def test_what_is_stopped_leaves_whole_files_only(store: Store, run: int, tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_bytes(b"x" * 1000)
    asked = iter([False, False, True, True, True])
    outcome = add_files(store, run, [tmp_path / name for name in "abc"], steps=Steps(stop=lambda: next(asked)))
    assert outcome.text == "Added a to a run" and paths(store, run) == ["a"]
    assert [file.name for file in (store.path / "artifacts").rglob("*") if file.is_file()] == ["a"]
