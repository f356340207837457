"""A sweep is found, ordered, judged and tidied in the real window: with the keyboard alone, and with the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from runfolio.gui.curves.lineup import owner_of
from runfolio.gui.main_window import MainWindow
from runfolio.gui.runs.edit_runs import EditRunsDialog
from runfolio.store import Store
from runfolio.store.bulk import read_runs
from runfolio.store.experiments import list_experiments
from runfolio.store.runs import numbers_of
from runfolio.store.views import list_views
from tests.gui.conftest import Opener, open_window, theme  # noqa: F401
from tests.gui.test_tree_window import Hand, place
from tests.gui.tree_rows import rows
from tests.gui.writing import is_written
from tests.journeys.test_live import table_row
from tests.store.script import Script

Key, Control, Shift, Alt = Qt.Key, *(Qt.KeyboardModifier[f"{n}Modifier"] for n in ("Control", "Shift", "Alt"))
Plain = Qt.KeyboardModifier.NoModifier
# The name, the learning rate and the accuracies of each run of the sweep.
SWEEP = {
    "low": ("0.001", [0.2, 0.4, 0.55]),
    "middle": ("0.01", [0.4, 0.7, 0.8]),
    "high": ("0.1", [0.5, 0.8, 0.9]),
    "wild": ("1.0", [0.3, 0.2, 0.1]),
}


@pytest.fixture
def window(qtbot: QtBot, store: Store, open_window: Opener) -> MainWindow:  # noqa: F811
    """A window on a sweep of four runs, and an experiment beside it with one."""
    with Script(store) as script:
        for name, (rate, values) in SWEEP.items():
            run = script.start(experiment="vision/sweep", name=name, run_id=name)
            script.params(run, {"lr": rate})
            script.log(run, "acc", values)
            script.end(run)
        script.end(script.start(experiment="vision/old", name="first try", run_id="old"))
        script.take()
    opened = open_window(store)
    qtbot.waitUntil(lambda: rows(opened) == ["vision", "  old", "  sweep"])
    opened.activateWindow()
    assert QTest.qWaitForWindowActive(opened)
    return opened


def names(window: MainWindow) -> list[str]:
    """The runs as they stand in the table."""
    return [table_row(window, row)["Name"] for row in range(window.runs.feed.model.rowCount())]


class Keyboard:
    """Presses keys wherever they go, as a hand does."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self._qtbot, self._window = qtbot, window

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Plain) -> None:
        """Press one key."""
        QTest.keyClick(self._there(), key, modifier)

    def write(self, text: str) -> None:
        """Type some text."""
        QTest.keyClicks(self._there(), text)

    def command(self, title: str) -> None:
        """Choose a command by its name."""
        self.press(Key.Key_K, Control)
        self.write(title)
        self.press(Key.Key_Return)

    def _there(self) -> QWidget:
        above = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self._window
        if not above.isActiveWindow():
            # A popup that has closed has taken the keyboard along, where there is no real screen.
            above.activateWindow()
            self._qtbot.waitUntil(above.isActiveWindow)
        return above.focusWidget() or above


def settled(qtbot: QtBot, window: MainWindow, *expected: str) -> None:
    """Wait until these runs stand in the table, in this order."""
    qtbot.waitUntil(lambda: window.runs.feed.settled and names(window) == list(expected))


def heading(window: MainWindow) -> list[str]:
    """The columns, as their heads call them."""
    return [*table_row(window)]


def tags(store: Store, key: str) -> list[str | None]:
    """What a tag of each run of the sweep is."""
    return [run.tags.get(key) for run in read_runs(store, [*numbers_of(store, SWEEP).values()])]


def test_a_sweep_is_judged_and_tidied_with_the_keyboard_alone(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    hand = Keyboard(qtbot, window)
    # Which experiment: its runs alone.
    hand.press(Key.Key_1, Alt)
    hand.press(Key.Key_End)
    settled(qtbot, window, "wild", "high", "middle", "low")
    # Only those that learned something, the best last.
    hand.press(Key.Key_F, Control)
    hand.write("metrics.acc > 0.5")
    hand.press(Key.Key_Return)
    settled(qtbot, window, "high", "middle", "low")
    hand.press(Key.Key_2, Alt)
    for _ in range(heading(window).index("lr")):
        hand.press(Key.Key_Right)
    hand.command("Sort by the Column, Ascending")
    settled(qtbot, window, "low", "middle", "high")
    # The last two are tagged in one step, which is taken back and done again.
    hand.press(Key.Key_2, Alt)
    hand.press(Key.Key_End, Control)
    hand.press(Key.Key_Up, Shift)
    qtbot.waitUntil(lambda: len(window.session.selection.ids) == 2)
    hand.press(Key.Key_T, Control)
    hand.write("keep")
    hand.press(Key.Key_Tab)
    hand.write("yes")
    (dialog,) = window.findChildren(EditRunsDialog)
    qtbot.waitUntil(lambda: dialog.said.text() == "Changes 2 of 2 runs.")
    hand.press(Key.Key_Return)
    kept = [None, "yes", "yes", None]
    qtbot.waitUntil(lambda: tags(store, "keep") == kept and is_written(window.session))
    hand.press(Key.Key_Z, Control)
    qtbot.waitUntil(lambda: tags(store, "keep") == [None] * 4 and is_written(window.session))
    hand.press(Key.Key_Y, Control)
    qtbot.waitUntil(lambda: tags(store, "keep") == kept and is_written(window.session))
    # What they have made of it is said side by side, and how they are looked at is kept by a name.
    hand.press(Key.Key_D, Control)
    qtbot.waitUntil(lambda: window.inspector.overview.changes.link.text() == "high")
    hand.press(Key.Key_S, Control)
    hand.write("Best rates")
    hand.press(Key.Key_Return)
    qtbot.waitUntil(lambda: [view.name for view in list_views(store)] == ["Best rates"])
    # The one that went astray goes to the trash.
    hand.press(Key.Key_F, Control)
    hand.press(Key.Key_A, Control)
    hand.write("metrics.acc < 0.5")
    hand.press(Key.Key_Return)
    settled(qtbot, window, "wild")
    hand.press(Key.Key_2, Alt)
    hand.press(Key.Key_Home, Control)
    qtbot.waitUntil(lambda: window.session.selection.current is not None)
    hand.press(Key.Key_Delete)
    settled(qtbot, window)
    hand.press(Key.Key_Z, Control)
    settled(qtbot, window, "wild")


class Mouse:
    """Clicks where a part of the window is seen."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self._qtbot, self._window = qtbot, window
        self._view = window.runs.view

    def row(self, name: str, modifier: Qt.KeyboardModifier = Plain) -> None:
        """On a run's name."""
        self._click(self._view.viewport(), self.place(name), modifier)

    def eye(self, name: str) -> None:
        """On the dot before a run's name."""
        index = self._index(name)
        dot = self._view.delegate.dot_area(self._view.visualRect(index), int(self._view.runs.ids[index.row()]))
        self._click(self._view.viewport(), dot.center())

    def head(self, name: str) -> None:
        """On the head of a column."""
        header, section = self._view.header, heading(self._window).index(name)
        self._click(header.viewport(), QPoint(header.left_of(section) + 30, header.names_height - 12))

    def experiment(self, path: str) -> None:
        """On a line of the tree."""
        self._click(self._window.navigator.tree.viewport(), place(self._window, path))

    def button(self, part: QWidget, text: str) -> None:
        """On a button that can be pressed."""

        def found() -> list[QPushButton]:
            there = (one for one in part.findChildren(QPushButton) if one.isVisible() and one.isEnabled())
            return [one for one in there if text in (one.text(), one.accessibleName())]

        self._qtbot.waitUntil(lambda: len(found()) == 1)
        self._click(found()[0], found()[0].rect().center())

    def place(self, name: str) -> QPoint:
        """Where a run's name is, in the table."""
        return self._view.visualRect(self._index(name)).center()

    def _index(self, name: str) -> QModelIndex:
        return self._view.runs.index(names(self._window).index(name), 0)

    def _click(self, part: QWidget, at: QPoint, modifier: Qt.KeyboardModifier = Plain) -> None:
        QTest.mouseClick(part, Qt.MouseButton.LeftButton, modifier, at)


def test_a_sweep_is_judged_and_tidied_with_the_mouse(
    qtbot: QtBot, window: MainWindow, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    mouse, hand = Mouse(qtbot, window), Hand(window)
    monkeypatch.setattr(QDrag, "exec", lambda moving, *_actions: hand.carry(moving))
    mouse.experiment("vision/sweep")
    settled(qtbot, window, "wild", "high", "middle", "low")
    # The best first: that a greater accuracy is better is known by its name.
    mouse.head("acc")
    settled(qtbot, window, "high", "middle", "low", "wild")
    # The best two in the charts, and side by side.
    mouse.eye("low")
    mouse.eye("wild")
    qtbot.waitUntil(lambda: charted(window) == {"high", "middle"})
    mouse.row("high")
    mouse.row("middle", Control)
    mouse.button(window.page, "Compare 2")
    qtbot.waitUntil(lambda: window.inspector.overview.changes.link.text() == "high")
    # What belongs to other work is dragged there, and taken back.
    mouse.row("wild")
    source = window.runs.view.viewport()
    hand.drag(source, mouse.place("wild"), place(window, "vision/old"))
    assert hand.said == "Move 1 run to vision/old"
    settled(qtbot, window, "high", "middle", "low")
    assert counts(store) == {"vision/old": 2, "vision/sweep": 3}
    mouse.button(window.strip, "Undo")
    settled(qtbot, window, "high", "middle", "low", "wild")
    # So is an experiment.
    tree = window.navigator.tree.viewport()
    hand.drag(tree, place(window, "vision/old"), QPoint(40, tree.height() - 60))
    qtbot.waitUntil(lambda: counts(store) == {"old": 1, "vision/sweep": 4})
    qtbot.waitUntil(lambda: rows(window) == ["old", "vision", "  sweep"])
    mouse.button(window.strip, "Undo")
    qtbot.waitUntil(lambda: counts(store) == {"vision/old": 1, "vision/sweep": 4})
    qtbot.waitUntil(lambda: rows(window) == ["vision", "  old", "  sweep"])


def counts(store: Store) -> dict[str, int]:
    """How many runs each experiment has."""
    return {one.name: one.runs for one in list_experiments(store)}


def charted(window: MainWindow) -> set[str]:
    """The runs whose curves are drawn."""
    panel = window.page.charts
    assert panel is not None
    shown = {owner_of(line) for card in panel.grid.cards() for line in card.plot.drawn}
    return {run.name for run in read_runs(window.session.store, sorted(shown))}
