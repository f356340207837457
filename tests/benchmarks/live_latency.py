"""How soon a point that another process logs is painted, and what the window costs while nothing happens.

Run with `python -m tests.benchmarks.live_latency`. The writer is a process of its own that logs a point now and then;
the time from just before its call to just after the window painted the chart with that point is one measurement.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from tests.benchmarks.harness import Figure, percentile, report
from tests.benchmarks.stores import fill

POINTS = 100
WARM_UP = 10
IDLE_SECONDS = 10.0
LATENCY_BAR, IDLE_BAR = 300.0, 1.0
KEY = "live"

# The value of each point is the time of its call, so that a painted chart says itself how old it is.
WRITER = """
import random, sys, time
import runfolio
runfolio.set_tracking_uri(sys.argv[1])
runfolio.set_experiment("live")
with runfolio.start_run():
    runfolio.log_metric("live", time.time(), step=0)
    print("ready", flush=True)
    sys.stdin.readline()
    for step in range(1, int(sys.argv[2]) + 1):
        time.sleep(random.uniform(0.15, 0.45))
        runfolio.log_metric("live", time.time(), step=step)
    runfolio.flush()
"""


class PaintWatch(QObject):
    """Tells when a widget has been painted: after the event, not before."""

    def __init__(self, widget: QWidget, painted: Callable[[], None]) -> None:
        super().__init__(widget)
        self._after = QTimer(self, interval=0, singleShot=True)
        self._after.timeout.connect(painted)
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note a paint event and let it happen."""
        if event.type() is QEvent.Type.Paint:
            self._after.start()
        return False


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    """Run the event loop until something is true."""
    loop, started = QEventLoop(), time.monotonic()
    look = QTimer(interval=5)
    look.timeout.connect(lambda: loop.quit() if condition() or time.monotonic() - started > seconds else None)
    look.start()
    loop.exec()
    look.stop()
    if not condition():
        raise TimeoutError("The window did not show what it should in time.")


def rest(seconds: float) -> None:
    """Run the event loop, and nothing else, for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def latencies(folder: Path, points: int) -> tuple[list[float], float]:
    """Milliseconds from call to paint of each point, and the percentage of a core that the idle window took."""
    from runfolio.gui.curves.panel import CurvesPanel
    from runfolio.gui.session import Session
    from runfolio.gui.theme import Mode, Theme
    from runfolio.store import open_store

    store = open_store(folder)
    session = Session(store, Theme(Mode.DARK))
    window = CurvesPanel(session)
    session.start()
    window.resize(1000, 600)
    window.show()
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(points)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert writer.stdin is not None and writer.stdout is not None
        writer.stdout.readline()
        wait_until(lambda: any(card.key == KEY and bool(card.plot.drawn) for card in window.grid.cards()), 10)
        idle = idle_share()
        plot = next(card.plot for card in window.grid.cards() if card.key == KEY)
        seen: dict[float, float] = {}

        def painted() -> None:
            now = time.time()
            for drawn in plot.drawn.values():
                for called in drawn.item.yData.tolist():
                    seen.setdefault(called, now)

        PaintWatch(plot.viewport(), painted)
        painted()
        known = len(seen)
        writer.stdin.write("go\n")
        writer.stdin.flush()
        wait_until(lambda: len(seen) >= known + points, points * 0.45 + 20)
        return [(at - called) * 1000 for called, at in list(seen.items())[known + WARM_UP :]], idle
    finally:
        writer.kill()
        writer.wait()
        window.close()
        session.close()
        store.close()


def idle_share() -> float:
    """The percentage of one core that this process takes while its window shows a running run and nothing comes."""
    rest(1.0)
    before, started = time.process_time(), time.monotonic()
    rest(IDLE_SECONDS)
    return (time.process_time() - before) / (time.monotonic() - started) * 100


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--runs", type=int, default=200, help="runs in the store beside the live one")
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store"
        fill(path, given.runs)
        found, idle = latencies(path, given.points + WARM_UP)
    how = f"{len(found)} points"
    return report(
        "Live window",
        [
            Figure("log call to painted chart, p50", median(found), "ms", None, how),
            Figure("log call to painted chart, p95", percentile(found, 0.95), "ms", LATENCY_BAR, how),
            Figure("log call to painted chart, longest", max(found), "ms", None, how),
            Figure("idle window", idle, "% of a core", IDLE_BAR, f"over {IDLE_SECONDS:.0f} s"),
        ],
    )


if __name__ == "__main__":
    raise SystemExit(main())
