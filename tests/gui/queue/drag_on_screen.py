"""Opens a store in a real window of an X server and drags the last job that waits before the first one: `folder`.

Prints the titles of those that wait after that, as JSON. Qt's drag is a loop of its own, so that timers move the mouse.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QApplication

from runfolio.gui.app import application
from runfolio.gui.queue.page import JobsPage
from runfolio.gui.queue.table import JobsTable
from runfolio.gui.theme import Mode, Theme
from runfolio.gui.windows import Windows
from runfolio.store import open_store
from runfolio.store.queue.reading import waiting_jobs
from tests.gui.registry.real_mouse import RealMouse

PATIENCE, STEP_MS = 20.0, 30


def wait(until: Callable[[], bool], what: str) -> None:
    """Let events be handled until something is so. Raises TimeoutError."""
    end = time.monotonic() + PATIENCE
    while not until():
        QApplication.processEvents()
        time.sleep(0.005)
        if time.monotonic() > end:
            raise TimeoutError(what)


class Hand(QObject):
    """Carries from one place of the screen to another, a step at a time, and lets go."""

    def __init__(self, start: QPoint, end: QPoint) -> None:
        super().__init__()
        self._mouse, self.done = RealMouse(), False
        self._way = [start + (end - start) * step / 20 for step in range(21)]
        self._mouse.move(start.x(), start.y())
        self._mouse.press(down=True)
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._step)
        self._timer.start()

    def _step(self) -> None:
        if self._way:
            place = self._way.pop(0)
            self._mouse.move(place.x(), place.y())
            return
        self._timer.stop()
        self._mouse.press(down=False)
        self._mouse.close()
        self.done = True


def drag(table: JobsTable) -> None:
    """The last one that waits, to the upper edge of the first one."""
    waits, viewport = table.jobs.waits, table.viewport()
    table.setCurrentIndex(table.jobs.index(waits.stop - 1, 1))
    source = table.visualRect(table.jobs.index(waits.stop - 1, 1)).center()
    target = table.visualRect(table.jobs.index(waits.start, 1)).topLeft() + QPoint(60, 4)
    hand = Hand(viewport.mapToGlobal(source), viewport.mapToGlobal(target))
    wait(lambda: hand.done, "the mouse is let go")


def main() -> None:
    """See above."""
    application()
    theme = Theme(Mode.DARK)
    theme.apply()
    windows = Windows(theme)
    store = open_store(Path(sys.argv[1]))
    before = [one.title for one in waiting_jobs(store, 100)]
    window = windows.open(store)
    window.actions_by_id["view.jobs"].trigger()
    page = window.middle.currentWidget()
    assert isinstance(page, JobsPage)
    wait(lambda: page.settled and len(page.table.jobs.waits) == len(before), "the jobs are listed")
    drag(page.table)
    wait(lambda: [one.title for one in waiting_jobs(store, 100)] != before, "the jobs are moved")
    sys.stdout.write(f"{json.dumps([one.title for one in waiting_jobs(store, 100)])}\n")
    windows.close_all()


if __name__ == "__main__":
    main()
