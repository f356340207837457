"""The tree of experiments in a real window: with the keyboard alone, with the mouse, and taken back each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from runfolio.core.states import NOTE
from runfolio.gui import dragging
from runfolio.gui.chrome.palette import Palette
from runfolio.gui.dragging import MIME, Load
from runfolio.gui.main_window import MainWindow
from runfolio.gui.navigator.commands import carry_out
from runfolio.gui.navigator.describe import ExperimentDialog
from runfolio.gui.navigator.experiment_tree import ExperimentTree
from runfolio.gui.navigator.model import RUNS_ROLE
from runfolio.gui.navigator.moves import to_folder
from runfolio.gui.navigator.prompt import NamePrompt
from runfolio.store import Store
from runfolio.store.experiments import get_experiment, list_experiments
from runfolio.store.operations import create_experiment, rename_experiment
from runfolio.store.trash import delete_experiments
from tests.gui.conftest import Opener
from tests.gui.tree_rows import rows
from tests.gui.writing import is_written
from tests.store.script import Script

Key, Button, Modifier = Qt.Key, Qt.MouseButton, Qt.KeyboardModifier
NAMES = ("nlp/sst2", "tabular", "vision/cifar", "vision/mnist")


@pytest.fixture
def remembered() -> Iterator[None]:
    """What windows remember is kept in a file of the test's own, which Qt finds by these names."""
    QCoreApplication.setOrganizationName("runfolio")
    yield
    QCoreApplication.setOrganizationName("")


@pytest.fixture
def window(qtbot: QtBot, store: Store, open_window: Opener, remembered: None) -> Iterator[MainWindow]:
    """A window on four experiments with one to four runs."""
    with Script(store) as script:
        for count, name in enumerate(NAMES, 1):
            for number in range(count):
                script.end(script.start(experiment=name, name=f"{name} {number}"))
        script.take()
    opened = open_window(store)
    model = opened.navigator.model
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    qtbot.waitUntil(lambda: bool(rows(opened)))
    yield opened


def names(store: Store) -> list[str]:
    return [one.name for one in list_experiments(store)]


def place(window: MainWindow, path: str) -> QPoint:
    """The middle of a row, in the viewport."""
    index = window.navigator.model.find(path)
    assert index.isValid(), path
    return window.navigator.tree.visualRect(index).center()


def click(window: MainWindow, path: str, modifier: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
    QTest.mouseClick(window.navigator.tree.viewport(), Button.LeftButton, modifier, place(window, path))


def press(window: MainWindow, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(window.navigator.tree, key, modifier)


def undo(qtbot: QtBot, window: MainWindow) -> None:
    """By keyboard; a popup that has closed has taken it along, where there is no real screen."""
    qtbot.waitUntil(lambda: is_written(window.session))
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    QTest.keyClick(window, Key.Key_Z, Modifier.ControlModifier)


def settled(qtbot: QtBot, store: Store, expected: tuple[str, ...] | list[str]) -> None:
    qtbot.waitUntil(lambda: names(store) == sorted(expected))


def shows(qtbot: QtBot, window: MainWindow, *expected: str) -> None:
    qtbot.waitUntil(lambda: rows(window) == list(expected))


def popup(kind: type[NamePrompt] | type[Palette], window: MainWindow) -> NamePrompt | Palette:
    (found,) = window.findChildren(kind)
    return found


START = ("nlp", "  sst2", "tabular", "vision", "  cifar", "  mnist")


def test_the_tree_has_folders_that_are_open(window: MainWindow) -> None:
    assert rows(window) == list(START)


# Keyboard


def test_a_new_experiment_by_keyboard_alone(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, "vision/cifar")
    QTest.keyClick(window, Key.Key_N, Modifier.ControlModifier)
    prompt = popup(NamePrompt, window)
    assert isinstance(prompt, NamePrompt) and prompt.field.text() == "vision/"
    qtbot.keyClicks(prompt.field, "mnist")
    assert prompt.hint.text() == "There is already a vision/mnist."
    qtbot.keyClick(prompt.field, Key.Key_Return)
    assert prompt.isVisible(), "it stays for another name"
    qtbot.keyClicks(prompt.field, "-2")
    qtbot.keyClick(prompt.field, Key.Key_Return)
    settled(qtbot, store, [*NAMES, "vision/mnist-2"])
    shows(qtbot, window, *START, "  mnist-2")
    made = window.navigator.model.node(window.navigator.model.find("vision/mnist-2")).experiment
    assert made is not None
    qtbot.waitUntil(lambda: window.session.selection.experiments == (made.id,))
    assert window.strip.text == "Made the experiment vision/mnist-2"
    undo(qtbot, window)
    settled(qtbot, store, NAMES)
    shows(qtbot, window, *START)


def test_a_folder_is_renamed_in_place_with_all_in_it(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, "vision")
    press(window, Key.Key_F2)
    edit = window.navigator.tree.viewport().findChild(QLineEdit)
    assert isinstance(edit, QLineEdit) and edit.text() == "vision"
    edit.selectAll()
    qtbot.keyClicks(edit, "seeing")
    qtbot.keyClick(edit, Key.Key_Return)
    settled(qtbot, store, ["nlp/sst2", "tabular", "seeing/cifar", "seeing/mnist"])
    shows(qtbot, window, "nlp", "  sst2", "seeing", "  cifar", "  mnist", "tabular")
    undo(qtbot, window)
    settled(qtbot, store, NAMES)
    shows(qtbot, window, *START)


def test_what_is_logged_meanwhile_takes_no_typed_name_out_of_the_editor(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    def editors() -> list[QLineEdit]:
        return [one for one in window.navigator.tree.findChildren(QLineEdit) if one.isVisible()]

    def is_logged() -> None:
        with Script(store) as script:
            script.end(script.start(experiment="vision/cifar"))
            script.take()
        index = window.navigator.model.find("vision/cifar")
        before = index.data(RUNS_ROLE)
        qtbot.waitUntil(lambda: index.data(RUNS_ROLE) > before)

    click(window, "vision/cifar")
    press(window, Key.Key_F2)
    (first,) = editors()
    qtbot.keyClicks(first, "a/sweep:x//b")
    is_logged()
    assert first.text() == "a/sweep:x//b"
    QTest.keyClick(first, Key.Key_Return)
    qtbot.waitUntil(lambda: "is not allowed" in window.strip.text and bool(editors()) and first not in editors())
    is_logged()
    assert [one.text() for one in editors()] == ["a/sweep:x//b"]
    QTest.keyClick(editors()[0], Key.Key_Escape)


def test_an_experiment_can_go_into_a_folder_of_its_name(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, "nlp/sst2")
    press(window, Key.Key_F2)
    editor = window.navigator.tree.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    qtbot.keyClicks(editor, "sst2/v2")
    QTest.keyClick(editor, Key.Key_Return)
    settled(qtbot, store, ["nlp/sst2/v2", *NAMES[1:]])
    undo(qtbot, window)
    settled(qtbot, store, NAMES)


def test_a_name_that_is_refused_is_not_to_be_typed_once_more(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, "tabular")
    press(window, Key.Key_F2)
    editor = window.navigator.tree.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.setText("nlp/sst2")
    QTest.keyClick(editor, Key.Key_Return)

    def asked_again() -> bool:
        found = [one for one in window.navigator.tree.findChildren(QLineEdit) if one.isVisible()]
        return bool(found) and found[-1] is not editor and found[-1].text() == "nlp/sst2"

    qtbot.waitUntil(asked_again)
    assert "nlp/sst2" in window.strip.text and names(store) == sorted(NAMES)
    again = [one for one in window.navigator.tree.findChildren(QLineEdit) if one.isVisible()][-1]
    again.setText("table")
    QTest.keyClick(again, Key.Key_Return)
    settled(qtbot, store, ["nlp/sst2", "table", "vision/cifar", "vision/mnist"])
    qtbot.waitUntil(lambda: "table" in rows(window))
    window.navigator.reveal("table")
    press(window, Key.Key_F2)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.navigator.tree.findChildren(QLineEdit)))
    editor = [one for one in window.navigator.tree.findChildren(QLineEdit) if one.isVisible()][-1]
    assert editor.text() == "table"
    QTest.keyClick(editor, Key.Key_Escape)


def test_a_wrong_name_is_told_in_the_colour_of_errors(qtbot: QtBot, window: MainWindow) -> None:
    click(window, "tabular")
    window.actions_by_id["tree.new"].trigger()
    prompt = popup(NamePrompt, window)
    assert isinstance(prompt, NamePrompt)
    prompt.field.setText("nlp/")
    QTest.keyClick(prompt.field, Key.Key_Return)
    assert prompt.hint.property("role") == "bad"
    assert prompt.hint.palette().windowText().color().name() == window.session.theme.color("bad").name()
    prompt.field.setText("fine")
    assert prompt.hint.property("role") == "muted"
    prompt.close()


def test_delete_puts_into_the_trash_and_undo_brings_back(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, "vision/cifar")
    press(window, Key.Key_Delete)
    settled(qtbot, store, ["nlp/sst2", "tabular", "vision/mnist"])
    qtbot.waitUntil(lambda: window.strip.text == "Moved the experiment vision/cifar with 3 runs to the trash")
    qtbot.waitUntil(lambda: "  cifar" not in rows(window))
    qtbot.waitUntil(lambda: len(window.session.selection.experiments) == 1)
    chosen = window.session.selection.experiments[0]
    assert window.navigator.model.known[chosen].name in names(store), "what is near it is chosen"
    undo(qtbot, window)
    settled(qtbot, store, NAMES)
    shows(qtbot, window, *START)


def test_arrows_walk_and_open_and_close(qtbot: QtBot, window: MainWindow) -> None:
    click(window, "nlp")
    press(window, Key.Key_Left)
    assert rows(window) == [START[0], *START[2:]]
    press(window, Key.Key_Down)
    assert [node.path for node in window.navigator.chosen()] == ["tabular"]
    press(window, Key.Key_Up, Key.Key_Right)
    assert rows(window) == list(START)


def test_what_was_closed_stays_closed_in_the_next_window(
    qtbot: QtBot, window: MainWindow, store: Store, open_window: Opener
) -> None:
    click(window, "vision")
    press(window, Key.Key_Left)
    other = open_window(store)
    shows(qtbot, other, "nlp", "  sst2", "tabular", "vision")


def test_several_are_one_table(qtbot: QtBot, window: MainWindow) -> None:
    click(window, "nlp/sst2")
    click(window, "tabular", Modifier.ControlModifier)
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 3)
    click(window, "vision/mnist", Modifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 10)
    click(window, "vision")
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 7)
    assert len(window.session.selection.experiments) == 2


def test_the_menu_key_opens_the_menu_at_the_row(qtbot: QtBot, window: MainWindow) -> None:
    click(window, "tabular")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(window.navigator.tree.viewport(), event)
    menu = next(menu for menu in window.findChildren(QMenu) if menu.isVisible())
    titles = [action.text() for action in menu.actions() if action.isEnabled() and action.text()]
    expected = {"Rename", "Move To Trash", "New Experiment…", "New Folder…", "Move To…", "Merge Into…"}
    assert expected <= set(titles)
    menu.close()


def test_move_to_by_keyboard(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, "tabular")
    QTest.keyClick(window, Key.Key_M, Modifier.ControlModifier)
    palette = popup(Palette, window)
    qtbot.keyClicks(palette.field, "new/place")
    qtbot.keyClick(palette.field, Key.Key_Return)
    settled(qtbot, store, ["new/place/tabular", "nlp/sst2", "vision/cifar", "vision/mnist"])
    undo(qtbot, window)
    settled(qtbot, store, NAMES)


def test_merging_several_is_one_step(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, "vision/cifar")
    click(window, "vision/mnist", Modifier.ControlModifier)
    window.actions_by_id["tree.merge"].trigger()
    palette = popup(Palette, window)
    assert "2 rows" in palette.field.placeholderText()
    qtbot.keyClicks(palette.field, "tabular")
    qtbot.keyClick(palette.field, Key.Key_Return)
    settled(qtbot, store, ["nlp/sst2", "tabular"])
    qtbot.waitUntil(lambda: window.strip.text == "Merged 2 experiments with 7 runs into tabular")
    ids = {one.name: one.id for one in list_experiments(store)}
    assert {one.name: one.runs for one in list_experiments(store)}["tabular"] == 9
    qtbot.waitUntil(lambda: window.session.selection.experiments == (ids["tabular"],))
    undo(qtbot, window)
    settled(qtbot, store, NAMES)
    shows(qtbot, window, *START)


@pytest.mark.parametrize("source", ["vision/cifar", "tabular"])
@pytest.mark.parametrize("target", ["nlp/sst2", "vision/mnist"])
def test_after_a_merge_the_window_is_where_the_runs_are(
    qtbot: QtBot, window: MainWindow, store: Store, source: str, target: str
) -> None:
    ids = {one.name: one.id for one in list_experiments(store)}
    click(window, source)
    qtbot.waitUntil(lambda: window.session.selection.experiments == (ids[source],))
    window.actions_by_id["tree.merge"].trigger()
    palette = popup(Palette, window)
    qtbot.keyClicks(palette.field, target)
    qtbot.keyClick(palette.field, Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.selection.experiments == (ids[target],))
    undo(qtbot, window)
    qtbot.waitUntil(lambda: window.session.selection.experiments == (ids[source],))
    window.session.undo.redo()
    qtbot.waitUntil(lambda: window.session.selection.experiments == (ids[target],))


def test_a_folder_cannot_be_merged(window: MainWindow) -> None:
    click(window, "vision")
    assert not window.actions_by_id["tree.merge"].isEnabled()
    assert window.actions_by_id["tree.move"].isEnabled()


def test_an_empty_folder_waits_for_what_is_put_into_it(
    qtbot: QtBot, window: MainWindow, store: Store, open_window: Opener
) -> None:
    click(window, "tabular")
    window.actions_by_id["tree.folder"].trigger()
    prompt = popup(NamePrompt, window)
    qtbot.keyClicks(prompt.field, "later")
    qtbot.keyClick(prompt.field, Key.Key_Return)
    shows(qtbot, window, "later", *START)
    assert [node.path for node in window.navigator.chosen()] == ["later"]
    shows(qtbot, open_window(store), "later", *START)
    undo(qtbot, window)
    shows(qtbot, window, *START)


def test_empty_folders_and_open_ones_go_with_their_folder_and_come_back_with_it(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    click(window, "vision")
    window.actions_by_id["tree.folder"].trigger()
    prompt = popup(NamePrompt, window)
    prompt.field.setText("vision/later")
    qtbot.keyClick(prompt.field, Key.Key_Return)
    qtbot.waitUntil(lambda: "  later" in rows(window))
    before = rows(window)
    click(window, "vision")
    press(window, Key.Key_F2)
    edit = window.navigator.tree.viewport().findChild(QLineEdit)
    assert isinstance(edit, QLineEdit)
    edit.setText("a")
    qtbot.keyClick(edit, Key.Key_Return)
    qtbot.waitUntil(lambda: sorted(rows(window)) == sorted("a" if row == "vision" else row for row in before))
    after = rows(window)
    for step, expected in ((window.session.undo.undo, before), (window.session.undo.redo, after)) * 2:
        qtbot.waitUntil(lambda: is_written(window.session) or window.session.undo.undone is not None)
        step()
        shows(qtbot, window, *expected)


def test_a_folder_whose_making_was_undone_does_not_come_back(qtbot: QtBot, window: MainWindow) -> None:
    click(window, "tabular")
    window.actions_by_id["tree.folder"].trigger()
    prompt = popup(NamePrompt, window)
    prompt.field.setText("X")
    qtbot.keyClick(prompt.field, Key.Key_Return)
    navigator, stack = window.navigator, window.session.undo
    node = navigator.model.node(navigator.model.find("tabular"))
    move = to_folder([node], "X")
    assert move is not None
    carry_out(navigator, move)
    qtbot.waitUntil(lambda: navigator.model.find("X/tabular").isValid() and not navigator.openness.folders)
    qtbot.waitUntil(lambda: is_written(window.session))
    stack.undo()
    stack.undo()
    qtbot.waitUntil(lambda: navigator.model.find("tabular").isValid() and not window.session.jobs.running)
    assert navigator.openness.folders == () and not navigator.model.find("X").isValid() and stack.last is None
    stack.redo()
    qtbot.waitUntil(lambda: navigator.model.find("X").isValid())


# Describing


def test_an_experiment_is_described_tagged_and_renamed(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, "tabular")
    QTest.keyClick(window, Key.Key_F4)
    (dialog,) = window.findChildren(ExperimentDialog)
    qtbot.waitUntil(lambda: dialog.name.text() == "tabular")
    assert dialog.focusWidget() is not None, "the keyboard is in the dialog"
    QTest.mouseClick(dialog.note.start, Button.LeftButton)
    qtbot.keyClicks(dialog.note.field, "Churn, **again**")
    QTest.mouseClick(dialog.note.preview, Button.LeftButton)
    assert "font-weight" in dialog.note.note.text()
    QTest.mouseClick(dialog.note.save, Button.LeftButton)
    QTest.mouseClick(dialog.tags.add, Button.LeftButton)
    qtbot.keyClicks(dialog.tags.line, "team=risk")
    qtbot.keyClick(dialog.tags.line, Key.Key_Return)
    qtbot.waitUntil(lambda: tags(store, 2) == {NOTE: "Churn, **again**", "team": "risk"})
    qtbot.waitUntil(lambda: dialog.tags.tags == {"team": "risk"})
    dialog.tags.edit("team")
    dialog.tags.line.setText("group=risk")
    qtbot.keyClick(dialog.tags.line, Key.Key_Return)
    qtbot.waitUntil(lambda: tags(store, 2) == {NOTE: "Churn, **again**", "group": "risk"})
    dialog.name.setFocus()
    dialog.name.selectAll()
    qtbot.keyClicks(dialog.name, "tables/churn")
    qtbot.keyClick(dialog.name, Key.Key_Return)
    settled(qtbot, store, ["nlp/sst2", "tables/churn", "vision/cifar", "vision/mnist"])
    assert dialog.isVisible(), "Return keeps the name and closes nothing"
    dialog.close()
    qtbot.waitUntil(lambda: window.navigator.model.find("tables/churn").isValid())
    tip = str(window.navigator.model.find("tables/churn").data(Qt.ItemDataRole.ToolTipRole))
    assert "Churn, **again**" in tip
    for _ in range(4):
        window.session.undo.undo()
    qtbot.waitUntil(lambda: tags(store, 2) == {} and names(store) == list(NAMES))


def test_what_is_refused_of_an_experiment_is_not_to_be_typed_once_more(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    click(window, "tabular")
    QTest.keyClick(window, Key.Key_F4)
    (dialog,) = window.findChildren(ExperimentDialog)
    qtbot.waitUntil(lambda: dialog.name.text() == "tabular")
    dialog.name.setFocus()
    dialog.name.selectAll()
    qtbot.keyClicks(dialog.name, "nlp/sst2")
    qtbot.keyClick(dialog.name, Key.Key_Return)
    qtbot.waitUntil(lambda: "already an experiment" in window.strip.text)
    assert dialog.name.text() == "nlp/sst2" and dialog.name.isModified()
    qtbot.keyClicks(dialog.name, "b")
    qtbot.keyClick(dialog.name, Key.Key_Return)
    settled(qtbot, store, ["nlp/sst2", "nlp/sst2b", "vision/cifar", "vision/mnist"])
    dialog.tags.edit("")
    qtbot.keyClicks(dialog.tags.line, "a*b=1")
    qtbot.keyClick(dialog.tags.line, Key.Key_Return)
    qtbot.waitUntil(lambda: "not allowed" in window.strip.text and dialog.tags.line.isVisible())
    assert dialog.tags.line.text() == "a*b=1"
    qtbot.keyClicks(dialog.tags.line, "c")
    dialog.close()  # what is typed is kept as by going elsewhere, and refused when the dialog is no more
    qtbot.waitUntil(lambda: not any(job.writes for job in window.session.jobs.running))
    assert tags(store, 2) == {}


def tags(store: Store, experiment: int) -> dict[str, str]:
    return get_experiment(store, experiment).tags


# Filter


def test_escape_leaves_the_page_of_an_experiment(qtbot: QtBot, window: MainWindow) -> None:
    click(window, "tabular")
    QTest.keyClick(window, Key.Key_F4)
    (dialog,) = window.findChildren(ExperimentDialog)
    qtbot.waitUntil(lambda: dialog.name.text() == "tabular")
    dialog.name.setFocus()
    qtbot.keyClicks(dialog.name, "x")
    QTest.keyClick(dialog.name, Key.Key_Escape)
    assert dialog.isVisible() and dialog.name.text() == "tabular", "what was typed is given up first"
    dialog.name.setFocus()
    with qtbot.waitSignal(dialog.finished):
        QTest.keyClick(dialog.name, Key.Key_Escape)


def test_the_filter_opens_what_it_finds_and_leaves_the_tree_as_it_was(qtbot: QtBot, window: MainWindow) -> None:
    click(window, "vision")
    press(window, Key.Key_Left)
    qtbot.keyClicks(window.navigator.filter, "MNI")
    assert rows(window) == ["vision", "  mnist"]
    window.navigator.filter.clear()
    assert rows(window) == list(START[:4])
    assert [node.path for node in window.navigator.chosen()] == ["vision"]


# Others change the store


def test_what_others_do_shows_without_moving_what_is_chosen(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, "vision/mnist")
    chosen = window.session.selection
    create_experiment(store, "audio/a")
    rename_experiment(store, 1, "nlp/other")
    delete_experiments(store, [2])
    shows(qtbot, window, "audio", "  a", "nlp", "  other", "vision", "  cifar", "  mnist")
    assert window.session.selection == chosen
    assert [node.path for node in window.navigator.chosen()] == ["vision/mnist"]


# Mouse


class Hand:
    """Drags with the mouse: all but what the screen does between press and release, which is not there.

    Attributes:
        said: what the tree said that a drop would do, before it was done.
    """

    def __init__(self, window: MainWindow) -> None:
        self.said = ""
        self._tree = window.navigator.tree
        self._start, self._end, self._modifier = QPoint(), QPoint(), Modifier.NoModifier

    def drag(self, source: QWidget, start: QPoint, end: QPoint, *, ctrl: bool = False) -> None:
        """Press on a widget and release over the tree."""
        self._end, self._modifier = end, Modifier.ControlModifier if ctrl else Modifier.NoModifier
        # What is dragged from elsewhere comes in at the top.
        self._start = start if source is self._tree.viewport() else QPoint(20, 2)
        QTest.mousePress(source, Button.LeftButton, Modifier.NoModifier, start)
        for step in (4, 12, 24):
            QTest.mouseMove(source, start + QPoint(step, 0))
        QTest.mouseRelease(source, Button.LeftButton, Modifier.NoModifier, start)

    def carry(self, moving: QDrag) -> Qt.DropAction:
        """In place of what Qt asks the screen for."""
        dropped(self._tree, moving.mimeData(), self._end, self._modifier, look=self._look, start=self._start)
        return Qt.DropAction.MoveAction

    def _look(self) -> None:
        self.said = self._tree.hint.text() if self._tree.hint.isVisible() else ""


@pytest.fixture
def hand(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Hand:
    one = Hand(window)
    monkeypatch.setattr(QDrag, "exec", lambda moving, *_actions: one.carry(moving))
    return one


def dropped(
    tree: ExperimentTree,
    data: QMimeData,
    point: QPoint,
    modifier: Qt.KeyboardModifier = Modifier.NoModifier,
    *,
    look: Callable[[], None] = lambda: None,
    start: QPoint | None = None,
) -> bool:
    """Enter, as a drag within the tree does over what is dragged; move, drop; whether it was taken."""
    action, button, viewport = Qt.DropAction.MoveAction, Button.LeftButton, tree.viewport()
    QApplication.sendEvent(viewport, QDragEnterEvent(start or point, action, data, button, modifier))
    QApplication.sendEvent(viewport, QDragMoveEvent(point, action, data, button, modifier))
    look()
    event = QDropEvent(QPointF(point), action, data, button, modifier)
    QApplication.sendEvent(viewport, event)
    return event.isAccepted()


def test_an_experiment_is_dragged_onto_a_folder(qtbot: QtBot, window: MainWindow, store: Store, hand: Hand) -> None:
    tree = window.navigator.tree
    hand.drag(tree.viewport(), place(window, "tabular"), place(window, "vision"))
    settled(qtbot, store, ["nlp/sst2", "vision/cifar", "vision/mnist", "vision/tabular"])
    assert hand.said == "Move tabular to vision" and not tree.hint.isVisible()
    shows(qtbot, window, "nlp", "  sst2", "vision", "  cifar", "  mnist", "  tabular")
    undo(qtbot, window)
    settled(qtbot, store, NAMES)
    shows(qtbot, window, *START)


def test_several_are_dragged_to_the_top(qtbot: QtBot, window: MainWindow, store: Store, hand: Hand) -> None:
    click(window, "vision/cifar")
    click(window, "vision/mnist", Modifier.ControlModifier)
    viewport = window.navigator.tree.viewport()
    hand.drag(viewport, place(window, "vision/mnist"), QPoint(40, viewport.height() - 60))
    settled(qtbot, store, ["cifar", "mnist", "nlp/sst2", "tabular"])
    assert hand.said == "Move 2 rows to the top"
    shows(qtbot, window, "cifar", "mnist", "nlp", "  sst2", "tabular")
    undo(qtbot, window)
    settled(qtbot, store, NAMES)


def test_with_ctrl_a_drop_merges(qtbot: QtBot, window: MainWindow, store: Store, hand: Hand) -> None:
    viewport = window.navigator.tree.viewport()
    hand.drag(viewport, place(window, "vision/mnist"), place(window, "vision/cifar"), ctrl=True)
    settled(qtbot, store, NAMES[:3])
    assert hand.said == "Merge vision/mnist with 4 runs into vision/cifar"
    qtbot.waitUntil(lambda: window.strip.text == hand.said.replace("Merge", "Merged"))


def test_runs_are_dragged_from_the_table_onto_an_experiment(
    qtbot: QtBot, window: MainWindow, store: Store, hand: Hand
) -> None:
    click(window, "vision/mnist")
    view = window.runs.view
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 4)
    first, third = (view.visualRect(window.runs.feed.model.index(row, 1)).center() for row in (0, 2))
    QTest.mouseClick(view.viewport(), Button.LeftButton, Modifier.NoModifier, first)
    QTest.mouseClick(view.viewport(), Button.LeftButton, Modifier.ControlModifier, third)
    hand.drag(view.viewport(), third, place(window, "tabular"))
    assert hand.said == "Move 2 runs to tabular"
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 2)
    assert {one.name: one.runs for one in list_experiments(store)}["tabular"] == 4
    undo(qtbot, window)
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 4)


def test_pressing_a_run_that_is_not_selected_selects_rows_as_before(
    qtbot: QtBot, window: MainWindow, hand: Hand
) -> None:
    click(window, "vision/mnist")
    view = window.runs.view
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 4)
    first, third = (view.visualRect(window.runs.feed.model.index(row, 1)).center() for row in (0, 2))
    QTest.mousePress(view.viewport(), Button.LeftButton, Modifier.NoModifier, first)
    QTest.mouseMove(view.viewport(), first + QPoint(5, 5))
    QTest.mouseMove(view.viewport(), third)
    QTest.mouseRelease(view.viewport(), Button.LeftButton, Modifier.NoModifier, third)
    assert hand.said == "" and len(window.runs.selected_runs()) == 3


@pytest.mark.parametrize("target", ["vision", "nlp/sst2"])
def test_runs_cannot_be_dropped_on_folders_or_where_they_are(
    qtbot: QtBot, window: MainWindow, store: Store, target: str
) -> None:
    click(window, "nlp/sst2")
    data = dragging.pack(store.path, Load(runs=(1,)))
    assert not dropped(window.navigator.tree, data, place(window, target))
    assert not window.navigator.tree.hint.isVisible()


WRONG = [b"", b"[]", b"{", b'{"store": 3}', b'{"store": "elsewhere", "paths": ["tabular"]}', b"\xff\xfe"]


@pytest.mark.parametrize("payload", WRONG)
def test_what_is_not_ours_is_refused(window: MainWindow, store: Store, payload: bytes) -> None:
    data = QMimeData()
    data.setData(MIME, payload)
    assert not dropped(window.navigator.tree, data, place(window, "vision"))
    assert names(store) == list(NAMES)
