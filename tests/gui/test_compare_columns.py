"""Tags and computed columns as axes, colours and what runs are judged by."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from runfolio.core.columns import typed
from runfolio.core.compare_options import toggle_axis
from runfolio.core.views import FormulaColumn
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from tests.gui.comparing import compared, listed, pick, sweep, until
from tests.gui.conftest import Opener
from tests.store.script import Script

RUNS = 30


@pytest.fixture
def filled(store: Store) -> Store:
    """Thirty runs, tagged with a stage and a number, but for the first."""
    with Script(store) as script:
        for number, run in sweep(script, RUNS):
            tags = {"stage": ("pilot", "final")[number % 2], "rating": str(number / 2)} if number else {}
            script.tags(run, tags)
            script.params(run, {"lr": str(0.01 * (number + 1))})
            script.log(run, "val/acc", [number / 100])
    return store


@pytest.fixture
def window(qtbot: QtBot, filled: Store, open_window: Opener) -> MainWindow:
    return listed(qtbot, open_window(filled), RUNS)


def test_a_tag_of_numbers_is_an_axis_of_numbers_and_one_of_words_a_colour(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    pick(qtbot, page, page.scatter.buttons["x"], "rating")
    assert page.scatter.title.text() == "last val/acc vs rating"
    assert page.compared is not None and page.compared.x is not None
    scale = page.compared.x.scale
    assert not scale.categories and (scale.low, scale.high) == (0.5, 14.5)
    assert page.scatter.note.text() == "1 run beside an axis", "the first run has none"
    pick(qtbot, page, page.parallel.color, "stage")
    assert page.parallel.legend.accessibleName() == "Colours: final\npilot\nno value"
    window.session.undo.undo()
    until(qtbot, lambda: page.settled and page.parallel.color.text() == "colour: last val/acc ▾")


def test_what_the_view_computes_is_an_axis_and_what_runs_are_judged_by(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    computed = FormulaColumn("twice", "metrics.`val/acc` * 2")
    window.session.set_view(replace(window.session.view, formulas=(computed,)))
    until(qtbot, lambda: page.settled)
    pick(qtbot, page, page.scatter.buttons["y"], "twice")
    assert page.scatter.title.text() == "twice vs lr"
    pick(qtbot, page, page.bars.by, "twice")
    first = page.bars.table.bars.lines[0]
    assert first.title == "run 29" and first.value == pytest.approx(0.58)
    assert page.bars.best.isHidden(), "a formula has no best step"


def test_columns_of_one_name_are_told_apart_where_both_are_seen(
    qtbot: QtBot, window: MainWindow, filled: Store
) -> None:
    with Script(filled) as script:
        run = script.start(experiment="a", name="another")
        script.params(run, {"rating": "7", "lr": "0.5"})
        script.log(run, "val/acc", [0.1])
        script.end(run)
        script.take()
    listed(qtbot, window, RUNS + 1)
    page = compared(qtbot, window)
    assert list(page.parallel.view.titles) == ["lr", "rating", "last val/acc"], "the tag is not there"
    page.parallel._edit_shown(toggle_axis, "Axes", typed("rating"))
    until(qtbot, lambda: page.settled and len(page.parallel.view.axes) == 4)
    assert list(page.parallel.view.titles)[1:3] == ["rating (param)", "rating (tag)"]


def test_cards_stand_in_full_rows(qtbot: QtBot, window: MainWindow) -> None:
    """That of groups has a low row of its own until there are some."""
    page = compared(qtbot, window)
    cards = page.cards[1:]

    def per_row() -> list[int]:
        tops = [card.mapTo(page, card.rect().topLeft()).y() for card in cards]
        return [tops.count(top) for top in sorted(set(tops))]

    for width, rows in ((900, [1, 1, 1, 1]), (1700, [2, 1, 1]), (2900, [3, 1])):
        window.resize(width, 900)
        until(qtbot, lambda rows=rows: per_row() == rows)  # type: ignore[misc]
