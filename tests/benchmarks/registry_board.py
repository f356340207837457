"""How fast the registry is in the window with a thousand models of twenty versions each.

Run with `python -m tests.benchmarks.registry_board`. The store is made once (see `large_registry`); what is
changed is a copy. What is timed is what a user waits for, with the real window:

* *navigator*: from the moment that the models are asked for to the paint of their list.
* *board*: from the choice of a model in the navigator to the paint of its cards; the first time, when the page is made,
  and later.
* *drop on screen*: from the release of the mouse over a column to the paint of the card in that column.
* *drop durable*: from the release to the store's answer that the move is on the disk.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest

from tests.screen import PLATFORM

os.environ.setdefault("QT_QPA_PLATFORM", PLATFORM)

from runfolio.gui.app import application
from runfolio.gui.main_window import MainWindow
from runfolio.gui.registry.board import Board
from runfolio.gui.registry.card_list import CardList
from runfolio.gui.registry.page import RegistryPage
from runfolio.gui.registry.section import ModelsSection
from runfolio.gui.theme import Mode, Theme
from runfolio.gui.windows import Windows
from runfolio.store import open_store
from tests.benchmarks.harness import Figure, report
from tests.benchmarks.large_registry import MODELS, VERSIONS, large_registry, name_of
from tests.benchmarks.live_latency import rest, wait_until

OPEN, ON_SCREEN, DURABLE = 200.0, 50.0, 150.0
TIMES, PATIENCE = 9, 60.0
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Paints(QObject):
    """Notes when a list has been painted first, since a moment, with a version's card in it.

    Attributes:
        since: that moment. first: when it was painted; 0 before.
    """

    def __init__(self, cards: CardList, version: int) -> None:
        super().__init__(cards)
        self._list, self._version = cards, version
        self.since, self.first = float("inf"), 0.0
        cards.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Paint, and see what time it is then."""
        if event.type() is not QEvent.Type.Paint or self.first or time.perf_counter() < self.since:
            return False
        self._list.viewportEvent(event)
        if self._list.cards.find(self._version).isValid():
            self.first = time.perf_counter()
        return True


def board_of(window: MainWindow) -> Board:
    """The board of the page that is shown."""
    page = window.middle.currentWidget()
    assert isinstance(page, RegistryPage)
    board = page.shown
    assert isinstance(board, Board)
    return board


def navigator(window: MainWindow) -> float:
    """Milliseconds until the list of models is read and painted."""
    (section,) = window.navigator.findChildren(ModelsSection)
    began, read = time.perf_counter(), [False]
    section.shown.connect(lambda: read.__setitem__(0, True))
    section._refresh.ask_now()
    wait_until(lambda: read[0], PATIENCE)
    section.list.viewport().repaint()
    return 1000 * (time.perf_counter() - began)


def opened(window: MainWindow, model: int) -> float:
    """Milliseconds until the cards of a model are painted."""
    began = time.perf_counter()
    window.session.registry.go_to(name_of(model))
    board = board_of(window)
    wait_until(lambda: board.shown.name == name_of(model), PATIENCE)
    for column in board.columns.columns:
        column.list.viewport().repaint()
    spent = 1000 * (time.perf_counter() - began)
    settle(window)
    return spent


def settle(window: MainWindow) -> None:
    """Let all be read, so that one measurement does not pay for another."""
    rest(0.1)
    wait_until(lambda: not window.session.jobs.running and board_of(window).settled, PATIENCE)
    rest(0.1)


def dropped(window: MainWindow, version: int, stage: str) -> tuple[float, float]:
    """Milliseconds until a card that is dropped is painted where it goes, and until that is on the disk."""
    board = board_of(window)
    source = next(one.list for one in board.columns.columns if one.list.cards.find(version).isValid())
    target = board.columns.of(stage)
    assert target is not None
    viewport, start = source.viewport(), source.visualRect(source.cards.find(version)).center()
    place = viewport.mapFromGlobal(target.mapToGlobal(QPoint(target.width() // 2, target.height() // 2)))
    QTest.mousePress(viewport, LEFT, PLAIN, start)
    for point in (start + QPoint(20, 0), place):
        QTest.mouseMove(viewport, point)
    wait_until(lambda: bool(board.carrying.weighed), PATIENCE)
    rest(0.05)
    paints, answered = Paints(target.list, version), [0.0]
    window.session.message.connect(lambda _message: answered.__setitem__(0, answered[0] or time.perf_counter()))
    paints.since = began = time.perf_counter()
    QTest.mouseRelease(viewport, LEFT, PLAIN, place)
    assert target.list.cards.find(version).isValid(), "the card is there before the store has answered"
    wait_until(lambda: paints.first > 0, PATIENCE)
    wait_until(lambda: answered[0] > 0, PATIENCE)
    spent = 1000 * (paints.first - began), 1000 * (answered[0] - began)
    paints.deleteLater()
    settle(window)
    return spent


def main() -> int:
    """Measure and print."""
    application()
    theme = Theme(Mode.DARK)
    theme.apply()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.update(RUNFOLIO_CONFIG=str(Path(scratch) / "settings.toml"), XDG_CONFIG_HOME=scratch)
        folder = shutil.copytree(large_registry(), Path(scratch) / "store")
        windows = Windows(theme)
        window = windows.open(open_store(folder))
        wait_until(lambda: window.page.charts is not None and not window.session.jobs.running, PATIENCE)
        rest(1)
        listed = [navigator(window) for _ in range(TIMES)]
        first = opened(window, 0)
        later = [opened(window, 100 * number + 7) for number in range(1, TIMES)]
        drops = [dropped(window, VERSIONS - 1 - 2 * (number % 2), "Archived") for number in range(2)]
        for number in range(TIMES):
            opened(window, 100 * (number % 9) + 13 + number)
            drops.append(dropped(window, VERSIONS, "Staging"))
        windows.close_all()
    how = f"{MODELS:,} models with {VERSIONS} versions, median of {TIMES}"
    figures = [
        Figure("navigator: the models, read and painted", median(listed), "ms", OPEN, how),
        Figure("board: opened the first time, the page made", first, "ms", OPEN),
        Figure("board: another model's", median(later), "ms", OPEN, f"longest {max(later):.0f} ms"),
        Figure("a drop on screen", median(one[0] for one in drops), "ms", ON_SCREEN, f"longest {max(drops)[0]:.0f} ms"),
        Figure(
            "a drop durable",
            median(one[1] for one in drops),
            "ms",
            DURABLE,
            f"longest {max(one[1] for one in drops):.0f} ms",
        ),
    ]
    return report("The registry's board", figures)


if __name__ == "__main__":
    raise SystemExit(main())
