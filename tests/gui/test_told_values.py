"""What the heading of a chart tells of values that it cannot draw as they are."""

from __future__ import annotations

import math

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.panel import CurvesPanel
from runfolio.gui.session import Session
from tests.gui.charting import card, settle, shown
from tests.gui.seen import control, said
from tests.gui.writing import Writer

SPOILT = [math.nan if 31 <= step < 40 else -math.inf if 40 <= step < 45 else float(step) for step in range(100)]
pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def panel(qtbot: QtBot, session: Session, writer: Writer) -> CurvesPanel:
    run = writer.run("wild")
    writer.points(run, "loss", SPOILT)
    writer.points(run, "whole", [float(step) for step in range(100)])
    writer.points(run, "huge", [(-1.0) ** step * 1e308 for step in range(10)])
    writer.points(run, "below", [-1.0, 0.0, math.nan, *[1.0] * 20_000])
    writer.commit()
    return shown(qtbot, session)


def tip(chart: ChartCard, caption: str) -> str:
    (label,) = (one for one in chart.findChildren(QLabel) if one.isVisible() and one.text() == caption)
    return label.toolTip()


def test_values_that_are_not_finite_are_told(panel: CurvesPanel) -> None:
    told = tip(card(panel, "loss"), "1 series · 100 points · 14 not finite")
    assert "wild: 14 are NaN or infinite and leave gaps: step 31 to step 44" in told
    assert "1 series · 100 points" in said(card(panel, "whole"))


def test_values_that_no_axis_reaches_are_told(qtbot: QtBot, panel: CurvesPanel) -> None:
    told = tip(card(panel, "huge"), "1 series · 10 points · values beyond 1e306")
    assert "are drawn there" in told
    control(panel, QCheckBox, "Log y").setChecked(True)
    settle(qtbot, panel)
    assert "1 series · 10 points" in said(card(panel, "huge"))


def test_what_a_logarithmic_axis_cannot_show_is_no_infinity(qtbot: QtBot, panel: CurvesPanel) -> None:
    control(panel, QCheckBox, "Log y").setChecked(True)
    settle(qtbot, panel)
    assert "1 series · 20k points · 1 not finite" in said(card(panel, "below"))
