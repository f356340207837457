"""Choosing groups in the window: by the button, the keyboard and the palette's commands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from runfolio.core.columns import STATUS, Column, metric, param
from runfolio.core.statistics import Statistic
from runfolio.core.views import View
from runfolio.gui.groups.chooser import GroupChooser, choices, open_chooser
from runfolio.gui.main_window import MainWindow
from runfolio.gui.views.bar import Place
from runfolio.store import Store
from runfolio.store.operations import set_tag
from tests.gui.conftest import Opener
from tests.gui.writing import Writer, number_of

LR, SEED = param("lr", numeric=True), param("seed", numeric=True)


@pytest.fixture
def window(qtbot: QtBot, store: Store, open_window: Opener) -> MainWindow:
    """A window on four runs of two learning rates and two seeds, one with a tag."""
    writer = Writer(store.path)
    for rate in ("0.1", "0.2"):
        for seed in ("0", "1"):
            run = writer.run(f"{rate} {seed}")
            run.log_params({"lr": rate, "seed": seed})
            writer.points(run, "acc", [float(rate)])
            writer.end(run)
    writer.commit()
    set_tag(store, number_of(store, run), "team", "vision")
    writer.close()
    window = open_window(store)
    qtbot.waitUntil(lambda: LR in window.runs.feed.natural)
    return window


@pytest.fixture
def chooser(qtbot: QtBot, window: MainWindow) -> Iterator[GroupChooser]:
    one = open_chooser(window.session, window.runs.feed, window.page.bar.button(Place.GROUP))
    qtbot.waitUntil(lambda: "team" in lines(one))
    yield one
    one.close()


def lines(chooser: GroupChooser) -> list[str]:
    return [chooser.list.item(row).text() for row in range(chooser.list.count())]


def levels(window: MainWindow) -> list[Column]:
    return list(window.session.view.group_by)


def names(window: MainWindow) -> list[str]:
    model = window.runs.feed.model
    return [str(model.index(row, model.section_of(model.columns[0])).data()) for row in range(model.rowCount())]


def test_it_offers_what_runs_can_have_in_common(chooser: GroupChooser) -> None:
    assert lines(chooser) == [
        "RUN",
        "Status",
        "User",
        "Experiment",
        "Source",
        "PARAMETERS",
        "lr",
        "seed",
        "TAGS",
        "team",
    ]
    chooser.field.setText("se")
    assert lines(chooser) == ["RUN", "User", "PARAMETERS", "seed"]


def test_the_keyboard_chooses_levels_and_moves_them(qtbot: QtBot, window: MainWindow, chooser: GroupChooser) -> None:
    QTest.keyClicks(chooser.field, "lr")
    QTest.keyClick(chooser.field, Qt.Key.Key_Return)
    assert levels(window) == [LR]
    chooser.field.clear()
    QTest.keyClicks(chooser.field, "seed")
    qtbot.waitUntil(lambda: lines(chooser) == ["PARAMETERS", "seed"])
    QTest.keyClick(chooser.field, Qt.Key.Key_Return)
    assert levels(window) == [LR, SEED]
    chooser.field.clear()
    qtbot.waitUntil(lambda: lines(chooser)[:3] == ["GROUPED BY", "lr", "seed"])
    assert chooser.current == SEED
    QTest.keyClick(chooser.field, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert levels(window) == [SEED, LR]
    assert window.page.bar.button(Place.GROUP).accessibleDescription() == "seed, lr"
    window.session.undo.undo()
    window.session.undo.undo()
    assert levels(window) == [LR]
    qtbot.waitUntil(lambda: names(window) == ["lr 0.1 (2)", "lr 0.2 (2)"])


def test_the_list_has_the_keys_of_its_search_line(window: MainWindow, chooser: GroupChooser) -> None:
    chooser.toggle(LR)
    chooser.toggle(SEED)
    chooser.list.setCurrentRow(lines(chooser).index("lr"))
    QTest.keyClick(chooser.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert levels(window) == [SEED, LR]


def test_boxes_can_be_checked(qtbot: QtBot, window: MainWindow, chooser: GroupChooser) -> None:
    chooser.list.item(lines(chooser).index("Status")).setCheckState(Qt.CheckState.Checked)
    assert levels(window) == [STATUS]
    qtbot.waitUntil(lambda: lines(chooser)[:2] == ["GROUPED BY", "Status"])
    chooser.list.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert not window.session.view.grouped


def test_all_but_the_seed_is_one_click(qtbot: QtBot, window: MainWindow, chooser: GroupChooser) -> None:
    QTest.mouseClick(chooser.seed, Qt.MouseButton.LeftButton)
    assert window.session.view == View(group_except=(SEED,))
    qtbot.waitUntil(lambda: lines(chooser)[:2] == ["ALL PARAMS BUT", "seed"])
    qtbot.waitUntil(lambda: names(window) == ["lr 0.1 (2)", "lr 0.2 (2)"])
    QTest.mouseClick(chooser.levels, Qt.MouseButton.LeftButton)
    assert not window.session.view.grouped, "by some and by all but some is seldom meant"
    QTest.mouseClick(chooser.exceptions, Qt.MouseButton.LeftButton)
    assert lines(chooser) == ["PARAMETERS", "lr", "seed"]
    chooser.toggle(LR)
    assert window.session.view.group_except == (LR,)
    qtbot.waitUntil(chooser.clear.isEnabled)
    QTest.mouseClick(chooser.clear, Qt.MouseButton.LeftButton)
    assert not window.session.view.grouped


def test_what_groups_show(window: MainWindow, chooser: GroupChooser) -> None:
    chooser.statistic.setCurrentIndex(list(Statistic).index(Statistic.MEDIAN))
    chooser.statistic.activated.emit(chooser.statistic.currentIndex())
    assert window.session.view.statistic is Statistic.MEDIAN


def test_commands(qtbot: QtBot, window: MainWindow) -> None:
    actions, session = window.actions_by_id, window.session
    assert not actions["group.clear"].isEnabled()
    actions["group.seed"].trigger()
    assert session.view.group_except == (SEED,) and actions["group.clear"].isEnabled()
    qtbot.waitUntil(lambda: len(names(window)) == 2)
    actions["group.open_all"].trigger()
    assert len(names(window)) == 6
    actions["group.close_all"].trigger()
    assert len(names(window)) == 2
    actions["group.median"].trigger()
    assert session.view.statistic is Statistic.MEDIAN
    actions["group.clear"].trigger()
    assert not session.view.grouped
    with qtbot.waitSignal(session.message) as told:
        actions["view.nested"].trigger()
    assert told.args is not None and told.args[0].text == "Nested runs stand by themselves."
    assert not session.view.nested


def test_the_button_opens_the_list(qtbot: QtBot, window: MainWindow) -> None:
    QTest.mouseClick(window.page.bar.button(Place.GROUP), Qt.MouseButton.LeftButton)
    opened = window.findChild(GroupChooser)
    assert opened is not None and opened.isVisible() and opened.field.hasFocus()
    QTest.keyClick(opened.field, Qt.Key.Key_Escape)


def test_a_view_of_another_store_keeps_what_it_groups_by() -> None:
    """A level that no run here has is still there to be taken away."""
    lines_ = choices(View(group_by=(metric("x"),)), (LR,), (), "", exceptions=False)
    assert lines_[:2] == ["GROUPED BY", metric("x")]
