"""How soon the run table has groups, and what their runs come to in its columns.

Run with `python -m tests.benchmarks.grouping`; `--runs 1000000` for more. What is read runs on worker threads; what is
opened and closed, on the window's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np

from runfolio.core.columns import NEWEST_FIRST, Column, Kind, Source, param
from runfolio.core.outline import EVERYTHING, Folds
from runfolio.core.views import View
from runfolio.gui.aliases import Ids
from runfolio.gui.runs.grouped import Grouped, Known, read_groups, read_sums
from runfolio.store import Store, open_store
from runfolio.store.run_order import run_ids
from runfolio.store.run_query import RunQuery
from runfolio.store.table import columns
from tests.benchmarks.harness import Figure, report
from tests.benchmarks.search import fill_rows

RUNS, TIMES = 100_000, 5
# So many runs change between two reads.
CHANGED = 200
# Groups with all that is in sight; what is done on the window's thread has a frame.
BAR, FRAME = 500, 16
OPTIMIZER, RATE, TAG = param("optimizer"), param("lr", numeric=True), Column(Source.TAG, "b", Kind.TEXT)


def figure(what: str, work: Callable[[], object], bar: float | None = None) -> Figure:
    """Processor time of this process, which other programs disturb less; the note tells the time on the clock."""
    spent, passed = [], []
    for _ in range(TIMES + 1):
        began, started = process_time(), perf_counter()
        work()
        spent.append(1e3 * (process_time() - began))
        passed.append(1e3 * (perf_counter() - started))
    return Figure(what, median(spent[1:]), "ms", bar, f"processor; {median(passed[1:]):,.0f} ms by the clock")


def grouped_by(store: Store, view: View, runs: Ids, shown: list[Column]) -> Grouped:
    """What the table reads when runs are grouped: the groups, and then the columns that are in sight."""
    return read_sums(store, read_groups(store, view, runs, shown, None), shown)


def figures(store: Store) -> list[Figure]:
    """All that is measured of one store."""
    runs = run_ids(store, RunQuery(sort=(NEWEST_FIRST,)))
    shown = [*columns(store)[1:], TAG]
    view = View(group_by=(OPTIMIZER, TAG))
    known = grouped_by(store, view, runs, shown)
    outline = known.outline()
    outline.place(0)
    changed = set(np.random.default_rng(0).choice(runs, CHANGED, replace=False).tolist())
    row = int(outline.ids[0])
    return [
        figure("two levels", partial(read_groups, store, view, runs, (), None)),
        figure(f"two levels, {len(shown)} columns summed up", partial(grouped_by, store, view, runs, shown), BAR),
        figure(
            f"the same again, {CHANGED} runs changed",
            partial(read_groups, store, view, runs, shown, Known(known, [frozenset(changed)])),
            BAR,
        ),
        figure("all params but one", partial(read_groups, store, View(group_except=(RATE,)), runs, (), None)),
        figure("the order of all rows", known.outline),
        figure("everything opened", partial(outline.shown, Folds(EVERYTHING)), FRAME),
        figure("one group opened", partial(outline.shown_beneath, row, Folds(0, frozenset([row]))), FRAME),
    ]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "store")
        fill_rows(store, given.runs)
        try:
            return report(f"Groups of {given.runs:,} runs", figures(store))
        finally:
            store.close()


if __name__ == "__main__":
    sys.exit(main())
