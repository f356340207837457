"""The files of runs: each stays in its run's folder under its own name, whole or not at all, and is found again."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.client import files, storing
from runfolio.client.active_run import ActiveRun
from runfolio.core.copying import LARGE
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.paths import artifact_path, same_name
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


def test_a_name_that_differs_only_in_case_from_one_that_is_there_is_refused(
    store: Store, writer: Writer, run: ActiveRun
) -> None:
    files.log_bytes(run, b"1", "Model/weights.bin")
    for name in ("model/other.bin", "Model/Weights.bin", "MODEL"):
        with pytest.raises(InvalidValue, match=r"the run has .*, which differs only by case"):
            files.log_bytes(run, b"2", name)
    files.log_bytes(run, b"3", "Model/weights.bin")
    assert listed(store, run, writer) == {"Model/weights.bin": 1}
    assert content(store, run, "Model/weights.bin") == b"3"


def test_names_of_other_processes_and_of_files_that_are_gone(run: ActiveRun) -> None:
    files.log_bytes(run, b"1", "a")
    (run.folder / "B").write_bytes(b"of another process")
    (run.folder / "a").unlink()
    files.log_bytes(run, b"2", "A")
    with pytest.raises(InvalidValue, match="the run has 'B'"):
        files.log_bytes(run, b"3", "b")
    assert tree(run.folder) == ["A", "B"]


def test_a_name_of_bytes_that_are_no_text_is_refused(
    tmp_path: Path, run: ActiveRun, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    Path(os.fsdecode(bytes(folder) + b"/\xff.txt")).write_bytes(b"x")
    files.log_folder(run, folder)
    assert "is not allowed" in caplog.text and not run.folder.exists()


def clash(one: str, other: str) -> bool:
    """Whether two names, or folders that they are in, differ only in a way that some systems do not see."""
    for part, beside in zip(one.split("/"), other.split("/"), strict=False):
        if part != beside:
            return same_name(part) == same_name(beside)
    return False


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
                if any(clash(kept, other) for other in expected):
                    raise InvalidValue("beside another")
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
        storing.store_file(run, "model", lambda file: file.write(b"ha") and refuse(file))
    assert [record.message.split(":")[0] for record in caplog.records] == ["The artifact model could not be stored"]
    assert listed(store, run, writer) == {"model": 5}
    assert content(store, run, "model") == b"whole"
    assert tree(run.folder) == ["model"]


def test_a_file_is_no_folder_and_a_folder_no_file(store: Store, writer: Writer, run: ActiveRun) -> None:
    files.log_bytes(run, b"x", "file")
    files.log_bytes(run, b"x", "folder/file")
    with pytest.raises(InvalidValue, match="the run has a file of the name 'file'"):
        files.log_bytes(run, b"y", "file/below")
    with pytest.raises(InvalidValue, match="the run has a folder of the name 'folder'"):
        files.log_bytes(run, b"y", "folder")
    assert listed(store, run, writer) == {"file": 1, "folder/file": 1}
    assert content(store, run, "file") == b"x"


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
        storing.store_file(run, "model", interrupted)
    assert tree(run.folder) == []


# Hashes


def test_what_is_logged_has_its_hash_and_media_type(
    store: Store, writer: Writer, run: ActiveRun, tmp_path: Path
) -> None:
    large = os.urandom(3 * LARGE + 12345)
    (tmp_path / "large.safetensors").write_bytes(large)
    files.log_file(run, tmp_path / "large.safetensors")
    files.log_text(run, "a", "notes.md")
    files.log_stream(run, io.StringIO("é" * 10), "stream.log")
    storing.store_file(run, "backwards", lambda file: (file.write(b"12"), file.seek(0), file.write(b"3")))
    writer.commit()
    found = {one.path: one for one in list_artifacts(store, number_of(store, run))}
    kinds = {path: one.media_type for path, one in found.items()}
    assert kinds == {
        "large.safetensors": "application/x-safetensors",
        "notes.md": "text/markdown",
        "stream.log": "text/plain",
        "backwards": "application/octet-stream",
    }
    assert content(store, run, "large.safetensors") == large
    for path, one in found.items():
        assert one.sha256 == hashlib.sha256(content(store, run, path)).hexdigest(), path


def test_a_copy_is_not_the_file_that_was_logged(run: ActiveRun, tmp_path: Path) -> None:
    """Training writes its checkpoint again, in place."""
    file = tmp_path / "last.ckpt"
    file.write_bytes(bytes(LARGE + 1))
    files.log_file(run, file)
    with file.open("r+b") as opened:
        opened.write(b"changed")
    assert (run.folder / "last.ckpt").read_bytes() == bytes(LARGE + 1)
    assert not (run.folder / "last.ckpt").samefile(file)


@pytest.mark.skipif(sys.platform == "win32", reason="there are none on Windows")
def test_pipes_sockets_and_devices_are_refused_and_not_waited_for(
    store: Store, writer: Writer, run: ActiveRun, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    os.mkfifo(data / "pipe")
    (data / "real").write_bytes(b"x")
    (data / "link").symlink_to("real")
    with pytest.raises(InvalidValue, match=r"pipe is a pipe, and an artifact is a regular file"):
        files.log_file(run, data / "pipe")
    with pytest.raises(InvalidValue, match="is a device"):
        files.log_file(run, "/dev/null")
    assert not files.log_folder(run, data)
    (told,) = caplog.records
    assert "'link' is a link, which is not followed. And 1 more" in told.getMessage()
    assert listed(store, run, writer) == {"real": 1}
