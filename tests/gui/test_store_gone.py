"""What is changed while the store is gone or replaced: refused in plain words, never confirmed, never half done."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from runfolio.core.errors import StoreGone
from runfolio.core.states import NOTE
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store, open_store
from runfolio.store.operations import Outcome, rename_run
from runfolio.store.runs import get_run
from runfolio.store.trash import delete_runs
from runfolio.store.trashed import count_trashed
from tests.gui.conftest import Opener
from tests.gui.writing import is_written
from tests.store.script import Script

Key = Qt.Key
RUN = 1


@pytest.fixture
def window(qtbot: QtBot, store: Store, open_window: Opener) -> Iterator[MainWindow]:
    """A window with one run, which is selected."""
    with Script(store) as script:
        script.end(script.start(name="brave-otter"))
        script.finish()
    opened = open_window(store)
    opened.session.select_runs([RUN], RUN)
    qtbot.waitUntil(lambda: opened.runs.view.current_run() == RUN and opened.inspector.details is not None)
    yield opened


def take_away(store: Store) -> None:
    """The folder is in another place now."""
    store.path.rename(store.path.with_name("aside"))


def replace(store: Store) -> None:
    """Another store stands there, with the same run in it."""
    take_away(store)
    shutil.copytree(store.path.with_name("aside"), store.path)


def bring_back(store: Store) -> None:
    """As it was."""
    shutil.rmtree(store.path, ignore_errors=True)
    store.path.with_name("aside").rename(store.path)


def move_to_trash(window: MainWindow) -> None:
    QTest.keyClick(window.runs.view, Key.Key_Delete)


def rename(window: MainWindow) -> None:
    name = window.inspector.heading.name
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "renamed")
    QTest.keyClick(name, Key.Key_Return)


def told(window: MainWindow) -> list[str]:
    texts: list[str] = []
    window.session.message.connect(lambda message: texts.append(message.text))
    return texts


def test_what_was_typed_while_the_store_was_gone_is_kept_when_it_is_back(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    take_away(store)
    note, name = window.inspector.overview.note, window.inspector.heading.name
    rename(window)
    qtbot.waitUntil(lambda: "is gone" in window.strip.text and name.isModified())
    assert name.hasFocus() and name.text() == "renamed"
    window.inspector.edit_note()
    assert name.text() == "brave-otter", "going elsewhere gives up what was refused"
    QTest.keyClicks(note.field, "long thoughts")
    QTest.keyClick(note.field, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not note.editing
    qtbot.waitUntil(lambda: note.editing)
    assert note.field.hasFocus() and note.field.toPlainText() == "long thoughts"
    bring_back(store)
    QTest.keyClick(note.field, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: is_written(window.session))
    assert get_run(store, RUN).tags[NOTE] == "long thoughts" and get_run(store, RUN).name == "brave-otter"


@pytest.mark.parametrize("change", [move_to_trash, rename])
@pytest.mark.parametrize("away", [take_away, replace])
def test_nothing_is_confirmed_that_is_on_no_disk(
    qtbot: QtBot,
    window: MainWindow,
    store: Store,
    away: Callable[[Store], None],
    change: Callable[[MainWindow], None],
) -> None:
    texts = told(window)
    away(store)
    change(window)
    qtbot.waitUntil(lambda: bool(texts))
    assert all(text.startswith(f"The store {store.path} is gone.") for text in texts)
    assert not window.session.present and window.session.undo.last is None
    bring_back(store)
    assert get_run(store, RUN).name == "brave-otter"
    with store.reading() as connection:
        assert not count_trashed(connection)


def test_a_store_that_is_back_is_gone_no_more(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    take_away(store)
    qtbot.waitUntil(lambda: "is gone" in window.strip.text, timeout=10_000)
    rename(window)
    qtbot.waitUntil(lambda: window.inspector.heading.name.isModified(), timeout=10_000)
    bring_back(store)
    qtbot.waitUntil(lambda: window.session.present and not window.strip.text, timeout=10_000)


def test_what_is_undone_while_the_store_is_gone_can_be_undone_when_it_is_back(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    session, texts = window.session, told(window)
    session.run(lambda there: rename_run(there, RUN, "renamed"))
    qtbot.waitUntil(lambda: is_written(session))
    take_away(store)
    session.undo.undo()
    qtbot.waitUntil(lambda: any("is gone" in text for text in texts))
    assert session.undo.last is not None
    bring_back(store)
    session.undo.undo()
    qtbot.waitUntil(lambda: get_run(store, RUN).name == "brave-otter")


def test_a_store_that_goes_while_something_is_saved_is_told_of(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    """What is committed into a folder that has been deleted meanwhile is on no disk."""
    texts = told(window)

    def saved_as_it_goes(there: Store) -> Outcome:
        with there.writing():
            take_away(there)
        return Outcome("Saved something")

    window.session.run(saved_as_it_goes)
    qtbot.waitUntil(lambda: bool(texts))
    assert "is gone" in texts[0] and "Saved something" not in texts
    bring_back(store)


def test_a_store_that_was_replaced_is_left_alone(store: Store) -> None:
    with Script(store) as script:
        script.end(script.start(name="brave-otter"))
        script.finish()
    replace(store)
    with pytest.raises(StoreGone, match="is gone"):
        delete_runs(store, [RUN])
    other = open_store(store.path)
    with other.reading() as connection:
        assert not count_trashed(connection)
    other.close()
    bring_back(store)
