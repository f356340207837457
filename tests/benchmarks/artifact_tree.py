"""How long the page of artifacts takes to open a tree of 100,000 files, in one folder and in many.

Run with `python -m tests.benchmarks.artifact_tree`. Counted is from asking for the page until the first rows are
painted, with the files read from the store; and how long the window was not free to do anything else meanwhile.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from runfolio.gui.app import application
from runfolio.gui.artifacts.page import ArtifactsPage
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode, Theme
from runfolio.store import Store, open_store
from tests.benchmarks.harness import Figure, calibration, report
from tests.benchmarks.scripts import new_folder
from tests.store.script import Script

FILES, TIMES = 100_000, 5
BEAT_MS = 5
Times = tuple[float, float, float, float]
Name = Callable[[int], str]
FLAT: Name = "images/sample+step+{0}+timestamp+{0}+ab.png".format


def _deep(number: int) -> str:
    return f"part {number % 100}/group {number // 1000}/file {number}.txt"


def filled(name: Name) -> tuple[Store, int]:
    """A store with one run that has so many files; these are rows alone, for nothing here reads a file."""
    store = open_store(new_folder())
    with Script(store) as script:
        run = script.start(name="many files")
        for number in range(FILES):
            script.event("artifact", run, path=name(number), size=number)
        script.take()
        return store, script.number(run)


def opened(app: QApplication, store: Store, run: int) -> Times:
    """Milliseconds until the tree is painted and until it is whole, the longest that the event loop stood still, and
    those of the processor until the first folder is open.
    """
    session = Session(store, Theme(Mode.DARK))
    session.select_runs([run])
    longest, last = 0.0, time.perf_counter()

    def beat() -> None:
        nonlocal longest, last
        now = time.perf_counter()
        longest, last = max(longest, now - last), now

    pulse = QTimer(interval=BEAT_MS)
    pulse.timeout.connect(beat)
    pulse.start()
    start = time.perf_counter()
    page = ArtifactsPage(session)
    page.resize(1000, 700)
    page.show()
    model, tree = page.files.model, page.files.tree
    wait(app, lambda: not tree.visualRect(model.index(0, 0)).isEmpty())
    tree.viewport().repaint()
    painted = time.perf_counter() - start
    wait(app, lambda: len(model.tree.files) == FILES)
    whole = time.perf_counter() - start
    beat()
    pulse.stop()
    start = time.thread_time()
    tree.expand(model.index(0, 0))
    tree.viewport().repaint()
    opening = time.thread_time() - start
    session.close()
    page.deleteLater()
    app.processEvents()
    return 1000 * painted, 1000 * whole, 1000 * longest, 1000 * opening


def wait(app: QApplication, done: Callable[[], bool]) -> None:
    """Let events run as a program does: a loop without pauses would take Python's lock from the workers."""
    while not done():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def repeat(function: Callable[[], Times]) -> list[Times]:
    """Several measurements, without the first one."""
    return [function() for _ in range(TIMES + 1)][1:]


def main() -> int:
    """Measure and print."""
    app = application()
    figures = [calibration()]
    for what, name in (("in one folder", FLAT), ("in 10,000 folders", _deep)):
        store, run = filled(name)
        found = repeat(partial(opened, app, store, run))
        figures += [
            Figure(f"{FILES:,} files {what}, until painted", median(one[0] for one in found), "ms", 300),
            Figure(f"{FILES:,} files {what}, until all are there", median(one[1] for one in found), "ms"),
            Figure(f"{FILES:,} files {what}, longest stop", median(one[2] for one in found), "ms", 100),
            Figure(f"{FILES:,} files {what}, a folder opened", median(one[3] for one in found), "ms", 100, "processor"),
        ]
        store.close()
    return report("Tree of artifacts", figures)


if __name__ == "__main__":
    sys.exit(main())
