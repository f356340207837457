"""Files of runs by their addresses: found, read, and copied whole."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import runfolio
from runfolio.client.tracker import close_all
from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[Path]:
    runfolio.set_tracking_uri(tmp_path / "store")
    yield tmp_path / "store"
    close_all()
    runfolio.set_tracking_uri(None)


@pytest.fixture
def run(store: Path) -> str:
    """A run with some files."""
    with runfolio.start_run() as run:
        runfolio.log_text("hello", "notes/a.txt")
        runfolio.log_dict({"lr": 0.1}, "config.json")
        runfolio.log_image(np.zeros((2, 3), np.uint8), "picture.png")
    return run.info.run_id


def test_files_by_each_kind_of_address(store: Path, run: str) -> None:
    file = store / "artifacts" / run / "notes" / "a.txt"
    for address in (f"runs:/{run}/notes/a.txt", str(file), file.as_uri(), f"file://localhost{file}"):
        assert runfolio.artifacts.load_text(address) == "hello", address
    assert runfolio.artifacts.load_dict(f"runs:/{run}/config.json") == {"lr": 0.1}
    assert runfolio.artifacts.load_image(f"runs:/{run}/picture.png").size == (3, 2)
    listed = runfolio.artifacts.list_artifacts(f"runs:/{run}/notes")
    assert [(one.path, one.is_dir, one.file_size) for one in listed] == [("notes/a.txt", False, 5)]


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("models:/classifier", "does not say which version of classifier"),
        ("s3://bucket/a", "is not an address of files here"),
        ("file://other/a", "is on another machine, other"),
        ("runs:/", "does not name a run"),
        ("runs:/{run}/../x", "no part of it may be empty"),
        ("runs:/{run}/C:x", "letter of a drive"),
    ],
)
def test_addresses_of_nothing_here(run: str, address: str, why: str) -> None:
    with pytest.raises(InvalidValue, match=why):
        runfolio.artifacts.download_artifacts(address.replace("{run}", run))


def test_a_copy_replaces_what_is_there_and_leaves_nothing_else(run: str, tmp_path: Path) -> None:
    there = tmp_path / "back"
    there.mkdir()
    (there / "a.txt").write_text("of before")
    copy = runfolio.artifacts.download_artifacts(f"runs:/{run}/notes/a.txt", dst_path=str(there))
    assert Path(copy) == there / "a.txt" and Path(copy).read_text() == "hello"
    whole = runfolio.artifacts.download_artifacts(run_id=run, dst_path=str(there))
    names = {path.relative_to(whole).as_posix() for path in there.rglob("*") if path.is_file()}
    assert {"a.txt", "notes/a.txt", "config.json", "picture.png"} <= names
    assert not [name for name in names if name.endswith(".part")]


def test_a_copy_of_a_damaged_file_is_refused(run: str, store: Path, tmp_path: Path) -> None:
    file = store / "artifacts" / run / "notes" / "a.txt"
    known = file.stat()
    file.write_text("jello")
    os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))
    with pytest.raises(EnvironmentProblem, match="is damaged"):
        runfolio.artifacts.download_artifacts(f"runs:/{run}/notes", dst_path=str(tmp_path / "back"))
    assert not [path for path in (tmp_path / "back").rglob("*") if path.is_file()]


def test_a_copy_of_a_file_that_somebody_has_edited_is_made_and_told(
    run: str, store: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = store / "artifacts" / run / "notes" / "a.txt"
    file.write_text("edited")
    os.utime(file, (2e9, 2e9))
    with caplog.at_level(logging.WARNING, "runfolio"):
        copy = runfolio.artifacts.download_artifacts(f"runs:/{run}/notes/a.txt", dst_path=str(tmp_path / "back"))
    assert Path(copy).read_text() == "edited" and "was changed after it was logged" in caplog.text


def test_links_in_a_run_are_not_followed(
    run: str, store: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = store / "artifacts" / run
    (tmp_path / "secret").write_text("secret")
    (root / "link").symlink_to(tmp_path / "secret")
    (root / "folder").symlink_to(tmp_path)
    with caplog.at_level(logging.WARNING, "runfolio"):
        back = runfolio.artifacts.download_artifacts(run_id=run, dst_path=str(tmp_path / "back"))
    assert not (Path(back) / "link").exists() and not (Path(back) / "folder").exists()
    assert caplog.text.count("is not followed") == 2
    with pytest.raises(NotFound, match="leads out"):
        runfolio.artifacts.download_artifacts(f"runs:/{run}/link")
