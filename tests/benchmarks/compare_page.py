"""How fast ten thousand runs are drawn as lines and points, how long a frame of brushing takes, and what explains.

Run with `python -m tests.benchmarks.compare_page`; `--runs 100000` for more. With the real window, on the software
renderer: what is timed is the processor time of the main thread, until all lines or points are painted, and of each
move of the mouse with all that follows from it.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from runfolio.core.columns import Column, param
from runfolio.core.grouping import Values, level_of
from runfolio.core.importance import explain
from runfolio.gui.compare.page import ComparePage
from tests.benchmarks.explorer import PATIENCE, Explorer
from tests.benchmarks.harness import Figure, percentile, report
from tests.benchmarks.large import large_store
from tests.benchmarks.live_latency import rest, wait_until
from tests.screen import PLATFORM

RUNS, MOVES, TIMES = 10_000, 60, 5
DRAWN, FRAME = 500.0, 33.0
# As many runs and params as a large sweep has, and how long one may wait for what explains its metric.
EXPLAINED, EXPLAINING = (1_000, 20), 2_000.0
Mouse = QEvent.Type


def send(widget: QWidget, kind: QEvent.Type, place: QPoint) -> None:
    """What the mouse does, without the pauses of a test's."""
    held = Qt.MouseButton.NoButton if kind is Mouse.MouseButtonRelease else Qt.MouseButton.LeftButton
    button = Qt.MouseButton.NoButton if kind is Mouse.MouseMove else Qt.MouseButton.LeftButton
    where = QPointF(place), QPointF(widget.mapToGlobal(place))
    QApplication.sendEvent(widget, QMouseEvent(kind, *where, button, held, Qt.KeyboardModifier.NoModifier))


def figures_of(what: str, frames: list[float], bar: float | None) -> list[Figure]:
    """Median and 95th percentile, of which the latter is held to the bar."""
    note = f"{len(frames)} frames, longest {max(frames):.1f} ms"
    return [
        Figure(f"{what}, median", median(frames), "ms", None, note),
        Figure(f"{what}, p95", percentile(frames, 0.95), "ms", bar, note),
    ]


def dragged(widget: QWidget, places: list[QPoint]) -> list[float]:
    """Milliseconds of each stretch at which the event loop works while the mouse is dragged."""
    frames = []
    send(widget, Mouse.MouseButtonPress, places[0])
    for place in places[1:]:
        now = time.thread_time()
        send(widget, Mouse.MouseMove, place)
        QApplication.processEvents()
        frames.append(1000 * (time.thread_time() - now))
        rest(0.005)
    send(widget, Mouse.MouseButtonRelease, places[-1])
    return frames


def drawn(widget: QWidget, draw: Callable[[], None], done: Callable[[], bool]) -> tuple[float, float]:
    """Milliseconds until all is drawn and painted: of processor time, and by the clock."""
    spent, passed = [], []
    for _ in range(TIMES):
        cpu, now = time.thread_time(), time.perf_counter()
        draw()
        while not done():
            QApplication.processEvents()
        widget.repaint()
        spent.append(1000 * (time.thread_time() - cpu))
        passed.append(1000 * (time.perf_counter() - now))
    return median(spent), median(passed)


def brushed(page: ComparePage, column: Column) -> list[float]:
    """Frames of a stretch that is made longer and shorter, and of another one that is moved."""
    view = page.parallel.view
    axis = next(place for place, one in enumerate(view.axes) if one.column == column)
    x = round(view.x_of(axis))
    ends = np.concatenate([np.linspace(0.9, 0.1, MOVES), np.linspace(0.1, 0.7, MOVES)])
    frames = dragged(view, [QPoint(x, round(float(view.y_of(np.array(at))))) for at in (1.0, *ends)])
    wait_until(lambda: page.settled, PATIENCE)
    held = [QPoint(x, round(float(view.y_of(np.array(at))))) for at in np.linspace(0.85, 0.2, MOVES)]
    frames += dragged(view, held)
    view.clear_brushes()
    wait_until(lambda: page.settled, PATIENCE)
    return frames


def banded(page: ComparePage) -> list[float]:
    """Frames of a rubber band that becomes larger."""
    view = page.scatter.view
    area = view.area
    size = QPointF(area.width(), area.height())
    return dragged(view, [(area.topLeft() + size * part).toPoint() for part in np.linspace(0, 1, MOVES)])


def explained() -> float:
    """Milliseconds of processor time that it takes to say which of some params explain a metric."""
    chance, runs = np.random.default_rng(0), np.arange(EXPLAINED[0])
    values = chance.normal(size=(EXPLAINED[1], len(runs)))
    levels = [level_of(param(str(at), numeric=True), Values(runs, one), runs) for at, one in enumerate(values)]
    now = time.thread_time()
    explain(levels, 3 * values[0] - values[1] + chance.normal(size=len(runs)))
    return 1000 * (time.thread_time() - now)


def figures(runs: int) -> list[Figure]:
    """All that is measured."""
    explorer = Explorer(large_store(runs))
    explorer.session.select_experiments(explorer.all)
    explorer.settle()
    window = explorer.window
    began = time.perf_counter()
    window.actions_by_id["view.compare"].trigger()
    page = window.page.compare
    assert page is not None
    wait_until(lambda: page.settled and page.compared is not None, PATIENCE)
    opened = 1000 * (time.perf_counter() - began)
    assert page.compared is not None
    view, points = page.parallel.view, page.scatter.view
    lines = drawn(view, view.draw_again, lambda: view.settled)
    dots = drawn(points, points.draw_again, lambda: True)
    shown = f"{len(page.compared.runs):,} runs, {len(view.axes)} axes, {view.width()} x {view.height()} pixels"
    found = [
        Figure("open: read, drawn and painted", opened, "ms", None, f"by the clock; {shown}"),
        Figure("all lines drawn", lines[0], "ms", DRAWN, f"{lines[1]:,.0f} ms by the clock"),
        Figure("all points drawn", dots[0], "ms", DRAWN, f"{dots[1]:,.0f} ms by the clock"),
        *figures_of("frame of brushing an axis", brushed(page, view.axes[-1].column), FRAME),
        *figures_of("frame of a rubber band", banded(page), FRAME),
        Figure("what explains a metric", explained(), "ms", EXPLAINING, "{:,} runs, {} params".format(*EXPLAINED)),
    ]
    wait_until(lambda: page.settled, PATIENCE)
    explorer.windows.close_all()
    return found


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", PLATFORM)
    return report(f"Comparison of {given.runs:,} runs", figures(given.runs))


if __name__ == "__main__":
    sys.exit(main())
