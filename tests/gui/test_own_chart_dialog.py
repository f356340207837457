"""The dialog for charts of several metrics: what fits while it is typed, what is wrong, a list, and changing one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from runfolio.core.chart_page import OwnChart
from runfolio.core.views import View
from runfolio.gui.curves.own_chart import OwnChartDialog
from runfolio.gui.curves.panel import CurvesPanel
from runfolio.gui.main_window import MainWindow
from runfolio.gui.session import Session
from runfolio.store import Store
from tests.gui.charting import card, settle, shown
from tests.gui.conftest import Opener
from tests.gui.seen import control
from tests.gui.writing import Writer

KEYS = ("loss", "train/loss", "val/acc", "val/loss")


@pytest.fixture
def panel(qtbot: QtBot, session: Session, writer: Writer) -> CurvesPanel:
    """The panel on the screen, with four charts."""
    log(writer)
    return shown(qtbot, session)


def log(writer: Writer) -> None:
    run = writer.run("first")
    for key in KEYS:
        writer.points(run, key, [1.0, 0.5])
    writer.commit()


def ask(panel: CurvesPanel) -> OwnChartDialog:
    """The dialog, opened by the button above the charts."""
    QTest.mouseClick(control(panel, QToolButton, "New chart…"), Qt.MouseButton.LeftButton)
    return dialog(panel)


def dialog(panel: CurvesPanel) -> OwnChartDialog:
    return next(one for one in panel.window().findChildren(OwnChartDialog) if one.isVisible())


def listed(asked: OwnChartDialog) -> list[str]:
    return [asked.list.item(row).text() for row in range(asked.list.count())]


def button(asked: OwnChartDialog) -> QPushButton:
    return asked.buttons.button(asked.buttons.StandardButton.Ok)


def test_an_expression_shows_what_fits_while_it_is_typed(panel: CurvesPanel, session: Session, qtbot: QtBot) -> None:
    asked = ask(panel)
    assert asked.focusWidget() is asked.pattern and not button(asked).isEnabled()
    qtbot.keyClicks(asked.pattern, "loss$")
    qtbot.waitUntil(lambda: listed(asked) == ["loss", "train/loss", "val/loss"])
    assert asked.note.text() == "3 metrics of the runs that are shown now" and not asked.trouble.isVisible()
    asked.name.setText("Losses")
    QTest.keyClick(asked.name, Qt.Key.Key_Return)
    settle(qtbot, panel)
    assert session.view.chart_page.own == (OwnChart("=1", "Losses", "loss$"),)
    assert len(card(panel, "=1").plot.drawn) == 3
    session.undo.undo()
    assert session.view == View() and "=1" not in panel.grid.keys


def test_what_is_wrong_with_an_expression_is_told(panel: CurvesPanel, qtbot: QtBot) -> None:
    asked = ask(panel)
    asked.pattern.setText("(loss")
    qtbot.waitUntil(asked.trouble.isVisible)
    assert asked.trouble.text() == "The expression cannot be read: missing ) at position 5."
    assert not button(asked).isEnabled() and not listed(asked)
    asked.pattern.setText("nothing like it")
    qtbot.waitUntil(button(asked).isEnabled)
    assert asked.trouble.text() == "None of these runs has such a metric.", "later ones may have"
    asked.reject()


def test_an_expression_that_takes_for_ever_holds_up_nothing(panel: CurvesPanel, writer: Writer, qtbot: QtBot) -> None:
    writer.points(writer.run("second"), "a" * 200 + "b", [1.0])
    qtbot.waitUntil(lambda: "a" * 200 + "b" in panel.grid.keys)
    asked = ask(panel)
    asked.pattern.setText("(a|aa)+$")
    qtbot.waitUntil(asked.trouble.isVisible, timeout=20_000)
    assert asked.trouble.text() == "The expression takes too long: (a|aa)+$" and not button(asked).isEnabled()
    asked.reject()


def test_metrics_are_ticked_in_a_list(panel: CurvesPanel, session: Session, qtbot: QtBot) -> None:
    asked = ask(panel)
    asked.by_list.setChecked(True)
    assert listed(asked) == list(KEYS) and not button(asked).isEnabled()
    for words in ("acc", "train"):
        asked.search.setText(words)
        assert asked.list.count() - len(session.view.chart_page.own) >= 1
        asked.list.item(asked.list.count() - 1).setCheckState(Qt.CheckState.Checked)
    assert asked.note.text() == "2 metrics of the runs that are shown now"
    asked.search.clear()
    assert listed(asked)[:2] == ["val/acc", "train/loss"], "what is ticked stands first"
    asked.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    button(asked).click()
    settle(qtbot, panel)
    assert session.view.chart_page.own == (OwnChart("=1", "train/loss", "", ("train/loss",)),)


def test_a_chart_is_changed_by_its_menu(panel: CurvesPanel, session: Session, qtbot: QtBot) -> None:
    panel.arranger.add("Both", "", ("loss", "val/loss"))
    settle(qtbot, panel)
    chart = card(panel, "=1")
    QTest.mouseClick(control(chart, QToolButton, "Menu of the chart"), Qt.MouseButton.LeftButton)
    menu = next(one for one in chart.findChildren(QMenu) if one.isVisible())
    next(one for one in menu.actions() if one.text() == "Change What It Shows…").trigger()
    menu.close()
    asked = dialog(panel)
    assert asked.by_list.isChecked() and asked.name.text() == "Both" and button(asked).text() == "Change"
    asked.by_pattern.setChecked(True)
    asked.pattern.setText("^val/")
    qtbot.waitUntil(button(asked).isEnabled)
    button(asked).click()
    settle(qtbot, panel)
    assert session.view.chart_page.own == (OwnChart("=1", "Both", "^val/"),)
    assert {line[1] for line in chart.plot.drawn if isinstance(line, tuple)} == {"val/acc", "val/loss"}


def test_the_palette_knows_it(store: Store, open_window: Opener, qtbot: QtBot, writer: Writer) -> None:
    log(writer)
    window: MainWindow = open_window(store)
    charts = window.page.charts
    assert charts is not None
    qtbot.waitUntil(lambda: charts.settled and bool(charts.grid.keys))
    window.actions_by_id["chart.new"].trigger()
    asked = dialog(charts)
    asked.pattern.setText("loss")
    qtbot.waitUntil(lambda: len(listed(asked)) == 3)
    asked.accept()
    qtbot.waitUntil(lambda: charts.settled and charts.grid.keys[0] == "=1")
