"""How fast learning curves are drawn: ten million points in one, a hundred in one chart, and twelve charts that grow.

Run with `python -m tests.benchmarks.charts`; `--only long many live groups` for some of them. Each is a process of its
own, with the real window on the software renderer. Stores are made once, through the client, and kept in the folder for
temporary files. What is timed:

* *first draw*: by the clock, from the choice of all runs, or of the one by the filter, with files that the system has
  been told to forget, until the chart has been painted; beside it the processor time of all the window's threads.
* *frames*: for each turn of the wheel and each move of a drag, the longest time at a stretch that the event loop is at
  work until the exact curves of that part are painted, as processor time of the main thread.
* *live*: the same stretches while eight processes log to twenty runs, all of which are in twelve charts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from runfolio.core.columns import param
from runfolio.core.views import View
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.panel import CurvesPanel
from tests.benchmarks.explorer import PATIENCE, Explorer, Stretches
from tests.benchmarks.harness import Figure, percentile, report
from tests.benchmarks.live_latency import rest, wait_until
from tests.screen import PLATFORM

FRAME = 33.0
#: Runs and points of each, the bar of the first draw in ms.
LONG, MANY = (1, 10_000_000, 150.0), (100, 100_000, 400.0)
FORMAT, TURNS, MOVES = 1, 40, 60
NONE = "run_name = 'nobody is called so'"
CHARTS, RUNS, WRITERS, SECONDS = 12, 20, 8, 15.0

FILL = """
import random, sys, runfolio
runfolio.set_tracking_uri(sys.argv[1])
runfolio.set_experiment("curves")
runfolio.configure_capture(**dict.fromkeys(("git", "packages", "console", "system_metrics"), False))
for run in range(int(sys.argv[2])):
    with runfolio.start_run(run_name=f"run {run}"):
        level, noise = 1.0, random.Random(run).random
        for step in range(int(sys.argv[3])):
            level += (0.1 - level) * 1e-4
            runfolio.log_metric("loss", level + 0.1 * noise(), step=step)
"""
#: Logs in a process of its own, and rests between steps: that is the pace of a training, not a wait for anything.
WRITER = f"""
import random, sys, time
import runfolio
runfolio.set_tracking_uri(sys.argv[1])
runfolio.set_experiment("live")
runfolio.configure_capture(**dict.fromkeys(("git", "packages", "console", "system_metrics"), False))
number, end = int(sys.argv[2]), time.monotonic() + float(sys.argv[3])
client = runfolio.MlflowClient()
experiment = runfolio.get_experiment_by_name("live").experiment_id
runs = [client.create_run(experiment, run_name=f"run {{one}}").info.run_id for one in range(number, {RUNS}, {WRITERS})]
for run, one in zip(runs, range(number, {RUNS}, {WRITERS})):
    client.log_param(run, "lr", (0.1, 0.2, 0.4, 0.8)[one % 4])
step = 0
while time.monotonic() < end:
    for run in runs:
        for chart in range({CHARTS}):
            client.log_metric(run, f"metric{{chart:02}}", random.random(), step=step)
    step += 1
    time.sleep(0.05)
"""


def filled_store(runs: int, points: int) -> Path:
    """A store of so many runs with a curve each; made once."""
    folder = Path(tempfile.gettempdir()) / "runfolio-charts" / f"{runs}x{points}-{FORMAT}"
    if not (folder / "made").exists():
        print(f"making a store of {runs:,} x {points:,} points", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-c", FILL, str(folder), str(runs), str(points)], check=True)
        (folder / "made").touch()
    return folder


def forget(folder: Path) -> None:
    """Have the system read the store's files from the disk again, where it can be told so."""
    if hasattr(os, "posix_fadvise"):
        for file in folder.rglob("*"):
            if file.is_file():
                with file.open("rb") as stream:
                    os.fsync(stream.fileno())
                    os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def charts_of(explorer: Explorer) -> CurvesPanel:
    """The panel of charts."""
    wait_until(lambda: explorer.window.page.charts is not None, PATIENCE)
    charts = explorer.window.page.charts
    assert charts is not None
    return charts


def first_draw(folder: Path, runs: int) -> tuple[Explorer, float, float]:
    """The window, and the milliseconds until all curves are painted: by the clock, and of processor time."""
    explorer = Explorer(folder)
    panel, session = charts_of(explorer), explorer.session
    session.select_experiments(explorer.all)
    if runs == 1:
        session.set_view(View(filter=NONE))
    explorer.settle()
    if runs == 1 and any(card.plot.drawn for card in panel.grid.cards()):
        raise RuntimeError("There are curves already, so nothing would be measured.")
    forget(folder)
    clock, cpu = time.perf_counter(), time.process_time()
    if runs > 1:
        session.select_runs(list(range(1, runs + 1)))
    else:
        session.set_view(View())
    wait_until(lambda: any(len(card.plot.drawn) == runs for card in panel.grid.cards()), PATIENCE)
    QApplication.processEvents()  # the first paint begins the pictures of lines, which are made a little at a time
    wait_until(lambda: all(card.plot.settled for card in panel.grid.visible_cards()), PATIENCE)
    QApplication.processEvents()
    return explorer, 1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - cpu)


# Frames


def wheel(card: ChartCard, place: QPointF, turns: int) -> None:
    """Turn the wheel over a chart."""
    viewport = card.plot.viewport()
    where = place, QPointF(viewport.mapToGlobal(place.toPoint()))
    button, held, phase = Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(*where, QPoint(), QPoint(0, 120 * turns), button, held, phase, False)
    QApplication.sendEvent(viewport, event)


def mouse(card: ChartCard, kind: QEvent.Type, place: QPointF) -> None:
    """Press, move or let go of the mouse over a chart, with Shift, which pans."""
    viewport = card.plot.viewport()
    button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    where = place, QPointF(viewport.mapToGlobal(place.toPoint()))
    QApplication.sendEvent(viewport, QMouseEvent(kind, *where, button, held, Qt.KeyboardModifier.ShiftModifier))


def framed(explorer: Explorer, act: Callable[[], None], *, exact: bool = True) -> tuple[float, float]:
    """The longest stretch after something the mouse does, and how long until the exact curves are there, in ms."""
    stretches, clock, cpu = Stretches(), time.perf_counter(), time.thread_time()
    act()
    QApplication.processEvents()
    first = 1000 * (time.thread_time() - cpu)
    if exact:
        wait_until(lambda: explorer.charts_settled, PATIENCE)
    passed = 1000 * (time.perf_counter() - clock)
    stretches.deleteLater()
    return max([first, *stretches.cpu[1:]]), passed


def moved(explorer: Explorer, card: ChartCard) -> tuple[list[float], list[float]]:
    """Frames of zooming into random places and out again, and of panning there; how long until curves are exact."""
    random, frames, waits = np.random.default_rng(1), [], []
    viewport = card.plot.viewport()
    middle = QPointF(viewport.rect().center())
    for _ in range(TURNS // 2):
        place = QPointF(viewport.width() * random.uniform(0.2, 0.9), middle.y())
        for turns in (int(random.integers(1, 12)), -3):
            found = framed(explorer, lambda place=place, turns=turns: wheel(card, place, turns))  # type: ignore[misc]
            frames.append(found[0])
            waits.append(found[1])
        mouse(card, QEvent.Type.MouseButtonPress, middle)
        for step in range(1, MOVES // 20 + 1):
            to = middle + QPointF(7 * step, 0)
            frames.append(framed(explorer, lambda to=to: mouse(card, QEvent.Type.MouseMove, to), exact=False)[0])  # type: ignore[misc]
        mouse(card, QEvent.Type.MouseButtonRelease, to)
        wait_until(lambda: explorer.charts_settled, PATIENCE)
    return frames, waits


def drawn(shape: tuple[int, int, float]) -> list[Figure]:
    """First draw and frames of one chart."""
    runs, points, bar = shape
    explorer, clock, cpu = first_draw(filled_store(runs, points), runs)
    panel = charts_of(explorer)
    card = next(one for one in panel.grid.cards() if one.plot.drawn)
    explorer.settle()
    if runs > 1:
        panel.grid.expand(card.key)
        wait_until(lambda: explorer.charts_settled, PATIENCE)
    frames, waits = moved(explorer, card)
    size = f"{card.plot.width()} x {card.plot.height()} pixels"
    explorer.windows.close_all()
    what = f"{runs:,} x {points:,}"
    note = f"{len(frames)} frames, longest {max(frames):.1f} ms; exact after {median(waits):.0f} ms; {size}"
    return [
        Figure(f"{what}: first draw", clock, "ms", bar, f"{cpu:,.0f} ms of processor time"),
        Figure(f"{what}: frame, median", median(frames), "ms", None, note),
        Figure(f"{what}: frame, p95", percentile(frames, 0.95), "ms", FRAME, note),
    ]


# Live


@contextmanager
def logging(folder: Path) -> Iterator[None]:
    """Eight processes log to twenty runs."""
    seconds = str(SECONDS + PATIENCE)
    commands = [[sys.executable, "-c", WRITER, str(folder), str(one), seconds] for one in range(WRITERS)]
    writers = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for command in commands]
    try:
        yield
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()


def live(*, groups: bool) -> list[Figure]:
    """Stretches of the event loop while twelve charts of twenty runs, or of their groups, grow."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "store"
        subprocess.run([sys.executable, "-c", FILL, str(folder), "1", "10"], check=True)
        explorer = Explorer(folder)
        explorer.window.resize(1600, 1000)
        panel, session = charts_of(explorer), explorer.session
        with logging(folder):
            tree = explorer.window.navigator
            wait_until(lambda: any(one.name == "live" and one.runs == RUNS for one in tree.experiments), PATIENCE)
            session.select_experiments([one.id for one in tree.experiments if one.name == "live"])
            wait_until(lambda: explorer.feed.model.rowCount() == RUNS, PATIENCE)
            if groups:
                session.set_view(View(group_by=(param("lr"),)))
            else:
                session.select_runs([int(run) for run in explorer.feed.model.ids])
            explorer.window.page.splitter.setSizes([100, 900])
            wait_until(lambda: len(panel.grid.keys) == CHARTS, PATIENCE)
            rest(3)
            stretches, cpu = Stretches(), time.process_time()
            rest(SECONDS)
            share = 100 * (time.process_time() - cpu) / SECONDS
            shown = len(panel.grid.visible_cards())
        explorer.windows.close_all()
    frames = [one for one in stretches.cpu if one >= 1]
    what = "groups" if groups else "runs"
    note = f"{len(frames):,} frames above 1 ms, {shown} charts in sight, {share:.0f} % of a core"
    return [
        Figure(f"live, {what}: median", median(frames), "ms", None, note),
        Figure(f"live, {what}: p99", percentile(frames, 0.99), "ms", None, note),
        Figure(f"live, {what}: longest", max(frames), "ms", FRAME, note),
    ]


KINDS: dict[str, Callable[[], list[Figure]]] = {
    "long": lambda: drawn(LONG),
    "many": lambda: drawn(MANY),
    "live": lambda: live(groups=False),
    "groups": lambda: live(groups=True),
}


def apart(kind: str) -> list[Figure]:
    """The figures of one kind, from a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.charts", "--alone", kind]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [Figure(**one) for one in json.loads(told.splitlines()[-1])]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=tuple(KINDS), default=tuple(KINDS))
    parser.add_argument("--alone", choices=tuple(KINDS), help=argparse.SUPPRESS)
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", PLATFORM)
    if given.alone:
        print(json.dumps([asdict(one) for one in KINDS[given.alone]()]))
        return 0
    return report("Learning curves", [figure for kind in given.only for figure in apart(kind)])


if __name__ == "__main__":
    sys.exit(main())
