"""How long the page of artifacts takes to show the first lines of a text of 500 MB, in a window that has just come.

Run with `python -m tests.benchmarks.first_preview`. Counted is from choosing the file until lines of it are painted,
once with the process that reads files to be started yet, and once with it ready.
"""

from __future__ import annotations

import os
import sys
import time
from statistics import median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from runfolio.core.entities import Artifact
from runfolio.core.folder import ARTIFACTS
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode, Theme
from runfolio.gui.viewers.stage import Stage
from runfolio.gui.viewers.text import TextViewer
from runfolio.gui.viewers.viewer import look_at
from runfolio.store import Store, open_store
from tests.benchmarks.artifact_tree import BEAT_MS, wait
from tests.benchmarks.harness import Figure, calibration, report
from tests.benchmarks.scripts import new_folder
from tests.store.script import Script

BYTES, TIMES = 500_000_000, 5
LINE = b"2026-01-01 00:00:00 INFO step %09d loss 0.123456789 accuracy 0.987654321\n"


def filled() -> tuple[Store, int]:
    """A store with one run that has the text."""
    store = open_store(new_folder())
    with Script(store) as script:
        run = script.start(name="a long log")
        place = store.path / ARTIFACTS / run / "long.log"
        place.parent.mkdir(parents=True)
        block = b"".join(LINE % at for at in range(100_000))
        with place.open("wb") as file:
            for _ in range(BYTES // len(block) + 1):
                file.write(block)
        script.event("artifact", run, path="long.log", size=place.stat().st_size)
        script.take()
        return store, script.number(run)


def shown(app: QApplication, store: Store, run: int, *, warm: bool) -> float:
    """Milliseconds until there are lines."""
    session = Session(store, Theme(Mode.DARK))
    stage = Stage(session)
    stage.resize(900, 700)
    stage.show()
    pulse = QTimer(interval=BEAT_MS)
    pulse.start()
    if warm:
        session.previews.warm()
        until = time.perf_counter() + 3
        wait(app, lambda: time.perf_counter() > until)
    start = time.perf_counter()
    stage.show_file(look_at(store, run, Artifact("long.log", BYTES, 0, media_type="text/plain")))
    viewer = stage.viewer
    assert isinstance(viewer, TextViewer)
    wait(app, lambda: viewer.view.line(0) is not None)
    viewer.view.viewport().repaint()
    spent = time.perf_counter() - start
    pulse.stop()
    stage.clear("")
    session.close()
    stage.deleteLater()
    app.processEvents()
    return 1000 * spent


def main() -> int:
    """Measure and print."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    store, run = filled()
    cold = median([shown(app, store, run, warm=False) for _ in range(TIMES)])
    ready = median([shown(app, store, run, warm=True) for _ in range(TIMES)])
    store.close()
    figures = [
        calibration(),
        Figure("first lines of 500 MB, the process to be started", cold, "ms"),
        Figure("first lines of 500 MB, the process ready", ready, "ms", 300),
    ]
    return report("First preview", figures)


if __name__ == "__main__":
    sys.exit(main())
