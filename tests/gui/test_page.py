"""The page of an experiment: the table over its charts, in good proportion from the first run on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QScrollArea, QToolButton
from pytestqt.qtbot import QtBot

from runfolio.core.columns import EXPERIMENT, NAME
from runfolio.gui import page
from runfolio.gui.chrome.palette import HINT_ROLE, Palette
from runfolio.gui.curves.toolbar import CurvesToolbar
from runfolio.gui.main_window import MainWindow
from runfolio.gui.runs import feed
from runfolio.gui.runs.reading import read_table
from runfolio.store import Store
from runfolio.store.best import best_value
from runfolio.store.experiments import get_or_create
from runfolio.store.watch import current_revision
from tests.gui.conftest import Opener
from tests.gui.held import Held
from tests.gui.seen import control, said
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


def test_the_count_of_a_filter_never_stands_beside_another_one(
    qtbot: QtBot, store: Store, open_window: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(store.path)
    for name in ("one", "two", "three"):
        writer.end(writer.run(name))
    writer.commit()
    window = open_window(store)
    look(window, "t")
    qtbot.waitUntil(lambda: {"2 of 3 runs", "2 of 3 runs · 0 running"} <= said(window))
    late = Held(read_table)
    monkeypatch.setattr(feed, "read_table", late)
    look(window, "o")
    qtbot.waitUntil(lambda: {"filtering 3 runs…", "filtering 3 runs… · 0 running"} <= said(window))
    look(window, "t")
    assert "2 of 3 runs" in said(window), "the rows that are there are those of this one"
    later = Held(read_table)
    monkeypatch.setattr(feed, "read_table", later)
    look(window, "o")
    qtbot.waitUntil(lambda: "filtering 3 runs…" in said(window))
    look(window, "")
    assert {"3 runs", "3 runs · 0 running"} <= said(window), "there is nothing to count"
    look(window, "o")
    late.let_go()
    later.let_go()
    qtbot.waitUntil(lambda: {"2 of 3 runs", "2 of 3 runs · 0 running"} <= said(window))
    assert window.runs.feed.current and window.runs.feed.model.rowCount() == 2
    writer.close()


def look(window: MainWindow, filter: str) -> None:
    window.session.set_view(replace(window.session.view, filter=filter))


def test_the_best_value_follows_the_runs_that_are_shown_and_no_others(
    qtbot: QtBot, store: Store, open_window: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []

    def noted(store: Store, experiments: Sequence[int], chosen: Mapping[str, bool]) -> object:
        read.append(experiments)
        return best_value(store, experiments, chosen)

    monkeypatch.setattr(page, "best_value", noted)
    writer = Writer(store.path)
    here, elsewhere = writer.run("here"), writer.run("elsewhere", "letters")
    for run in (here, elsewhere):
        writer.points(run, "loss", [0.25])
    writer.commit()
    window = open_window(store)
    window.session.select_experiments([get_or_create(store, "digits").id])
    qtbot.waitUntil(lambda: "1 run · best loss 0.2500" in said(window))
    qtbot.waitUntil(lambda: window.page._reading.idle and current(window))
    read.clear()
    for step in range(3):
        writer.points(elsewhere, "loss", [0.01], step)
        writer.commit()
        qtbot.waitUntil(lambda: current(window))
    assert window.page._reading.idle and not read
    writer.points(here, "loss", [0.125], 1)
    writer.commit()
    qtbot.waitUntil(lambda: "1 run · best loss 0.1250" in said(window))
    assert len(read) == 1
    writer.close()


def current(window: MainWindow) -> bool:
    """Whether all changes to the store have been told."""
    return window.session.revision == current_revision(window.session.store) and not window.session.jobs.running


def test_a_small_window_leaves_room_for_each_zone(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    writer = Writer(store.path)
    run = writer.run("first")
    writer.points(run, "loss", [1.0, 2.0])
    writer.commit()
    window = open_window(store)
    qtbot.waitUntil(window.page.splitter.isVisible)
    assert window.minimumSizeHint().width() <= 900 and window.minimumSizeHint().height() <= 600
    window.resize(900, 600)
    window.reset_layout()
    qtbot.waitUntil(lambda: window.page.width() >= 440)
    assert window.navigator.width() >= 160 and window.inspector.width() >= 240
    charts = window.page.charts
    assert charts is not None
    qtbot.waitUntil(lambda: len(charts.grid.visible_cards()) == 1)
    (card,) = charts.grid.visible_cards()
    assert card.visibleRegion().boundingRect().height() == card.height(), "its axis is in sight"
    writer.close()


def test_what_is_said_above_the_charts_gives_way_to_what_can_be_done(qtbot: QtBot) -> None:
    bar, pane = CurvesToolbar(), QScrollArea()
    qtbot.addWidget(pane)
    bar.setParent(pane.viewport())
    bar.describe("first 10 of 24 runs", "", "13 charts")
    with qtbot.waitExposed(pane):
        pane.show()
    bar.show()
    names, heights = {"X:", "13 charts"}, []
    for width, words in ((1000, names), (600, set()), (450, set()), (400, {"13 charts"})):
        bar.resize(width, 42)
        layout = bar.layout()
        assert layout is not None
        layout.activate()
        heights.append(bar.sizeHint().height())
        bar.resize(width, heights[-1])
        layout.activate()
        assert {one.text() for one in bar.findChildren(QLabel) if one.isVisible()} & names == words
        labels = [one for one in bar.findChildren(QLabel) if one.isVisible()]
        assert all(one.width() >= one.sizeHint().width() - 1 for one in labels), "what is said is said in full"
        controls = bar.findChildren(QCheckBox) + bar.findChildren(QLineEdit) + bar.findChildren(QComboBox)
        buttons = [control(bar, QToolButton, name) for name in ("How lines are smoothed", "New chart…")]
        places = [one.geometry() for one in (*controls, *buttons)]
        assert len(controls) == 4 and all(bar.rect().contains(place) for place in places)
        assert not any(one.intersects(other) for one, other in combinations(places, 2))
        assert all(one.width() >= one.sizeHint().width() for one in bar.findChildren(QCheckBox)), "no caption is cut"
    assert heights[0] == heights[2] < heights[3], "two rows at last"


def test_an_experiment_without_runs_has_one_example_which_makes_a_run_of_it(
    qtbot: QtBot, store: Store, open_window: Opener
) -> None:
    name = 'vision/a "new" net'
    get_or_create(store, "other")
    empty = get_or_create(store, name).id
    window = open_window(store)
    window.session.select_experiments([empty])
    wanted = f"runfolio.set_experiment({json.dumps(name)})"
    qtbot.waitUntil(lambda: any(wanted in text for text in said(window)))
    assert sum("import runfolio" in text for text in said(window)) == 1


def palette_of(window: MainWindow) -> Palette:
    (palette,) = window.findChildren(Palette)
    return palette


def hints(window: MainWindow) -> set[str]:
    """What the palette says at the right edge."""
    entries = palette_of(window).list
    return {str(entries.item(row).data(HINT_ROLE)) for row in range(entries.count())}


def test_runs_of_a_folder_are_headed_by_it_and_say_where_they_belong(
    qtbot: QtBot, store: Store, open_window: Opener
) -> None:
    names = ("vision/resnet", "vision/old/alexnet", "visions")
    ids = [get_or_create(store, name).id for name in names]
    writer = Writer(store.path)
    for name in names:
        writer.end(writer.run(f"of {name}", name))
    writer.commit()
    writer.close()
    window = open_window(store)
    model = window.runs.feed.model
    window.session.select_experiments(ids[:2])
    qtbot.waitUntil(lambda: {"vision", "2 experiments · 2 runs"} <= said(window))
    qtbot.waitUntil(lambda: model.columns[:2] == (NAME, EXPERIMENT) and model.rowCount() == 2)
    qtbot.waitUntil(lambda: model.text(0, EXPERIMENT) == "vision/old/alexnet")
    window.show_palette()
    qtbot.keyClicks(palette_of(window).field, "of vision")
    qtbot.waitUntil(lambda: {"run in vision/resnet", "run in visions"} <= hints(window))
    palette_of(window).close()
    window.session.select_experiments([ids[0], ids[2]])
    qtbot.waitUntil(lambda: {"2 experiments", "2 runs"} <= said(window))
    window.session.select_experiments(ids[:1])
    qtbot.waitUntil(lambda: "vision / resnet" in said(window) and EXPERIMENT not in model.columns)
