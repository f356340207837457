"""The page of artifacts: the tree, what is chosen in it, and what stands beside it."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from runfolio.core.entities import Artifact
from runfolio.gui.actions import ACTIONS
from runfolio.gui.artifacts.model import KIND, NAME, SIZE, TIME
from runfolio.gui.artifacts.page import ArtifactsPage
from runfolio.gui.artifacts.tree import FileTree, Order, file_beside, matching
from runfolio.gui.session import Session
from runfolio.gui.viewers.viewer import ViewedFile
from runfolio.store import Store
from tests.gui.conftest import Opener
from tests.gui.viewers.conftest import LogFile
from tests.gui.viewers.pictures import picture
from tests.store.script import Script


@pytest.fixture
def runs(script: Script, log_file: LogFile) -> list[int]:
    """Two runs: the first has four files, the second two of them."""
    first, second = script.start(name="first"), script.start(name="second")
    for path, data in (
        ("b.txt", b"bb"),
        ("a.txt", b"aaa"),
        ("model/MLmodel", b"flavors: {}"),
        ("model/x.bin", b"\0" * 9),
    ):
        log_file(first, path, data)
    for path in ("b.txt", "c.txt"):
        log_file(second, path, b"second")
    return [script.number(first), script.number(second)]


def names(page: ArtifactsPage, parent: str = "") -> list[str]:
    model = page.files.model
    above = model.index_of(parent)
    return [model.index(row, NAME, above).data() for row in range(model.rowCount(above))]


def is_shown(page: ArtifactsPage, path: str) -> bool:
    return page.stage.file is not None and page.stage.file.path == path


def select(qtbot: QtBot, session: Session, page: ArtifactsPage, run: int) -> None:
    session.select_runs([run])
    qtbot.waitUntil(lambda: page._known is not None and page._known.run == run)


def test_the_files_of_the_selected_run_are_listed(
    qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int]
) -> None:
    assert page._stack.currentIndex() == 0, "no run is selected"
    select(qtbot, session, page, runs[0])
    assert names(page) == ["model", "a.txt", "b.txt"] and names(page, "model") == ["MLmodel", "x.bin"]
    assert page._summary.text() == "first · 4 files · 25 B"
    row = page.files.model.index_of("model/x.bin")
    assert [row.siblingAtColumn(column).data() for column in (SIZE, KIND)] == ["9 B", "BIN"]
    assert row.siblingAtColumn(TIME).data().startswith("2020-09-13")


def test_the_files_keep_their_room_whatever_is_shown_beside_them(
    qtbot: QtBot, session: Session, page: ArtifactsPage, script: Script, log_file: LogFile
) -> None:
    run = script.start()
    for path, data in (("a.csv", b"a,b\n1,2\n"), ("b.bin", b"\0\1"), ("c.json", b"{}"), ("d.py", b"x = 1")):
        log_file(run, path, data)
    page.resize(700, 500)
    select(qtbot, session, page, script.number(run))
    seen = set()
    for path in ("a.csv", "b.bin", "c.json", "d.py"):
        page.choose(path)
        qtbot.waitUntil(partial(is_shown, page, path))
        qtbot.waitUntil(lambda: not session.jobs.running)
        page.grab()
        seen.add((page.files.width(), page.files.tree.isColumnHidden(KIND)))
    assert len(seen) == 1


def test_pictures_of_a_series_are_called_by_key_and_step(
    qtbot: QtBot, session: Session, page: ArtifactsPage, script: Script, log_file: LogFile
) -> None:
    run = script.start()
    log_file(run, "images/sample+step+12+timestamp+1+0a1b.png", picture("red"))
    select(qtbot, session, page, script.number(run))
    assert names(page, "images") == ["sample step 12"]


def test_a_run_without_files_says_how_to_log_some(
    qtbot: QtBot, session: Session, page: ArtifactsPage, script: Script
) -> None:
    run = script.start()
    script.take()
    select(qtbot, session, page, script.number(run))
    assert page._stack.currentIndex() == 1


@pytest.mark.parametrize(
    ("column", "descending", "wanted"),
    [(NAME, True, ["model", "b.txt", "a.txt"]), (SIZE, False, ["model", "b.txt", "a.txt"])],
)
def test_files_are_sorted_by_any_column(
    qtbot: QtBot,
    session: Session,
    page: ArtifactsPage,
    runs: list[int],
    column: int,
    descending: bool,
    wanted: list[str],
) -> None:
    select(qtbot, session, page, runs[0])
    order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
    page.files.tree.header().setSortIndicator(column, order)
    qtbot.waitUntil(lambda: names(page) == wanted)


def test_the_filter_leaves_what_holds_all_its_words(
    qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int]
) -> None:
    select(qtbot, session, page, runs[0])
    page.files.filter.setText("MODEL x")
    qtbot.waitUntil(lambda: names(page) == ["model"] and names(page, "model") == ["x.bin"])
    assert page.files.tree.isExpanded(page.files.model.index_of("model"))
    assert "1 of 4 files" in page._summary.text()
    page.files.filter.clear()
    qtbot.waitUntil(lambda: len(names(page)) == 3)


def test_a_file_that_another_run_has_too_stays_chosen(
    qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int]
) -> None:
    select(qtbot, session, page, runs[0])
    page.choose("model/x.bin")
    select(qtbot, session, page, runs[1])
    assert page.files.chosen() == "b.txt", "it has no such file: its first one"
    select(qtbot, session, page, runs[0])
    assert page.files.chosen() == "model/x.bin"


def test_arrows_go_from_file_to_file_into_folders_and_out_of_them(
    qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int]
) -> None:
    select(qtbot, session, page, runs[0])
    page.choose("model/MLmodel")
    found = []
    for _ in range(4):
        qtbot.keyClick(page.stage, Qt.Key.Key_Right)
        found.append(page.files.chosen())
    assert found == ["model/x.bin", "a.txt", "b.txt", "b.txt"]
    qtbot.keyClick(page.stage, Qt.Key.Key_Left)
    assert page.files.chosen() == "a.txt"


def test_selected_folders_stand_for_the_files_in_them(
    qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int]
) -> None:
    select(qtbot, session, page, runs[0])
    page.files.tree.selectAll()
    assert [file.path for file in page.files.selected()] == ["model/MLmodel", "model/x.bin", "a.txt", "b.txt"]


def test_a_new_file_of_the_run_appears_and_what_is_selected_stays(
    qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int], log_file: LogFile, store: Store
) -> None:
    select(qtbot, session, page, runs[0])
    page.choose("b.txt")
    with store.reading() as connection:
        run_id = connection.exec_driver_sql("SELECT run_uuid FROM runs WHERE id = ?", (runs[0],)).scalar()
    log_file(str(run_id), "model/another.txt", b"x")
    qtbot.waitUntil(lambda: names(page, "model") == ["MLmodel", "another.txt", "x.bin"])
    assert page.files.chosen() == "b.txt" and page.files.selected_paths() == ["b.txt"]


def test_a_file_that_is_gone_from_the_disk_says_so(
    qtbot: QtBot, session: Session, page: ArtifactsPage, script: Script
) -> None:
    run = script.start()
    script.event("artifact", run, path="gone.txt", size=3)
    script.take()
    select(qtbot, session, page, script.number(run))
    qtbot.waitUntil(lambda: "deleted outside" in page.stage.nothing.reason.text())


def test_a_picture_is_shown(
    qtbot: QtBot, session: Session, page: ArtifactsPage, script: Script, log_file: LogFile
) -> None:
    run = script.start()
    log_file(run, "plot.png", picture())
    select(qtbot, session, page, script.number(run))
    qtbot.waitUntil(lambda: page.stage.viewer is not None and page.stage.viewer.isVisible())
    assert isinstance(page.shown(), ViewedFile)
    qtbot.waitUntil(lambda: "×" in page.stage._facts.text())


def test_the_inspector_leads_to_the_viewer(qtbot: QtBot, store: Store, open_window: Opener, runs: list[int]) -> None:
    window = open_window(store)
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 2)
    window.session.select_runs([runs[0]])
    inspected = window.inspector.overview.artifacts
    qtbot.waitUntil(lambda: inspected.model.index_of("b.txt").isValid())
    inspected.tree.activated.emit(inspected.model.index_of("b.txt"))
    page = window.middle.currentWidget()
    assert isinstance(page, ArtifactsPage)
    qtbot.waitUntil(lambda: page.files.chosen() == "b.txt")


def test_the_page_has_a_key(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    window = open_window(store)
    assert [action.shortcut for action in ACTIONS if action.id == "view.artifacts"] == ["Alt+7"]
    window.actions_by_id["view.artifacts"].trigger()
    assert isinstance(window.middle.currentWidget(), ArtifactsPage)


def test_what_can_take_the_keyboard_has_a_name(page: ArtifactsPage) -> None:
    nameless = [
        type(one).__name__
        for one in page.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and not one.accessibleName() and one.isVisibleTo(page)
    ]
    assert nameless == []


def test_words_of_a_filter_are_all_looked_for() -> None:
    files = [Artifact(path, 1, 0) for path in ("a/one.txt", "a/two.txt", "b/One.txt")]
    assert [file.path for file in matching(files, "ONE a/")] == ["a/one.txt"]
    assert matching(files, "  ") is files


def test_there_is_nothing_before_the_first_file_and_after_the_last() -> None:
    tree = FileTree([Artifact("a/x", 1, 0), Artifact("b", 1, 0)], Order())
    assert file_beside(tree.files["a/x"], -1) is None and file_beside(tree.files["b"], 1) is None
    assert file_beside(tree.files["b"], -1) is tree.files["a/x"]


def test_the_context_menu_is_asked_for_where_the_mouse_is(qtbot: QtBot, page: ArtifactsPage) -> None:
    with qtbot.waitSignal(page.files.menu_asked):
        page.files.tree.customContextMenuRequested.emit(QPoint(1, 1))
