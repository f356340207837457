"""The files of runs: each stays in its run's folder under its own name, whole or not at all, and is found again."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.client import files
from runfolio.client.active_run import ActiveRun
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.paths import artifact_path
from runfolio.store import Store, open_store
from runfolio.store.artifacts import artifact_file, list_artifacts
from tests.gui.writing import Writer, number_of
from tests.store.script import new_store

BAD = ["", ".", "..", "../x", "a/../../x", "/etc/x", "a//x", "a/", "..\\x", "C:\\x", "a\0b", "x" * 256]
GOOD = ["model.pkl", "a/b/c.txt", "größe/日本語 🎉.png", ".hidden", "..x", "%2e%2e", "a b", "x" * 255, "d/" * 200 + "x"]
TOO_LONG = "/".join(["d" * 200] * 30)


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    one = Writer(store.path)
    yield one
    one.close()


@pytest.fixture
def run(writer: Writer) -> ActiveRun:
    return writer.run("brave-otter")


def tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def listed(store: Store, run: ActiveRun, writer: Writer) -> dict[str, int]:
    writer.commit()
    return {one.path: one.size for one in list_artifacts(store, number_of(store, run))}


def content(store: Store, run: ActiveRun, path: str) -> bytes:
    return artifact_file(store, number_of(store, run), path).read_bytes()


# Names


@pytest.mark.parametrize("name", BAD)
def test_a_name_that_leads_elsewhere_is_refused_and_nothing_is_written(
    store: Store, writer: Writer, run: ActiveRun, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "local"
    file.write_bytes(b"x")
    assert listed(store, run, writer) == {}
    before = tree(tmp_path / "store" / "artifacts")
    with pytest.raises(InvalidValue, match="is not allowed"):
        files.log_bytes(run, b"x", name)
    if name.strip("/"):
        with pytest.raises(InvalidValue, match="is not allowed"):
            files.log_file(run, file, f"{name}/deeper")
    with pytest.raises(InvalidValue, match="is not allowed"):
        artifact_file(store, number_of(store, run), name)
    assert listed(store, run, writer) == {}
    assert tree(tmp_path / "store" / "artifacts") == before and not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", GOOD, ids=lambda name: name[:20])
def test_a_good_name_is_kept_to_the_letter(store: Store, writer: Writer, run: ActiveRun, name: str) -> None:
    files.log_bytes(run, b"data", name)
    assert listed(store, run, writer) == {name: 4}
    assert content(store, run, name) == b"data"
    assert artifact_file(store, number_of(store, run), name) == (run.folder / name).resolve()


def test_names_that_differ_in_case_are_two_files(store: Store, writer: Writer, run: ActiveRun) -> None:
    for name in ("Model", "model", "MODEL"):
        files.log_bytes(run, name.encode(), name)
    found = listed(store, run, writer)
    if (run.folder / "mOdEl").exists():
        pytest.skip("this file system takes them for one")
    assert list(found) == ["MODEL", "Model", "model"]
    assert [content(store, run, name) for name in found] == [b"MODEL", b"Model", b"model"]


def test_a_name_of_bytes_that_are_no_text_is_refused(
    tmp_path: Path, run: ActiveRun, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    Path(os.fsdecode(bytes(folder) + b"/\xff.txt")).write_bytes(b"x")
    files.log_folder(run, folder)
    assert "is not allowed" in caplog.text and not run.folder.exists()


@settings(max_examples=30)
@given(st.lists(st.text("abAB.. é\u0301\\\0:\x7f~$%&'日", max_size=6), max_size=8))
def test_any_names(names: list[str]) -> None:
    with new_store() as store:
        writer = Writer(store.path)
        run = writer.run("a run")
        expected: dict[str, bytes] = {}
        for number, name in enumerate(f"in/{name}" for name in names):
            try:
                kept = artifact_path(name)
            except InvalidValue:
                with pytest.raises(InvalidValue):
                    files.log_bytes(run, b"x", name)
            else:
                expected[kept] = bytes(number)
                files.log_bytes(run, expected[kept], name)
        found = listed(store, run, writer)
        assert list(found.items()) == sorted((name, len(data)) for name, data in expected.items())
        assert {name: content(store, run, name) for name in found} == expected
        assert tree(run.folder / "in") == sorted(name.removeprefix("in/") for name in expected) if expected else True
        writer.close()


# Files and folders


def test_a_file_logged_again_replaces_the_earlier(store: Store, writer: Writer, run: ActiveRun) -> None:
    for data in (b"a long first text", b"", b"short"):
        files.log_bytes(run, data, "notes/a.txt")
        assert listed(store, run, writer) == {"notes/a.txt": len(data)}
        assert content(store, run, "notes/a.txt") == data
    assert tree(run.folder) == ["notes", "notes/a.txt"]


def test_a_run_without_files_and_no_run(store: Store, writer: Writer, run: ActiveRun) -> None:
    assert listed(store, run, writer) == {}
    assert list_artifacts(store, 99) == []
    with pytest.raises(NotFound, match=r"no file 'model.pkl'.*deleted outside"):
        artifact_file(store, number_of(store, run), "model.pkl")
    with pytest.raises(NotFound, match="There is no run 99"):
        artifact_file(store, 99, "model.pkl")


def test_a_folder_is_logged_under_its_own_name(
    store: Store, writer: Writer, run: ActiveRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data" / "deep" / "empty").mkdir(parents=True)
    for name in ("b", "a", "deep/c"):
        (tmp_path / "data" / name).write_text(name)
    monkeypatch.chdir(tmp_path / "data")
    files.log_file(run, "..//data/", "in/")
    files.log_file(run, ".")
    files.log_folder(run, "deep")
    files.log_folder(run, "deep/empty", "nothing")
    expected = ["c", "data/a", "data/b", "data/deep/c", "in/data/a", "in/data/b", "in/data/deep/c"]
    assert list(listed(store, run, writer)) == expected
    assert content(store, run, "in/data/deep/c") == b"deep/c"
    with pytest.raises(NotFound, match="no file 'data'"):
        content(store, run, "data")


def test_a_bad_name_in_a_folder_does_not_keep_the_others_out(
    store: Store, writer: Writer, run: ActiveRun, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").mkdir()
    for name in ("a", "wh\tat", "z"):
        (tmp_path / "data" / name).write_text(name)
    files.log_file(run, tmp_path / "data")
    assert listed(store, run, writer) == {"data/a": 1, "data/z": 1}
    assert r"wh\tat" in caplog.text


# Links


def test_links_that_lead_out_of_the_run_are_not_followed(
    store: Store, writer: Writer, run: ActiveRun, tmp_path: Path
) -> None:
    secret, sibling = tmp_path / "secret", writer.run("other")
    secret.write_bytes(b"secret")
    for one in (run, sibling):
        files.log_bytes(one, b"mine", "file")
    (run.folder / "out").symlink_to(secret)
    (run.folder / "folder").symlink_to(tmp_path)
    (run.folder / "sibling").symlink_to(sibling.folder)
    (run.folder / "inside").symlink_to("file")
    (run.folder / "broken").symlink_to("nowhere")
    assert list(listed(store, run, writer)) == ["file"]
    for name in ("out", "folder/secret", "sibling/file", "broken"):
        with pytest.raises(NotFound, match="has no file"):
            content(store, run, name)
    assert content(store, run, "inside") == b"mine"


def test_a_link_to_itself_is_no_file(store: Store, writer: Writer, run: ActiveRun) -> None:
    files.log_bytes(run, b"x", "file")
    (run.folder / "loop").symlink_to("loop")
    writer.commit()
    with pytest.raises(NotFound, match="has no file 'loop'"):
        content(store, run, "loop")


def test_a_logged_folder_takes_no_links_along(store: Store, writer: Writer, run: ActiveRun, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "deep").mkdir(parents=True)
    (data / "real").write_bytes(b"x")
    (tmp_path / "secret").write_bytes(b"secret")
    (data / "link").symlink_to(tmp_path / "secret")
    (data / "deep" / "up").symlink_to(tmp_path)
    files.log_file(run, data)
    assert list(listed(store, run, writer)) == ["data/real"]
    files.log_file(run, data / "link")
    assert content(store, run, "link") == b"secret", "one that is named is wanted"
    assert not (run.folder / "link").is_symlink()


def test_nothing_is_written_through_a_link_that_leads_out_of_the_run(run: ActiveRun, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    files.log_bytes(run, b"x", "file")
    (run.folder / "out").symlink_to(outside)
    files.log_bytes(run, b"x", "out/file")
    assert tree(outside) == []


def test_a_store_behind_a_link(store: Store, writer: Writer, run: ActiveRun, tmp_path: Path) -> None:
    files.log_bytes(run, b"x", "a/file")
    writer.commit()
    (tmp_path / "link").symlink_to(store.path)
    other = open_store(tmp_path / "link")
    assert content(other, run, "a/file") == b"x"
    other.close()


# Trouble


def refuse(_file: BinaryIO) -> object:
    raise OSError("no disk")


def test_a_file_that_cannot_be_written_leaves_the_earlier_one(
    store: Store, writer: Writer, run: ActiveRun, caplog: pytest.LogCaptureFixture
) -> None:
    files.log_bytes(run, b"whole", "model")
    with caplog.at_level(logging.WARNING, "runfolio"):
        files.store_file(run, "model", lambda file: file.write(b"ha") and refuse(file))
        files.log_bytes(run, b"x", "folder/file")
        files.log_bytes(run, b"x", "folder")
    assert [record.message.split(":")[0] for record in caplog.records] == [
        "The artifact model could not be stored",
        "The artifact folder could not be stored",
    ]
    assert listed(store, run, writer) == {"folder/file": 1, "model": 5}
    assert content(store, run, "model") == b"whole"
    assert tree(run.folder) == ["folder", "folder/file", "model"]


def test_a_name_that_cannot_be_there_is_a_warning_too(
    store: Store, writer: Writer, run: ActiveRun, caplog: pytest.LogCaptureFixture
) -> None:
    files.log_bytes(run, b"x", "file")
    with caplog.at_level(logging.WARNING, "runfolio"):
        files.log_bytes(run, b"x", "file/below")
    assert "could not be stored" in caplog.text
    assert listed(store, run, writer) == {"file": 1}


def test_a_name_longer_than_a_path_may_be_is_refused(store: Store, writer: Writer, run: ActiveRun) -> None:
    writer.commit()
    with pytest.raises(InvalidValue, match="longer than"):
        files.log_bytes(run, b"x", TOO_LONG)
    with pytest.raises(InvalidValue, match="longer than"):
        content(store, run, TOO_LONG)


def test_a_copy_that_was_interrupted_leaves_nothing(run: ActiveRun) -> None:
    def interrupted(file: BinaryIO) -> object:
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.store_file(run, "model", interrupted)
    assert tree(run.folder) == []
