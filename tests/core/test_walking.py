"""Walking through folders: what cannot be looked into is told, wherever files are taken from a folder."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import pytest

import runfolio
from runfolio.client.copying_out import copy_out
from runfolio.client.files import log_folder
from runfolio.client.tracker import close_all
from runfolio.core.errors import EnvironmentProblem
from runfolio.core.walking import walk_files
from runfolio.models.safety.code_risk import judge
from runfolio.models.safety.hashing import fingerprint
from runfolio.store import Store
from runfolio.store.adding import add_files
from tests.store.script import Script


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three files, one of them where nobody may look; to the superuser, nothing can be closed."""
    root = tmp_path / "given"
    for name in ("a.txt", "closed/b.txt", "open/c.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    real = os.scandir

    def scandir(path: Any = ".") -> Any:
        if os.fspath(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    return root


def names(root: Path, **more: Any) -> list[str]:
    return [path.relative_to(root).as_posix() for path, _ in walk_files(root, **more)]


def test_what_cannot_be_looked_into_is_raised_or_told(folder: Path) -> None:
    with pytest.raises(PermissionError, match="closed"):
        names(folder)
    told: list[OSError] = []
    assert names(folder, unreadable=told.append) == ["a.txt", "open/c.txt"]
    assert [Path(error.filename).name for error in told] == ["closed"]
    with pytest.raises(FileNotFoundError):
        names(folder / "none")


def test_links_are_among_the_files_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_text("x")
    (tmp_path / "a" / "link").symlink_to(tmp_path / "a" / "b")
    assert names(tmp_path / "a") == ["link", "b/file"]


def test_a_folder_that_is_logged_in_part_is_not_whole(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    runfolio.set_tracking_uri(tmp_path / "store")
    with runfolio.start_run() as run, caplog.at_level(logging.WARNING, "runfolio"):
        assert not log_folder(run, folder)
        assert sorted(path.name for path in run.folder.rglob("*.txt")) == ["a.txt", "c.txt"]
    assert "closed cannot be read: Permission denied" in caplog.text
    close_all()
    runfolio.set_tracking_uri(None)


def test_a_copy_that_would_not_be_whole_is_none(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="closed cannot be copied: Permission denied"):
        copy_out(folder, tmp_path / "back", {})


def test_what_could_not_be_added_of_a_folder_is_named(folder: Path, store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        script.take()
        assert "closed, which cannot be read" in add_files(store, script.number(run), [folder]).text


def test_a_model_that_cannot_be_seen_whole_has_no_fingerprint(folder: Path) -> None:
    with pytest.raises(PermissionError):
        fingerprint(folder)
    assert any("not all looked through: Permission denied" in str(reason) for reason in judge(folder).reasons)
