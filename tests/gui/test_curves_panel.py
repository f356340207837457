"""The panel of curves on a real store: what its charts show, live, selected, filtered, zoomed and lit."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from runfolio.client.active_run import ActiveRun
from runfolio.core.errors import StoreBusy
from runfolio.core.smoothing import Smoother, smooth
from runfolio.core.views import View
from runfolio.gui.curves.answer import answer
from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.curves.empty import EmptyCharts
from runfolio.gui.curves.look import Light
from runfolio.gui.curves.options import read_options
from runfolio.gui.curves.panel import CurvesPanel
from runfolio.gui.curves.readout import Readout
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode
from runfolio.store import Store
from runfolio.store.trash import delete_runs
from tests.gui.charting import card, settle, shown
from tests.gui.held import Held
from tests.gui.seen import control, said
from tests.gui.writing import Writer, number_of

NO_RUNS = "The curves of runs appear here."
NO_MATCH = "No run fits the filter, so there is no curve to draw."


@pytest.fixture
def runs(writer: Writer) -> list[ActiveRun]:
    """Three runs with two metrics of ten points; the second one's loss is ten times as high."""
    started = [writer.run(f"run-{number}") for number in range(3)]
    for factor, run in zip((1, 10, 2), started, strict=True):
        writer.points(run, "val/loss", [factor / (step + 1) for step in range(10)])
        writer.points(run, "val/acc", [1 - 1 / (step + 1) for step in range(10)])
    writer.commit()
    return started


@pytest.fixture
def panel(qtbot: QtBot, session: Session, runs: list[ActiveRun]) -> CurvesPanel:
    """The panel on the screen, everything read."""
    return shown(qtbot, session)


def values(panel: CurvesPanel, key: str, run: int) -> list[float]:
    """What the plot item of a run holds."""
    held: list[float] = card(panel, key).plot.drawn[run].stroke.y.tolist()
    return held


def test_the_newest_runs_are_shown_without_a_selection(panel: CurvesPanel, runs: list[ActiveRun]) -> None:
    assert [card.key for card in panel.grid.cards()] == ["val/acc", "val/loss"]
    assert len(card(panel, "val/loss").plot.drawn) == 3
    assert "all 3 runs" in said(panel.toolbar)


def test_the_selected_runs_are_shown(
    panel: CurvesPanel, session: Session, store: Store, runs: list[ActiveRun], qtbot: QtBot
) -> None:
    number = number_of(store, runs[1])
    before = card(panel, "val/loss")
    session.select_runs((number,), number)
    settle(qtbot, panel)
    assert card(panel, "val/loss") is before
    assert list(before.plot.drawn) == [number]
    assert values(panel, "val/loss", number)[0] == 10
    assert "1 series · 10 points" in said(before)


def test_curves_stay_until_the_new_ones_are_there(
    panel: CurvesPanel, session: Session, store: Store, runs: list[ActiveRun], qtbot: QtBot
) -> None:
    first, second = (number_of(store, run) for run in runs[:2])
    session.select_runs((first,), first)
    settle(qtbot, panel)
    plot = card(panel, "val/loss").plot
    counts = []
    plot.view.sigRangeChanged.connect(lambda: counts.append(len(plot.drawn)))
    session.select_runs((second,), second)
    settle(qtbot, panel)
    assert counts and 0 not in counts


def test_a_point_of_another_writer_appears(
    panel: CurvesPanel, store: Store, writer: Writer, runs: list[ActiveRun], qtbot: QtBot
) -> None:
    number = number_of(store, runs[0])
    other = card(panel, "val/acc").plot.drawn[number]
    writer.points(runs[0], "val/loss", [123.0], first=10)
    qtbot.waitUntil(lambda: values(panel, "val/loss", number)[-1] == 123.0)
    assert card(panel, "val/acc").plot.drawn[number] is other
    assert card(panel, "val/loss").plot.span_y()[1] > 123


def test_a_new_metric_is_a_new_chart_beside_the_old_ones(
    panel: CurvesPanel, store: Store, writer: Writer, runs: list[ActiveRun], qtbot: QtBot
) -> None:
    before = panel.grid.cards()
    writer.points(runs[0], "lr", [0.1, 0.2])
    qtbot.waitUntil(lambda: len(panel.grid.cards()) == 3 and bool(card(panel, "lr").plot.drawn))
    assert [each for each in panel.grid.cards() if each.key != "lr"] == before


def test_a_new_run_joins_the_newest(
    panel: CurvesPanel, store: Store, writer: Writer, runs: list[ActiveRun], qtbot: QtBot
) -> None:
    fresh = writer.run("fresh")
    writer.points(fresh, "val/loss", [5.0] * 10)
    qtbot.waitUntil(lambda: len(card(panel, "val/loss").plot.drawn) == 4)


def test_changes_of_other_runs_are_not_read(
    panel: CurvesPanel, session: Session, store: Store, writer: Writer, runs: list[ActiveRun], qtbot: QtBot
) -> None:
    number = number_of(store, runs[0])
    session.select_runs((number,), number)
    settle(qtbot, panel)
    with qtbot.waitSignal(session.changed):
        writer.points(runs[1], "val/loss", [7.0], first=10)
    assert panel.settled and not card(panel, "val/loss").stale


def test_hovering_a_curve_lights_the_run_everywhere(
    panel: CurvesPanel, session: Session, store: Store, runs: list[ActiveRun], qtbot: QtBot
) -> None:
    number = number_of(store, runs[1])
    with qtbot.waitSignal(session.highlighted) as found:
        card(panel, "val/loss").plot.pointed.emit(QPointF(0.0, 10.0))
    assert found.args == [number]
    assert all(each.plot.light_of(number) is Light.LIT for each in panel.grid.cards())
    session.highlighted.emit(None)
    assert all(each.plot.light_of(number) is Light.NORMAL for each in panel.grid.cards())


def test_the_crosshair_is_shared_and_tells_values(panel: CurvesPanel, qtbot: QtBot) -> None:
    loss = card(panel, "val/loss")
    loss.plot.pointed.emit(QPointF(4.2, 2.0))
    assert [each.plot.cross for each in panel.grid.cards()] == [4.2, 4.2]
    readout = control(loss, Readout, "")
    assert readout.heading == "step 4"
    assert (readout.readings[0].name, readout.readings[0].value) == ("run-1", "2.000")
    loss.plot.pointed.emit(None)
    assert [each.plot.cross for each in panel.grid.cards()] == [None, None]
    assert not readout.isVisible()


def test_a_click_makes_a_run_current_and_keeps_the_others(
    panel: CurvesPanel, session: Session, store: Store, runs: list[ActiveRun], qtbot: QtBot
) -> None:
    numbers = tuple(number_of(store, run) for run in runs)
    session.select_runs(numbers, numbers[0])
    settle(qtbot, panel)
    card(panel, "val/loss").plot.picked.emit(numbers[1], False)
    assert session.selection.told == numbers and session.selection.current == numbers[1]
    assert card(panel, "val/acc").plot.drawn[numbers[1]].stroke.pen.width() == 2
    card(panel, "val/loss").plot.picked.emit(numbers[2], True)
    assert session.selection.told == (numbers[2],)


def test_smoothing_keeps_the_raw_curve_behind(
    panel: CurvesPanel, store: Store, runs: list[ActiveRun], qtbot: QtBot
) -> None:
    number = number_of(store, runs[1])
    raw = values(panel, "val/loss", number)
    control(panel, QSlider, "Smoothing").setValue(60)
    settle(qtbot, panel)
    drawn = card(panel, "val/loss").plot.drawn[number]
    assert drawn.faint[0].y.tolist() == raw
    assert drawn.stroke.y[0] == raw[0] and drawn.stroke.y[-1] > raw[-1]
    control(panel, QSlider, "Smoothing").setValue(0)
    settle(qtbot, panel)
    assert values(panel, "val/loss", number) == raw


def test_lines_can_be_smoothed_otherwise(panel: CurvesPanel, store: Store, runs: list[ActiveRun], qtbot: QtBot) -> None:
    number = number_of(store, runs[0])
    raw = np.array(values(panel, "val/loss", number))
    control(panel, QSlider, "Smoothing").setValue(60)
    menu = control(panel, QToolButton, "How lines are smoothed").menu()
    for action, smoother in zip(menu.actions(), Smoother, strict=True):
        action.trigger()
        settle(qtbot, panel)
        x = np.arange(len(raw), dtype=np.float64)
        np.testing.assert_array_equal(values(panel, "val/loss", number), smooth(raw, 0.6, smoother, x))
        assert [one.isChecked() for one in menu.actions()] == [one is action for one in menu.actions()]
        assert panel.toolbar.options == read_options(panel.toolbar.options.to_record())


def test_x_can_be_the_time_since_the_start(
    panel: CurvesPanel, store: Store, runs: list[ActiveRun], qtbot: QtBot
) -> None:
    control(panel, QComboBox, "Horizontal axis").setCurrentText("relative time")
    settle(qtbot, panel)
    drawn = card(panel, "val/loss").plot.drawn[number_of(store, runs[0])]
    np.testing.assert_allclose(drawn.stroke.x, np.arange(10), atol=0.1)


def test_log_is_for_all_charts_but_those_that_were_set_otherwise(panel: CurvesPanel, session: Session) -> None:
    def logs() -> dict[str, bool]:
        return {each.key: each.plot.log for each in panel.grid.cards()}

    def click() -> None:
        button = control(card(panel, "val/loss"), QToolButton, "Logarithmic")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    click()
    assert logs() == {"val/acc": False, "val/loss": True}
    control(panel, QCheckBox, "Log y").setChecked(True)
    assert logs() == {"val/acc": True, "val/loss": True}
    control(panel, QCheckBox, "Log y").setChecked(False)
    assert logs() == {"val/acc": False, "val/loss": True}, "what was set for one chart stays"
    session.undo.undo()
    assert logs() == {"val/acc": False, "val/loss": False}
    session.undo.redo()
    click()
    assert logs() == {"val/acc": False, "val/loss": False} and session.view == View(), "it is as the page again"


def test_zooms_are_linked_until_they_are_not(panel: CurvesPanel, qtbot: QtBot) -> None:
    loss, accuracy = card(panel, "val/loss").plot, card(panel, "val/acc").plot
    loss.zoomed.emit(Zoom((2.0, 4.0)))
    assert accuracy.span_x() == (2.0, 4.0)
    control(panel, QCheckBox, "Link zoom").setChecked(False)
    accuracy.zoomed.emit(Zoom((0.0, 1.0)))
    assert loss.span_x() == (2.0, 4.0)
    accuracy.zoomed.emit(Zoom())
    assert accuracy.span_x()[1] > 8


def test_a_zoom_reads_a_dense_curve_again(session: Session, store: Store, writer: Writer, qtbot: QtBot) -> None:
    noise = np.random.default_rng(0).normal(size=40_000)
    noise[12_345] = 99.0
    writer.points(writer.run("dense"), "loss", noise.tolist())
    writer.commit()
    panel = shown(qtbot, session)
    chart = card(panel, "loss")
    drawn = next(iter(chart.plot.drawn.values()))
    assert drawn.line.curve.reduced and 99.0 in drawn.stroke.y.tolist()
    assert any("1:" in text for text in said(chart))
    chart.plot.zoomed.emit(Zoom((12_300.0, 12_400.0)))
    settle(qtbot, panel)
    drawn = next(iter(chart.plot.drawn.values()))
    inside = (drawn.stroke.x >= 12_300) & (drawn.stroke.x <= 12_400)
    np.testing.assert_array_equal(drawn.stroke.y[inside], noise[12_300:12_401])
    assert not any("1:" in text for text in said(chart))
    chart.plot.zoomed.emit(Zoom())
    settle(qtbot, panel)
    assert chart.plot.span_x()[1] > 39_999 and next(iter(chart.plot.drawn.values())).line.curve.reduced


def test_a_linked_zoom_while_a_chart_is_read_for_the_first_time_reads_it_exactly(
    session: Session, writer: Writer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = writer.run("dense")
    for key in ("train/loss", "val/loss"):
        writer.points(run, key, np.random.default_rng(0).normal(size=40_000).tolist())
    writer.commit()
    panel = shown(qtbot, session)
    field = control(panel, QLineEdit, "Filter charts")
    field.setText("train")
    settle(qtbot, panel)
    held = Held(answer)
    monkeypatch.setattr("runfolio.gui.curves.panel.answer", held)
    field.clear()
    qtbot.waitUntil(held.read.is_set)
    card(panel, "train/loss").plot.zoomed.emit(Zoom((12_300.0, 12_400.0)))
    qtbot.waitUntil(lambda: bool(card(panel, "train/loss").stale))
    held.let_go()
    settle(qtbot, panel)
    x = next(iter(card(panel, "val/loss").plot.drawn.values())).stroke.x
    assert np.count_nonzero((x >= 12_300) & (x <= 12_400)) == 101


def test_the_filter_chooses_charts(panel: CurvesPanel, qtbot: QtBot) -> None:
    kept = card(panel, "val/loss")
    field = control(panel, QLineEdit, "Filter charts")
    field.setText("LOSS")
    assert panel.grid.cards() == [kept] and "1 of 2 charts" in said(panel.toolbar)
    field.setText("nothing like it")
    assert "No metric has this name. Clear the filter to see all charts." in said(panel)
    field.clear()
    qtbot.waitUntil(lambda: len(panel.grid.cards()) == 2)
    settle(qtbot, panel)
    assert len(card(panel, "val/acc").plot.drawn) == 3


def test_one_chart_can_fill_the_panel(panel: CurvesPanel, qtbot: QtBot) -> None:
    loss, accuracy = card(panel, "val/loss"), card(panel, "val/acc")
    width = loss.width()
    QTest.keyClick(loss.plot, Qt.Key.Key_Return)
    assert loss.width() > 2 * width and not accuracy.isVisible()
    QTest.keyClick(loss.plot, Qt.Key.Key_Escape)
    assert loss.width() == width and accuracy.isVisible()


def test_a_hundred_metrics_are_charts_only_where_they_are_seen(
    session: Session, store: Store, writer: Writer, qtbot: QtBot
) -> None:
    run = writer.run("many")
    for number in range(100):
        writer.points(run, f"metric/{number:03}", [1.0, 2.0])
    writer.commit()
    panel = shown(qtbot, session)
    assert len(panel.grid.cards()) < 20
    panel.grid.verticalScrollBar().setValue(panel.grid.verticalScrollBar().maximum())
    settle(qtbot, panel)
    assert card(panel, "metric/099").plot.drawn


def test_values_near_the_largest_are_drawn(session: Session, writer: Writer, qtbot: QtBot) -> None:
    run = writer.run("diverged")
    writer.points(run, "loss", [1.0, 1e302, -1e300, 1e25])
    writer.points(run, "once", [1.0])
    writer.commit()
    panel = shown(qtbot, session)
    assert not panel.grab().isNull()
    assert panel.grid.cards()[0].plot.span_y()[1] > 1e301
    assert "1 series · 1 point" in said(card(panel, "once"))


def test_a_chart_without_a_value_to_draw_says_so(session: Session, writer: Writer, qtbot: QtBot) -> None:
    run = writer.run("diverged")
    writer.points(run, "loss", [math.inf])
    writer.points(run, "gain", [-1.0, -2.0])
    writer.commit()
    panel = shown(qtbot, session)
    assert "no finite value · 1 point · step 0" in said(card(panel, "loss"))
    assert "1 series · 2 points" in said(card(panel, "gain"))
    control(panel, QCheckBox, "Log y").setChecked(True)
    qtbot.waitUntil(lambda: "no value above 0 · 2 points · step 0 to step 1" in said(card(panel, "gain")))


def test_the_words_in_place_of_charts_are_all_seen(qtbot: QtBot) -> None:
    empty = EmptyCharts()
    qtbot.addWidget(empty)
    empty.say("No metric of these runs has a name with what was typed into the filter. " * 3, example=False)
    empty.resize(300, 400)
    with qtbot.waitExposed(empty):
        empty.show()
    (words,) = (label for label in empty.findChildren(QLabel) if label.isVisible())
    assert words.height() >= words.heightForWidth(words.width()) > 40


def test_an_empty_store_says_what_to_do(session: Session, writer: Writer, qtbot: QtBot) -> None:
    panel = shown(qtbot, session)
    assert NO_RUNS in said(panel)
    writer.points(writer.run("first"), "loss", [1.0])
    qtbot.waitUntil(lambda: len(panel.grid.cards()) == 1 and bool(card(panel, "loss").plot.drawn))
    assert panel.grid.isVisible()


def test_runs_that_come_back_from_the_trash_have_curves_again(session: Session, writer: Writer, qtbot: QtBot) -> None:
    run = writer.run("first")
    writer.points(run, "loss", [1.0])
    writer.commit()
    number = number_of(session.store, run)
    outcome = delete_runs(session.store, [number])
    panel = shown(qtbot, session)
    qtbot.waitUntil(lambda: NO_RUNS in said(panel))
    settle(qtbot, panel)
    assert outcome.inverse is not None
    outcome.inverse(session.store)
    qtbot.waitUntil(lambda: len(panel.grid.cards()) == 1 and bool(card(panel, "loss").plot.drawn))


def test_a_run_that_fits_the_filter_at_last_has_its_curve(session: Session, writer: Writer, qtbot: QtBot) -> None:
    run = writer.run("first")
    writer.points(run, "loss", [1.0])
    session.set_view(View(filter="metrics.loss < 0.5"))
    panel = shown(qtbot, session)
    qtbot.waitUntil(lambda: NO_MATCH in said(panel))
    settle(qtbot, panel)
    writer.points(run, "loss", [0.25], first=1)
    qtbot.waitUntil(lambda: panel.grid.isVisible() and bool(card(panel, "loss").plot.drawn))


def sweep(writer: Writer, number: int, name: str = "sweep") -> ActiveRun:
    """A run without metrics, and those nested in it with theirs."""
    parent = writer.run(name)
    for trial in range(number):
        writer.points(writer.run(f"{name}-{trial}", parent=parent), "loss", [1.0, 0.5])
    writer.commit()
    return parent


def test_a_sweep_shows_the_curves_of_its_runs_until_it_has_its_own(
    session: Session, store: Store, writer: Writer, qtbot: QtBot
) -> None:
    parent = sweep(writer, 3)
    number = number_of(store, parent)
    panel = shown(qtbot, session)
    session.select_runs((number,), number)
    qtbot.waitUntil(lambda: panel.settled and "3 nested runs" in said(panel))
    assert panel.grid.isVisible() and len(card(panel, "loss").plot.drawn) == 3
    sweep_goes_on = writer.run("sweep-3", parent=parent)
    writer.points(sweep_goes_on, "loss", [1.0, 0.5])
    qtbot.waitUntil(lambda: "4 nested runs" in said(panel) and len(card(panel, "loss").plot.drawn) == 4)
    writer.points(parent, "best", [0.5, 0.25])
    qtbot.waitUntil(lambda: panel.grid.keys == ("best",))
    assert not any("nested" in text for text in said(panel))


def test_a_sweep_of_sweeps_shows_the_curves_of_their_runs(session: Session, writer: Writer, qtbot: QtBot) -> None:
    outer = writer.run("outer")
    for name in ("first", "second"):
        inner = writer.run(name, parent=outer)
        for trial in range(2):
            writer.points(writer.run(f"{name}-{trial}", parent=inner), "loss", [1.0, 0.5])
    writer.commit()
    panel = shown(qtbot, session)
    number = number_of(session.store, outer)
    session.select_runs((number,), number)
    qtbot.waitUntil(lambda: panel.settled and "4 nested runs" in said(panel))
    assert len(card(panel, "loss").plot.drawn) == 4


def test_the_first_runs_are_those_that_the_table_shows_first(session: Session, writer: Writer, qtbot: QtBot) -> None:
    writer.points(writer.run("plain"), "acc", [0.5, 0.75])
    sweep(writer, 12)
    panel = shown(qtbot, session)
    assert [run.name for run in panel.lineup.runs] == ["sweep", "plain"] and panel.lineup.total == 14
    session.set_view(replace(session.view, nested=False))
    qtbot.waitUntil(lambda: panel.settled and panel.lineup.runs[0].name == "sweep-11")
    assert "plain" not in [run.name for run in panel.lineup.runs]


def test_a_filter_that_no_run_fits_is_not_an_empty_store(session: Session, writer: Writer, qtbot: QtBot) -> None:
    writer.points(writer.run("first"), "loss", [1.0])
    panel = shown(qtbot, session)
    session.set_view(View(filter="second"))
    qtbot.waitUntil(lambda: NO_MATCH in said(panel))
    assert not any("start_run" in text for text in said(panel)), "there are runs: what makes one helps nobody"


def test_trouble_is_told_and_what_was_asked_is_read_later(
    panel: CurvesPanel,
    session: Session,
    store: Store,
    runs: list[ActiveRun],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def busy(*_: object) -> None:
        raise StoreBusy("The store is busy.")

    with monkeypatch.context() as broken, qtbot.waitSignal(session.message) as told:
        broken.setattr("runfolio.gui.curves.panel.answer", busy)
        control(panel, QSlider, "Smoothing").setValue(50)
    assert told.args[0].error and "busy" in told.args[0].text
    panel.grid.revealed.emit()
    settle(qtbot, panel)
    assert all(drawn.line.raw is not None for drawn in card(panel, "val/loss").plot.drawn.values())


def test_the_theme_switches_live(panel: CurvesPanel, session: Session, runs: list[ActiveRun], qtbot: QtBot) -> None:
    pens = [drawn.stroke.pen.color() for drawn in card(panel, "val/loss").plot.drawn.values()]
    session.theme.set_mode(Mode.LIGHT)
    now = [drawn.stroke.pen.color() for drawn in card(panel, "val/loss").plot.drawn.values()]
    assert all(before != after for before, after in zip(pens, now, strict=True))


def test_the_window_can_be_imported_without_the_drawing_library() -> None:
    code = "import sys; import runfolio.gui.app; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_every_control_is_named_and_reached_by_tab(panel: CurvesPanel, qtbot: QtBot) -> None:
    panel.setFocus()
    seen: list[QWidget] = []
    for _ in range(20):
        widget = panel.window().focusWidget()
        if widget is None or widget in seen:
            break
        seen.append(widget)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    loss, accuracy = card(panel, "val/loss"), card(panel, "val/acc")
    buttons = {control(loss, QToolButton, name) for name in ("Logarithmic", "Enlarge")}
    assert {loss.plot, accuracy.plot, *buttons, control(panel, QLineEdit, "Filter charts")} <= set(seen)
    assert seen.index(accuracy.plot) < seen.index(loss.plot)
    assert all(widget.accessibleName() or getattr(widget, "text", str)() for widget in seen)
