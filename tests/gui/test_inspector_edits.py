"""Names and tags are changed on the run they were begun on, whatever is selected meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from runfolio.store.runs import find_run, get_run
from tests.gui.conftest import Opener
from tests.gui.writing import is_written
from tests.store.script import Script

Key = Qt.Key


@pytest.fixture
def store(store: Store) -> Store:
    """A store with two runs that have ended, with a tag in common."""
    with Script(store) as script:
        for name in ("first", "second"):
            run = script.start(name=name, run_id=name)
            script.params(run, {"lr": "0.1"})
            script.tags(run, {"seed": "0", "team": "vision"})
            script.end(run)
        script.finish()
    return store


@pytest.fixture
def window(qtbot: QtBot, open_window: Opener, store: Store) -> Iterator[MainWindow]:
    """A window that shows the run `second`, which is the newest and so the first of the table."""
    one = open_window(store)
    one.activateWindow()
    qtbot.waitUntil(one.isActiveWindow)
    go_to(qtbot, one, store, "second")
    assert one.isActiveWindow(), "no part of the inspector has taken the keyboard"
    yield one


def go_to(qtbot: QtBot, window: MainWindow, store: Store, name: str) -> None:
    number = find_run(store, name)
    assert number is not None
    window.session.select_runs([number], number)
    qtbot.waitUntil(lambda: window.inspector.details is not None and window.inspector.details.run.id == number)
    qtbot.waitUntil(lambda: window.runs.view.current_run() == number)


def names(store: Store) -> tuple[str, str]:
    return get_run(store, 1).name, get_run(store, 2).name


def tags(store: Store) -> tuple[dict[str, str], dict[str, str]]:
    return get_run(store, 1).tags, get_run(store, 2).tags


BOTH = {"seed": "0", "team": "vision"}


def press(window: QWidget, key: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """As the system does: to whatever has the keyboard."""
    QTest.keyClick(window.focusWidget() or window, key, modifier)


def next_run(qtbot: QtBot, window: MainWindow) -> None:
    before = window.session.selection.current
    press(window, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: window.session.selection.current != before)


def idle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not any(job.writes for job in window.session.jobs.running) and window.inspector.settled)


@pytest.mark.parametrize("shown", [False, True], ids=["at once", "when the other run is shown"])
def test_a_name_goes_to_the_run_it_was_begun_on(qtbot: QtBot, window: MainWindow, store: Store, shown: bool) -> None:
    name = window.inspector.heading.name
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "renamed")
    next_run(qtbot, window)
    if shown:
        qtbot.waitUntil(lambda: name.text() == "first")
    press(window, Key.Key_Return)
    qtbot.waitUntil(lambda: is_written(window.session))
    idle(qtbot, window)
    assert names(store) == ("first", "renamed") and len(window.session.undo) == 1
    assert not name.hasFocus()
    qtbot.waitUntil(lambda: name.text() == "first")


def test_a_name_that_was_not_touched_is_left_alone(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    window.inspector.heading.name.setFocus()
    next_run(qtbot, window)
    qtbot.waitUntil(lambda: window.inspector.heading.name.text() == "first")
    idle(qtbot, window)
    assert names(store) == ("first", "second") and window.session.undo.last is None


def test_going_elsewhere_keeps_a_name_once_and_escape_gives_it_up(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    name = window.inspector.heading.name
    name.setFocus()
    QTest.keyClicks(name, "xyz")
    QTest.keyClick(name, Key.Key_Escape)
    assert name.text() == "second"
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "kept")
    QTest.keyClick(name, Key.Key_Return)
    window.runs.setFocus()
    qtbot.waitUntil(lambda: is_written(window.session))
    idle(qtbot, window)
    assert names(store) == ("first", "kept") and len(window.session.undo) == 1


@pytest.mark.parametrize("shown", [False, True], ids=["at once", "when the other run is shown"])
@pytest.mark.parametrize(
    ("edited", "typed", "expected"),
    [
        ("", "note=x", BOTH | {"note": "x"}),
        ("seed", "seed=7", BOTH | {"seed": "7"}),
        ("seed", "seeds=0", {"seeds": "0", "team": "vision"}),
    ],
)
def test_a_tag_goes_to_the_run_it_was_begun_on(
    qtbot: QtBot, window: MainWindow, store: Store, edited: str, typed: str, expected: dict[str, str], shown: bool
) -> None:
    chips = window.inspector.overview.tags
    chips.edit(edited)
    QTest.keyClicks(chips.line, typed)
    next_run(qtbot, window)
    if shown:
        qtbot.waitUntil(lambda: window.inspector.heading.name.text() == "first")
    press(window, Key.Key_Return)
    qtbot.waitUntil(lambda: is_written(window.session))
    idle(qtbot, window)
    assert own_tags(store) == (BOTH, expected)
    assert chips.line.isHidden() and len(window.session.undo) == 1


def own_tags(store: Store) -> tuple[dict[str, str], ...]:
    return tuple({k: v for k, v in found.items() if not k.startswith("mlflow.")} for found in tags(store))


def test_going_elsewhere_keeps_a_tag_and_escape_gives_it_up(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    chips = window.inspector.overview.tags
    chips.edit("")
    QTest.keyClicks(chips.line, "lost=1")
    QTest.keyClick(chips.line, Key.Key_Escape)
    chips.edit("")
    QTest.keyClicks(chips.line, "note=x")
    window.runs.setFocus()
    qtbot.waitUntil(lambda: is_written(window.session))
    idle(qtbot, window)
    assert own_tags(store) == (BOTH, BOTH | {"note": "x"}) and chips.line.isHidden()


def test_a_chip_that_stays_belongs_to_the_run_that_is_shown(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    go_to(qtbot, window, store, "first")
    window.inspector.overview.tags._chips["team"].cross.click()
    qtbot.waitUntil(lambda: is_written(window.session))
    assert own_tags(store) == ({"seed": "0"}, BOTH)


@pytest.mark.parametrize(("typed", "complaint"), [("a*b=1", "not allowed"), ("team=1", "already a tag 'team'")])
def test_a_key_that_cannot_be_leaves_the_tag(
    qtbot: QtBot, window: MainWindow, store: Store, typed: str, complaint: str
) -> None:
    chips = window.inspector.overview.tags
    chips.edit("seed")
    QTest.keyClicks(chips.line, typed)
    QTest.keyClick(chips.line, Key.Key_Return)
    qtbot.waitUntil(lambda: complaint in window.strip.text)
    idle(qtbot, window)
    assert own_tags(store) == (BOTH, BOTH) and window.session.undo.last is None
    assert chips.line.hasFocus() and chips.line.text() == typed, "it is not to be typed once more"
    QTest.keyClick(chips.line, Key.Key_Home)
    QTest.keyClick(chips.line, Key.Key_Delete)
    QTest.keyClicks(chips.line, "x")
    for _ in range(typed.index("=") - 1):
        QTest.keyClick(chips.line, Key.Key_Delete)
    QTest.keyClick(chips.line, Key.Key_Return)
    qtbot.waitUntil(lambda: is_written(window.session))
    assert own_tags(store) == (BOTH, {"x": "1", "team": "vision"})


def test_a_refused_tag_is_given_up_by_going_elsewhere(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    chips = window.inspector.overview.tags
    chips.edit("")
    QTest.keyClicks(chips.line, "a*b=1")
    QTest.keyClick(chips.line, Key.Key_Return)
    qtbot.waitUntil(chips.line.hasFocus)
    window.runs.setFocus()
    idle(qtbot, window)
    assert chips.line.isHidden() and not window.inspector.isAncestorOf(window.focusWidget())
    assert own_tags(store) == (BOTH, BOTH)


def test_what_is_refused_for_a_run_that_is_not_shown_any_more_opens_nothing(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    chips = window.inspector.overview.tags
    chips.edit("")
    QTest.keyClicks(chips.line, "a*b=1")
    next_run(qtbot, window)
    qtbot.waitUntil(lambda: "not allowed" in window.strip.text)
    qtbot.waitUntil(lambda: window.inspector.heading.name.text() == "first")
    idle(qtbot, window)
    assert chips.line.isHidden() and own_tags(store) == (BOTH, BOTH)


def test_another_key_is_one_step_back(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    chips = window.inspector.overview.tags
    chips.edit("seed")
    QTest.keyClicks(chips.line, "seeds=7")
    QTest.keyClick(chips.line, Key.Key_Return)
    qtbot.waitUntil(lambda: is_written(window.session))
    assert own_tags(store) == (BOTH, {"seeds": "7", "team": "vision"})
    window.session.undo.undo()
    qtbot.waitUntil(lambda: own_tags(store) == (BOTH, BOTH))
    assert window.session.undo.last is None


def test_the_keys_for_copying_are_meant_for_where_the_keyboard_is(window: MainWindow) -> None:
    table = window.inspector.overview.params
    table.setFocus()
    QTest.keySequence(table, "Ctrl+A")
    QTest.keySequence(table, "Ctrl+C")
    assert QGuiApplication.clipboard().text() == "lr\t0.1"
    assert window.session.selection.told == (2,), "not all runs of the table"


def test_a_description_asked_for_before_its_run_is_shown_is_begun_when_it_is(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    """What is typed meanwhile must neither hide the run nor go to the run of before."""
    window.runs.view.setFocus()
    window.session.select_runs([1], 1)
    window.actions_by_id["run.note"].trigger()
    assert window.inspector.details is not None and window.inspector.details.run.id == 2
    press(window, Key.Key_Space)
    note = window.inspector.overview.note
    qtbot.waitUntil(lambda: note.editing and note.field.hasFocus())
    QTest.keyClicks(note.field, "first one")
    QTest.keyClick(note.field, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: is_written(window.session))
    idle(qtbot, window)
    assert get_run(store, 1).tags["mlflow.note.content"] == "first one"
    assert "mlflow.note.content" not in get_run(store, 2).tags
    assert not window.session.view.hidden_runs and window.runs.view.hasFocus()
