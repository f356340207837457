"""Sections of charts: what stands in which, folded and unfolded, live, filtered, undone, and thousands of metrics."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from runfolio.client.active_run import ActiveRun
from runfolio.core.columns import Source
from runfolio.gui.curves import grid
from runfolio.gui.curves.panel import CurvesPanel
from runfolio.gui.curves.section_heading import SectionHeading
from runfolio.gui.session import Session
from runfolio.store.table import columns
from tests.gui.charting import card, settle, shown
from tests.gui.seen import control, said
from tests.gui.writing import Writer

KEYS = ("loss", "train/acc", "train/loss", "val/acc")


@pytest.fixture
def run(writer: Writer) -> ActiveRun:
    """A run with a metric without a prefix, two of training and one of validation."""
    one = writer.run("first")
    for key in KEYS:
        writer.points(one, key, [1.0, 0.5])
    writer.commit()
    return one


@pytest.fixture
def panel(qtbot: QtBot, session: Session, run: ActiveRun) -> CurvesPanel:
    """The panel on the screen, everything read."""
    return shown(qtbot, session)


def heading(panel: CurvesPanel, name: str) -> SectionHeading:
    return next(one for one in panel.findChildren(SectionHeading) if one.isVisible() and one.section.name == name)


def fold(panel: CurvesPanel, name: str) -> None:
    QTest.mouseClick(control(panel, QToolButton, f"Section {name}"), Qt.MouseButton.LeftButton)


def seen(panel: CurvesPanel) -> list[str]:
    return [each.key for each in panel.grid.visible_cards()]


def test_metrics_stand_in_sections_by_their_prefix(panel: CurvesPanel) -> None:
    assert seen(panel) == list(KEYS)
    assert "2 charts" in said(heading(panel, "train")) and "1 chart" in said(heading(panel, "val"))
    assert {one.section.name for one in panel.findChildren(SectionHeading)} == {"train", "val"}


def test_numbers_in_names_count(session: Session, writer: Writer, qtbot: QtBot) -> None:
    """Charts, sections and columns of the table alike."""
    run = writer.run("deep")
    names = ["train2/loss", "layer10/grad", "grad1000", "layer2/w10", "grad2", "layer2/w2", "train/loss"]
    for name in names:
        writer.points(run, name, [1.0, 2.0])
    writer.commit()
    panel = shown(qtbot, session)
    ordered = ["grad2", "grad1000", "layer2/w2", "layer2/w10", "layer10/grad", "train/loss", "train2/loss"]
    assert [name for name in panel.grid.keys if name in names] == ordered
    found = columns(session.store)
    assert [one.key for one in found if one.source is Source.METRIC and one.key in names] == ordered


def test_a_section_is_folded_by_a_click_and_by_keys_and_undone(
    panel: CurvesPanel, session: Session, qtbot: QtBot
) -> None:
    fold(panel, "train")
    assert seen(panel) == ["loss", "val/acc"]
    assert control(panel, QToolButton, "Section train").accessibleName() == "Section train, 2 charts, folded"
    session.undo.undo()
    assert seen(panel) == list(KEYS)
    button = control(panel, QToolButton, "Section train")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Left)
    assert seen(panel) == ["loss", "val/acc"]
    QTest.keyClick(button, Qt.Key.Key_Left)
    assert seen(panel) == ["loss", "val/acc"], "it is folded already"
    QTest.keyClick(button, Qt.Key.Key_Right)
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert seen(panel) == ["loss", "val/acc"]
    settle(qtbot, panel)
    assert session.undo.undo_text == "Fold Section"


def test_what_is_folded_is_read_when_it_is_unfolded(
    panel: CurvesPanel, writer: Writer, run: ActiveRun, qtbot: QtBot
) -> None:
    fold(panel, "train")
    hidden, other = card(panel, "train/loss"), card(panel, "val/acc")
    for key in ("train/loss", "val/acc"):
        writer.points(run, key, [7.0], first=2)
    writer.commit()
    qtbot.waitUntil(lambda: panel.settled and 7.0 in next(iter(other.plot.drawn.values())).stroke.y.tolist())
    assert hidden.stale and 7.0 not in next(iter(hidden.plot.drawn.values())).stroke.y.tolist()
    fold(panel, "train")
    settle(qtbot, panel)
    assert card(panel, "train/loss") is hidden
    assert not hidden.stale and 7.0 in next(iter(hidden.plot.drawn.values())).stroke.y.tolist()


def test_the_filter_leaves_headings_that_say_what_is_found(panel: CurvesPanel) -> None:
    fold(panel, "train")
    control(panel, QLineEdit, "Filter charts").setText("acc")
    assert seen(panel) == ["val/acc"] and "1 chart" in said(heading(panel, "train"))
    control(panel, QLineEdit, "Filter charts").setText("train")
    assert seen(panel) == ["train/acc", "train/loss"], "one section alone is not folded"


def test_the_way_to_a_metric_leads_into_a_folded_section(panel: CurvesPanel, qtbot: QtBot) -> None:
    fold(panel, "val")
    panel.show_metric("val/acc")
    settle(qtbot, panel)
    assert "val/acc" in seen(panel) and panel.window().focusWidget() is card(panel, "val/acc").plot


def test_a_new_prefix_is_a_new_section(panel: CurvesPanel, writer: Writer, run: ActiveRun, qtbot: QtBot) -> None:
    before = [heading(panel, "train"), heading(panel, "val")]
    writer.points(run, "test/acc", [1.0])
    qtbot.waitUntil(lambda: "test/acc" in panel.grid.keys)
    settle(qtbot, panel)
    assert [one.name for one in panel.grid.sections] == ["", "test", "train", "val"]
    assert [heading(panel, "train"), heading(panel, "val")] == before


def test_tab_goes_from_a_heading_to_its_charts(panel: CurvesPanel) -> None:
    order: list[QWidget] = [control(panel, QToolButton, "Section train"), card(panel, "train/acc").plot]
    order += [card(panel, "train/loss").plot, control(panel, QToolButton, "Section val"), card(panel, "val/acc").plot]
    passed: list[QWidget] = []
    widget: QWidget | None = order[0]
    order[0].setFocus()
    while widget is not None and widget is not order[-1] and len(passed) < 50:
        passed.append(widget)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
        widget = panel.window().focusWidget()
    assert [one for one in [*passed, widget] if one in order] == order


def test_the_charts_without_a_section_have_a_heading_below_others(panel: CurvesPanel) -> None:
    panel.arranger.step_section("train", -1)
    assert seen(panel) == ["train/acc", "train/loss", "loss", "val/acc"]
    fold(panel, "Other charts")
    assert "loss" not in seen(panel) and control(panel, QToolButton, "Section Other charts, 1 chart, folded")


def test_cards_that_are_far_away_are_let_go_of_and_made_anew(
    session: Session, writer: Writer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "MOST_CARDS", 20)
    run = writer.run("many")
    for number in range(200):
        writer.points(run, f"norm{number:03}", [1.0, 2.0])
    writer.commit()
    panel = shown(qtbot, session)
    kept = card(panel, "norm000")
    kept.plot.setFocus()
    bar = panel.grid.verticalScrollBar()
    for place in range(0, bar.maximum(), panel.grid.height()):
        bar.setValue(place)
        settle(qtbot, panel)
    assert len(panel.grid.cards()) <= 20 and card(panel, "norm000") is kept, "the keyboard is in it"
    assert "norm010" not in [each.key for each in panel.grid.cards()]
    panel.show_metric("norm010")
    settle(qtbot, panel)
    assert card(panel, "norm010").plot.drawn and panel.window().focusWidget() is card(panel, "norm010").plot


def test_thousands_of_metrics_have_cards_and_headings_only_where_they_are_seen(
    session: Session, writer: Writer, qtbot: QtBot
) -> None:
    run = writer.run("many")
    for number in range(1500):
        writer.points(run, f"layer{number // 3:03}/norm{number % 3}", [1.0, 2.0])
    writer.commit()
    panel = shown(qtbot, session)
    assert len(panel.grid.keys) == 1500 and len(panel.grid.sections) == 500
    assert 0 < len(panel.grid.cards()) < 20 and 0 < len(panel.findChildren(SectionHeading)) < 20
    panel.grid.verticalScrollBar().setValue(panel.grid.verticalScrollBar().maximum())
    settle(qtbot, panel)
    assert card(panel, "layer499/norm2").plot.drawn and len(panel.findChildren(SectionHeading)) < 40
