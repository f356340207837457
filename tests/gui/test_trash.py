"""The trash in a real window: what goes there, what is taken back, and that emptying it tells the bytes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import Connection

from runfolio.core.errors import NotFound, StoreBusy
from runfolio.core.folder import ARTIFACTS
from runfolio.gui.chrome.palette import Palette
from runfolio.gui.chrome.status_bar import StatusBar
from runfolio.gui.inspector.tags import Chip
from runfolio.gui.main_window import MainWindow
from runfolio.gui.trash.model import BYTES, DELETED, FROM, NAME, TrashModel, arranged
from runfolio.gui.trash.page import TrashPage
from runfolio.store import Store, exchange, garbage, trash
from runfolio.store.connection import Transaction
from runfolio.store.experiments import list_experiments
from runfolio.store.operations import set_tag
from runfolio.store.registry.models import delete_model
from runfolio.store.registry.reading import list_models, list_versions
from runfolio.store.registry.registering import of_run, register
from runfolio.store.registry.versions import delete_version
from runfolio.store.runs import get_run
from runfolio.store.steps import Steps
from runfolio.store.trash import delete_experiments, delete_runs, restore, restore_runs
from runfolio.store.trashed import Trashed, count_trashed, list_trashed
from tests.gui.conftest import Opener
from tests.gui.held import Held
from tests.gui.writing import is_written
from tests.store.script import Script

Key, Button, Modifier = Qt.Key, Qt.MouseButton, Qt.KeyboardModifier
SIZE = 1234


@pytest.fixture
def filled(store: Store) -> Store:
    """Three experiments, `a/x`, `a/y` and `b`, with two runs each, of which each has one file."""
    with Script(store) as script:
        for name in ("a/x", "a/y", "b"):
            for number in (1, 2):
                run = script.start(experiment=name, name=f"{name} {number}")
                script.event("artifact", run, path="model.bin", size=SIZE)
                folder = store.path / ARTIFACTS / run
                folder.mkdir(parents=True)
                (folder / "model.bin").write_bytes(bytes(SIZE))
                script.end(run)
        script.take()
    return store


@pytest.fixture
def window(qtbot: QtBot, filled: Store, open_window: Opener) -> Iterator[MainWindow]:
    opened = open_window(filled)
    qtbot.waitUntil(lambda: bool(opened.navigator.experiments))
    yield opened


def in_trash(store: Store) -> list[tuple[str, str, int, int]]:
    with store.reading() as connection:
        found = list_trashed(connection)
        assert count_trashed(connection) == len(found)
    return sorted((one.experiment, one.run, one.runs, one.bytes) for one in found)


def page_of(window: MainWindow) -> TrashPage:
    page = window.middle.currentWidget()
    assert isinstance(page, TrashPage)
    return page


def shown(page: TrashPage) -> list[str]:
    return [str(page.model.index(row, NAME).data()) for row in range(page.model.rowCount())]


def go_to_trash(qtbot: QtBot, window: MainWindow, items: int) -> TrashPage:
    qtbot.waitUntil(lambda: window.navigator.trash.count == items)
    QTest.mouseClick(window.navigator.trash, Button.LeftButton)
    page = page_of(window)
    qtbot.waitUntil(lambda: page.model.rowCount() == items)
    return page


# The store


def test_an_experiment_is_one_thing_with_the_runs_that_went_with_it(filled: Store) -> None:
    assert in_trash(filled) == []
    delete_runs(filled, [1, 5])
    delete_experiments(filled, [1, 2])
    assert in_trash(filled) == [
        ("a/x", "", 1, SIZE), ("a/x", "a/x 1", 1, SIZE), ("a/y", "", 2, 2 * SIZE), ("b", "b 1", 1, SIZE),
    ]  # fmt: skip


def test_runs_and_experiments_are_restored_as_one_step(filled: Store) -> None:
    delete_runs(filled, [1, 5])
    delete_experiments(filled, [1, 2])
    before = in_trash(filled)
    outcome = restore(filled, [5, 1], [2])
    assert outcome.text == "Restored 2 experiments with 4 runs"
    assert in_trash(filled) == [("a/x", "a/x 2", 1, SIZE)]
    assert outcome.inverse is not None
    outcome.inverse(filled)
    assert in_trash(filled) == before


def test_very_many_runs_go_and_come_some_at_a_time(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "TOGETHER", 2)
    delete_runs(filled, [4])
    before, told = in_trash(filled), []
    outcome = delete_runs(filled, [1, 2, 3, 4, 5], Steps(lambda done, total: told.append((done, total))))
    assert outcome.text == "Moved 4 runs to the trash" and told == [(2, 4), (4, 4)]
    assert outcome.inverse is not None and len(in_trash(filled)) == 5
    again = outcome.inverse(filled)
    assert again.text == "Restored 4 runs" and in_trash(filled) == before, "what had been there stays there"
    assert again.inverse is not None and again.inverse(filled).text == outcome.text
    restore_runs(filled, [5])
    said = outcome.inverse(filled).text
    assert said == "Restored 3 runs; b 1 has been changed since and stays as it is" and in_trash(filled) == before
    with pytest.raises(NotFound):
        delete_runs(filled, [1, 2, 99])


def test_what_was_done_until_it_was_stopped_or_failed_can_be_taken_back(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "TOGETHER", 2)
    stopped = delete_runs(filled, [1, 2, 3, 4, 5], Steps(stop=lambda: bool(in_trash(filled))))
    assert stopped.text == "Moved 2 of 5 runs to the trash" and len(in_trash(filled)) == 2
    assert stopped.inverse is not None and stopped.inverse(filled).text == "Restored 2 runs"
    assert in_trash(filled) == []
    nothing = delete_runs(filled, [1, 2, 3], Steps(stop=lambda: True))
    assert (nothing.text, nothing.inverse, in_trash(filled)) == ("Moved nothing to the trash", None, [])

    def meanwhile(done: int, total: int) -> None:
        delete_runs(filled, [3])

    outcome = delete_runs(filled, [1, 2, 3, 4, 5], Steps(meanwhile))
    assert outcome.text == "Moved 4 runs to the trash; a/y 1 has been changed since and stays as it is"
    assert outcome.inverse is not None and outcome.inverse(filled).text == "Restored 4 runs"
    assert [row[1] for row in in_trash(filled)] == ["a/y 1"]
    restore_runs(filled, [3])

    def busy(transaction: Transaction, times: dict[int, int | None]) -> None:
        if 3 in times:
            raise StoreBusy("The store is busy.", "Try again.")
        write(transaction, times)

    write = trash._write
    monkeypatch.setattr(trash, "_write", busy)
    failed = delete_runs(filled, [1, 2, 3, 4, 5])
    assert failed.text == "Moved 2 of 5 runs to the trash, but no more: The store is busy."
    assert failed.inverse is not None and failed.inverse(filled).text == "Restored 2 runs"
    assert in_trash(filled) == []


# The page


def test_what_was_deleted_in_the_table_is_found_and_restored(qtbot: QtBot, window: MainWindow, filled: Store) -> None:
    window.session.select_experiments([3])
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 2)
    window.runs.setFocus()
    QTest.keyClick(window.runs.view, Key.Key_A, Modifier.ControlModifier)
    QTest.keyClick(window.runs.view, Key.Key_Delete)
    qtbot.waitUntil(lambda: window.strip.text == "Moved 2 runs to the trash")
    page = go_to_trash(qtbot, window, 2)
    assert window.navigator.trash.isChecked() and not window.navigator.chosen()
    assert page.model.index(0, FROM).data() == "b" and page.model.index(0, BYTES).data() == "1.2 kB"
    page.search.setText("B 2")
    qtbot.waitUntil(lambda: shown(page) == ["b 2"])
    QTest.keyClick(page.search, Key.Key_Return)
    QTest.keyClick(page.table, Key.Key_Down)
    QTest.mouseClick(page.restore, Button.LeftButton)
    qtbot.waitUntil(lambda: in_trash(filled) == [("b", "b 1", 1, SIZE)])
    page.search.clear()
    qtbot.waitUntil(lambda: shown(page) == ["b 1"])
    qtbot.waitUntil(lambda: window.navigator.trash.count == 1)
    qtbot.waitUntil(lambda: is_written(window.session) and len(window.session.undo) == 2)
    window.session.undo.undo()
    qtbot.waitUntil(lambda: len(in_trash(filled)) == 2)


def test_what_is_selected_stays_so_while_one_searches_and_is_told_at_once(
    qtbot: QtBot, window: MainWindow, filled: Store
) -> None:
    delete_runs(filled, [1, 2, 5])
    delete_experiments(filled, [1, 2])
    page = go_to_trash(qtbot, window, 5)
    page.table.selectAll()
    told: list[int] = []
    page.table.selectionModel().selectionChanged.connect(lambda *_: told.append(len(page.chosen())))
    page.search.setText("a/x")
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)
    assert sorted((one.id, one.run) for one in page.chosen()) == [(1, ""), (1, "a/x 1"), (2, "a/x 2")]
    assert told == [3]


def test_while_nobody_looks_at_the_trash_nothing_is_read_of_it(
    qtbot: QtBot, window: MainWindow, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    trash.delete_runs(filled, [1])
    page = go_to_trash(qtbot, window, 1)
    read: list[bool] = []

    def noting(connection: Connection) -> list[Trashed]:
        read.append(True)
        return list_trashed(connection)

    monkeypatch.setattr("runfolio.gui.trash.page.list_trashed", noting)
    page.search.setText("b")
    qtbot.waitUntil(lambda: not shown(page))
    assert not read, "what is known is searched"
    page.search.clear()
    window.middle.go_to_runs()
    assert not page.isVisible()
    window.session.run(lambda store: trash.delete_runs(store, [2, 3]))
    qtbot.waitUntil(lambda: window.navigator.trash.count == 3 and not window.session.jobs.running)
    assert not read
    assert go_to_trash(qtbot, window, 3) is page and read == [True]


def test_everything_comes_back_as_one_step(qtbot: QtBot, window: MainWindow, filled: Store) -> None:
    delete_runs(filled, [1])
    delete_experiments(filled, [2, 3])
    page = go_to_trash(qtbot, window, 3)
    qtbot.waitUntil(lambda: window.session.selection.experiments == (1,))
    assert page.isVisible(), "what others have deleted is no reason to leave"
    QTest.mouseClick(page.restore_all, Button.LeftButton)
    qtbot.waitUntil(lambda: in_trash(filled) == [])
    qtbot.waitUntil(lambda: not page.table.isVisible())
    assert not page.restore_all.isEnabled() and not page.empty.isEnabled()
    assert [one.runs for one in list_experiments(filled)] == [2, 2, 2]


def test_restoring_all_is_stopped_in_the_line_at_the_bottom_and_what_came_goes_back_with_undo(
    qtbot: QtBot, window: MainWindow, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete_experiments(filled, [1, 2, 3])
    before = in_trash(filled)
    page = go_to_trash(qtbot, window, 3)
    held = Held(trash._step)
    monkeypatch.setattr(exchange, "TOGETHER", 3)
    monkeypatch.setattr(trash, "_step", held)
    QTest.mouseClick(page.restore_all, Button.LeftButton)
    (line,) = window.findChildren(StatusBar)
    cancel = next(one for one in line.findChildren(QPushButton) if one.text() == "Cancel")
    qtbot.waitUntil(lambda: held.read.is_set() and cancel.isVisible())
    assert any(one.text() == "Restoring…" for one in line.findChildren(QLabel))
    QTest.mouseClick(cancel, Button.LeftButton)
    held.let_go()
    qtbot.waitUntil(lambda: window.strip.text == "Restored 1 of 3 experiments with 2 of 6 runs")
    window.session.undo.undo()
    qtbot.waitUntil(lambda: in_trash(filled) == before)


def test_emptying_tells_the_bytes_first_and_then_frees_them(qtbot: QtBot, window: MainWindow, filled: Store) -> None:
    delete_runs(filled, [1])
    delete_experiments(filled, [3])
    page = go_to_trash(qtbot, window, 2)
    QTest.mouseClick(page.empty, Button.LeftButton)
    qtbot.waitUntil(page.bar.go.isVisible)
    assert page.bar.text.text().startswith("3 runs and 1 experiment with 3 files of 3.7 kB and about ")
    assert "B of the database would be gone for good" in page.bar.text.text()
    assert window.focusWidget() is page.bar.leave, "what Return does is harmless"
    assert len(list((filled.path / ARTIFACTS).iterdir())) == 6
    QTest.mouseClick(page.bar.go, Button.LeftButton)
    qtbot.waitUntil(lambda: window.strip.text.startswith("Emptied the trash"))
    assert len(list((filled.path / ARTIFACTS).iterdir())) == 3 and in_trash(filled) == []
    qtbot.waitUntil(lambda: window.navigator.trash.count == 0)
    assert not page.bar.isVisible()


def test_what_went_before_emptying_was_stopped_is_told(
    qtbot: QtBot, window: MainWindow, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete_runs(filled, [1, 2, 5])
    page = go_to_trash(qtbot, window, 3)
    QTest.mouseClick(page.empty, Button.LeftButton)
    qtbot.waitUntil(page.bar.go.isVisible)
    held = Held(garbage._remove_rows)
    monkeypatch.setattr(garbage, "_remove_rows", held)
    monkeypatch.setattr(garbage, "BATCH", 1)
    QTest.mouseClick(page.bar.go, Button.LeftButton)
    qtbot.waitUntil(held.read.is_set)
    QTest.mouseClick(page.bar.leave, Button.LeftButton)
    assert not page.bar.isVisible()
    held.let_go()
    qtbot.waitUntil(lambda: window.strip.text.startswith("Stopped. Gone for good: 1 run with 1 file of 1.2 kB"))
    assert window.strip.text.endswith("Still here: 2 runs.") and len(in_trash(filled)) == 2


def test_what_went_before_emptying_failed_is_told_and_what_is_left(
    qtbot: QtBot, window: MainWindow, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete_runs(filled, [1])
    delete_experiments(filled, [3])
    page = go_to_trash(qtbot, window, 2)
    QTest.mouseClick(page.empty, Button.LeftButton)
    qtbot.waitUntil(page.bar.go.isVisible)
    remove = garbage._remove_rows

    def fail_later(store: Store, asked: Sequence[int], before: int) -> list[str]:
        if 6 in asked:
            raise StoreBusy("The store is locked by another process.", "Try again.")
        return remove(store, asked, before)

    monkeypatch.setattr(garbage, "BATCH", 1)
    monkeypatch.setattr(garbage, "_remove_rows", fail_later)
    QTest.mouseClick(page.bar.go, Button.LeftButton)
    told = "The store is locked by another process. Try again. Gone for good: 2 runs with 2 files of 2.5 kB"
    qtbot.waitUntil(lambda: window.strip.text.startswith(told))
    assert window.strip.text.endswith("Still here: 1 run and 1 experiment.")
    assert not page.bar.isVisible() and len(in_trash(filled)) == 1


def test_what_came_after_the_counting_stays(qtbot: QtBot, window: MainWindow, filled: Store) -> None:
    delete_runs(filled, [1])
    page = go_to_trash(qtbot, window, 1)
    QTest.mouseClick(page.empty, Button.LeftButton)
    qtbot.waitUntil(page.bar.go.isVisible)
    delete_runs(filled, [5])
    QTest.mouseClick(page.bar.go, Button.LeftButton)
    qtbot.waitUntil(lambda: window.strip.text.startswith("Emptied the trash of 1 run "))
    assert in_trash(filled) == [("b", "b 1", 1, SIZE)]


def test_keeping_is_a_key_away(qtbot: QtBot, window: MainWindow, filled: Store) -> None:
    delete_runs(filled, [1])
    page = go_to_trash(qtbot, window, 1)
    QTest.mouseClick(page.empty, Button.LeftButton)
    qtbot.waitUntil(page.bar.go.isVisible)
    QTest.keyClick(page.bar.leave, Key.Key_Space)
    assert not page.bar.isVisible() and len(in_trash(filled)) == 1


def test_choosing_an_experiment_leaves_the_trash(qtbot: QtBot, window: MainWindow, filled: Store) -> None:
    delete_runs(filled, [1])
    (chosen,) = window.session.selection.experiments
    go_to_trash(qtbot, window, 1)
    tree, model = window.navigator.tree, window.navigator.model
    place = tree.visualRect(model.find_experiment(chosen)).center()
    QTest.mouseClick(tree.viewport(), Button.LeftButton, Modifier.NoModifier, place)
    assert window.middle.currentWidget() is window.page and not window.navigator.trash.isChecked()
    assert [node.experiment.id for node in window.navigator.chosen() if node.experiment] == [chosen]


def test_delete_does_nothing_to_runs_that_are_out_of_sight(qtbot: QtBot, window: MainWindow, filled: Store) -> None:
    delete_runs(filled, [1])
    window.session.select_experiments([3])
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 2)
    window.session.select_runs([5], 5)
    page = go_to_trash(qtbot, window, 1)
    QTest.keyClick(page.table, Key.Key_Delete)
    QApplication.processEvents()
    assert window.session.undo.last is None and len(in_trash(filled)) == 1


def test_all_comes_back_by_the_palette_alone(qtbot: QtBot, window: MainWindow, filled: Store) -> None:
    assert not window.actions_by_id["trash.restore"].isEnabled()
    delete_runs(filled, [1, 3])
    qtbot.waitUntil(window.actions_by_id["trash.restore"].isEnabled)
    window.show_palette()
    (palette,) = window.findChildren(Palette)
    qtbot.keyClicks(palette.field, "restore all")
    qtbot.keyClick(palette.field, Key.Key_Return)
    qtbot.waitUntil(lambda: in_trash(filled) == [])
    qtbot.waitUntil(lambda: window.strip.text == "Restored 2 runs")


def test_emptying_is_in_the_palette_and_asks_too(qtbot: QtBot, window: MainWindow, filled: Store) -> None:
    delete_runs(filled, [1])
    qtbot.waitUntil(window.actions_by_id["trash.empty"].isEnabled)
    window.actions_by_id["trash.empty"].trigger()
    qtbot.waitUntil(page_of(window).bar.go.isVisible)
    assert len(in_trash(filled)) == 1


def test_return_restores_the_row(qtbot: QtBot, window: MainWindow, filled: Store) -> None:
    delete_runs(filled, [1, 3])
    page = go_to_trash(qtbot, window, 2)
    QTest.keyClick(page.table, Key.Key_Down)
    QTest.keyClick(page.table, Key.Key_Return)
    qtbot.waitUntil(lambda: len(in_trash(filled)) == 1)


def test_delete_on_a_tag_is_meant_for_the_tag(qtbot: QtBot, window: MainWindow, filled: Store) -> None:
    set_tag(filled, 5, "team", "vision")
    window.session.select_experiments([3])
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 2)
    window.session.select_runs([5], 5)
    qtbot.waitUntil(lambda: bool(window.inspector.findChildren(Chip)))
    (chip,) = window.inspector.findChildren(Chip)
    button = chip.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    button.setFocus()
    QTest.keyClick(button, Key.Key_Delete)
    qtbot.waitUntil(lambda: "team" not in get_run(filled, 5).tags)
    assert in_trash(filled) == []


# The model

ROWS = [
    Trashed(1, "a/x", "zebra", 30, 1, 5),
    Trashed(2, "b", "", 20, 7, 0),
    Trashed(3, "a/y", "ape", 10, 1, 9),
]


@pytest.mark.parametrize(
    ("text", "column", "descending", "expected"),
    [
        ("", DELETED, True, [1, 2, 3]),
        ("", NAME, False, [3, 2, 1]),
        ("", BYTES, True, [3, 1, 2]),
        ("A/ e", FROM, False, [1, 3]),
        ("nothing", NAME, False, []),
    ],
)
def test_rows_are_searched_and_sorted(text: str, column: int, descending: bool, expected: list[int]) -> None:
    assert [one.id for one in arranged(ROWS, text, column, descending=descending)] == expected


def test_qt_finds_no_fault_with_the_model(qtbot: QtBot) -> None:
    model = TrashModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    for rows in (ROWS, [], ROWS[:1]):
        model.show_rows(rows, 60_000)
        assert model.rowCount() == len(rows)
    assert model.index(0, NAME).data(Qt.ItemDataRole.AccessibleTextRole) == "Run zebra"


def test_models_and_versions_are_there_and_come_back(qtbot: QtBot, filled: Store, window: MainWindow) -> None:
    source = of_run(filled, get_run(filled, 1).run_id)
    for name in ("churn", "churn", "ranker"):
        register(filled, name, source)
    delete_version(filled, "churn", 1)
    delete_model(filled, "ranker")
    qtbot.waitUntil(lambda: window.navigator.trash.count == 2)
    QTest.mouseClick(window.navigator.trash, Button.LeftButton)
    page = window.middle.currentWidget()
    assert isinstance(page, TrashPage)
    qtbot.waitUntil(lambda: page.model.rowCount() == 2)
    names = [page.model.index(row, NAME).data() for row in range(2)]
    assert sorted(names) == ["churn v1", "ranker"]
    assert page.model.index(0, FROM).data() == "the registry"
    QTest.mouseClick(page.restore_all, Button.LeftButton)
    qtbot.waitUntil(lambda: window.navigator.trash.count == 0)
    assert [one.name for one in list_models(filled)] == ["churn", "ranker"]
    assert [one.version for one in list_versions(filled, "churn")] == [2, 1]
