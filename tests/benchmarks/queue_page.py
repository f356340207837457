"""Whether the page of jobs keeps up with ten thousand jobs: frames while it is scrolled and while jobs change.

Run with `python -m tests.benchmarks.queue_page`. The real window shows the page; a process of its own changes jobs ten
times a second, as who works at the queue does. What is timed is how long the window's thread is at work at a stretch:

* *scroll*: each step of the scroll bar, with all that follows from it.
* *frames while jobs change*: the stretches of the event loop that take a millisecond or more while nobody scrolls.

Both as processor time of that thread, which other work on the machine disturbs less; by the clock for comparison.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QEvent

from tests.screen import PLATFORM

os.environ.setdefault("QT_QPA_PLATFORM", PLATFORM)

from PySide6.QtWidgets import QApplication

from runfolio.core.projects.request import Needs, RunRequest
from runfolio.core.queue.records import JobKind
from runfolio.gui.app import application
from runfolio.gui.queue.page import JobsPage
from runfolio.gui.theme import Mode, Theme
from runfolio.gui.windows import Windows
from runfolio.store import Store, open_store
from runfolio.store.queue.changing import enqueue_many
from tests.benchmarks.explorer import Stretches
from tests.benchmarks.harness import Figure, percentile, report
from tests.benchmarks.live_latency import rest, wait_until

JOBS, FRAME, STEPS, SECONDS, PATIENCE = 10_000, 16.0, 400, 10.0, 120.0
# A job begins and another one ends with each turn, ten times a second.
WORKER = """
import sys, time
from runfolio.core.queue.records import JobState
from runfolio.store import open_store
from runfolio.store.queue.reading import waiting_jobs
from runfolio.store.queue.working import begin_job, end_job, note_job
store = open_store(sys.argv[1])
going, end = [], time.monotonic() + float(sys.argv[2])
while time.monotonic() < end:
    began = time.monotonic()
    [job] = waiting_jobs(store, 1)
    begin_job(store, job.id)
    going.append(job.id)
    if len(going) > 4:
        end_job(store, going.pop(0), JobState.FINISHED, exit_code=0)
    time.sleep(max(0.1 - (time.monotonic() - began), 0))
"""


def fill(store: Store) -> None:
    """Ten thousand jobs that wait."""
    request = RunRequest("projects/digits", parameters={"alpha": "0.5", "seed": "1"}, needs=Needs(2, 4.0)).written()
    enqueue_many(store, [(JobKind.RUN, f"train-resnet, seed {number}", request) for number in range(JOBS)])


def scrolled(page: JobsPage, steps: int) -> list[float]:
    """Milliseconds of processor time that each step of the scroll bar takes, with all that follows."""
    bar, spent = page.table.verticalScrollBar(), []
    for step in range(steps):
        began = time.thread_time()
        bar.setValue(bar.value() + (3 if step % 20 else bar.maximum() // 30))
        if bar.value() >= bar.maximum() - 50:
            bar.setValue(0)
        QApplication.sendPostedEvents()
        QApplication.processEvents()
        spent.append(1000 * (time.thread_time() - began))
        rest(0.012)
    return spent


def main() -> int:
    """Measure and print."""
    application()
    theme = Theme(Mode.DARK)
    theme.apply()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.update(RUNFOLIO_CONFIG=str(Path(scratch) / "settings.toml"), XDG_CONFIG_HOME=scratch)
        os.environ["RUNFOLIO_QUEUE"] = "0"
        store = open_store(Path(scratch) / "store")
        fill(store)
        windows = Windows(theme)
        window = windows.open(store)
        wait_until(lambda: window.page.charts is not None and not window.session.jobs.running, PATIENCE)
        began = time.perf_counter()
        window.actions_by_id["view.jobs"].trigger()
        page = window.middle.currentWidget()
        assert isinstance(page, JobsPage)
        wait_until(lambda: page.table.jobs.rowCount() == JOBS and page.settled, PATIENCE)
        page.table.viewport().repaint()
        opened = 1000 * (time.perf_counter() - began)
        rest(1)
        quiet = scrolled(page, STEPS)
        worker = subprocess.Popen([sys.executable, "-c", WORKER, str(store.path), str(2 * SECONDS + 5)])
        wait_until(lambda: page.table.jobs.at_work > 3, PATIENCE)
        stretches = Stretches()
        rest(SECONDS)
        still, still_clock = list(stretches.cpu), list(stretches.clock)
        live = scrolled(page, STEPS)
        worker.wait()
        windows.close_all()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    busy = sorted(one for one in still if one >= 1)
    told = f"longest {max(still):.1f} ms of {len(busy):,} above 1 ms; longest by the clock {max(still_clock):.1f} ms"
    figures = [
        Figure(f"open the page of {JOBS:,} jobs", opened, "ms", None, "by the clock, rows painted"),
        Figure("scroll, nothing changes: 99 %", percentile(quiet, 0.99), "ms", FRAME, f"longest {max(quiet):.1f} ms"),
        Figure("frames while jobs change: 99 %", percentile(busy, 0.99), "ms", FRAME, told),
        Figure("scroll while jobs change: 99 %", percentile(live, 0.99), "ms", FRAME, f"longest {max(live):.1f} ms"),
    ]
    return report(f"The page of {JOBS:,} jobs", figures)


if __name__ == "__main__":
    raise SystemExit(main())
