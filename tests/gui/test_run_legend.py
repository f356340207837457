"""Which colour is which run: the line above the charts, where no table says it, and the box beside the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QTabBar
from pytestqt.qtbot import QtBot

from runfolio.client.active_run import ActiveRun
from runfolio.gui.curves.look import Light
from runfolio.gui.curves.panel import CurvesPanel
from runfolio.gui.curves.readout import MOST, NEAR, Readout
from runfolio.gui.run_colors import SWATCH, run_color
from runfolio.gui.session import Session
from runfolio.store import Store
from tests.gui.charting import card, settle, shown
from tests.gui.conftest import Opener
from tests.gui.seen import control
from tests.gui.writing import Writer, number_of

RUNS = 20


@pytest.fixture
def runs(writer: Writer) -> list[ActiveRun]:
    """Each with a loss as high as its number."""
    started = []
    for number in range(RUNS):
        run = writer.run(f"run-{number}")
        writer.points(run, "loss", [float(number)] * 10)
        writer.end(run)
        started.append(run)
    writer.commit()
    return started


@pytest.fixture
def panel(qtbot: QtBot, session: Session, store: Store, runs: list[ActiveRun]) -> CurvesPanel:
    """All of the runs, chosen, in their order."""
    made = shown(qtbot, session)
    session.select_runs([number_of(store, run) for run in runs])
    settle(qtbot, made)
    return made


def test_runs_are_named_where_the_table_does_not_do_it(
    qtbot: QtBot, store: Store, runs: list[ActiveRun], open_window: Opener
) -> None:
    window = open_window(store)
    charts = window.page.charts
    assert charts is not None
    settle(qtbot, charts)
    tabs = control(window, QTabBar, "Pages")
    assert not charts.legend.isVisible()
    tabs.setCurrentIndex(1)
    assert charts.legend.isVisible()
    assert charts.legend.accessibleName() == f"Runs: {', '.join(run.name for run in charts.lineup.runs)}"
    tabs.setCurrentIndex(0)
    assert not charts.legend.isVisible()


def test_a_large_chart_has_the_names_of_its_runs(panel: CurvesPanel) -> None:
    assert not panel.legend.isVisible()
    card(panel, "loss").expand_toggled.emit()
    assert panel.legend.isVisible() and panel.legend.accessibleName().startswith("Runs: run-0, run-1, ")
    card(panel, "loss").expand_toggled.emit()
    assert not panel.legend.isVisible()


def test_a_name_is_a_way_to_its_line(
    qtbot: QtBot, panel: CurvesPanel, session: Session, store: Store, runs: list[ActiveRun]
) -> None:
    panel.legend.set_alone(True)
    legend, (first, second) = panel.legend, [number_of(store, run) for run in runs[:2]]
    places = legend.places()
    assert list(places)[:2] == [first, second] and 2 < len(places) < RUNS
    swatch = legend.grab().toImage().pixelColor(places[first].left() + SWATCH // 2, legend.height() // 2)
    assert swatch == run_color(first, session.theme.dark)
    qtbot.mouseMove(legend, places[second].center())
    qtbot.waitUntil(lambda: card(panel, "loss").plot.light_of(first) is Light.DIMMED)
    qtbot.mouseClick(legend, Qt.MouseButton.LeftButton, pos=places[second].center())
    assert session.selection.current == second and len(session.selection.ids) == RUNS


def test_the_box_beside_the_mouse_says_how_many_more_there_are(qtbot: QtBot, panel: CurvesPanel) -> None:
    loss = card(panel, "loss")
    loss.plot.pointed.emit(QPointF(4.0, 0.0))
    readout = control(loss, Readout, "")
    told = len(readout.readings)
    assert NEAR <= told < MOST and readout.more == RUNS - told
    assert readout.accessibleName().endswith(f"run-0 0, +{RUNS - told} more")
    middle = loss.plot.mapFromScene(loss.plot.view.mapViewToScene(QPointF(4.0, 0.0))).x()
    assert 0 < readout.x() - middle < 40
    panel.resize(1000, 1000)
    loss.expand_toggled.emit()
    settle(qtbot, panel)
    loss.plot.pointed.emit(QPointF(4.0, 0.0))
    assert len(readout.readings) == MOST and readout.more == RUNS - MOST
