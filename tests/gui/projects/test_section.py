"""The list of projects in the navigator: put in, pinned, taken out, and taken back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from runfolio.gui.main_window import MainWindow
from runfolio.gui.middle import PROJECTS
from runfolio.gui.projects.adding import AddDialog
from runfolio.gui.projects.addresses import holds_project, kind_of, title_of, whole
from runfolio.store import Store
from runfolio.store.projects.listing import list_projects, note_project
from tests.gui.projects.conftest import section_of, show
from tests.gui.test_dropping import drop


def titles(window: MainWindow) -> list[str]:
    """What the navigator lists, from the top."""
    model = section_of(window).model
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def test_without_projects_it_says_what_to_do(window: MainWindow) -> None:
    section = section_of(window)
    (nothing,) = (label for label in section.findChildren(QLabel) if label.isVisible() and "drop one" in label.text())
    assert "git address" in nothing.text() and section.list.isHidden()


def test_a_project_is_opened_by_typing_its_address(qtbot: QtBot, window: MainWindow, project: Path) -> None:
    section_of(window).add.click()
    (dialog,) = window.findChildren(AddDialog)
    qtbot.keyClicks(dialog.address, str(project))
    qtbot.keyClick(dialog.address, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: titles(window) == ["wine"])
    assert window.middle.shown == PROJECTS
    assert window.strip.text == "Put wine into the list"
    window.session.undo.undo()
    qtbot.waitUntil(lambda: titles(window) == [])


def test_a_folder_with_a_project_is_dropped_on_the_window(qtbot: QtBot, window: MainWindow, project: Path) -> None:
    assert drop(window, QUrl.fromLocalFile(str(project)))
    qtbot.waitUntil(lambda: titles(window) == ["wine"])
    assert window.session.projects.uri == str(project)


def test_a_folder_without_one_is_a_store_as_before(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    with qtbot.waitSignal(window.store_wanted):
        assert drop(window, QUrl.fromLocalFile(str(tmp_path)))


def test_a_pinned_project_comes_first(qtbot: QtBot, window: MainWindow, store: Store, tmp_path: Path) -> None:
    for name in ("ale", "beer", "cider"):
        note_project(store, str(tmp_path / name), name)
    qtbot.waitUntil(lambda: titles(window) == ["cider", "beer", "ale"])
    section = section_of(window)
    section.commands.pin(next(one for one in section.model.everything if one.title == "ale"))
    qtbot.waitUntil(lambda: titles(window) == ["ale", "cider", "beer"])
    window.session.undo.undo()
    qtbot.waitUntil(lambda: titles(window) == ["cider", "beer", "ale"])


def test_delete_takes_a_project_out_of_the_list(qtbot: QtBot, window: MainWindow, store: Store, project: Path) -> None:
    show(qtbot, window, project)
    section = section_of(window)
    qtbot.waitUntil(lambda: titles(window) == ["wine"])
    section.list.setFocus()
    section.list.setCurrentIndex(section.model.index(0))
    qtbot.keyClick(section.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: list_projects(store) == [])
    window.session.undo.undo()
    qtbot.waitUntil(lambda: titles(window) == ["wine"])
    assert project.is_dir()


def test_the_list_is_filtered_with_the_tree(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    for name in ("ale", "beer"):
        note_project(store, f"/nowhere/{name}", name)
    qtbot.waitUntil(lambda: titles(window) == ["beer", "ale"])
    window.navigator.filter.setText("al")
    assert titles(window) == ["ale"]


def test_what_addresses_are() -> None:
    kinds = {one: kind_of(one) for one in ("/a/b", "/a/b.zip#sub", "https://x.org/y", "git@x.org:y.git", "/a/b.git")}
    assert list(kinds.values()) == ["folder", "zip", "git", "git", "git"]
    named = [title_of(one) for one in ("/a/wine/", "/a/wine.zip", "https://x.org/wine.git", "/a/b#sub/wine")]
    assert named == ["wine"] * 4
    assert whole("wine#sub") == f"{Path.cwd() / 'wine'}#sub"
    assert whole(" https://x.org/wine ") == "https://x.org/wine"


def test_what_is_taken_for_a_project(project: Path, tmp_path: Path) -> None:
    (tmp_path / "a.zip").touch()
    assert holds_project(project) and holds_project(tmp_path / "a.zip")
    assert not holds_project(tmp_path) and not holds_project(tmp_path / "nothing")
