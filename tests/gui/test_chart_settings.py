"""Settings of the page, its sections and single charts: the nearest counts, marks say where, a click resets them."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QPushButton, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from runfolio.core.chart_page import Chart, ChartChoice, Settings
from runfolio.core.smoothing import Smoother
from runfolio.core.views import View
from runfolio.gui.curves.cascade import OVERRIDABLE, mark_text, options_of
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.own_dot import OwnDot
from runfolio.gui.curves.panel import CurvesPanel
from runfolio.gui.curves.ranges_popup import RangesPopup
from runfolio.gui.curves.section_heading import SectionHeading
from runfolio.gui.curves.settings_popup import SettingsPopup
from runfolio.gui.curves.x_axes import XAxis
from runfolio.gui.session import Session
from tests.gui.charting import card, settle, shown
from tests.gui.seen import control
from tests.gui.test_arrange_charts import choose, heading
from tests.gui.writing import Writer

KEYS = ("train/loss", "val/acc", "val/loss")
IN_CHART = "Set for this chart alone: Logarithmic y. Click to reset to the page's."


@pytest.fixture
def panel(qtbot: QtBot, session: Session, writer: Writer) -> CurvesPanel:
    """The panel on the screen, with three charts in two sections."""
    run = writer.run("first")
    for key in KEYS:
        writer.points(run, key, [1.0, 0.5, 2.0, 0.25])
    writer.commit()
    return shown(qtbot, session)


def logs(panel: CurvesPanel) -> list[bool]:
    return [card(panel, key).plot.log for key in KEYS]


def smoothed(panel: CurvesPanel) -> list[bool]:
    return [any(one.line.raw is not None for one in card(panel, key).plot.drawn.values()) for key in KEYS]


def marks(panel: CurvesPanel) -> list[str]:
    return sorted(one.accessibleName() for one in panel.findChildren(OwnDot) if one.isVisible())


def popup(panel: CurvesPanel) -> SettingsPopup:
    """The settings of a chart or a section."""
    return next(one for one in panel.window().findChildren(SettingsPopup) if one.isVisible())


def pick(asked: SettingsPopup, name: str, row: int) -> None:
    box = control(asked, QComboBox, name)
    box.setCurrentIndex(row)
    box.activated.emit(row)


def test_the_nearest_setting_counts_and_is_marked(panel: CurvesPanel, session: Session) -> None:
    panel.arranger.set_in_section("val", "log", True)
    assert logs(panel) == [False, True, True]
    panel.arranger.set_in_chart(card(panel, "val/loss").chart, "log", False)
    assert logs(panel) == [False, True, False]
    assert marks(panel) == [
        IN_CHART.replace("page's", "section's"),
        "Set for this section alone: Logarithmic y. Click to reset to the page's.",
    ]
    control(panel, QCheckBox, "Log y").setChecked(True)
    assert logs(panel) == [True, True, False]
    session.undo.undo()
    assert logs(panel) == [True, True, True] and len(marks(panel)) == 1


def test_a_click_on_a_mark_resets_to_what_is_around(panel: CurvesPanel, session: Session) -> None:
    panel.arranger.set_in_section("val", "log", True)
    panel.arranger.set_in_chart(card(panel, "train/loss").chart, "log", True)
    QTest.mouseClick(control(card(panel, "train/loss"), OwnDot, IN_CHART), Qt.MouseButton.LeftButton)
    assert logs(panel) == [False, True, True]
    QTest.mouseClick(control(heading(panel, "val"), OwnDot, "Set for this section"), Qt.MouseButton.LeftButton)
    assert logs(panel) == [False] * 3 and session.view == View() and not marks(panel)


def test_the_button_of_a_chart_sets_nothing_that_is_so_anyway(panel: CurvesPanel, session: Session) -> None:
    panel.arranger.set_in_section("val", "log", True)
    button = control(card(panel, "val/loss"), QToolButton, "Logarithmic")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert logs(panel) == [False, True, False] and session.view.chart_page.charts
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert logs(panel) == [False, True, True] and not session.view.chart_page.charts


def test_settings_of_a_chart_are_chosen_in_its_popup(panel: CurvesPanel, session: Session, qtbot: QtBot) -> None:
    control(panel, QSlider, "Smoothing").setValue(30)
    settle(qtbot, panel)
    assert smoothed(panel) == [True] * 3
    choose(card(panel, "val/acc"), "Settings…")
    asked = popup(panel)
    assert control(asked, QComboBox, "Logarithmic y").currentText() == "As the page: off"
    spin = control(asked, QDoubleSpinBox, "Smoothing")
    assert spin.text() == "As the page: 0.30"
    spin.setValue(0.0)
    settle(qtbot, panel)
    assert smoothed(panel) == [True, False, True]
    spin.setValue(0.5)
    pick(asked, "Logarithmic y", 1)
    pick(asked, "Kind of smoothing", 1 + list(Smoother).index(Smoother.MEAN))
    settle(qtbot, panel)
    options = card(panel, "val/acc").options
    assert (options.log, options.smoothing, options.smoother) == (True, 0.5, Smoother.MEAN)
    line = next(iter(card(panel, "val/acc").plot.drawn.values())).line
    np.testing.assert_array_less(np.abs(np.diff(line.curve.y)).max(), 1.5)
    asked.close()
    assert marks(panel) == [
        "Set for this chart alone: Logarithmic y, Smoothing, Kind of smoothing. Click to reset to the page's."
    ]
    choose(card(panel, "val/acc"), "Settings…")
    asked = popup(panel)
    assert control(asked, QDoubleSpinBox, "Smoothing").value() == 0.5
    pick(asked, "Logarithmic y", 0)
    assert card(panel, "val/acc").options.log is False
    control(asked, QPushButton, "Reset to the page's").click()
    assert not asked.isVisible()
    settle(qtbot, panel)
    assert smoothed(panel) == [True] * 3 and session.view == View()


def test_settings_of_a_section_reach_charts_that_come_later(
    panel: CurvesPanel, session: Session, writer: Writer, qtbot: QtBot
) -> None:
    choose(heading(panel, "val"), "Settings…")
    asked = popup(panel)
    control(asked, QDoubleSpinBox, "Smoothing").setValue(0.6)
    asked.close()
    settle(qtbot, panel)
    assert smoothed(panel) == [False, True, True]
    writer.points(writer.run("second"), "val/new", [1.0, 2.0, 1.0])
    qtbot.waitUntil(lambda: "val/new" in panel.grid.keys)
    settle(qtbot, panel)
    assert card(panel, "val/new").options.smoothing == 0.6
    choose(heading(panel, "train"), "Settings…")
    popup(panel).close()


def test_axes_of_one_chart_end_where_the_user_says(panel: CurvesPanel, session: Session) -> None:
    choose(card(panel, "val/acc"), "Axis Ranges…")
    asked = next(one for one in panel.window().findChildren(RangesPopup) if one.isVisible())
    asked.fields["y_low"].setText("-3")
    asked.fields["y_high"].setText("5")
    asked.accept()
    assert card(panel, "val/acc").plot.span_y() == (-3.0, 5.0) != card(panel, "val/loss").plot.span_y()
    assert marks(panel) == ["Set for this chart alone: Least y, Greatest y. Click to reset to the page's."]
    panel.arranger.set_ends_in_section("val", Options(y_low=-7.0))
    assert card(panel, "val/loss").plot.span_y()[0] == -7.0 and card(panel, "val/acc").plot.span_y() == (-3.0, 5.0)
    panel.arranger.set_ends_in_chart(card(panel, "val/acc").chart, Options(y_low=-7.0))
    assert card(panel, "val/acc").plot.span_y()[0] == -7.0 and not session.view.chart_page.charts
    assert card(panel, "train/loss").options == panel.toolbar.options


def test_all_that_is_typed_into_one_field_is_one_step(panel: CurvesPanel, session: Session) -> None:
    choose(card(panel, "val/acc"), "Settings…")
    spin = control(popup(panel), QDoubleSpinBox, "Smoothing")
    for value in (0.1, 0.2, 0.3):
        spin.setValue(value)
    popup(panel).close()
    assert session.undo.undo_text == "Smoothing of Chart"
    session.undo.undo()
    assert session.view == View() and session.undo.last is None


def test_a_section_without_a_mark_shows_none(panel: CurvesPanel) -> None:
    assert not marks(panel) and all(not one.mark.isVisible() for one in panel.findChildren(SectionHeading))


values = st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False), st.sampled_from([*Smoother, "x", ""]))
some_settings = st.dictionaries(
    st.sampled_from([*OVERRIDABLE, *(one.name for one in fields(Options)), "gone"]), values, max_size=4
).map(lambda found: tuple(found.items()))


@given(some_settings, some_settings, st.floats(0, 0.99), st.booleans())
def test_whatever_a_file_sets_the_options_make_sense(
    around: Settings, own: Settings, smoothing: float, log: bool
) -> None:
    page = Options(x=XAxis.TIME, smoothing=smoothing, log=log, text="words")
    chart = Chart("loss", "loss", ("loss",), around=around, choice=ChartChoice(settings=own))
    found = options_of(page, chart)
    for one in fields(Options):
        if one.name not in OVERRIDABLE:
            assert getattr(found, one.name) == getattr(page, one.name), "nothing else can be set"
    for name, kind in (("log", bool), ("smoothing", float), ("smoother", Smoother)):
        assert isinstance(getattr(found, name), kind)
    sane = [dict(one)["log"] for one in (own, around) if isinstance(dict(one).get("log"), bool)]
    assert found.log is (sane[0] if sane else page.log)
    assert bool(mark_text(own, "chart", "page's")) is any(name in OVERRIDABLE for name, _ in own)
