"""The page of an experiment: the table over its charts, in good proportion from the first run on."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from runfolio.store import Store
from tests.gui.conftest import Opener
from tests.gui.writing import Writer


def test_a_store_that_was_empty_shows_more_table_than_charts(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    window = open_window(store)
    assert not window.page.splitter.isVisible(), "the welcome page stands there"
    writer = Writer(store.path)
    run = writer.run("first")
    writer.points(run, "loss", [1.0, 2.0])
    writer.commit()
    qtbot.waitUntil(window.page.splitter.isVisible)
    table, charts = window.page.splitter.sizes()
    assert 1.2 < table / charts < 2.0
    writer.close()


def test_a_new_window_fits_on_the_screen(store: Store, open_window: Opener) -> None:
    window = open_window(store)
    room = window.screen().availableSize()
    assert window.width() < room.width() and window.height() < room.height()
