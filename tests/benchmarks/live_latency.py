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

from runfolio.gui.app import application
from runfolio.gui.curves.panel import CurvesPanel
from runfolio.gui.curves.plot import Plot
from runfolio.gui.main_window import MainWindow
from runfolio.gui.theme import Mode, Theme
from runfolio.gui.windows import Windows
from runfolio.store import open_store
from tests.benchmarks.harness import Figure, percentile, report
from tests.benchmarks.stores import fill
from tests.screen import PLATFORM

POINTS = 100
WARM_UP = 10
IDLE_SECONDS = 10.0
LATENCY_BAR, IDLE_BAR = 300.0, 1.0
KEY = "live"
LONGEST_PAUSE = 0.45

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


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    """Run the event loop until something is true."""
    loop, started, seen = QEventLoop(), time.monotonic(), False

    def look() -> None:
        nonlocal seen
        seen = seen or condition()
        if seen or time.monotonic() - started > seconds:
            loop.quit()

    timer = QTimer(interval=5)
    timer.timeout.connect(look)
    timer.start()
    loop.exec()
    timer.stop()
    if not seen:
        raise TimeoutError("The window did not show what it should in time.")


def rest(seconds: float) -> None:
    """Run the event loop, and nothing else, for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def latencies(folder: Path, points: int) -> tuple[list[float], float]:
    """Milliseconds from call to paint of each point, and the percentage of a core that the idle window took."""
    theme = Theme(Mode.DARK)
    theme.apply()
    windows = Windows(theme)
    window = windows.open(open_store(folder))
    command = [sys.executable, "-c", WRITER, str(folder), str(points)]
    writer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert writer.stdin is not None and writer.stdout is not None
        writer.stdout.readline()
        plot = plot_of(window)
        idle = idle_share()
        watch = Arrivals(plot)
        writer.stdin.write("go\n")
        writer.stdin.flush()
        wait_until(lambda: len(watch.delays) >= points, points * LONGEST_PAUSE + 20)
        return watch.delays[WARM_UP:], idle
    finally:
        writer.kill()
        writer.communicate()
        windows.close_all()


def plot_of(window: MainWindow) -> Plot:
    """The chart of the live metric, once it is drawn."""

    def chosen() -> bool:
        live = [one.id for one in window.navigator.experiments if one.name == KEY]
        window.session.select_experiments(live)
        return bool(live)

    def plots() -> list[Plot]:
        charts = window.page.charts
        cards = charts.grid.cards() if isinstance(charts, CurvesPanel) else []
        return [card.plot for card in cards if card.key == KEY and card.plot.drawn]

    wait_until(chosen, 20)
    wait_until(lambda: bool(plots()), 20)
    return plots()[0]


class Arrivals(QObject):
    """How old each point is when the plot has been painted with it.

    Attributes:
        delays: milliseconds, in the order of arrival.
    """

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot)
        self.delays: list[float] = []
        self._plot = plot
        self._seen = self._shown()
        # The time is taken when the event loop comes back from the paint event, not before it.
        self._after = QTimer(self, interval=0, singleShot=True)
        self._after.timeout.connect(self._on_painted)
        plot.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note a paint event and let it happen."""
        if event.type() is QEvent.Type.Paint:
            self._after.start()
        return False

    def _shown(self) -> set[float]:
        return {called for drawn in self._plot.drawn.values() for called in drawn.stroke.y.tolist()}

    def _on_painted(self) -> None:
        now, shown = time.time(), self._shown()
        self.delays += [(now - called) * 1000 for called in sorted(shown - self._seen)]
        self._seen |= shown


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
    os.environ.setdefault("QT_QPA_PLATFORM", PLATFORM)
    application()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"], os.environ["RUNFOLIO_CONFIG"] = folder, str(Path(folder) / "settings.toml")
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
