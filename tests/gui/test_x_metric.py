"""Charts against any metric and on a logarithmic x: what is drawn, what is left out, and what is said of that."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from runfolio.core.columns import param
from runfolio.core.smoothing import smooth
from runfolio.core.views import View
from runfolio.gui.columns.picker import ColumnPicker
from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.figure_csv import write_drawn, write_points
from runfolio.gui.curves.figure_reading import read_figure
from runfolio.gui.curves.options import Options, read_options
from runfolio.gui.curves.panel import CurvesPanel
from runfolio.gui.curves.readout import Readout
from runfolio.gui.curves.x_axes import XAxis
from runfolio.gui.groups.listed import TableGroups
from runfolio.gui.runs import RunTable
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.experiments import get_or_create
from tests.gui.charting import card, settle, shown
from tests.gui.seen import control, said
from tests.gui.writing import Writer, number_of

LOSS = [1.0, 0.5, 0.25, 0.125]


def panel_of(qtbot: QtBot, session: Session, options: Options) -> CurvesPanel:
    panel = shown(qtbot, session)
    panel.toolbar.show_options(options)
    settle(qtbot, panel)
    return panel


def along(metric: str, **others: object) -> Options:
    return Options(x=XAxis.METRIC, x_metric=metric, **others)  # type: ignore[arg-type]


def corners(one: ChartCard, run: int) -> list[tuple[float, float]]:
    """What the plot's line goes through."""
    line = one.plot.drawn[run].stroke
    return list(zip(line.x.tolist(), line.y.tolist(), strict=True))


def caption(one: ChartCard) -> str:
    """What the heading says beside the title."""
    (text,) = (text for text in said(one) if text not in (one.chart.title, ""))
    return text


def details(one: ChartCard) -> str:
    """The tool tip of the caption."""
    (label,) = (label for label in one.findChildren(QLabel) if label.text() == caption(one))
    return label.toolTip()


def test_a_metric_is_drawn_against_another_at_common_steps(
    qtbot: QtBot, session: Session, store: Store, writer: Writer
) -> None:
    run = writer.run("one")
    writer.points(run, "loss", LOSS)
    writer.points(run, "samples", [64, 128, 192], first=1)
    writer.points(run, "samples", [100], first=1)  # a step that comes again
    writer.commit()
    panel = panel_of(qtbot, session, along("samples"))
    number = number_of(store, run)
    loss = card(panel, "loss")
    assert corners(loss, number) == [(100, 0.5), (128, 0.25), (192, 0.125)]
    loss.plot.pointed.emit(QPointF(128, 0.25))
    assert control(loss, Readout, "").heading == "samples 128"
    assert caption(loss) == "1 series · 3 points"


def test_smoothing_goes_over_all_steps_before_they_are_put_together(
    qtbot: QtBot, session: Session, store: Store, writer: Writer
) -> None:
    run = writer.run("one")
    writer.points(run, "loss", LOSS)
    for step in (1, 3):
        writer.points(run, "samples", [step * 10], first=step)
    writer.commit()
    panel = panel_of(qtbot, session, along("samples", smoothing=0.5))
    wanted = smooth(np.array(LOSS), 0.5)
    assert [y for _, y in corners(card(panel, "loss"), number_of(store, run))] == wanted[[1, 3]].tolist()


def test_a_metric_that_falls_is_drawn_by_itself_and_one_that_does_both_as_a_path(
    qtbot: QtBot, session: Session, store: Store, writer: Writer
) -> None:
    run = writer.run("one")
    writer.points(run, "loss", LOSS)
    writer.points(run, "left", [4, 3, 2, 1])
    writer.points(run, "lr", [0, 2, 1, 3])
    writer.commit()
    number = number_of(store, run)
    panel = panel_of(qtbot, session, along("left"))
    assert corners(card(panel, "loss"), number) == [(1, 0.125), (2, 0.25), (3, 0.5), (4, 1.0)]
    panel.toolbar.show_options(along("lr"))
    settle(qtbot, panel)
    loss = card(panel, "loss")
    assert corners(loss, number) == [(0, 1.0), (2, 0.5), (1, 0.25), (3, 0.125)]
    low, high = loss.plot.span_x()
    assert low < 0 and high > 3
    assert loss.plot.run_near(QPointF(1.5, 0.375)) == number
    assert loss.plot.values_at(1.1)[number] == (1, 0.25)
    loss.plot.zoomed.emit(Zoom((0.5, 1.5)))
    settle(qtbot, panel)
    assert loss.plot.span_y()[1] < 0.5
    loss.plot.grab()


def test_runs_without_common_steps_are_told_of(qtbot: QtBot, session: Session, store: Store, writer: Writer) -> None:
    both, apart, lacking = (writer.run(name) for name in ("both", "apart", "lacking"))
    for run in (both, apart, lacking):
        writer.points(run, "loss", LOSS)
    writer.points(both, "samples", [1, math.nan, math.inf, 4])
    writer.points(apart, "samples", [1, 2], first=100)
    writer.commit()
    panel = panel_of(qtbot, session, along("samples"))
    loss = card(panel, "loss")
    assert corners(loss, number_of(store, both)) == [(1, 1.0), (4, 0.125)]
    assert caption(loss) == "1 series · 2 points · 2 without common steps · 2 points left out"
    for told in (
        "apart: no step has this metric and samples",
        "lacking: has not logged samples",
        "both: 2 steps left out, where samples is NaN or infinite",
    ):
        assert told in details(loss)
    session.select_runs((number_of(store, apart), number_of(store, lacking)), None)
    settle(qtbot, panel)
    assert caption(loss) == "no common steps with samples"
    session.select_runs((number_of(store, lacking),), None)
    settle(qtbot, panel)
    assert caption(loss) == "no values of samples"
    writer.points(lacking, "samples", [1, 2, 3, 4])
    qtbot.waitUntil(lambda: caption(loss) == "1 series · 4 points")


def test_a_logarithmic_x_leaves_out_what_is_not_above_0(
    qtbot: QtBot, session: Session, store: Store, writer: Writer
) -> None:
    run = writer.run("one")
    writer.points(run, "loss", [1.0 / (1 + step) for step in range(1001)])
    writer.commit()
    panel = panel_of(qtbot, session, Options(log_x=True))
    loss, number = card(panel, "loss"), number_of(store, run)
    x = loss.plot.drawn[number].stroke.x
    assert x[0] == 0 and x[-1] == 3 and caption(loss) == "1 series · 1,000 points · 1 point left out"
    assert loss.plot.x_axis.tickStrings([0.0, 2.0, 3.0], 1.0, 1.0) == ["1", "100", "1k"]
    loss.plot.pointed.emit(QPointF(2.0, 0.0099))
    assert control(loss, Readout, "").heading == "step 100"
    loss.plot.zoomed.emit(Zoom((1.0, 2.0)))
    settle(qtbot, panel)
    assert loss.plot.span_x() == (1, 2) and 0.08 < loss.plot.span_y()[1] < 0.1
    panel.toolbar.show_options(Options())
    settle(qtbot, panel)
    assert loss.plot.zoom == Zoom() and loss.plot.drawn[number].line.curve.points == 1001


def test_drawings_have_the_same_axes(qtbot: QtBot, session: Session, store: Store, writer: Writer) -> None:
    run = writer.run("one")
    writer.points(run, "loss", LOSS)
    writer.points(run, "samples", [0, 10, 100, 1000])
    writer.commit()
    panel = panel_of(qtbot, session, along("samples", log_x=True))
    figure = read_figure(store, card(panel, "loss").now(), 500)
    assert figure.log_x and figure.titles == ("samples", "loss")
    assert figure.lines[0].curve.x.tolist() == [1, 2, 3]


@pytest.fixture
def grouped(qtbot: QtBot, session: Session, store: Store, writer: Writer) -> CurvesPanel:
    """Two runs of one group, and samples that rise in one and go back and forth in the other for `lr`."""
    for name, lr in (("a", [1, 2, 3, 4]), ("b", [1, 3, 2, 4])):
        run = writer.run(name)
        run.log_params({"opt": "adam"})
        writer.points(run, "loss", LOSS if name == "a" else [2 * value for value in LOSS])
        writer.points(run, "samples", [0, 10, 20, 30])
        writer.points(run, "lr", lr)
    writer.commit()
    table = RunTable(session)
    qtbot.addWidget(table)
    session.select_experiments([get_or_create(store, "digits").id])
    panel = shown(qtbot, session)
    panel.follow_groups(TableGroups(table.feed, panel))
    session.set_view(View(group_by=(param("opt"),)), "Group")
    qtbot.waitUntil(lambda: panel.lineup.grouped and panel.settled)
    return panel


def test_groups_are_put_together_along_a_metric_that_rises(qtbot: QtBot, grouped: CurvesPanel) -> None:
    grouped.toolbar.show_options(along("samples"))
    settle(qtbot, grouped)
    ((line,),) = ([drawn.line for drawn in card(grouped, "loss").plot.drawn.values()],)
    assert line.spread is not None and line.curve.x.tolist() == [0, 10, 20, 30]
    assert line.curve.y.tolist() == [1.5 * value for value in LOSS]


def test_groups_have_no_band_where_x_goes_back_and_forth(qtbot: QtBot, grouped: CurvesPanel) -> None:
    grouped.toolbar.show_options(along("lr"))
    settle(qtbot, grouped)
    loss = card(grouped, "loss")
    (drawn,) = loss.plot.drawn.values()
    assert drawn.line.spread is None and drawn.line.path
    assert np.isnan(drawn.line.curve.y).sum() == 2 and drawn.line.curve.points == 8
    assert caption(loss) == "1 series · 8 points · each run by itself"
    assert "lr goes back and forth, so that there is no band" in details(loss)
    loss.plot.grab()


def test_the_metric_is_looked_for_among_many(qtbot: QtBot, session: Session, store: Store, writer: Writer) -> None:
    run = writer.run("one")
    for number in range(5000):
        run.log_metric(f"layer.{number}/grad", 1.0, 0)
    writer.points(run, "loss", LOSS)
    writer.points(run, "samples", [0, 10, 20, 30])
    writer.commit()
    panel = shown(qtbot, session)
    box = control(panel, QComboBox, "Horizontal axis")
    box.setCurrentText("metric…")
    assert box.currentText() == "step"
    (picker,) = session.findChildren(ColumnPicker) or panel.findChildren(ColumnPicker)
    assert picker.list.count() == 300
    qtbot.keyClicks(picker.field, "samp")
    assert [picker.list.item(row).text() for row in range(picker.list.count())] == ["samples"]
    qtbot.keyClick(picker.field, Qt.Key.Key_Return)
    settle(qtbot, panel)
    assert panel.toolbar.options.across == (XAxis.METRIC, "samples", False)
    assert box.currentText() == "samples"
    box.setCurrentText("step")
    settle(qtbot, panel)
    assert panel.toolbar.options.across == (XAxis.STEP, "", False)
    assert [box.itemText(index) for index in range(box.count())] == ["step", "time", "relative time", "metric…"]


def test_logarithmic_x_is_in_the_menu_of_axes(qtbot: QtBot, session: Session, writer: Writer) -> None:
    writer.points(writer.run("one"), "loss", LOSS)
    writer.commit()
    panel = shown(qtbot, session)
    menu = control(panel, QToolButton, "How axes are drawn").menu()
    (log_x,) = (action for action in menu.findChildren(QAction) if action.text() == "Logarithmic x")
    log_x.trigger()
    settle(qtbot, panel)
    assert panel.toolbar.options.log_x and log_x.isChecked()
    control(panel, QComboBox, "Horizontal axis").setCurrentText("time")
    assert not log_x.isEnabled() and not panel.toolbar.options.across[2]


def test_what_was_chosen_is_kept_and_a_metric_without_a_name_is_none() -> None:
    options = along("a/b c", log_x=True)
    assert read_options(options.to_record()) == options
    assert read_options({"x": "metric"}).x is XAxis.STEP
    assert read_options({"x": "metric", "x_metric": 3, "log_x": "yes"}) == Options()


def test_numbers_of_a_logarithmic_x_are_those_that_were_logged(
    qtbot: QtBot, session: Session, store: Store, writer: Writer, tmp_path: Path
) -> None:
    run = writer.run("one")
    writer.points(run, "loss", LOSS)
    writer.points(run, "samples", [0, 3, 7, 1e5])
    writer.commit()
    panel = panel_of(qtbot, session, along("samples", log_x=True))
    loss = card(panel, "loss")
    loss.plot.zoomed.emit(Zoom((0.4, 1.0)))  # from 2.5 to 10
    settle(qtbot, panel)
    file = tmp_path / "numbers.csv"
    assert write_points(store, loss.now(), file) == 2
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert [(row["step"], row["x"], row["value"]) for row in rows] == [("1", "3", "0.5"), ("2", "7", "0.25")]
    assert write_drawn(store, loss.now(), file) == 2
    assert [row["x"] for row in csv.DictReader(file.read_text().splitlines())] == ["3", "7"]
