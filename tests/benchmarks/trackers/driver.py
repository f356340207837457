"""Does one piece of work with one tracker, in the Python that has it. Its last line of output is the figures.

`python -m tests.benchmarks.trackers.driver NAME WORK FOLDER COUNT`
"""

from __future__ import annotations

import importlib
import json
import math
import random
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType

KEYS = ("train/loss", "train/acc", "val/loss", "val/acc")
now = time.perf_counter


def long_run(tracker: ModuleType, folder: Path, steps: int) -> dict[str, float]:
    """One run of steps of four metrics: how long it takes to begin, a call, and all until it is on disk."""
    chance = random.Random(0)
    noise = [chance.gauss(0.0, 0.01) for _ in range(1009)]
    began = now()
    tracker.start(folder)
    started = now()
    calls = []
    clock = time.perf_counter_ns
    for step in range(steps):
        loss = math.exp(-step / steps) + noise[step % 1009]
        values = dict(zip(KEYS, (loss, 1 - loss, loss * 1.1, 1 - loss * 1.1), strict=True))
        before = clock()
        tracker.log(values, step)
        calls.append(clock() - before)
    tracker.finish()
    spent = now() - started
    calls.sort()
    return {
        "start": started - began,
        "p50": calls[steps // 2] / 1e9,
        "p99": calls[steps * 99 // 100] / 1e9,
        "points": 4 * steps / spent,
    }


def small_runs(tracker: ModuleType, folder: Path, count: int) -> dict[str, float]:
    """Runs with 10 params, 3 tags, 5 metrics of 10 steps and a file of a few bytes; the first is not counted."""
    note = folder.with_name("note.txt")
    note.write_text("A small file.")
    values = [{f"metric{at}": 1 / (step + at + 1) for at in range(5)} for step in range(10)]
    tracker.small_run(folder, 0, values, note)
    began = now()
    for number in range(1, count + 1):
        tracker.small_run(folder, number, values, note)
    tracker.small_runs_done()
    return {"run": (now() - began) / count}


def main() -> None:
    """Do the work that the arguments name."""
    name, work, folder, count = sys.argv[1:]
    began = now()
    tracker = importlib.import_module(f"tests.benchmarks.trackers.{name}")
    figures: dict[str, float | str] = {"import": now() - began}
    try:
        figures["version"] = version(tracker.PACKAGE)
    except PackageNotFoundError:  # run from its source
        figures["version"] = "this version"
    figures |= (long_run if work == "long" else small_runs)(tracker, Path(folder), int(count))
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
