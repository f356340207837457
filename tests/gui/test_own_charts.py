"""Charts of several metrics: lines by run and metric, their dashes and names, live, of groups, and saved."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from runfolio.client.active_run import ActiveRun
from runfolio.core import chart_edits as edits
from runfolio.core.views import read_view
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.figure_csv import write_drawn, write_points
from runfolio.gui.curves.figure_reading import read_figure
from runfolio.gui.curves.look import Light
from runfolio.gui.curves.metric_legend import MetricLegend
from runfolio.gui.curves.panel import CurvesPanel
from runfolio.gui.curves.readout import Readout
from runfolio.gui.run_colors import run_color
from runfolio.gui.session import Session
from runfolio.store import Store
from tests.gui.charting import card, settle, shown
from tests.gui.seen import control, said
from tests.gui.writing import Writer, number_of


@pytest.fixture
def runs(writer: Writer) -> list[ActiveRun]:
    """Two runs with a loss of training and one of validation, of ten points."""
    started = [writer.run(f"run-{number}") for number in range(2)]
    for factor, run in enumerate(started, 1):
        writer.points(run, "train/loss", [factor * 1.0] * 10)
        writer.points(run, "val/loss", [factor * 10.0] * 10)
        writer.points(run, "val/acc", [0.5] * 10)
    writer.commit()
    return started


@pytest.fixture
def panel(qtbot: QtBot, session: Session, runs: list[ActiveRun]) -> CurvesPanel:
    """The panel on the screen, with a chart of both losses."""
    panel = shown(qtbot, session)
    add(qtbot, panel, "Losses", "loss$")
    return panel


def add(qtbot: QtBot, panel: CurvesPanel, name: str, pattern: str, metrics: tuple[str, ...] = ()) -> None:
    panel.arranger.change(partial(edits.add_own, name=name, pattern=pattern, metrics=metrics), "New Chart")
    settle(qtbot, panel)


def own(panel: CurvesPanel) -> ChartCard:
    return card(panel, "=1")


def test_one_chart_has_a_line_for_each_run_and_metric(
    panel: CurvesPanel, store: Store, runs: list[ActiveRun], qtbot: QtBot
) -> None:
    numbers = [number_of(store, run) for run in runs]
    assert set(own(panel).plot.drawn) == {(run, key) for run in numbers for key in ("train/loss", "val/loss")}
    values = {line: drawn.stroke.y[0] for line, drawn in own(panel).plot.drawn.items()}
    assert values[numbers[1], "val/loss"] == 20.0 and values[numbers[0], "train/loss"] == 1.0
    assert {"Losses", "4 series · 40 points"} <= said(own(panel))
    assert panel.grid.keys[0] == "=1" and card(panel, "val/loss").plot.drawn, "its metrics have their own charts still"


def test_the_colour_is_the_runs_and_the_dash_is_the_metrics(
    panel: CurvesPanel, store: Store, runs: list[ActiveRun]
) -> None:
    pens = {line: drawn.stroke.pen for line, drawn in own(panel).plot.drawn.items()}
    first, second = (number_of(store, run) for run in runs)
    assert pens[first, "train/loss"].color() == pens[first, "val/loss"].color()
    assert pens[first, "val/loss"].color() != pens[second, "val/loss"].color()
    assert pens[first, "train/loss"].style() is Qt.PenStyle.SolidLine
    assert pens[first, "val/loss"].dashPattern() == pens[second, "val/loss"].dashPattern() != []
    assert control(own(panel), MetricLegend, "Metrics: train/loss, val/loss").metrics == ("train/loss", "val/loss")


def test_of_one_run_each_metric_has_a_colour(
    panel: CurvesPanel, session: Session, store: Store, runs: list[ActiveRun], qtbot: QtBot
) -> None:
    """In the chart, in its row of metrics, at the crosshair and in a file; two runs have theirs again."""
    first, second = (number_of(store, run) for run in runs)
    session.select_runs([first])
    qtbot.waitUntil(
        lambda: panel.settled and set(own(panel).plot.drawn) == {(first, "train/loss"), (first, "val/loss")}
    )
    pens = [drawn.stroke.pen for drawn in own(panel).plot.drawn.values()]
    colors = [run_color(number, dark=True) for number in range(2)]
    assert [pen.color() for pen in pens] == colors and all(pen.style() is Qt.PenStyle.SolidLine for pen in pens)
    row = control(own(panel), MetricLegend, "Metrics: ").grab().toImage()
    shown_colors = {row.pixelColor(x, y).name() for x in range(row.width()) for y in range(row.height())}
    assert {color.name() for color in colors} <= shown_colors
    own(panel).plot.pointed.emit(QPointF(4.2, 19.0))
    assert [one.color for one in control(own(panel), Readout, "").readings] in (colors, colors[::-1])
    own(panel).plot.pointed.emit(None)
    figure = read_figure(store, own(panel).now(), 500)
    assert [(line.color, line.metric) for line in figure.lines] == [(0, None), (1, None)]
    session.select_runs([first, second])
    qtbot.waitUntil(lambda: panel.settled and len(own(panel).plot.drawn) == 4)
    pens = [own(panel).plot.drawn[first, key].stroke.pen for key in ("train/loss", "val/loss")]
    assert [pen.color() for pen in pens] == [run_color(first, dark=True)] * 2


def test_the_crosshair_names_run_and_metric(panel: CurvesPanel) -> None:
    own(panel).plot.pointed.emit(QPointF(4.2, 19.0))
    readout = control(own(panel), Readout, "")
    told = [(one.name, one.value) for one in readout.readings]
    assert told[0] == ("val/loss · run-1", "20") and ("train/loss · run-0", "1") in told
    own(panel).plot.pointed.emit(None)


def test_hovering_a_line_lights_all_of_its_run(
    panel: CurvesPanel, session: Session, store: Store, runs: list[ActiveRun], qtbot: QtBot
) -> None:
    number = number_of(store, runs[1])
    with qtbot.waitSignal(session.highlighted) as found:
        own(panel).plot.pointed.emit(QPointF(0.0, 20.0))
    assert found.args == [number]
    assert own(panel).plot.light_of(number) is Light.LIT
    other = number_of(store, runs[0])
    assert own(panel).plot.drawn[other, "val/loss"].stroke.pen.color().alphaF() < 0.5
    session.highlighted.emit(None)


def test_points_and_metrics_that_come_are_drawn(
    panel: CurvesPanel, store: Store, writer: Writer, runs: list[ActiveRun], qtbot: QtBot
) -> None:
    number = number_of(store, runs[0])
    writer.points(runs[0], "val/loss", [77.0], first=10)
    qtbot.waitUntil(lambda: own(panel).plot.drawn[number, "val/loss"].stroke.y[-1] == 77.0)
    writer.points(runs[0], "test/loss", [5.0, 5.0])
    qtbot.waitUntil(lambda: (number, "test/loss") in own(panel).plot.drawn)
    settle(qtbot, panel)
    assert own(panel).plot.drawn[number, "test/loss"].stroke.pen.style() is Qt.PenStyle.SolidLine
    assert own(panel).plot.drawn[number, "train/loss"].stroke.pen.dashPattern(), "it is the second one by now"


def test_another_expression_shows_other_lines_and_is_undone(panel: CurvesPanel, session: Session, qtbot: QtBot) -> None:
    (chart,) = session.view.chart_page.own
    lines = set(own(panel).plot.drawn)
    panel.arranger.change(lambda page: edits.change_own(page, type(chart)("=1", "Losses", "", ("val/acc",))), "Change")
    settle(qtbot, panel)
    assert {line[1] for line in own(panel).plot.drawn if isinstance(line, tuple)} == {"val/acc"}
    session.undo.undo()
    settle(qtbot, panel)
    assert set(own(panel).plot.drawn) == lines
    session.undo.undo()
    settle(qtbot, panel)
    assert "=1" not in panel.grid.keys


def test_what_shows_nothing_says_why(panel: CurvesPanel, qtbot: QtBot) -> None:
    add(qtbot, panel, "None", "nothing like it")
    add(qtbot, panel, "Wrong", "(")
    assert "None of these runs has such a metric." in said(card(panel, "=2"))
    assert any(text.startswith("The expression cannot be read: ") for text in said(card(panel, "=3")))


def test_why_a_chart_shows_nothing_is_told_anew(panel: CurvesPanel, session: Session, qtbot: QtBot) -> None:
    add(qtbot, panel, "Wrong", "nothing like it")
    (_, chart) = session.view.chart_page.own
    panel.arranger.change_own(replace(chart, pattern="("))
    settle(qtbot, panel)
    assert any(text.startswith("The expression cannot be read: ") for text in said(card(panel, "=2")))
    panel.arranger.change_own(replace(chart, pattern="acc"))
    settle(qtbot, panel)
    assert "2 series · 20 points" in said(card(panel, "=2"))
    panel.arranger.change_own(replace(chart, pattern="["))
    settle(qtbot, panel)
    assert not card(panel, "=2").plot.drawn
    assert any(text.startswith("The expression cannot be read: ") for text in said(card(panel, "=2")))


def test_fewer_runs_leave_their_lines_only(
    panel: CurvesPanel, session: Session, store: Store, runs: list[ActiveRun], qtbot: QtBot
) -> None:
    number = number_of(store, runs[0])
    session.select_runs((number,), number)
    settle(qtbot, panel)
    assert set(own(panel).plot.drawn) == {(number, "train/loss"), (number, "val/loss")}


def test_a_view_keeps_the_charts(panel: CurvesPanel, session: Session) -> None:
    assert read_view(session.view.to_json()) == (session.view, [])
    assert "Losses" in session.view.to_json()


def test_many_metrics_are_cut_and_told(session: Session, writer: Writer, qtbot: QtBot) -> None:
    run = writer.run("many")
    for number in range(60):
        writer.points(run, f"norm/{number:02}", [1.0, 2.0])
    writer.commit()
    panel = shown(qtbot, session)
    add(qtbot, panel, "Norms", "norm")
    assert len(own(panel).plot.drawn) == 24
    legend = control(own(panel), MetricLegend, "Metrics: ")
    assert legend.accessibleName().endswith("The first 24 of 60 metrics are shown.")


def test_what_is_taken_out_names_the_metrics(
    panel: CurvesPanel, store: Store, writer: Writer, runs: list[ActiveRun], tmp_path: Path
) -> None:
    now = own(panel).now()
    assert write_points(store, now, tmp_path / "points.csv") == 40
    rows = list(csv.DictReader((tmp_path / "points.csv").read_text(encoding="utf-8").splitlines()))
    assert list(rows[0]) == ["run", "run_id", "metric", "step", "time", "value"]
    assert {(one["run"], one["metric"], one["value"]) for one in rows} == {
        (f"run-{run}", metric, str(value * (run + 1)))
        for run in range(2)
        for metric, value in (("train/loss", 1), ("val/loss", 10))
    }
    assert write_drawn(store, now, tmp_path / "drawn.csv") == len((tmp_path / "drawn.csv").read_text().splitlines()) - 1
    figure, alone = (read_figure(store, one, 500) for one in (now, card(panel, "val/loss").now()))
    assert {(line.name, line.metric) for line in figure.lines} == {
        (f"{metric} · run-{run}", number)
        for run in range(2)
        for number, metric in enumerate(("train/loss", "val/loss"))
    }
    assert {(line.name, line.metric) for line in alone.lines} == {("run-0", None), ("run-1", None)}
