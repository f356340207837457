"""Opens a store in a real window of an X server and drags a version's card onto a column: `folder version stage`.

Prints what the column said before the drop, and the stages of all versions after it, as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget

from runfolio.gui.app import application
from runfolio.gui.registry.board import Board
from runfolio.gui.registry.page import RegistryPage
from runfolio.gui.theme import Mode, Theme
from runfolio.gui.windows import Windows
from runfolio.store import open_store
from runfolio.store.registry.reading import list_versions
from tests.gui.registry.conftest import CHURN
from tests.gui.registry.real_mouse import RealMouse

PATIENCE = 20.0


def wait(until: Callable[[], bool], what: str) -> None:
    """Let events be handled until something is so. Raises TimeoutError."""
    end = time.monotonic() + PATIENCE
    while not until():
        QApplication.processEvents()
        time.sleep(0.005)
        if time.monotonic() > end:
            raise TimeoutError(what)


def place(widget: QWidget, at: QPoint) -> tuple[int, int]:
    """A place of the screen."""
    there = widget.mapToGlobal(at)
    return there.x(), there.y()


def drag(board: Board, version: int, stage: str) -> str:
    """With the real mouse; returns what the column said."""
    mouse = RealMouse()
    source = next(one.list for one in board.columns.columns if one.list.cards.find(version).isValid())
    target = board.columns.of(stage)
    assert target is not None
    x, y = place(source.viewport(), source.visualRect(source.cards.find(version)).center())
    to_x, to_y = place(target, target.rect().center())
    mouse.move(x, y)
    mouse.press(down=True)
    wait(lambda: board.columns.chosen() == (version,), "the card is selected")
    for step in range(1, 21):
        mouse.move(x + (to_x - x) * step // 20, y + (to_y - y) * step // 20)
        QApplication.processEvents()
    wait(lambda: board.carrying.target == stage and bool(board.carrying.weighed), "the card is over the column")
    said = target.verdict.text
    mouse.press(down=False)
    wait(lambda: not board.carrying.homes, "the card is let go")
    mouse.close()
    return said


def main() -> None:
    """See above."""
    folder, version, stage = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    application()
    theme = Theme(Mode.DARK)
    theme.apply()
    windows = Windows(theme)
    store = open_store(folder)
    window = windows.open(store)
    window.session.registry.go_to(CHURN)
    page = window.middle.currentWidget()
    assert isinstance(page, RegistryPage)
    board = page.shown
    assert isinstance(board, Board)
    wait(lambda: bool(board.shown.cards) and board.settled and window.page.charts is not None, "the board is there")
    said = drag(board, version, stage)
    wait(lambda: board.settled and not any(job.writes for job in window.session.jobs.running), "it is in the store")
    stages = {str(one.version): one.stage for one in list_versions(store, CHURN)}
    shown = {str(card.number): one.stage for one in board.columns.columns for card in one.list.cards.cards}
    sys.stdout.write(json.dumps({"said": said, "stored": stages, "shown": shown, "told": window.strip.text}))
    windows.close_all()


if __name__ == "__main__":
    main()
