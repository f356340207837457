"""Charts of runs that go on and have said how far: room for what is to come, and the time that it takes."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from runfolio.client.active_run import ActiveRun
from runfolio.core.clock import now_ms
from runfolio.core.known_total import Total
from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.options import Options
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.bulk_edit import TagEdit, edit_runs
from runfolio.store.series import points, recent_points
from runfolio.store.totals import known_totals
from tests.gui.charting import card, settle, shown
from tests.gui.seen import control, said
from tests.gui.writing import Writer, number_of


def log(run: ActiveRun, count: int, pace: int = 60) -> None:
    """Points until now, so many seconds apart."""
    now = now_ms()
    for step in range(count):
        run.log_metric("loss", 1 / (1 + step), step, now - 1000 * pace * (count - 1 - step))


def caption(one: ChartCard) -> str:
    return next(text for text in said(one) if "point" in text)


def details(one: ChartCard) -> str:
    return next(label.toolTip() for label in one.findChildren(QLabel) if label.text() == caption(one))


def test_a_chart_has_room_and_tells_the_time_until_the_run_ends(
    qtbot: QtBot, session: Session, writer: Writer, store: Store
) -> None:
    run = writer.run("one")
    run.log_params({"epochs": 40, "max_steps": -1})
    log(run, 29)
    writer.commit()
    panel = shown(qtbot, session)
    loss = card(panel, "loss")
    assert loss.plot.span_x()[1] == pytest.approx(40.6, abs=0.1)
    assert caption(loss) == "about 12 min left · 1 series · 29 points"
    assert "one: step 28 of 40, about 12 min left" in details(loss)
    loss.plot.zoomed.emit(Zoom((5.0, 10.0)))
    settle(qtbot, panel)
    assert loss.plot.span_x() == (5, 10)
    loss.plot.zoomed.emit(Zoom())
    writer.end(run)
    writer.commit()
    qtbot.waitUntil(lambda: panel.settled and caption(loss) == "1 series · 29 points", timeout=5000)
    assert loss.plot.span_x()[1] < 29


def test_room_for_what_is_to_come_is_a_choice(qtbot: QtBot, session: Session, writer: Writer) -> None:
    run = writer.run("one")
    run.log_params({"total_steps": 1000})
    log(run, 10)
    writer.commit()
    panel = shown(qtbot, session)
    loss = card(panel, "loss")
    assert loss.plot.span_x()[1] > 1000
    menu = control(panel, QToolButton, "How axes are drawn").menu()
    (room,) = (action for action in menu.findChildren(QAction) if action.text().startswith("Room up to"))
    assert room.isChecked()
    room.trigger()
    settle(qtbot, panel)
    assert loss.plot.span_x()[1] < 10 and caption(loss) == "1 series · 10 points"
    panel.toolbar.show_options(Options(log_x=True))
    settle(qtbot, panel)
    assert loss.plot.span_x()[1] == pytest.approx(3, abs=0.1)


def test_the_tag_counts_and_what_does_not_fit_is_not_believed(
    qtbot: QtBot, session: Session, writer: Writer, store: Store
) -> None:
    run, wrong, batches = (writer.run(name) for name in ("tagged", "wrong", "batches"))
    for one, params in ((run, {"max_steps": 50}), (wrong, {"max_steps": 5}), (batches, {"epochs": 90})):
        one.log_params(params)
    for one in (run, wrong):
        log(one, 10)
    for step in range(0, 40, 10):
        batches.log_metric("loss", 1.0, step)
    writer.commit()
    numbers = [number_of(store, one) for one in (run, wrong, batches)]
    edit_runs(store, numbers[:1], TagEdit("runfolio.total_steps", "200"))
    assert known_totals(store, numbers) == {
        numbers[0]: Total(200, "runfolio.total_steps"),
        numbers[1]: Total(5, "max_steps"),
        numbers[2]: Total(90, "epochs", epochs=True),
    }
    panel = shown(qtbot, session)
    ends = {one: drawn.line.ahead for one, drawn in card(panel, "loss").plot.drawn.items()}
    assert {one: ahead and ahead.end for one, ahead in ends.items()} == dict(
        zip(numbers, (200, None, None), strict=True)
    )
    writer.end(run)
    writer.commit()
    qtbot.waitUntil(lambda: numbers[0] not in known_totals(store, numbers))


def test_of_several_the_last_one_counts(qtbot: QtBot, session: Session, writer: Writer) -> None:
    for name, pace in (("slow", 600), ("fast", 1)):
        run = writer.run(name)
        run.log_params({"max_steps": 41})
        log(run, 30, pace)
    writer.commit()
    loss = card(shown(qtbot, session), "loss")
    assert caption(loss) == "about 2 h left for the last of 2 running · 2 series · 60 points"


def test_the_last_points_are_read_without_all_others(store: Store, writer: Writer) -> None:
    run = writer.run("long")
    for step in range(20_000):
        run.log_metric("loss", float(step), step)
    writer.commit()
    number = number_of(store, run)
    everything = points(store, number, "loss")
    recent = recent_points(store, number, "loss", 100)
    assert recent.steps.tolist() == everything.steps[-100:].tolist()
    assert recent.times.tolist() == everything.times[-100:].tolist()
    assert len(recent_points(store, number, "none", 100)) == 0
    assert recent_points(store, number, "loss", 50_000).values.tolist() == everything.values.tolist()
