"""A view whose filter cannot be read: table, charts and filter line say so in place, and show nothing of other runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from runfolio.core.errors import StoreBusy
from runfolio.core.formula_edits import set_formula
from runfolio.core.views import View
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store, open_store
from tests.gui.conftest import Opener
from tests.store.script import Script

GONE = View("formulas.gone > 0.2")
WHY = "There is no formula column 'gone' (at character 1)."


@pytest.fixture
def window(qtbot: QtBot, store: Store, open_window: Opener) -> Iterator[MainWindow]:
    """Two experiments of one run each, with a curve each; the second one is shown."""
    with Script(store) as script:
        for name in ("digits", "letters"):
            run = script.start(experiment=name, name=f"run of {name}")
            script.log(run, "loss", [2.0, 1.0])
            script.end(run)
        script.finish()
    opened = open_window(store)
    shows_a_run(qtbot, opened, 2)
    yield opened


def shows_a_run(qtbot: QtBot, window: MainWindow, experiment: int) -> None:
    window.session.select_experiments([experiment])
    qtbot.waitUntil(lambda: window.runs.feed.model.ids.tolist() == [experiment] and window.runs.view.isVisible())
    charts = window.page.charts
    assert charts is not None
    qtbot.waitUntil(lambda: charts.settled and [run.id for run in charts.lineup.runs] == [experiment])
    assert charts.grid.isVisible()


def said(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def says_why(qtbot: QtBot, window: MainWindow) -> None:
    """Everything that is seen tells of the filter, and nothing of other runs."""
    charts = window.page.charts
    assert charts is not None
    qtbot.waitUntil(lambda: "This filter does not work" in said(window.runs) and WHY in said(window.runs))
    assert not window.runs.view.isVisible() and not window.runs.selected_runs()
    assert window.page.filter.edit.toPlainText() == GONE.filter
    assert WHY in window.page.filter.trouble.text() and window.page.filter.trouble.isVisible()
    assert window.page.filter.edit.extraSelections()
    qtbot.waitUntil(lambda: "The filter cannot be read, so there is no curve to draw." in said(charts))
    assert not charts.grid.isVisible() and not charts.lineup.runs
    assert not window.strip.isVisible()


def test_it_is_said_in_place_after_another_experiment_and_after_a_restart(
    qtbot: QtBot, window: MainWindow, store: Store, open_window: Opener
) -> None:
    window.session.set_view(GONE)
    says_why(qtbot, window)
    shows_a_run(qtbot, window, 1)
    assert not window.page.filter.trouble.isVisible() and not window.page.filter.edit.toPlainText()
    window.session.select_experiments([2])
    says_why(qtbot, window)
    window.close()
    again = open_window(open_store(store.path))
    says_why(qtbot, again)


def test_it_is_all_there_again_when_the_filter_is_taken_away_or_its_formula_is_back(
    qtbot: QtBot, window: MainWindow
) -> None:
    session = window.session
    session.set_view(GONE)
    says_why(qtbot, window)
    (button,) = [one for one in window.runs.findChildren(QWidget) if one.property("text") == "Show All Runs"]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    shows_a_run(qtbot, window, 2)
    session.set_view(GONE)
    says_why(qtbot, window)
    session.set_view(replace(set_formula(View(), "", "gone", "metrics.loss"), filter=GONE.filter))
    shows_a_run(qtbot, window, 2)
    assert not window.page.filter.trouble.isVisible() and not window.page.filter.edit.extraSelections()


def test_what_is_half_typed_outlives_a_formula_that_comes(qtbot: QtBot, window: MainWindow) -> None:
    window.page.filter.edit.setPlainText("metrics.loss <")
    window.session.set_view(set_formula(window.session.view, "", "speed", "1 / duration"))
    assert window.page.filter.edit.toPlainText() == "metrics.loss <"


def test_trouble_with_reading_is_told_as_long_as_it_lasts(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    charts = window.page.charts
    assert charts is not None
    with monkeypatch.context() as patch:
        patch.setattr("runfolio.gui.curves.panel.answer", busy)
        window.session.select_runs([2], 2)
        qtbot.waitUntil(lambda: window.strip.text == "The curves could not be read. The store is busy.")
    window.session.select_runs([])
    qtbot.waitUntil(lambda: charts.settled and not window.strip.isVisible())


def busy(*_given: object) -> None:
    raise StoreBusy("The store is busy.")
