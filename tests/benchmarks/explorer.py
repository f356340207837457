"""How fast the window is on stores of ten thousand to a million runs, against the bars of the run explorer.

Run with `python -m tests.benchmarks.explorer --runs 10000 100000 1000000`; each size is a process of its own, so that
its memory is its own. A store is made once (see `large`). What is timed is what a user waits for, with the real window:

* *open to first rows*: from the choice of all experiments, in a window that is there, to the paint with their rows.
* *sort*, *filter*: from the choice to the paint with the other rows; the slowest of several kinds.
* *scroll*: each step of the scroll bar with all that follows from it, by the processor time of the main thread.
* *frames while 8 processes log*: how long the event loop is at work at a stretch while the table is sorted by the
  metric that they log and rows move with it; as processor time of the main thread, and by the clock for comparison.

Other work on the machine makes waits longer. Beside each, the processor time of all the window's threads is told, which
is what it would take on a machine of its own, were its threads to take turns.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from runfolio.core.columns import DURATION, NAME, STATUS, SortKey, is_trend, metric, param
from runfolio.core.views import View
from runfolio.gui.app import application
from runfolio.gui.main_window import MainWindow
from runfolio.gui.theme import Mode, Theme
from runfolio.gui.windows import Windows
from runfolio.store import open_store
from tests.benchmarks.harness import Figure, percentile, report
from tests.benchmarks.large import large_store
from tests.benchmarks.live_latency import rest, wait_until
from tests.screen import PLATFORM

SIZES = (10_000, 100_000, 1_000_000)
# Of each size: open, sort, filter in ms, memory in MB.
BARS = {10_000: (100, 50, 80, 250), 100_000: (250, 150, 250, 350), 1_000_000: (800, 800, 1000, 600)}
FRAME, SCROLLED, GROUPED = 16.0, 8.0, 500.0
TIMES, PATIENCE = 3, 120.0
STEPS, WRITERS, LIVE_SECONDS = 300, 8, 10.0

SCORE = "test/score-00"
SORTS = {
    "by a metric": SortKey(metric(SCORE), descending=True),
    "by the mean of a curve": SortKey(metric("val/loss", "mean")),
    "by the least of a curve": SortKey(metric("val/loss", "min")),
    "by a number": SortKey(param("lr", numeric=True)),
    "by a text": SortKey(param("optimizer")),
    "by name": SortKey(NAME),
    "by status": SortKey(STATUS),
    "by duration": SortKey(DURATION, descending=True),
}
FILTERS = (
    f"metrics.`{SCORE}` > 0.8",
    f'metrics.`{SCORE}` > 0.6 and params.optimizer = "adamw"',
    "params.lr < 0.01 or not metrics.`val/loss`.min < 0.2",
    'status = "FAILED" and run_name ilike "%quiet%"',
    "quiet",
)
GROUPS = (param("optimizer"), param("model"))

WRITER = """
import random, sys, time
import runfolio
runfolio.set_tracking_uri(sys.argv[1])
runfolio.set_experiment("live")
runfolio.configure_capture(**dict.fromkeys(("git", "packages", "console", "system_metrics"), False))
end = time.monotonic() + float(sys.argv[2])
with runfolio.start_run():
    step = 0
    while time.monotonic() < end:
        runfolio.log_metrics({"live": random.random(), "val/loss": random.random()}, step=step)
        step += 1
        time.sleep(0.02)
"""


class Paints(QObject):
    """Notes when the table was painted as the session asks for, with all rows in sight there.

    Attributes:
        complete: how often that was so.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.complete = 0
        self._view, self._feed = window.runs.view, window.runs.feed
        self._after = QTimer(self, interval=0, singleShot=True)
        self._after.timeout.connect(self._look)
        self._view.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look after a paint event, which is let happen."""
        if event.type() is QEvent.Type.Paint:
            self._after.start()
        return False

    def _look(self) -> None:
        model, first = self._view.runs, self._view.rowAt(0)
        last = self._view.rowAt(self._view.viewport().height() - 1)
        rows = range(max(first, 0), last if last >= 0 else model.rowCount())
        # A group, whose number is negative, has no row of its own to be read.
        if (
            self._feed.current
            and model.rowCount()
            and all(model.ids[place] < 0 or model.row(place) is not None for place in rows)
        ):
            self.complete += 1


class Explorer:
    """A window on a store, and what is done with it."""

    def __init__(self, folder: Path) -> None:
        application()
        theme = Theme(Mode.DARK)
        theme.apply()
        self.windows = Windows(theme)
        started = time.perf_counter()
        self.window = self.windows.open(open_store(folder))
        self.session, self.feed = self.window.session, self.window.runs.feed
        self.paints = Paints(self.window)
        wait_until(lambda: self.paints.complete > 0, PATIENCE)
        self.cold = 1000 * (time.perf_counter() - started)
        self.settle()
        self.all = tuple(one.id for one in self.window.navigator.experiments if one.runs)

    def settle(self) -> None:
        """Let everything be read, so that one measurement does not pay for another."""
        rest(0.1)
        wait_until(lambda: self.feed.settled and self.charts_settled, PATIENCE)
        rest(0.1)

    def summed_up(self) -> bool:
        """True when the table has groups, and knows what the columns in sight come to."""
        grouped, view = self.feed.sums.grouped, self.window.runs.view
        if grouped is None or not self.feed.current:
            return False
        edge = view.viewport().width()
        seen = (view.runs.column_at(n) for n in range(view.header.count()) if view.header.left_of(n) < edge)
        return all(column == NAME or is_trend(column) or column in grouped.sums for column in seen)

    @property
    def charts_settled(self) -> bool:
        """True when the charts are up to date, which come after the table."""
        charts = self.window.page.charts
        return charts is None or charts.settled

    def timed(self, act: Callable[[], None], done: Callable[[], bool]) -> tuple[float, float]:
        """Milliseconds by the clock, and of processor time, from an act until it is painted."""
        before, clock, cpu = self.paints.complete, time.perf_counter(), time.process_time()
        act()
        wait_until(done, PATIENCE)
        if self.paints.complete == before:  # not yet, or the rows are the same ones in the same order
            self.window.runs.view.viewport().update()
        wait_until(lambda: self.paints.complete > before, PATIENCE)
        spent = 1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - cpu)
        self.settle()
        return spent

    def look(self, **how: Any) -> tuple[float, float]:
        """The same for another view of the runs."""
        view = replace(self.session.view, **how)
        return self.timed(lambda: self.session.set_view(view), lambda: self.feed.current)

    def open(self) -> tuple[float, float]:
        """The same for the choice of all experiments."""
        self.session.select_experiments([])
        self.settle()
        return self.timed(lambda: self.session.select_experiments(self.all), lambda: self.feed.model.rowCount() > 0)


def middle(measured: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    """The medians of some measurements."""
    found = [measured() for _ in range(TIMES)]
    return median(one[0] for one in found), median(one[1] for one in found)


def figures(runs: int) -> list[Figure]:
    """All figures of one size."""
    explorer = Explorer(large_store(runs))
    opens, sort, filters, memory = BARS.get(runs, (None,) * 4)

    def told(what: str, found: tuple[float, float], bar: float | None, how: str = "") -> Figure:
        note = f"{found[1]:,.0f} ms of processor time"
        print(f"  {what}: {found[0]:,.0f} ms, {note}; {how}", file=sys.stderr, flush=True)
        return Figure(what, found[0], "ms", bar, f"{note}; {how}" if how else note)

    made = [Figure("cold: window, store and first rows", explorer.cold, "ms")]
    made.append(told("open to first rows", middle(explorer.open), opens))
    made.append(told("sort, the slowest kind", *slowest(sorted_by(explorer), sort)))
    made.append(told("sort the other way round", turned_round(explorer), sort))
    made.append(told("filter, the slowest kind", *slowest(filtered(explorer), filters)))
    made += scrolled(explorer)
    if runs == 100_000:
        made.append(told("group by two params", middle(lambda: grouped(explorer)), GROUPED))
    explorer.window.runs.select_all()
    rest(0.5)
    used = psutil.Process().memory_info().rss / 1e6
    made.append(Figure("memory, with all runs selected", used, "MB", memory))
    explorer.windows.close_all()
    return made


def slowest(found: dict[str, tuple[float, float]], bar: float | None) -> tuple[tuple[float, float], float | None, str]:
    """The slowest kind by processor time, and what it was."""
    kind = max(found, key=lambda one: found[one][1])
    others = ", ".join(f"{name} {cpu:,.0f}" for name, (_, cpu) in found.items() if name != kind)
    return found[kind], bar, f"{kind}; others: {others}"


def sorted_by(explorer: Explorer) -> dict[str, tuple[float, float]]:
    """Milliseconds of each kind of order, none of which was read shortly before."""
    found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in SORTS}
    for turned in (False, True):
        for kind, key in SORTS.items():
            order = (replace(key, descending=key.descending is not turned),)
            found[kind].append(explorer.look(order=order))
    explorer.look(order=())
    return {kind: min(both) for kind, both in found.items()}


def turned_round(explorer: Explorer) -> tuple[float, float]:
    """Milliseconds of an order that was read the other way round shortly before."""
    explorer.look(order=(SORTS["by name"],))
    found = explorer.look(order=(replace(SORTS["by name"], descending=True),))
    explorer.look(order=())
    return found


def filtered(explorer: Explorer) -> dict[str, tuple[float, float]]:
    """Milliseconds of each kind of filter."""
    found = {text: min(explorer.look(filter=one) for one in (text, f"({text})")) for text in FILTERS}
    explorer.look(filter="")
    return found


def grouped(explorer: Explorer) -> tuple[float, float]:
    """Milliseconds of grouping, until what the columns in sight come to is painted too."""
    view = replace(explorer.session.view, group_by=GROUPS)
    found = explorer.timed(lambda: explorer.session.set_view(view), explorer.summed_up)
    explorer.look(group_by=())
    return found


def scrolled(explorer: Explorer) -> list[Figure]:
    """Each step of scrolling down, slowly and then by leaps."""
    bar = explorer.window.runs.view.verticalScrollBar()
    leap = max((bar.maximum() - 3 * STEPS) // STEPS, 1)
    frames, clock = [], []
    for step in [3] * STEPS + [leap] * STEPS:
        cpu, now = time.thread_time(), time.perf_counter()
        bar.setValue(bar.value() + step)
        QApplication.processEvents()
        frames.append(1000 * (time.thread_time() - cpu))
        clock.append(1000 * (time.perf_counter() - now))
        rest(0.002)
    how = f"{len(frames)} steps; by the clock {percentile(clock, 0.95):.1f} ms, longest {max(frames):.1f} ms"
    return [Figure("scroll frame p95", percentile(frames, 0.95), "ms", SCROLLED, how)]


class Stretches(QObject):
    """How long the event loop is at work between two looks of a timer that is always due.

    Attributes:
        cpu, clock: milliseconds of each stretch.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cpu: list[float] = []
        self.clock: list[float] = []
        self._last = time.thread_time(), time.perf_counter()
        self._timer = QTimer(self, interval=1)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        now = time.thread_time(), time.perf_counter()
        self.cpu.append(1000 * (now[0] - self._last[0]))
        self.clock.append(1000 * (now[1] - self._last[1]))
        self._last = now


@contextmanager
def logging(folder: Path, seconds: float) -> Iterator[None]:
    """Eight processes log to a store."""
    command = [sys.executable, "-c", WRITER, str(folder), str(seconds)]
    writers = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(WRITERS)]
    try:
        yield
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()


def live(runs: int) -> list[Figure]:
    """Frames while others log, on a copy of a store."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = shutil.copytree(large_store(runs), Path(scratch) / "store")
        explorer = Explorer(folder)
        session = explorer.session
        session.preferences.set("live_sort", True)
        with logging(folder, LIVE_SECONDS + PATIENCE):
            wait_until(lambda: any(one.running >= WRITERS for one in explorer.window.navigator.experiments), PATIENCE)
            session.select_experiments([one.id for one in explorer.window.navigator.experiments if one.runs])
            session.set_view(View(order=(SortKey(metric("live"), descending=True),)))
            rest(3)
            seen: set[int] = set()
            explorer.feed.model.modelReset.connect(lambda: seen.add(len(seen)))
            stretches, cpu = Stretches(), time.process_time()
            rest(LIVE_SECONDS)
            share = 100 * (time.process_time() - cpu) / LIVE_SECONDS
        explorer.windows.close_all()
    how = f"{len(stretches.cpu):,} stretches, {len(seen)} new orders; by the clock {max(stretches.clock):.0f} ms"
    return [
        Figure("frames while 8 processes log, longest", max(stretches.cpu), "ms", FRAME, how),
        Figure("frames while 8 processes log, p99", percentile(stretches.cpu, 0.99), "ms", FRAME),
        Figure("the window's threads meanwhile", share, "% of a core"),
    ]


def main() -> int:
    """Measure each size in a process of its own, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--live", type=int, default=10_000, help="the size of the store that others log to; 0 for none")
    parser.add_argument("--alone", choices=("figures", "live"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", PLATFORM)
    if given.alone:
        found = {"figures": figures, "live": live}[given.alone](given.runs[0])
        print(json.dumps([asdict(one) for one in found]))
        return 0
    missed = 0
    for runs in given.runs:
        large_store(runs)
        missed |= report(f"Explorer on {runs:,} runs", apart("figures", runs))
    if given.live:
        missed |= report(f"Explorer on {given.live:,} runs while 8 processes log", apart("live", given.live))
    return missed


def apart(what: str, runs: int) -> list[Figure]:
    """The figures that a process of its own measures."""
    with tempfile.TemporaryDirectory() as aside:
        settings = {"RUNFOLIO_CONFIG": str(Path(aside) / "settings.toml"), "XDG_CONFIG_HOME": aside}
        command = [sys.executable, "-m", __spec__.name, "--alone", what, "--runs", str(runs)]
        done = subprocess.run(command, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True, check=True)
    return [Figure(**one) for one in json.loads(done.stdout.splitlines()[-1])]


if __name__ == "__main__":
    raise SystemExit(main())
