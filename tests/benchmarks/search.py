"""How soon runs are found and read: `search_runs` to pandas, filters and orders, a long metric history to numpy.

Run with `python -m tests.benchmarks.search`; `--scan 1000000` adds filters over that many runs.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert

import runfolio
from runfolio.client.tracker import Tracker, close_all
from runfolio.core.states import RunStatus
from runfolio.store import Store, open_store, schema
from runfolio.store.bulk import read_runs
from runfolio.store.search import find_runs
from runfolio.store.series import points
from tests.benchmarks.harness import Figure, median_of, report, timed
from tests.benchmarks.stores import EXPERIMENT, begin_run

RUNS, POINTS = 10_000, 1_000_000
BATCH = 1000
PANDAS_BAR, HISTORY_BAR = 400, 30

FILTERS = (
    "metrics.m1 < 0.5",
    "params.optimizer = 'adamw'",
    "params.lr < 0.01 and (metrics.m1.min < 0.1 or not tags.b = '3')",
    "run_name ilike '%99%'",
    "adamw",
)
KEYS = ("lr", "optimizer", "m0", "m1", "b")
VALUES = ("total", "first_value", "last_value", "min_value", "max_value")
PLACES = ("non_finite", "first_step", "first_time", "last_step", "last_time")
POINT = {"count": 1, "appends": 1, "revision": 1, **dict.fromkeys(PLACES, 0)}
OWN = {
    **{"experiment_id": 100, "status": "FINISHED", "lifecycle_stage": "active", "user_name": "me"},
    **{"source_name": "", "last_seen": 10, "end_time": 10, "revision": 1},
}
ORDERS = ("metrics.m1 DESC", "params.lr ASC")


def fill_wide(folder: Path, runs: int) -> None:
    """A store of finished runs with 10 params, 5 metrics and 3 tags each."""
    chance, tracker = random.Random(0), Tracker(folder)
    try:
        for number in range(runs):
            run = begin_run(tracker, f"run-{number:05}")
            numbers = {f"p{key}": chance.random() for key in range(8)}
            run.log_params(
                {"lr": 10 ** chance.uniform(-4, -1), "optimizer": chance.choice(["adamw", "sgd"]), **numbers}
            )
            run.set_tags({"a": "always", "b": number % 7, "note": f"the note of run {number}"})
            for step in range(2):
                run.log_metrics({f"m{key}": chance.random() for key in range(5)}, step)
            run.end(RunStatus.FINISHED)
            if number % BATCH == BATCH - 1 and not tracker.flush():
                raise RuntimeError("The store was not filled in time.")
    finally:
        tracker.close()


def fill_long(folder: Path, length: int) -> None:
    """A store of one run with one metric of so many points of noise."""
    chance, tracker = random.Random(0), Tracker(folder)
    try:
        run = begin_run(tracker, "long")
        for step in range(length):
            run.log_metric("loss", chance.gauss(0, 1), step)
        run.end(RunStatus.FINISHED)
    finally:
        tracker.close()


def fill_rows(store: Store, runs: int) -> None:
    """Rows for very many runs with 2 params, 2 metrics and a tag, without the detour over a journal."""
    chance = random.Random(0)
    with store.writing() as transaction:
        connection = transaction.connection
        times = {"creation_time": 0, "last_update_time": 0, "revision": 1}
        row = {"id": 100, "name": EXPERIMENT, "lifecycle_stage": "active", **times}
        connection.execute(insert(schema.experiments), row)
        for number, name in enumerate(KEYS, start=100):
            connection.execute(insert(schema.keys), {"id": number, "name": name})
    for start in range(1, runs + 1, 50_000):
        numbers = range(start, min(start + 50_000, runs + 1))
        with store.writing() as transaction:
            for table, rows in _rows(numbers, chance):
                transaction.connection.execute(insert(table), list(rows))


def _rows(numbers: range, chance: random.Random) -> Iterator[tuple[Table, Iterator[dict[str, Any]]]]:
    yield schema.runs, (OWN | {"id": n, "run_uuid": f"{n:032x}", "name": f"run-{n}", "start_time": n} for n in numbers)
    rates = ((n, chance.random()) for n in numbers)
    yield schema.params, ({"run_id": n, "key_id": 100, "number": rate, "value": str(rate)} for n, rate in rates)
    yield schema.params, ({"run_id": n, "key_id": 101, "value": chance.choice(["adamw", "sgd"])} for n in numbers)
    yield schema.tags, ({"run_id": n, "key_id": 104, "value": str(n % 7)} for n in numbers)
    for key in (102, 103):
        points = ((n, chance.random()) for n in numbers)
        yield schema.series, (POINT | {"run_id": n, "key_id": key} | dict.fromkeys(VALUES, v) for n, v in points)


def milliseconds(function: Callable[[], object], times: int = 5) -> float:
    """The median of some calls."""
    return median_of(lambda: timed(function), times) * 1e3


def search_figures(folder: Path, runs: int) -> list[Figure]:
    """Searching as a script does, and each filter and order by itself."""
    runfolio.set_tracking_uri(folder)

    def search(**how: Any) -> Any:
        return runfolio.search_runs(experiment_names=[EXPERIMENT], **how)

    assert search().shape == (runs, 6 + 5 + 10 + 3 + 1)
    how = f"{runs:,} runs"
    figures = [
        Figure("search_runs to pandas", milliseconds(search), "ms", PANDAS_BAR, how),
        Figure("search_runs to a list", milliseconds(lambda: search(output_format="list")), "ms", None, how),
        Figure("search_runs, 100 of them", milliseconds(lambda: search(max_results=100)), "ms", None, how),
    ]
    close_all()
    store = open_store(folder)
    numbers = find_runs(store)
    figures.append(Figure("read_runs", milliseconds(lambda: read_runs(store, numbers)), "ms", None, how))
    figures += find_figures(store, how)
    store.close()
    return figures


def find_figures(store: Store, how: str, times: int = 5) -> list[Figure]:
    """Numbers of runs by filters and in orders."""

    def figure(what: str, **asked: Any) -> Figure:
        return Figure(f"find {what}", milliseconds(lambda: find_runs(store, **asked), times), "ms", None, how)

    return [
        figure("all, the newest first"),
        *(figure(text, filter=text) for text in FILTERS),
        *(figure(f"all by {text}", order_by=[text]) for text in ORDERS),
        figure("a page of 100 by metrics.m1", order_by=["metrics.m1"], limit=100, offset=5000),
    ]


def history_figure(folder: Path, length: int) -> Figure:
    """All points of one metric."""
    store = open_store(folder)
    assert len(points(store, 1, "loss")) == length
    spent = milliseconds(lambda: points(store, 1, "loss"), 9)
    store.close()
    return Figure(f"metric history of {length:,} points to numpy", spent, "ms", HISTORY_BAR, "median of 9")


def scan_figures(folder: Path, runs: int) -> list[Figure]:
    """The same filters over very many runs."""
    store = open_store(folder)
    fill_rows(store, runs)
    figures = find_figures(store, f"{runs:,} runs", 3)
    store.close()
    return figures


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--scan", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wide, long = Path(folder) / "wide", Path(folder) / "long"
        fill_wide(wide, given.runs)
        fill_long(long, given.points)
        figures = [*search_figures(wide, given.runs), history_figure(long, given.points)]
        figures += scan_figures(Path(folder) / "scan", given.scan) if given.scan else []
    return report("Searching and reading", figures)


if __name__ == "__main__":
    raise SystemExit(main())
