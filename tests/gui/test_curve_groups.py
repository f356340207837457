"""Groups of runs in the charts, as the table beside them has them: lines, bands, legends, eyes, hovering, live."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from runfolio.client.active_run import ActiveRun
from runfolio.core.columns import NAME, SortKey, metric, param
from runfolio.core.eyes import toggled
from runfolio.core.statistics import Band, Statistic
from runfolio.core.views import View
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.lineup import short_name
from runfolio.gui.curves.look import Light
from runfolio.gui.curves.options import Options, read_options
from runfolio.gui.curves.panel import CurvesPanel
from runfolio.gui.curves.plot import BOTTOM
from runfolio.gui.curves.readout import Readout
from runfolio.gui.groups.listed import TableGroups
from runfolio.gui.run_colors import SWATCH, run_color
from runfolio.gui.runs import RunTable
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.experiments import get_or_create
from tests.gui.seen import control, said
from tests.gui.writing import Writer, number_of

OPTIMIZER, BATCH, ACC = param("optimizer"), param("batch", numeric=True), metric("acc")
BY_OPTIMIZER = View(group_by=(OPTIMIZER,))


@pytest.fixture
def runs(writer: Writer) -> list[ActiveRun]:
    """Two optimizers with three seeds each; the last seed of sgd has half of the points, and the first one a gap."""
    started = []
    for optimizer, high in (("sgd", 0.8), ("adam", 0.9)):
        for seed in range(3):
            run = writer.run(f"{optimizer}-{seed}")
            run.log_params({"optimizer": optimizer, "seed": seed, "batch": 32 * (1 + seed % 2)})
            values = [
                high + (seed - 1) / 250 + step / 100 for step in range(5 if (optimizer, seed) == ("sgd", 2) else 10)
            ]
            if (optimizer, seed) == ("sgd", 0):
                values[3] = float("nan")
            writer.points(run, "acc", values)
            started.append(run)
    writer.commit()
    return started


@pytest.fixture
def table(qtbot: QtBot, session: Session, store: Store, runs: list[ActiveRun]) -> RunTable:
    """The table that the groups are of."""
    one = RunTable(session)
    qtbot.addWidget(one)
    session.select_experiments([get_or_create(store, "digits").id])
    return one


@pytest.fixture
def panel(qtbot: QtBot, session: Session, table: RunTable) -> CurvesPanel:
    """The charts on the screen, by optimizers."""
    one = CurvesPanel(session)
    one.follow_groups(TableGroups(table.feed, one))
    qtbot.addWidget(one)
    one.resize(1000, 500)
    session.set_view(BY_OPTIMIZER)
    with qtbot.waitExposed(one):
        one.show()
    settle(qtbot, one)
    return one


def settle(qtbot: QtBot, panel: CurvesPanel) -> None:
    qtbot.waitUntil(lambda: panel.settled, timeout=5000)


def look(qtbot: QtBot, panel: CurvesPanel, session: Session, view: View) -> None:
    session.set_view(view)
    settle(qtbot, panel)


def choose(qtbot: QtBot, panel: CurvesPanel, options: Options) -> None:
    panel.toolbar.show_options(options)
    settle(qtbot, panel)


def acc(panel: CurvesPanel) -> ChartCard:
    (card,) = panel.grid.cards()
    return card


def names(panel: CurvesPanel) -> list[str]:
    """What is drawn, in the order of the table."""
    return [one.name for one in panel.lineup.runs if one.id in acc(panel).plot.drawn]


def told(panel: CurvesPanel, x: float) -> dict[str, str]:
    """What the crosshair says at a place, of each line by its name."""
    acc(panel).plot.pointed.emit(QPointF(x, 0.9))
    (readout,) = acc(panel).findChildren(Readout)
    readings = {one.name: one.value for one in readout.readings}
    acc(panel).plot.pointed.emit(None)
    return readings


def row_of(panel: CurvesPanel, name: str) -> int:
    return next(one.id for one in panel.lineup.runs if one.name == name)


def test_each_group_is_a_line_with_a_band_which_the_legend_tells(panel: CurvesPanel) -> None:
    assert names(panel) == ["optimizer adam", "optimizer sgd"]
    assert "mean ± std · n 2 to 3 · 1 not finite" in said(acc(panel))
    assert "2 groups" in said(panel.toolbar)
    drawn = acc(panel).plot.drawn[row_of(panel, "optimizer adam")]
    np.testing.assert_allclose(drawn.stroke.y, [0.9 + step / 100 for step in range(10)])
    np.testing.assert_allclose(drawn.band.high - drawn.band.low, [0.008] * 10)
    tip = acc(panel).heading._info.toolTip()
    assert "optimizer sgd: n 2 to 3; 25 points; of which 1 is NaN or infinite and leaves a gap" in tip


def test_the_crosshair_tells_numbers_as_the_table_does(qtbot: QtBot, panel: CurvesPanel, table: RunTable) -> None:
    assert told(panel, 9.0) == {"optimizer adam": "0.9900 ± 0.0040 (n=3)", "optimizer sgd": "0.8880 ± 0.0028 (n=2)"}
    assert told(panel, 3.0)["optimizer sgd"] == "0.8320 ± 0.0028 (n=2)"
    sums = table.feed.sums
    sums.sum(ACC)
    qtbot.waitUntil(lambda: sums.sum(ACC) is not None)
    rows = table.feed.model.groups
    assert rows is not None
    assert rows.text(row_of(panel, "optimizer adam"), ACC) == told(panel, 9.0)["optimizer adam"]


def test_lines_and_bands_are_chosen(qtbot: QtBot, panel: CurvesPanel) -> None:
    choose(qtbot, panel, Options(line=Statistic.MEDIAN, band=Band.RANGE))
    assert "median, min-max · n 2 to 3 · 1 not finite" in said(acc(panel))
    assert told(panel, 0.0)["optimizer adam"] == "0.9000 (0.8960 to 0.9040, n=3)"
    choose(qtbot, panel, Options(line=Statistic.GREATEST, band=Band.NONE))
    assert told(panel, 0.0)["optimizer adam"] == "0.9040 (n=3)"
    assert not len(acc(panel).plot.drawn[row_of(panel, "optimizer adam")].band.low)
    choose(qtbot, panel, Options(groups=False))
    assert len(acc(panel).plot.drawn) == 6 and "all 6 runs" in said(panel.toolbar)
    choose(qtbot, panel, Options())
    assert len(names(panel)) == 2


def test_the_menu_of_groups_is_there_while_there_are_some(qtbot: QtBot, panel: CurvesPanel, session: Session) -> None:
    button = control(panel, QToolButton, "How groups are drawn")
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert button.toolTip() == "A line for each group: mean ± std"

    def choose(text: str) -> None:
        next(action for action in button.menu().actions() if action.text() == text).trigger()
        settle(qtbot, panel)

    choose("Line: Median")
    choose("Band: 95 % Confidence Interval of the Mean")
    assert "median, 95 % interval of the mean · n 2 to 3 · 1 not finite" in said(acc(panel))
    marked = [action.text() for action in button.menu().actions() if action.isChecked()]
    assert marked == ["A Line for Each Group", "Line: Median", "Band: 95 % Confidence Interval of the Mean"]
    choose("Show Members Faintly Behind")
    assert panel.toolbar.options == Options(line=Statistic.MEDIAN, band=Band.INTERVAL, members=True)
    choose("A Line for Each Group")
    assert len(acc(panel).plot.drawn) == 6
    look(qtbot, panel, session, View())
    assert not button.isVisible()


def test_options_of_groups_are_read_as_far_as_they_make_sense() -> None:
    wanted = Options(groups=False, line=Statistic.LEAST, band=Band.RANGE, members=True)
    assert read_options(wanted.to_record()) == wanted
    assert read_options({"groups": 1, "line": "best", "band": "wide", "members": "yes"}) == Options()


def test_runs_of_groups_are_faint_behind(qtbot: QtBot, panel: CurvesPanel) -> None:
    choose(qtbot, panel, Options(members=True, band=Band.NONE))
    drawn = acc(panel).plot.drawn[row_of(panel, "optimizer adam")]
    assert len(drawn.faint) == 3
    low, high = acc(panel).plot.span_y()
    assert low < 0.8 - 1 / 250 and high > 0.99 + 1 / 250


def test_a_group_has_its_own_colour_whatever_the_order(qtbot: QtBot, panel: CurvesPanel, session: Session) -> None:
    """By the age of its oldest run: sgd came first."""
    look, dark = acc(panel).plot.look, session.theme.dark
    rows = [row_of(panel, f"optimizer {name}") for name in ("sgd", "adam")]
    assert [look.color(row, Light.NORMAL) for row in rows] == [run_color(0, dark), run_color(1, dark)]
    session.set_view(replace(BY_OPTIMIZER, order=(SortKey(NAME, descending=True),)))
    qtbot.waitUntil(lambda: names(panel) == ["optimizer sgd", "optimizer adam"])
    assert [look.color(row, Light.NORMAL) for row in rows] == [run_color(0, dark), run_color(1, dark)]
    session.set_view(replace(BY_OPTIMIZER, filter="params.optimizer = 'adam'"))
    qtbot.waitUntil(lambda: panel.settled and names(panel) == ["optimizer adam"])
    assert look.color(rows[1], Light.NORMAL) == run_color(1, dark), "a filter changes no colour"


def test_groups_of_several_levels_are_the_innermost_ones(qtbot: QtBot, panel: CurvesPanel, session: Session) -> None:
    look(qtbot, panel, session, View(group_by=(OPTIMIZER, BATCH)))
    inner = [f"optimizer {name} · batch {batch}" for name in ("adam", "sgd") for batch in (32, 64)]
    assert names(panel) == inner
    assert [short_name(one) for one in panel.lineup.runs] == ["adam · 32", "adam · 64", "sgd · 32", "sgd · 64"]
    assert told(panel, 0.0)[inner[1]] == "0.9000 (n=1)", "a single run has no band"
    assert np.isnan(acc(panel).plot.drawn[row_of(panel, inner[1])].band.low).all()


def test_single_runs_are_back_without_groups(qtbot: QtBot, panel: CurvesPanel, session: Session) -> None:
    look(qtbot, panel, session, View())
    assert len(acc(panel).plot.drawn) == 6
    assert "6 series · 55 points · 1 not finite" in said(acc(panel))


def test_selected_and_hidden_runs_make_the_groups(
    qtbot: QtBot, panel: CurvesPanel, session: Session, store: Store, runs: list[ActiveRun]
) -> None:
    session.select_runs([number_of(store, run) for run in runs[3:5]])
    settle(qtbot, panel)
    assert told(panel, 0.0) == {"optimizer adam": "0.8980 ± 0.0028 (n=2)"}
    assert "1 group of the selected runs" in said(panel.toolbar)
    session.select_runs([])
    look(qtbot, panel, session, toggled(session.view, [runs[3].info.run_id]))
    assert told(panel, 0.0)["optimizer adam"] == "0.9020 ± 0.0028 (n=2)"
    look(qtbot, panel, session, toggled(session.view, [run.info.run_id for run in runs[4:]]))
    assert names(panel) == ["optimizer sgd"]
    assert "1 group · 1 hidden" in said(panel.toolbar)


def test_the_first_of_many_groups_are_shown(qtbot: QtBot, panel: CurvesPanel, session: Session, writer: Writer) -> None:
    for number in range(11):
        run = writer.run(f"more-{number}")
        run.log_params({"optimizer": f"x{number:02}"})
        writer.points(run, "acc", [0.5])
    writer.commit()
    qtbot.waitUntil(lambda: "first 10 of 13 groups" in said(panel.toolbar))
    settle(qtbot, panel)
    assert names(panel) == ["optimizer adam", "optimizer sgd", *(f"optimizer x{number:02}" for number in range(8))]


def test_what_is_logged_and_who_joins_moves_the_band(
    qtbot: QtBot, panel: CurvesPanel, writer: Writer, runs: list[ActiveRun]
) -> None:
    writer.points(runs[3], "acc", [0.5], first=10)
    writer.points(runs[4], "acc", [0.7], first=10)
    writer.commit()
    qtbot.waitUntil(lambda: told(panel, 10.0).get("optimizer adam") == "0.60 ± 0.14 (n=2)")
    run = writer.run("adam-3")
    run.log_params({"optimizer": "adam"})
    writer.points(run, "acc", [0.9] * 11)
    writer.commit()
    qtbot.waitUntil(lambda: told(panel, 10.0).get("optimizer adam") == "0.70 ± 0.20 (n=3)")


def test_a_band_that_reaches_below_zero_goes_down_to_the_edge_of_a_logarithmic_chart(
    qtbot: QtBot, panel: CurvesPanel, writer: Writer, runs: list[ActiveRun]
) -> None:
    writer.points(runs[3], "acc", [0.001, 0.5], first=10)
    writer.points(runs[4], "acc", [0.9, 0.6], first=10)
    writer.commit()
    choose(qtbot, panel, Options(log=True))
    drawn = acc(panel).plot.drawn[row_of(panel, "optimizer adam")]
    qtbot.waitUntil(lambda: len(drawn.band.low) == 12)
    settle(qtbot, panel)
    assert drawn.band.low[10] == BOTTOM and drawn.band.low[11] == pytest.approx(np.log10(0.55 - 0.1 / 2**0.5))
    low, high = acc(panel).plot.span_y()
    assert -1 < low < high < 1, "the chart is no deeper for it"
    plot, ground = acc(panel).plot, acc(panel).plot.look.panel
    scene = plot.view.mapViewToScene(QPointF(10.1, low + (high - low) / 50))
    assert plot.grab().toImage().pixelColor(plot.mapFromScene(scene)) != ground, "but the band goes down to its edge"


def test_a_band_that_comes_near_to_zero_makes_a_logarithmic_chart_one_power_of_ten_deeper(
    qtbot: QtBot, panel: CurvesPanel, writer: Writer, runs: list[ActiveRun]
) -> None:
    reach = 0.4999999 / 2**0.5  # the deviation of two values is their difference by the square root of 2
    for run, value in zip(runs[3:5], (0.5 + reach, 0.5 - reach), strict=True):
        writer.points(run, "acc", [value], first=10)
    writer.commit()
    choose(qtbot, panel, Options(log=True))
    drawn = acc(panel).plot.drawn[row_of(panel, "optimizer adam")]
    qtbot.waitUntil(lambda: panel.settled and len(drawn.band.low) == 11)
    assert drawn.band.low[10] < -6
    assert acc(panel).plot.span_y()[0] == pytest.approx(np.log10(0.5) - 1, abs=0.1)


def test_the_mouse_on_a_group_or_its_run_lights_it_everywhere(
    qtbot: QtBot, panel: CurvesPanel, session: Session, table: RunTable, store: Store, runs: list[ActiveRun]
) -> None:
    adam, sgd = (row_of(panel, f"optimizer {name}") for name in ("adam", "sgd"))
    plot = acc(panel).plot
    plot.hovered.emit(adam)
    assert table.view.delegate.lit == adam
    assert (plot.light_of(adam), plot.light_of(sgd)) == (Light.LIT, Light.DIMMED)
    session.highlighted.emit(number_of(store, runs[0]))
    assert (plot.light_of(adam), plot.light_of(sgd)) == (Light.DIMMED, Light.LIT)
    session.highlighted.emit(None)
    assert plot.light_of(adam) is Light.NORMAL


def test_a_click_on_a_line_makes_its_first_run_current_and_selects_all_with_ctrl(
    qtbot: QtBot, panel: CurvesPanel, session: Session, store: Store, runs: list[ActiveRun]
) -> None:
    adam, numbers = row_of(panel, "optimizer adam"), [number_of(store, run) for run in runs[3:]]
    acc(panel).plot.picked.emit(adam, False)
    assert session.selection.current in numbers and not len(session.selection.ids)
    assert acc(panel).plot.drawn[adam].stroke.pen.width() == 2
    acc(panel).plot.picked.emit(adam, True)
    assert sorted(session.selection.told) == numbers
    qtbot.waitUntil(lambda: panel.settled and names(panel) == ["optimizer adam"])


def test_the_legend_names_the_groups_and_is_a_way_to_their_lines(
    qtbot: QtBot, panel: CurvesPanel, session: Session
) -> None:
    legend, rows = panel.legend, [row_of(panel, f"optimizer {name}") for name in ("adam", "sgd")]
    assert legend.isVisible() and legend.accessibleName() == "Groups: optimizer adam, optimizer sgd"
    places = legend.places()
    assert list(places) == rows and places[rows[0]].right() < places[rows[1]].left()
    swatch = legend.grab().toImage().pixelColor(places[rows[1]].left() + SWATCH // 2, legend.height() // 2)
    assert swatch == run_color(0, session.theme.dark)
    qtbot.mouseMove(legend, places[rows[1]].center())
    qtbot.waitUntil(lambda: acc(panel).plot.light_of(rows[0]) is Light.DIMMED)
    qtbot.mouseClick(legend, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, places[rows[0]].center())
    qtbot.waitUntil(lambda: panel.settled and names(panel) == ["optimizer adam"])
    look(qtbot, panel, session, View())
    assert not legend.isVisible()


def test_a_legend_without_room_says_how_many_more_there_are(panel: CurvesPanel) -> None:
    """Names are short before any is left out."""
    legend, whole = panel.legend, list(panel.legend.places().values())
    legend.resize(whole[1].right(), legend.height())
    assert len(legend.places()) == 2
    assert max(area.right() for area in legend.places().values()) < whole[1].right() // 2
    legend.resize(whole[1].right() // 4, legend.height())
    assert len(legend.places()) == 1
    assert not legend.grab().isNull()


def test_a_filter_that_cannot_be_read_draws_no_group(qtbot: QtBot, panel: CurvesPanel, session: Session) -> None:
    session.set_view(replace(BY_OPTIMIZER, filter="metrics.acc >"))
    qtbot.waitUntil(lambda: panel.settled and not panel.lineup.runs)
    assert panel.lineup.unreadable
    session.set_view(replace(BY_OPTIMIZER, filter="params.optimizer = 'sgd'"))
    qtbot.waitUntil(partial(_shows, panel, ["optimizer sgd"]))


def _shows(panel: CurvesPanel, wanted: list[str]) -> bool:
    return panel.settled and names(panel) == wanted


def test_a_chart_of_several_metrics_has_a_line_and_a_band_for_each_group_and_metric(
    qtbot: QtBot, panel: CurvesPanel, writer: Writer, runs: list[ActiveRun]
) -> None:
    for run in runs:
        writer.points(run, "loss", [0.5] * 10)
    qtbot.waitUntil(lambda: "loss" in panel.grid.keys)
    panel.arranger.add("Both", "", ("acc", "loss"))
    settle(qtbot, panel)
    chart = next(card for card in panel.grid.cards() if card.key == "=1")
    rows = [row_of(panel, f"optimizer {name}") for name in ("adam", "sgd")]
    assert set(chart.plot.drawn) == {(row, metric) for row in rows for metric in ("acc", "loss")}
    drawn = chart.plot.drawn[rows[0], "acc"]
    np.testing.assert_allclose(drawn.stroke.y, [0.9 + step / 100 for step in range(10)])
    np.testing.assert_allclose(drawn.band.high - drawn.band.low, [0.008] * 10)
    assert "mean ± std · n 2 to 3 · 1 not finite" in said(chart)
    assert "acc · optimizer adam: n=3; 30 points" in chart.heading._info.toolTip()
    chart.plot.pointed.emit(QPointF(9.0, 0.9))
    (readout,) = chart.findChildren(Readout)
    readings = {one.name: one.value for one in readout.readings}
    assert readings["acc · adam"] == "0.9900 ± 0.0040 (n=3)", "as short as there is room for"
    assert set(readings) == {f"{metric} · {name}" for metric in ("acc", "loss") for name in ("adam", "sgd")}
    chart.plot.pointed.emit(None)
