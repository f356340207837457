"""What the run table paints, and when: everything at rest, what there is time for while it scrolls."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor, QImage, QPaintEvent
from pytestqt.qtbot import QtBot

from runfolio.core.columns import NAME
from runfolio.gui.main_window import MainWindow
from runfolio.gui.runs import rolling
from runfolio.gui.runs.lettering import Lettering
from runfolio.store import Store
from tests.gui.conftest import Opener
from tests.gui.writing import Writer

RUNS = 80


@pytest.fixture
def window(qtbot: QtBot, store: Store, open_window: Opener) -> MainWindow:
    """A window on many runs."""
    writer = Writer(store.path)
    for number in range(RUNS):
        writer.run(f"run-{number:02}").log_params({"lr": number / 1000})
    writer.commit()
    writer.close()
    window = open_window(store)
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == RUNS and window.runs.feed.settled)
    qtbot.waitUntil(lambda: all(window.runs.feed.model.row(place) is not None for place in range(RUNS)))
    return window


class Painted(QObject):
    """The first and last row of each part of the table that was painted."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.events: list[tuple[int, int]] = []
        self._view = window.runs.view
        self._view.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            rows = self._view.rows_in(event.rect())
            self.events.append((rows.start, rows.stop - 1))
        return False


def after_a_whole_paint(qtbot: QtBot, window: MainWindow) -> Painted:
    """What is painted from now on."""
    painted = Painted(window)
    window.runs.view.viewport().update()
    qtbot.waitUntil(lambda: bool(painted.events))
    painted.events.clear()
    return painted


def picture(window: MainWindow) -> QImage:
    return window.runs.view.viewport().grab().toImage()


def test_scrolling_paints_what_comes_into_sight_only(qtbot: QtBot, window: MainWindow) -> None:
    view = window.runs.view
    painted, last = after_a_whole_paint(qtbot, window), view.rowAt(view.viewport().height() - 1)
    view.verticalScrollBar().setValue(2)
    qtbot.waitUntil(lambda: bool(painted.events))
    assert painted.events[0][0] >= last - 1 and painted.events[0][1] <= last + 2


def test_rows_that_there_is_no_time_for_are_painted_with_the_next_frames(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = window.runs.view
    view.verticalScrollBar().setValue(40)
    whole = picture(window)
    view.verticalScrollBar().setValue(0)
    monkeypatch.setattr(rolling, "TIME", 0.0)
    view.verticalScrollBar().setValue(40)
    part = picture(window)
    top = view.rowHeight(40)
    assert part.copy(0, 0, part.width(), top) == whole.copy(0, 0, part.width(), top)
    below = part.copy(0, top, part.width(), part.height() - top)
    assert below != whole.copy(0, top, part.width(), part.height() - top), "one row a frame, for there is no time"
    painted = Painted(window)
    qtbot.waitUntil(lambda: len(painted.events) > 1)
    assert painted.events[1][0] == painted.events[0][0] + 1, "the second frame goes on where the first one ended"
    qtbot.waitUntil(lambda: picture(window) == whole)


def test_the_mouse_has_only_the_rows_painted_that_it_goes_to_and_leaves(qtbot: QtBot, window: MainWindow) -> None:
    view = window.runs.view
    ids = window.runs.feed.model.ids
    view.light(int(ids[3]))
    painted = after_a_whole_paint(qtbot, window)
    view.light(int(ids[4]))
    qtbot.waitUntil(lambda: bool(painted.events))
    assert painted.events == [(3, 4)]
    hover, x = view.delegate.look.hover, 5
    colors = [QColor(picture(window).pixel(x, view.rowViewportPosition(row) + 3)) for row in (3, 4)]
    assert [color == hover for color in colors] == [False, True]


def test_texts_are_cut_where_their_room_ends(window: MainWindow) -> None:
    letters: Lettering = window.runs.view.delegate.look.plain
    room = letters.width("a rather")
    shown = letters.fitting("a rather long name", room)
    assert shown.endswith("…") and letters.width(shown) <= room
    assert letters.fitting("short", 1000) == "short" and letters.fitting("none", 0) in ("", "…")


def test_a_name_is_painted_where_its_cell_is(window: MainWindow) -> None:
    view = window.runs.view
    cell = view.visualRect(view.runs.index(0, view.runs.section_of(NAME)))
    image, background = picture(window), view.delegate.look.window
    letters = [
        (x, y)
        for x in range(cell.left() + 24, cell.right())
        for y in range(cell.top(), cell.bottom())
        if QColor(image.pixel(x, y)).lightness() > background.lightness() + 100
    ]
    height = view.delegate.look.strong.height
    assert letters and max(y for _, y in letters) - min(y for _, y in letters) <= height
    middle = (min(y for _, y in letters) + max(y for _, y in letters)) / 2
    assert abs(middle - cell.center().y()) <= 2
