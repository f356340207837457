"""How soon the window on a store of many runs is on screen, and how soon it shows them.

Run with `python -m tests.benchmarks.window_open`. Each measurement is a process of its own, counted from just before it
is started, with the interpreter and all imports.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.harness import Figure, report
from tests.benchmarks.stores import fill
from tests.screen import PLATFORM

RUNS = 10_000
TIMES = 5
BAR = 1.5

# The window looks at itself after each of its paints: what is on screen by then counts, and not what is on its way.
WINDOW = """
import json, sys, time
import runfolio.gui.app as program
from PySide6.QtCore import QEvent, QObject, QTimer

class Look(QObject):
    def __init__(self, app):
        super().__init__(app)
        self.seen = {}
        self.after = QTimer(self, interval=0, singleShot=True)
        self.after.timeout.connect(self.look)
        app.installEventFilter(self)

    def eventFilter(self, widget, event):
        if event.type() is QEvent.Type.Paint:
            self.after.start()
        return False

    def look(self):
        from runfolio.gui.main_window import MainWindow
        now = time.time() - float(sys.argv[2])
        window = next((w for w in program.application().topLevelWidgets() if isinstance(w, MainWindow)), None)
        if window is None:
            return
        self.seen.setdefault("paint", now)
        model = window.runs.feed.model
        if model.rowCount() and model.row(0) is not None:
            self.seen.setdefault("rows", now)
        cards = window.page.charts.grid.visible_cards() if window.page.charts is not None else []
        if "rows" in self.seen and cards and all(card.plot.drawn for card in cards):
            self.seen.setdefault("curves", now)
            print(json.dumps(self.seen), flush=True)
            program.application().quit()

look = Look(program.application())
QTimer.singleShot(20_000, lambda: sys.exit("The window did not show its runs in time: " + json.dumps(look.seen)))
sys.exit(program.main(sys.argv[1]))
"""


def opened(folder: Path) -> dict[str, float]:
    """Seconds from the start of a process to its first paint, its first rows and its first curves."""
    aside = folder.parent
    settings = {"RUNFOLIO_CONFIG": str(aside / "settings.toml"), "XDG_CONFIG_HOME": str(aside)}
    environment = {"QT_QPA_PLATFORM": PLATFORM, **os.environ, **settings}
    command = [sys.executable, "-c", WINDOW, str(folder), repr(time.time())]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    if done.returncode or not done.stdout.strip():
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return {name: float(value) for name, value in found.items()}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--times", type=int, default=TIMES)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store"
        fill(path, given.runs)
        # The first opening reads the libraries from disk, which is not ours to make faster.
        found = [opened(path) for _ in range(given.times + 1)][1:]
    how = f"median of {given.times}"
    return report(
        f"Window on a store of {given.runs:,} runs, from the start of the process",
        [
            Figure("first paint", median(one["paint"] for one in found), "s", BAR, how),
            Figure("first rows", median(one["rows"] for one in found), "s", BAR, how),
            Figure("all curves in view", median(one["curves"] for one in found), "s", None, how),
        ],
    )


if __name__ == "__main__":
    raise SystemExit(main())
