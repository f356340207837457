"""The page of storage in a real window: what it tells, where it leads, and what goes into the trash from it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from runfolio.core.folder import ARTIFACTS, TRASH
from runfolio.gui.main_window import MainWindow
from runfolio.gui.storage import lines
from runfolio.gui.storage.lines import GONE, Line
from runfolio.gui.storage.model import StorageModel
from runfolio.gui.storage.page import StoragePage
from runfolio.gui.storage.parts import PARTS
from runfolio.gui.trash.page import TrashPage
from runfolio.store import Store
from runfolio.store.trash import delete_runs
from tests.gui.conftest import Opener
from tests.gui.writing import is_written
from tests.store.script import START, Script
from tests.store.test_storage import add

Key, Button, Modifier = Qt.Key, Qt.MouseButton, Qt.KeyboardModifier


@pytest.fixture
def runs(store: Store) -> list[str]:
    """Two runs of one experiment and one of another, with checkpoints and a file that they all have."""
    with Script(store) as script:
        found = []
        for at, place in enumerate(("a", "a", "b/c")):
            run = script.start(experiment=place, name=f"run {at}")
            for step, loss in enumerate((0.5, 0.1, 0.3)):
                script.log(run, "val/loss", [loss], [step], anew=step == 0)
                add(script, run, f"step={step}.ckpt", bytes([at, step]) * 1000)
            add(script, run, "notes.md", b"the same in all")
            script.end(run)
            found.append(run)
        script.take()
    return found


@pytest.fixture
def window(qtbot: QtBot, store: Store, runs: list[str], open_window: Opener) -> Iterator[MainWindow]:
    opened = open_window(store)
    qtbot.waitUntil(lambda: bool(opened.navigator.experiments))
    yield opened


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> StoragePage:
    QTest.keyClick(window, Key.Key_8, Modifier.AltModifier)
    shown_page = window.middle.currentWidget()
    assert isinstance(shown_page, StoragePage)
    qtbot.waitUntil(lambda: shown_page.model.rowCount() == 2)
    return shown_page


def shown(page: StoragePage, column: int = 0) -> list[str]:
    return [str(page.model.index(row, column).data()) for row in range(page.model.rowCount())]


def go_to(qtbot: QtBot, page: StoragePage, title: str, rows: int) -> None:
    page.tabs.setCurrentIndex([part.title for part in PARTS].index(title))
    qtbot.waitUntil(lambda: page.part.title == title and page.model.rowCount() == rows)


def on_disk(store: Store, place: str = ARTIFACTS) -> list[str]:
    return sorted(path.name for path in (store.path / place).rglob("*") if path.is_file())


def settled(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: is_written(window.session))


def test_what_takes_the_room_and_the_way_there(qtbot: QtBot, window: MainWindow, page: StoragePage) -> None:
    QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert shown(page) == ["a", "b/c"] and shown(page, 2) == ["12 kB", "6 kB"]
    assert page._summary.text().startswith("12 files of 18 kB · database ")
    go_to(qtbot, page, "Kinds", 2)
    assert shown(page) == [".ckpt", ".md"] and shown(page, 1) == ["9", "3"]
    go_to(qtbot, page, "Metrics", 1)
    assert shown(page) == ["val/loss"] and shown(page, 1) == ["9"]
    go_to(qtbot, page, "Runs", 3)
    page.search.setText("b/c")
    qtbot.waitUntil(lambda: shown(page) == ["run 2"])
    QTest.keyClick(page.search, Key.Key_Return)
    QTest.keyClick(page.table, Key.Key_Down)
    QTest.keyClick(page.table, Key.Key_Return)
    assert window.middle.shown == "runs"
    assert window.session.selection.experiments == (2,) and window.session.selection.ids.tolist() == [3]


def test_every_column_can_be_the_order(qtbot: QtBot, page: StoragePage) -> None:
    header = page.table.horizontalHeader()
    header.setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: shown(page) == ["b/c", "a"])
    header.setSortIndicator(2, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: shown(page) == ["a", "b/c"])
    go_to(qtbot, page, "Kinds", 2)
    go_to(qtbot, page, "Experiments", 2)
    assert header.sortIndicatorSection() == 2, "each part keeps its own"


def test_it_follows_what_is_logged(qtbot: QtBot, store: Store, page: StoragePage) -> None:
    with Script(store) as script:
        add(script, script.start(experiment="new"), "x", bytes(50_000))
        script.take()
    qtbot.waitUntil(lambda: shown(page) == ["new", "a", "b/c"], timeout=10_000)


def test_copies_go_into_the_trash_and_come_back(
    qtbot: QtBot, store: Store, window: MainWindow, page: StoragePage
) -> None:
    go_to(qtbot, page, "Duplicates", 3)
    assert shown(page, 4) == ["3 copies, 30 B"] * 3 and not page.delete.isEnabled()
    QTest.mouseClick(page.spare, Button.LeftButton)
    assert page.delete.text() == "Move 2 Files (30 B) to Trash"
    QTest.keyClick(page.table, Key.Key_Delete)
    qtbot.waitUntil(lambda: window.strip.text == "Moved 2 files (30 B) to the trash")
    assert on_disk(store).count("notes.md") == 1 and on_disk(store, TRASH) == ["notes.md"] * 2
    qtbot.waitUntil(lambda: page.model.rowCount() == 0 and page.work.job is None)
    qtbot.waitUntil(lambda: page._told.text() == "No two files have the same in them.")
    qtbot.waitUntil(lambda: window.navigator.trash.count == 2)
    settled(qtbot, window)
    window.session.undo.undo()
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)
    assert on_disk(store).count("notes.md") == 3


def test_a_rule_is_seen_before_it_is_carried_out(
    qtbot: QtBot, store: Store, window: MainWindow, page: StoragePage
) -> None:
    go_to(qtbot, page, "Retention", 0)
    assert not page.delete.isEnabled()
    page.form.judge.setFocus()
    QTest.keyClicks(page.form.judge, "val/loss")
    QTest.keyClick(page.form.judge, Key.Key_Return)
    assert page.form.way.currentText() == "less is better"
    qtbot.waitUntil(lambda: page.model.rowCount() == 9)
    assert shown(page, 4) == [GONE] * 3 + ["Stays: the best: 0.1"] * 3 + ["Stays: the last"] * 3
    assert shown(page)[:3] == ["step=0.ckpt"] * 3 and len(on_disk(store)) == 12
    assert page.delete.text() == "Move 3 Files (6 kB) to Trash"
    page.form.last.setValue(0)
    assert not page.delete.isEnabled(), "what was found is not what this rule takes"
    page.form.last.setValue(1)
    page.look()
    qtbot.waitUntil(page.delete.isEnabled)
    QTest.mouseClick(page.delete, Button.LeftButton)
    qtbot.waitUntil(lambda: window.strip.text == "Moved 3 files (6 kB) to the trash")
    assert "step=0.ckpt" not in on_disk(store)
    qtbot.waitUntil(lambda: page.model.rowCount() == 6)
    qtbot.waitUntil(lambda: window.navigator.trash.count == 3)
    QTest.mouseClick(window.navigator.trash, Button.LeftButton)
    trash = window.middle.currentWidget()
    assert isinstance(trash, TrashPage)
    qtbot.waitUntil(lambda: trash.model.rowCount() == 3)
    assert sorted(str(trash.model.index(row, 1).data()) for row in range(3)) == [
        "a / run 0",
        "a / run 1",
        "b/c / run 2",
    ]
    delete_runs(store, [2])
    qtbot.waitUntil(lambda: trash.model.rowCount() == 4)
    QTest.mouseClick(trash.restore_all, Button.LeftButton)
    qtbot.waitUntil(lambda: window.strip.text == "Restored run 1; restored 3 files (6 kB)")
    assert on_disk(store).count("step=0.ckpt") == 3
    settled(qtbot, window)
    window.session.undo.undo()
    qtbot.waitUntil(lambda: trash.model.rowCount() == 4)


def test_a_rule_takes_only_what_is_in_sight_and_still_goes(
    qtbot: QtBot, store: Store, window: MainWindow, page: StoragePage, runs: list[str]
) -> None:
    go_to(qtbot, page, "Retention", 0)
    QTest.keyClicks(page.form.judge, "val/loss")
    QTest.keyClick(page.form.judge, Key.Key_Return)
    qtbot.waitUntil(lambda: page.model.rowCount() == 9)
    page.search.setText("b/c")
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)
    assert page.delete.text() == "Move 1 File (2 kB) to Trash"
    QTest.mouseClick(page.delete, Button.LeftButton)
    qtbot.waitUntil(lambda: page.model.rowCount() == 2)
    page.search.clear()
    qtbot.waitUntil(lambda: page.delete.text() == "Move 2 Files (4 kB) to Trash" and page.delete.isEnabled())
    settled(qtbot, window)
    with Script(store) as script:  # one is taken up again: nothing of it goes now
        script.start(experiment="a", run_id=runs[0])
        script.take()
        QTest.mouseClick(page.delete, Button.LeftButton)
        qtbot.waitUntil(lambda: not (store.path / ARTIFACTS / runs[1] / "step=0.ckpt").exists())
        settled(qtbot, window)
    assert (store.path / ARTIFACTS / runs[0] / "step=0.ckpt").exists()


def test_a_copy_that_is_the_last_by_now_stays(
    qtbot: QtBot, store: Store, window: MainWindow, page: StoragePage, runs: list[str]
) -> None:
    go_to(qtbot, page, "Duplicates", 3)
    QTest.mouseClick(page.spare, Button.LeftButton)
    (store.path / ARTIFACTS / runs[0] / "notes.md").unlink()
    QTest.mouseClick(page.delete, Button.LeftButton)
    qtbot.waitUntil(lambda: window.strip.text == "Moved notes.md (15 B) to the trash")
    assert (store.path / ARTIFACTS / runs[1] / "notes.md").exists()
    settled(qtbot, window)


def test_the_trash_of_files_is_emptied(qtbot: QtBot, store: Store, window: MainWindow, page: StoragePage) -> None:
    go_to(qtbot, page, "Duplicates", 3)
    QTest.mouseClick(page.spare, Button.LeftButton)
    QTest.mouseClick(page.delete, Button.LeftButton)
    qtbot.waitUntil(lambda: window.navigator.trash.count == 2)
    QTest.mouseClick(window.navigator.trash, Button.LeftButton)
    trash = window.middle.currentWidget()
    assert isinstance(trash, TrashPage)
    qtbot.waitUntil(trash.empty.isEnabled)
    QTest.mouseClick(trash.empty, Button.LeftButton)
    qtbot.waitUntil(trash.bar.go.isVisible)
    assert trash.bar.text.text() == "2 single files of 30 B would be gone for good. That cannot be undone."
    QTest.mouseClick(trash.bar.go, Button.LeftButton)
    qtbot.waitUntil(lambda: window.strip.text == "Emptied the trash of 2 single files of 30 B")
    assert on_disk(store, TRASH) == []
    qtbot.waitUntil(lambda: window.navigator.trash.count == 0)


def test_a_rule_that_says_nothing_is_told_at_once(qtbot: QtBot, page: StoragePage) -> None:
    go_to(qtbot, page, "Retention", 0)
    page.form.pattern.clear()
    QTest.keyClick(page.form.pattern, Key.Key_Return)
    assert "names no files" in page.trouble.text() and page.work.job is None


def test_orphans(qtbot: QtBot, store: Store, window: MainWindow, page: StoragePage, runs: list[str]) -> None:
    stray = store.path / ARTIFACTS / runs[0] / "stray"
    stray.write_bytes(b"1234")
    os.utime(stray, (START / 1000, START / 1000))
    go_to(qtbot, page, "Orphans", 1)
    assert shown(page, 2) == ["Not in the tables"]
    QTest.mouseClick(page.spare, Button.LeftButton)
    QTest.mouseClick(page.delete, Button.LeftButton)
    qtbot.waitUntil(lambda: not stray.exists())
    qtbot.waitUntil(lambda: page._told.text().startswith("All files are in the tables"))
    settled(qtbot, window)


def test_what_takes_long_is_stopped(qtbot: QtBot, page: StoragePage, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def endless(_store: Store, progress: Callable[[int, int], None], stop: Callable[[], bool]) -> list[Line]:
        progress(1, 2)
        begun.set()
        while not stop():
            threading.Event().wait(0.001)
        return []

    monkeypatch.setattr(lines, "find_strays", endless)
    page.tabs.setCurrentIndex([part.title for part in PARTS].index("Orphans"))
    qtbot.waitUntil(begun.is_set)
    qtbot.waitUntil(lambda: page.work.progress.value() == 50)
    assert page.work.isVisible()
    page.table.setFocus()
    QTest.keyClick(page.table, Key.Key_Escape)
    assert not page.work.isVisible() and page.isVisible(), "the page itself stays"


def test_nothing_can_go_from_a_store_that_is_read_only(
    qtbot: QtBot, page: StoragePage, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_to(qtbot, page, "Duplicates", 3)
    page._session._set_read_only("It is on a medium that cannot be written.")
    page.table.select_spare()
    assert not page.delete.isEnabled()


def test_every_widget_has_a_name(page: StoragePage) -> None:
    page.tabs.setCurrentIndex(len(PARTS) - 1)
    silent = [
        child
        for child in page.findChildren(QWidget)
        if child.focusPolicy() != Qt.FocusPolicy.NoFocus
        and child.isVisible()
        and not child.accessibleName()
        and not getattr(child, "text", lambda: "")()
        and child.parent() in (page, page.form)
    ]
    assert silent == []


def test_a_model_without_lines_has_none(qtbot: QtBot) -> None:
    model = StorageModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for part in PARTS:
        model.show_lines(part, [Line(("x",) * len(part.columns), (1,) * len(part.columns))])
        assert model.columnCount() == len(part.columns)


def test_nothing_outside_of_the_store_is_named(runs: list[str], store: Store, tmp_path: Path) -> None:
    assert all(not one.cells[0].startswith(str(tmp_path)) for one in lines.runs(store))
