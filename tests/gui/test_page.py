"""The page of an experiment: the table over its charts, in good proportion from the first run on."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from runfolio.gui.main_window import MainWindow
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


def test_heading_and_status_tell_how_many_runs_fit_the_filter(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    writer = Writer(store.path)
    for name in ("one", "two", "three"):
        run = writer.run(name)
        writer.points(run, "loss", [0.25])
        writer.end(run)
    writer.commit()
    window = open_window(store)
    qtbot.waitUntil(lambda: "3 runs · best loss 0.2500" in said(window))
    window.session.set_view(replace(window.session.view, filter="t"))
    qtbot.waitUntil(lambda: {"2 of 3 runs", "2 of 3 runs · 0 running"} <= said(window))
    window.session.set_view(replace(window.session.view, filter=""))
    qtbot.waitUntil(lambda: {"3 runs · best loss 0.2500", "3 runs · 0 running"} <= said(window))
    writer.close()


def said(window: MainWindow) -> set[str]:
    """The texts of all labels that are seen."""
    return {label.text() for label in window.findChildren(QLabel) if label.isVisible()}
