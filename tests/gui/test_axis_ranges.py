"""Axes that the user ends, and those that leave outliers out: what is shown, and what is said of the rest."""

from __future__ import annotations

import math

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.figure_reading import read_figure
from runfolio.gui.curves.limits import ended, limits_of
from runfolio.gui.curves.options import Options, read_options
from runfolio.gui.curves.panel import CurvesPanel
from runfolio.gui.curves.range_mark import RangeMark
from runfolio.gui.curves.ranges_popup import RangesPopup
from runfolio.gui.curves.x_axes import XAxis
from runfolio.gui.session import Session
from runfolio.store import Store
from tests.gui.charting import card, settle, shown
from tests.gui.seen import control
from tests.gui.writing import Writer

LOSSES = [1 / (1 + step) for step in range(100)]


@pytest.fixture
def panel(qtbot: QtBot, session: Session, writer: Writer) -> CurvesPanel:
    """One chart, with three values far off."""
    values = list(LOSSES)
    values[10], values[50], values[70] = 1e6, -1e6, math.nan
    values[60] = 5e5
    writer.points(writer.run("one"), "loss", values)
    writer.commit()
    return shown(qtbot, session)


def choose(qtbot: QtBot, panel: CurvesPanel, options: Options) -> ChartCard:
    panel.toolbar.show_options(options)
    settle(qtbot, panel)
    return card(panel, "loss")


def mark(one: ChartCard) -> str:
    """What the corner says; empty if it says nothing."""
    (found,) = one.findChildren(RangeMark)
    return found.text() if found.isVisible() else ""


def test_outliers_are_left_out_and_counted(qtbot: QtBot, panel: CurvesPanel) -> None:
    loss = card(panel, "loss")
    assert loss.plot.span_y()[1] > 1e6 and mark(loss) == ""
    choose(qtbot, panel, Options(outliers=True))
    low, high = loss.plot.span_y()
    assert -0.6 < low < 0.01 and 0.1 < high < 1
    above = sum(value > high for value in LOSSES)
    assert mark(loss) == f"outliers ignored · {3 + above} points outside"
    loss.plot.zoomed.emit(Zoom((20.0, 40.0)))
    settle(qtbot, panel)
    assert mark(loss) == "outliers ignored" and loss.plot.span_y()[1] < 0.06
    loss.plot.zoomed.emit(Zoom((0.0, 99.0), (-2.0, 2.0)))
    assert mark(loss) == ""  # what is zoomed to was chosen by hand
    choose(qtbot, panel, Options())
    loss.plot.zoomed.emit(Zoom())
    assert mark(loss) == "" and loss.plot.span_y()[1] > 1e6


def test_axes_end_where_the_user_has_said(qtbot: QtBot, panel: CurvesPanel, store: Store) -> None:
    loss = choose(qtbot, panel, Options(x_low=20, x_high=60, y_low=0, y_high=0.05))
    assert loss.plot.span_x() == (20, 60) and loss.plot.span_y() == (0, 0.05)
    assert mark(loss) == "2 points outside"  # at the steps 50 and 60
    loss.plot.zoomed.emit(Zoom((0.0, 10.0), (0.0, 1.0)))
    assert loss.plot.span_x() == (0, 10)
    loss.plot.zoomed.emit(Zoom())
    assert loss.plot.span_x() == (20, 60)
    figure = read_figure(store, loss.now(), 500)
    assert (figure.x, figure.y) == ((20, 60), (0, 0.05)) and figure.lines[0].curve.points == 41
    choose(qtbot, panel, Options(x_low=90))
    assert mark(loss) == ""
    low, high = loss.plot.span_x()
    assert low == 90 and high == pytest.approx(99, abs=2)
    choose(qtbot, panel, Options())
    assert loss.plot.span_x()[0] < 0 and loss.plot.drawn[1].line.curve.points == 100


def test_ranges_are_typed_and_told(qtbot: QtBot, panel: CurvesPanel) -> None:
    button = control(panel, QToolButton, "How axes are drawn")
    (ask,) = (action for action in button.menu().findChildren(QAction) if action.text() == "Axis Ranges…")
    ask.trigger()
    (popup,) = panel.findChildren(RangesPopup)
    for text, told in (("five", "Least y: five is no number."), ("inf", "Least y: an axis ends at a finite number.")):
        popup.fields["y_low"].setText(text)
        popup.accept()
        assert popup.trouble.text() == told
    popup.fields["y_low"].setText("2")
    popup.fields["y_high"].setText("1e-3")
    popup.accept()
    assert popup.trouble.text() == "The least y must be below the greatest one."
    popup.fields["y_low"].setText("\N{MINUS SIGN}1")
    popup.fields["x_low"].setText(" 5 ")
    popup.accept()
    settle(qtbot, panel)
    assert card(panel, "loss").plot.span_y() == (-1, 0.001) and card(panel, "loss").plot.span_x()[0] == 5
    assert button.toolTip() == "x from 5\ny from -1 to 0.001"
    ask.trigger()
    again = next(one for one in panel.findChildren(RangesPopup) if one.isVisible())
    assert again.fields["y_high"].text() == "0.001"
    control(again, QPushButton, "Automatic").click()
    settle(qtbot, panel)
    assert card(panel, "loss").plot.span_y()[1] > 1e6 and panel.toolbar.options == Options()


def test_ends_on_logarithmic_axes_are_values(qtbot: QtBot, panel: CurvesPanel) -> None:
    loss = choose(qtbot, panel, Options(log=True, log_x=True, x_low=10, x_high=100, y_low=-1, y_high=0.1))
    assert loss.plot.span_x() == (1, 2)
    assert loss.plot.span_y()[1] == -1  # and -1 has no place
    assert mark(loss).endswith(" points outside")


@pytest.mark.parametrize(
    ("ends", "span"),
    [
        ((None, None), (0, 1)),
        ((0.5, None), (0.5, 1)),
        ((None, 0.5), (0, 0.5)),
        ((5.0, None), (5, 5.5)),
        ((None, -5.0), (-5.5, -5)),
    ],
)
def test_an_end_beyond_all_values_moves_the_other(
    ends: tuple[float | None, float | None], span: tuple[float, float]
) -> None:
    assert ended((0, 1), ends) == span


def test_the_clock_has_no_typed_ends() -> None:
    assert limits_of(Options(x=XAxis.TIME, x_low=3)).x == (None, None)


def test_ends_are_kept_and_those_that_make_no_sense_are_not() -> None:
    options = Options(x_low=-3.5, y_high=1e300, outliers=True)
    assert read_options(options.to_record()) == options
    assert read_options({"x_low": "3", "x_high": True, "y_low": math.inf, "y_high": None, "outliers": 1}) == Options()
