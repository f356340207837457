"""All cards of the page of comparison with what runs should not have: the largest numbers, NaN, odd names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from runfolio.core.columns import metric, param
from runfolio.core.surface import Surface
from runfolio.gui.compare.page import ComparePage
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from tests.gui.comparing import compared, listed, sweep, until
from tests.gui.conftest import Opener
from tests.store.script import Script

NAN, INF, LARGEST = float("nan"), float("inf"), 1.797e308
TEXTS = "A surface takes numbers along both axes and as the colour."
ONE_LINE = "The runs lie on one line, beside which nothing is known."
ODD = "<b>a & b</b>\u202e"


def written(store: Store, values: Sequence[float]) -> int:
    """A run for each value of a metric, with params as odd as these; returns how many there are."""
    with Script(store) as script:
        for number, run in sweep(script, len(values), ODD):
            value = values[number]
            params = {"lr": str(value), ODD: str(-value), "group": "pq"[number % 2], "n": str(number)}
            script.params(run, params if number % 5 else {"group": "p"})
            script.log(run, "val/acc", [value])
    return len(values)


def all_shown(qtbot: QtBot, window: MainWindow) -> ComparePage:
    """The page with all that cards can show, painted."""
    page = compared(qtbot, window)
    view = window.session.view
    options = replace(
        view.compare,
        x=param("lr", numeric=True),
        y=param("n", numeric=True),
        color=metric("val/acc"),
        metric=metric("val/acc", "best"),
        cropped=True,
        violin=True,
        contour=True,
    )
    window.session.set_view(replace(view, compare=options, group_by=(param("group"),)))
    until(qtbot, lambda: page.settled and page.compared is not None and page.compared.groups is not None)
    for card in page.cards:
        card.grab()
    window.session.set_view(replace(window.session.view, group_by=()))
    until(qtbot, lambda: page.settled and page.compared is not None and page.compared.groups is None)
    for card in page.cards:
        card.grab()
    return page


@pytest.mark.parametrize(
    ("values", "bars", "why"),
    [
        ([LARGEST, -LARGEST, 0.0, 5e-324, 1.0] * 4, 20, ""),
        ([NAN] * 12, 0, TEXTS),
        ([INF, -INF, NAN, 1.0] * 5, 5, TEXTS),
        ([0.1] * 15, 15, ONE_LINE),
        ([1e-310, 1e-300, 1e-200, 1e200, LARGEST] * 3, 15, ""),
    ],
    ids=["largest", "nan", "infinite", "constant", "far apart"],
)
def test_everything_is_shown_without_a_warning(
    qtbot: QtBot, store: Store, open_window: Opener, values: list[float], bars: int, why: str
) -> None:
    number = written(store, values)
    page = all_shown(qtbot, listed(qtbot, open_window(store), number))
    assert len(page.bars.table.bars.lines) == bars
    assert page.importance.model.params or page.importance.doubt.text()
    assert page.compared is not None
    surface = page.compared.surface
    if why:
        assert surface == why
    else:
        assert isinstance(surface, Surface)
        known = surface.heights[np.isfinite(surface.heights)]
        assert len(known) and known.min() >= 0 and known.max() <= 1
