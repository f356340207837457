"""Which runs are selected: what is highlighted, counted and shown of them, and what commands act on, are the same."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QTableView
from pytestqt.qtbot import QtBot

from runfolio.core.columns import SortKey, param
from runfolio.core.views import View
from runfolio.gui.aliases import Ids
from runfolio.gui.main_window import MainWindow
from runfolio.gui.runs import selecting
from runfolio.gui.runs.chosen_rows import ChosenRows
from runfolio.gui.runs.edit_runs import EditRunsDialog, Kind
from runfolio.store import Store
from runfolio.store.trash import delete_runs
from runfolio.store.trashed import list_trashed
from tests.gui.conftest import Opener
from tests.gui.seen import places
from tests.store.script import Script

NO_KEY = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ORDERED = View(order=(SortKey(param("shuffled")),))


@pytest.fixture
def window(qtbot: QtBot, store: Store, open_window: Opener) -> MainWindow:
    """Twelve runs; sorted by `shuffled`, those of the first half stand between the others."""
    with Script(store) as script:
        for number in range(12):
            run = script.start(name=f"run-{number}")
            script.params(
                run, {"lr": str(number), "shuffled": str(number % 6 * 2 + number // 6), "half": str(number % 2)}
            )
            script.tags(run, {"team": str(number)})
            script.end(run)
        script.take()
    one = open_window(store)
    qtbot.waitUntil(lambda: one.runs.feed.settled and one.runs.feed.model.rowCount() == 12)
    one.runs.view.setFocus()
    return one


def look(qtbot: QtBot, window: MainWindow, view: View) -> None:
    window.session.set_view(view, "Look")
    qtbot.waitUntil(lambda: window.runs.feed.settled and window.runs.feed.current)


def click(window: MainWindow, row: int, keys: Qt.KeyboardModifier = NO_KEY) -> None:
    view = window.runs.view
    place = view.visualRect(window.runs.feed.model.index(row, 1)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, place)
    view.tell()


def highlighted(window: MainWindow) -> set[int]:
    ids, view = window.runs.feed.model.ids, window.runs.view
    return {int(run) for row, run in enumerate(ids) if view.is_chosen(row)}


def selected(window: MainWindow) -> set[int]:
    return set(window.session.selection.ids.tolist())


def trashed(window: MainWindow) -> list[int]:
    with window.session.store.reading() as connection:
        return [int(one.id) for one in list_trashed(connection)]


def select_half(qtbot: QtBot, window: MainWindow) -> set[int]:
    """Six runs beside each other, which another order tears into six ranges."""
    click(window, 0)
    for row in range(1, 6):
        click(window, row, CTRL)
    before = selected(window)
    look(qtbot, window, ORDERED)
    return before


def test_a_run_that_a_new_filter_hides_is_selected_no_more(qtbot: QtBot, window: MainWindow) -> None:
    look(qtbot, window, View("params.lr = 2"))
    click(window, 0)
    assert len(selected(window)) == 1
    look(qtbot, window, View("params.lr = 3"))
    assert highlighted(window) == set()
    with qtbot.waitSignal(window.session.message) as told:
        QTest.keyClick(window.runs.view, Qt.Key.Key_Delete)
    assert "choose a run first" in told.args[0].text
    assert selected(window) == set() and not trashed(window)


def test_a_selection_that_another_order_tears_apart_is_whole(qtbot: QtBot, window: MainWindow) -> None:
    before = select_half(qtbot, window)
    assert len(before) == 6
    assert selected(window) == highlighted(window) == before
    window.actions_by_id["run.edit"].trigger()
    dialog = window.findChild(EditRunsDialog)
    assert dialog is not None and dialog.windowTitle() == "Edit 6 runs"
    dialog.reject()
    with qtbot.waitSignal(window.session.message) as told:
        QTest.keyClick(window.runs.view, Qt.Key.Key_Delete)
    assert told.args[0].text == "Moved 6 runs to the trash"
    qtbot.waitUntil(lambda: window.runs.feed.settled and window.runs.feed.model.rowCount() == 6)
    assert set(trashed(window)) == before and not before.intersection(window.runs.feed.model.ids.tolist())
    window.runs.view.tell()
    assert selected(window) == highlighted(window)


def test_with_ctrl_a_run_comes_and_goes_of_a_selection_torn_apart(qtbot: QtBot, window: MainWindow) -> None:
    before = select_half(qtbot, window)
    ids = window.runs.feed.model.ids
    last = max(row for row in range(12) if int(ids[row]) in before)
    click(window, last, CTRL)
    assert selected(window) == highlighted(window) == before - {int(ids[last])}
    click(window, last, CTRL)
    assert selected(window) == highlighted(window) == before
    click(window, last)
    assert selected(window) == highlighted(window) == {int(ids[last])}


def test_a_click_leaves_nothing_of_a_selection_torn_apart(qtbot: QtBot, window: MainWindow) -> None:
    before = select_half(qtbot, window)
    ids = window.runs.feed.model.ids
    other = next(row for row in range(12) if int(ids[row]) not in before)
    click(window, other)
    assert selected(window) == highlighted(window) == {int(ids[other])}


def test_the_right_button_keeps_a_selection_torn_apart(qtbot: QtBot, window: MainWindow) -> None:
    before = select_half(qtbot, window)
    view, model = window.runs.view, window.runs.feed.model
    last = max(row for row in range(12) if int(model.ids[row]) in before)
    QTest.mousePress(view.viewport(), Qt.MouseButton.RightButton, pos=view.visualRect(model.index(last, 1)).center())
    view.tell()
    assert selected(window) == highlighted(window) == before


class Sparse(ChosenRows):
    """Very many rows, of which a user sees the first few."""

    def row_ids(self) -> Ids:
        return np.arange(self.model().rowCount())

    listed_ids = row_ids


def known_to_qt(view: QTableView) -> set[int]:
    selection = view.selectionModel().selection()
    return {selection.at(at).top() for at in range(selection.size())}


def test_qt_is_told_only_of_the_rows_in_sight(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty thousand ranges, with each of which whatever Qt does would take longer."""
    model, view = QStandardItemModel(40_000, 1), Sparse()
    qtbot.addWidget(view)
    view.setModel(model)
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.resize(400, 400)
    view.show()
    told: list[int] = []
    built = selecting.selection_of

    def noted(model: QStandardItemModel, ranges: list[tuple[int, int]]) -> QItemSelection:
        told.append(len(ranges))
        return built(model, ranges)

    monkeypatch.setattr(selecting, "selection_of", noted)
    every_other = view.row_ids()[::2]
    view.show_selection(every_other, 0)
    for row, button, keys in ((5, "LeftButton", CTRL), (2, "RightButton", NO_KEY), (7, "LeftButton", CTRL)):
        place = view.visualRect(model.index(row, 0)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton[button], keys, place)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    assert set(view.chosen_ids().tolist()) == {*every_other.tolist(), 5, 7}
    assert known_to_qt(view) == {row for row in view.rows_in(view.viewport().rect()) if row % 2 == 0}
    assert told and max(told) <= 20


def test_shift_draws_out_what_is_selected_and_in_again(window: MainWindow) -> None:
    click(window, 0)
    click(window, 2, CTRL)
    for row in (6, 4):
        click(window, row, CTRL | Qt.KeyboardModifier.ShiftModifier)
        assert places(window.runs.view) == [0, *range(2, row + 1)]
    click(window, 3, Qt.KeyboardModifier.ShiftModifier)
    assert places(window.runs.view) == [0, 2, 3]


GROUPED = View(group_by=(param("half"),))


@pytest.fixture
def three(window: MainWindow) -> list[int]:
    """The third and the last two runs of the table, the last one current."""
    for row, keys in ((2, NO_KEY), (10, CTRL), (11, CTRL)):
        click(window, row, keys)
    assert places(window.runs.view) == [2, 10, 11]
    return sorted(selected(window))


def test_grouping_leaves_selected_what_is(qtbot: QtBot, window: MainWindow, three: list[int]) -> None:
    current = window.session.selection.current
    look(qtbot, window, GROUPED)
    window.runs.feed.folding.set_all(False)
    window.runs.view.tell()
    assert window.runs.feed.model.rowCount() == 2 and not highlighted(window)
    assert sorted(selected(window)) == sorted(window.runs.selected_runs()) == three
    assert window.session.selection.current == current
    window.runs.feed.folding.set_all(True)
    assert sorted(highlighted(window)) == three, "what comes out is selected still"
    look(qtbot, window, View())
    window.runs.view.tell()
    assert sorted(highlighted(window)) == sorted(selected(window)) == three


def test_closing_one_group_and_choosing_another_run_with_ctrl_keeps_what_it_hides(
    qtbot: QtBot, window: MainWindow, three: list[int]
) -> None:
    look(qtbot, window, GROUPED)
    folding, model = window.runs.feed.folding, window.runs.feed.model
    folding.set_all(True)
    folding.set_open(int(model.ids[0]), False)
    window.runs.view.tell()
    assert sorted(selected(window)) == three
    more = next(row for row in range(model.rowCount()) if model.ids[row] >= 0 and int(model.ids[row]) not in three)
    click(window, more, CTRL)
    assert sorted(selected(window)) == sorted([*three, int(model.ids[more])])
    click(window, more)
    assert selected(window) == {int(model.ids[more])}, "a plain click leaves nothing of what is hidden either"


def test_the_runs_of_a_group_stay_selected_when_there_are_groups_no_more(qtbot: QtBot, window: MainWindow) -> None:
    look(qtbot, window, GROUPED)
    click(window, 0)
    of_group = selected(window)
    assert len(of_group) == 6
    look(qtbot, window, View())
    window.runs.view.tell()
    assert selected(window) == highlighted(window) == of_group


def test_what_goes_to_the_trash_beneath_a_closed_group_is_selected_no_more(
    qtbot: QtBot, window: MainWindow, three: list[int]
) -> None:
    look(qtbot, window, GROUPED)
    window.session.run(lambda store: delete_runs(store, three[:1]))
    qtbot.waitUntil(lambda: sorted(selected(window)) == three[1:])


def test_closing_a_parent_leaves_its_child_selected(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    with Script(store) as script:
        parent = script.start(name="parent")
        for number in range(2):
            script.end(script.start(name=f"child-{number}", parent=parent))
        script.end(parent)
        script.take()
    window = open_window(store)
    feed = window.runs.feed
    qtbot.waitUntil(lambda: feed.settled and feed.model.rowCount() == 3)
    click(window, 2)
    (child,) = selected(window)
    feed.folding.set_open(int(feed.model.ids[0]), False)
    window.runs.view.tell()
    assert selected(window) == {child} and window.session.selection.current == child
    feed.folding.set_open(int(feed.model.ids[0]), True)
    assert highlighted(window) == {child}


def test_commands_mean_the_run_of_the_inspector_though_the_filter_hides_it(qtbot: QtBot, window: MainWindow) -> None:
    look(qtbot, window, View("params.lr = 2"))
    (listed,) = window.runs.feed.model.ids.tolist()
    hidden = listed + 3
    window.session.select_runs([hidden], hidden)
    qtbot.waitUntil(lambda: window.inspector.settled)
    window.actions_by_id["run.edit"].trigger()
    dialog = window.findChild(EditRunsDialog)
    assert dialog is not None and dialog.windowTitle() == "Edit 1 run"
    dialog.reject()
    QTest.keyClick(window.runs.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: trashed(window) == [hidden])


def test_a_key_right_after_a_click_means_what_was_clicked(qtbot: QtBot, window: MainWindow) -> None:
    click(window, 0)
    view, model = window.runs.view, window.runs.feed.model
    wanted = int(model.ids[3])
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(model.index(3, 1)).center())
    window.actions_by_id["edit.trash"].trigger()
    qtbot.waitUntil(lambda: trashed(window) == [wanted])


def test_runs_are_numbered_as_they_stand_in_the_table_now(qtbot: QtBot, window: MainWindow) -> None:
    window.runs.select_all()
    look(qtbot, window, ORDERED)
    window.actions_by_id["run.edit"].trigger()
    dialog = window.findChild(EditRunsDialog)
    assert dialog is not None
    dialog.kind.setCurrentText(Kind.RENAME)
    dialog.value.setText("{number}")
    apply = dialog.buttons.button(QDialogButtonBox.StandardButton.Apply)
    qtbot.waitUntil(apply.isEnabled)
    names = [dialog.rows.item(row, 0).text() for row in range(3)]
    assert names == ["run-0", "run-6", "run-1"], [dialog.rows.item(row, 2).text() for row in range(3)]
    dialog.reject()


def test_a_million_selected_runs_are_no_copy(qtbot: QtBot, window: MainWindow) -> None:
    window.runs.select_all()
    qtbot.waitUntil(lambda: len(selected(window)) == 12)
    assert np.shares_memory(window.session.selection.ids, window.runs.feed.model.ids)


@pytest.mark.parametrize("command", ["view.vary", "view.only_vary", "run.baseline", "run.eye", "run.only"])
def test_an_answer_that_comes_when_other_experiments_are_listed_changes_nothing_of_them(
    qtbot: QtBot, window: MainWindow, command: str
) -> None:
    with Script(window.session.store) as script:
        script.end(script.start(experiment="others"))
        script.take()
    qtbot.waitUntil(lambda: len(window.navigator.experiments) == 2)
    session, steps = window.session, len(window.session.undo)
    (here,) = session.selection.experiments
    (others,) = (one.id for one in window.navigator.experiments if one.id != here)
    click(window, 0)
    window.actions_by_id[command].trigger()
    session.select_experiments([others])
    qtbot.waitUntil(lambda: not session.jobs.running and window.runs.feed.settled, timeout=20_000)
    assert session.view == View() and len(session.undo) == steps
    session.select_experiments([here])
    assert session.view == View()
    qtbot.waitUntil(lambda: window.runs.feed.settled and window.runs.feed.model.rowCount() == 12)
    click(window, 0)
    window.actions_by_id[command].trigger()
    qtbot.waitUntil(lambda: session.view != View(), timeout=20_000)
