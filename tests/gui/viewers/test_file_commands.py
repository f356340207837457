"""What is done with files on the page of artifacts: dragged, dropped, saved, copied, verified, removed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytest import MonkeyPatch
from pytestqt.qtbot import QtBot

from runfolio.gui.artifacts.page import ArtifactsPage
from runfolio.gui.artifacts.saving import shared_folder
from runfolio.gui.messages import Message
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.artifacts import artifact_file, find_artifact
from runfolio.store.verify import verify_file
from tests.gui.conftest import Opener
from tests.gui.viewers.conftest import LogFile
from tests.gui.writing import is_written
from tests.store.script import Script


@pytest.fixture
def run(qtbot: QtBot, script: Script, log_file: LogFile, session: Session, page: ArtifactsPage) -> int:
    """A run with two files, shown on the page, the first of which is chosen."""
    public = script.start(name="a run", run_id="publicid")
    log_file(public, "data/a.txt", b"first")
    log_file(public, "data/more/b.txt", b"second")
    number = script.number(public)
    session.select_runs([number])
    qtbot.waitUntil(lambda: page.files.model.index_of("data/a.txt").isValid())
    page.choose("data/a.txt")
    return number


@pytest.fixture
def told(session: Session) -> list[str]:
    """What was told to the user."""
    found: list[str] = []
    session.message.connect(lambda message: found.append(message.text if isinstance(message, Message) else ""))
    return found


def test_a_file_is_dragged_to_another_program_by_its_place(store: Store, page: ArtifactsPage, run: int) -> None:
    model = page.files.model
    index = model.index_of("data/a.txt")
    assert model.flags(index) & Qt.ItemFlag.ItemIsDragEnabled
    data = model.mimeData([index, index.siblingAtColumn(1)])
    (url,) = data.urls()
    assert Path(url.toLocalFile()) == artifact_file(store, run, "data/a.txt")
    assert model.supportedDragActions() == Qt.DropAction.CopyAction


def test_what_a_link_leads_out_to_is_not_dragged(store: Store, page: ArtifactsPage, run: int, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("x")
    place = artifact_file(store, run, "data/a.txt")
    place.unlink()
    try:
        place.symlink_to(outside)
    except OSError:
        pytest.skip("links need rights here")
    assert page.files.model.mimeData([page.files.model.index_of("data/a.txt")]).urls() == []


def drop(page: ArtifactsPage, path: str, files: list[Path]) -> None:
    """Drop files from elsewhere on a row of the tree."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    view = page.files
    place = view.tree.viewport().mapTo(view, view.tree.visualRect(view.model.index_of(path)).center())
    button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, Qt.DropAction.CopyAction, data, button, none)
    view.dragEnterEvent(enter)
    assert enter.isAccepted()
    view.dropEvent(QDropEvent(QPointF(place), Qt.DropAction.CopyAction, data, button, none))


def test_files_that_are_dropped_are_logged_and_taken_back_in_one_step(
    qtbot: QtBot, session: Session, page: ArtifactsPage, run: int, tmp_path: Path
) -> None:
    (tmp_path / "new.txt").write_text("new")
    (tmp_path / "other.txt").write_text("other")
    drop(page, "data/more/b.txt", [tmp_path / "new.txt", tmp_path / "other.txt"])
    qtbot.waitUntil(lambda: page.files.model.index_of("data/more/new.txt").isValid())
    assert page.files.model.index_of("data/more/other.txt").isValid()
    qtbot.waitUntil(lambda: is_written(session))
    session.undo.undo()
    qtbot.waitUntil(lambda: not page.files.model.index_of("data/more/new.txt").isValid())
    assert page.files.model.index_of("data/more/b.txt").isValid() and (tmp_path / "new.txt").exists()


def test_a_file_is_saved_elsewhere(
    qtbot: QtBot, page: ArtifactsPage, run: int, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    page.commands.save()
    qtbot.waitUntil(lambda: told == [f"Saved {target}"])
    assert target.read_bytes() == b"first"


def test_a_file_that_is_gone_to_is_selected_whatever_keys_are_held(qtbot: QtBot, page: ArtifactsPage, run: int) -> None:
    qtbot.keyPress(page, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    page.choose("data/more/b.txt")
    assert page.files.selected_paths() == ["data/more/b.txt"]
    page.files.step(1)
    assert page.files.selected_paths() == ["data/a.txt"]
    qtbot.keyRelease(page, Qt.Key.Key_Control)


def test_several_files_are_saved_with_the_folders_that_tell_them_apart(
    qtbot: QtBot, page: ArtifactsPage, run: int, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    page.files.tree.selectAll()
    page.commands.save()
    qtbot.waitUntil(lambda: bool(told))
    assert (tmp_path / "a.txt").read_bytes() == b"first" and (tmp_path / "more" / "b.txt").read_bytes() == b"second"


def test_a_damaged_file_is_not_saved_and_of_a_changed_one_is_told(
    qtbot: QtBot, store: Store, page: ArtifactsPage, run: int, told: list[str], tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    target, file = tmp_path / "copy.txt", artifact_file(store, run, "data/a.txt")
    verify_file(store, run, "data/a.txt")
    known = find_artifact(store, run, "data/a.txt")
    assert known is not None and known.sha256
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    file.write_bytes(b"worse")
    os.utime(file, (known.time / 1000 - 60,) * 2)
    page.commands.save()
    qtbot.waitUntil(lambda: any("is damaged" in text for text in told))
    assert not target.exists() and not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]
    os.utime(file, (known.time / 1000 + 60,) * 2)
    page.commands.save()
    qtbot.waitUntil(lambda: told[-1] == f"Saved {target}; changed after logging: data/a.txt")
    assert target.read_bytes() == b"worse"


def test_path_and_address_are_copied(qtbot: QtBot, store: Store, page: ArtifactsPage, run: int) -> None:
    page.commands.copy_path()
    path = str(artifact_file(store, run, "data/a.txt"))
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == path)
    page.commands.copy_uri()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "runs:/publicid/data/a.txt")


def test_a_file_is_opened_with_the_systems_program(
    qtbot: QtBot, store: Store, page: ArtifactsPage, run: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    page.commands.open_outside()
    qtbot.waitUntil(lambda: opened == [str(artifact_file(store, run, "data/a.txt"))])


def test_a_file_that_has_changed_since_it_was_logged_is_told(
    qtbot: QtBot, store: Store, session: Session, page: ArtifactsPage, run: int, told: list[str]
) -> None:
    page.files.tree.selectAll()
    page.commands.verify()
    qtbot.waitUntil(lambda: told == ["Verified: 2 files as logged"])
    artifact_file(store, run, "data/a.txt").write_bytes(b"other")
    page.commands.verify()
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[1].startswith("Not as logged are 1 file: data/a.txt:")


def test_delete_in_the_tree_is_about_files_and_not_about_runs(
    qtbot: QtBot, store: Store, open_window: Opener, script: Script, log_file: LogFile
) -> None:
    public = script.start(name="a run")
    log_file(public, "a.txt", b"first")
    log_file(public, "b.txt", b"second")
    window = open_window(store)
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 1)
    window.session.select_runs([script.number(public)])
    window.actions_by_id["view.artifacts"].trigger()
    page = window.middle.currentWidget()
    assert isinstance(page, ArtifactsPage)
    qtbot.waitUntil(lambda: page.files.model.index_of("a.txt").isValid())
    page.choose("a.txt")
    qtbot.keyClick(page.files.tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not page.files.model.index_of("a.txt").isValid())
    assert page.files.model.index_of("b.txt").isValid()
    assert window.runs.feed.model.rowCount() == 1
    qtbot.waitUntil(lambda: is_written(window.session))
    window.session.undo.undo()
    qtbot.waitUntil(lambda: page.files.model.index_of("a.txt").isValid())


def test_the_commands_of_the_page_have_actions(page: ArtifactsPage, run: int) -> None:
    menu = page.menu()
    titles = [item.text().split("\t")[0] for item in menu.actions()]
    assert "Save File As…" in titles and "Verify Hashes" in titles
    menu.close()


@pytest.mark.parametrize(
    ("paths", "folder"),
    [(["a/b/c", "a/b/d/e"], "a/b"), (["a/x", "b/x"], "."), (["x"], "."), (["a/b/c", "a/bb/c"], "a"), ([], ".")],
)
def test_the_folder_that_all_are_in(paths: list[str], folder: str) -> None:
    assert str(shared_folder(paths)) == folder
