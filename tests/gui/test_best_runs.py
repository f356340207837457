"""The best runs of a chart's metric alone in all charts, chosen in its menu or by the command, and all again."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from runfolio.gui.curves.best_runs import best_runs, show_best
from runfolio.gui.main_window import MainWindow
from runfolio.gui.messages import Message
from runfolio.store import Store
from runfolio.store.run_query import RunQuery
from tests.gui.comparing import listed
from tests.gui.conftest import Opener
from tests.store.script import Script

VALUES = (0.3, 0.9, 0.1, math.nan, 0.7, 0.5)


@pytest.fixture
def filled(store: Store) -> Store:
    """Runs with an accuracy and a loss that come to different orders, and one with neither."""
    with Script(store) as script:
        for number, value in enumerate((*VALUES, None)):
            run = script.start(experiment="a", name=f"run {number}", run_id=f"id{number}")
            if value is not None:
                script.log(run, "acc", [value])
                script.log(run, "loss", [value, 2.0])
            script.end(run)
        script.take()
    return store


@pytest.fixture
def window(qtbot: QtBot, filled: Store, open_window: Opener) -> MainWindow:
    window = listed(qtbot, open_window(filled), len(VALUES) + 1)
    charts = window.page.charts
    assert charts is not None
    qtbot.waitUntil(lambda: charts.settled)
    return window


def test_the_best_come_first_and_runs_without_a_value_never(filled: Store) -> None:
    query = RunQuery((1,))
    assert best_runs(filled, query, "acc", 3, lower=False) == ["id1", "id4", "id5"]
    assert best_runs(filled, query, "loss", 2, lower=True) == ["id2", "id0"]
    assert len(best_runs(filled, query, "acc", 20, lower=False)) == len(VALUES) - 1
    assert best_runs(filled, query, "gone", 3, lower=True) == []


def test_they_alone_are_in_the_charts_until_all_are_again(qtbot: QtBot, window: MainWindow) -> None:
    charts, session = window.page.charts, window.session
    assert charts is not None
    told: list[Message] = []
    session.message.connect(told.append)
    show_best(session, "acc", 2)
    qtbot.waitUntil(lambda: charts.settled and sorted(run.name for run in charts.lineup.runs) == ["run 1", "run 4"])
    assert told[-1].text == "Charts show only the 2 runs with the highest acc."
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: charts.settled and len(charts.lineup.runs) == len(VALUES) + 1)
    show_best(session, "gone")
    qtbot.waitUntil(lambda: told[-1].text == "None of these runs has a value of gone.")
    assert not session.view.only_runs


def test_the_better_direction_is_the_user_s(qtbot: QtBot, window: MainWindow) -> None:
    charts, session = window.page.charts, window.session
    assert charts is not None
    session.set_view(replace(session.view, lower=(("acc", True),)), "Direction")
    charts.show_metric("acc")
    qtbot.waitUntil(lambda: charts.settled)
    show_best(session, "acc", 1)
    qtbot.waitUntil(lambda: charts.settled and [run.name for run in charts.lineup.runs] == ["run 2"])


def test_the_command_takes_the_chart_that_was_used_last(qtbot: QtBot, window: MainWindow) -> None:
    charts, session = window.page.charts, window.session
    assert charts is not None
    window.actions_by_id["chart.best"].trigger()
    qtbot.waitUntil(lambda: charts.settled and len(session.view.only_runs) == len(VALUES) - 1)
