"""What logging costs a training script: import, one call, a long loop until it is durable, bytes on disk.

Run with `python -m tests.benchmarks.client`. Every measurement is a process of its own.
"""

from __future__ import annotations

import sys
from statistics import median

from tests.benchmarks.harness import Figure, calibration, report
from tests.benchmarks.scripts import measured, new_folder, size_of

TIMES = 5

IMPORT = """
import time
start = time.perf_counter()
import runfolio
answer = {"import": time.perf_counter() - start}
runfolio.start_run, runfolio.log_metric, runfolio.log_params  # what the first mention loads
answer["functions"] = time.perf_counter() - start
answer["loaded"] = [name for name in ("sqlalchemy", "numpy", "PySide6") if name in sys.modules]
"""

# Calls are spread out as a training loop spreads them, so that the background thread is at work beside them.
CALLS = """
import time
import runfolio
runfolio.start_run()
def timed(call, count):
    spent = []
    clock = time.perf_counter_ns
    for step in range(count):
        start = clock()
        call(step)
        spent.append(clock() - start)
    spent.sort()
    return spent[count // 2] / 1e3, spent[count * 99 // 100] / 1e3
clock_alone = timed(lambda step: None, 20_000)[0]
log, log_many = runfolio.log_metric, runfolio.log_metrics
log("loss", 1.0, step=0)
runfolio.flush()
one = timed(lambda step: log("loss", 0.5, step=step), 100_000)
four = timed(lambda step: log_many({"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4}, step=step), 25_000)
answer = {"one": [t - clock_alone for t in one], "four": [t - clock_alone for t in four]}
"""

DURABLE = """
import random, time
import runfolio
values = [[random.gauss(0.0, 1.0) for _ in range(4)] for _ in range(50_000)]
start = time.perf_counter()
runfolio.start_run()
for step, (a, b, c, d) in enumerate(values):
    runfolio.log_metrics({"train/loss": a, "train/acc": b, "val/loss": c, "val/acc": d}, step=step)
logged = time.perf_counter() - start
assert runfolio.flush()
answer = {"logged": logged, "durable": time.perf_counter() - start}
"""


def import_figures() -> list[Figure]:
    """`import runfolio` over bare Python."""
    answers = [measured(IMPORT, new_folder()) for _ in range(TIMES)]
    loaded = sum(len(answer["loaded"]) for answer in answers)
    spent, functions = (median(answer[what] for answer in answers) * 1e3 for what in ("import", "functions"))
    return [
        Figure("import runfolio, over bare Python", spent, "ms", 25, f"median of {TIMES}"),
        Figure(
            "and its functions for logging, at their first mention", functions, "ms", None, "standard library included"
        ),
        Figure("of SQLAlchemy, numpy and Qt it loads", loaded, "", 0),
    ]


def call_figures() -> list[Figure]:
    """One call, with the background thread at work."""
    answers = [measured(CALLS, new_folder()) for _ in range(TIMES)]

    def figure(name: str, which: int) -> float:
        return float(median(answer[name][which] for answer in answers))

    how = f"median of {TIMES} processes"
    return [
        Figure("log_metric, p50", figure("one", 0), "µs", 2, how),
        Figure("log_metric, p99", figure("one", 1), "µs", 20, how),
        Figure("log_metrics of 4, p50", figure("four", 0), "µs", 5, how),
        Figure("log_metrics of 4, p99", figure("four", 1), "µs", None, how),
    ]


def durable_figures() -> list[Figure]:
    """50,000 steps of 4 metrics of pure noise until they are in the tables, and what they take there."""
    durable, logged, size = [], [], []
    for _ in range(TIMES):
        store = new_folder()
        answer = measured(DURABLE, store)
        durable.append(answer["durable"])
        logged.append(answer["logged"])
        # After the end of the process: all files, the journal's included, which must be gone by now.
        size.append(size_of(store) / 200_000)
    return [
        Figure("50,000 steps of 4 metrics, the loop", median(logged), "s", None, f"median of {TIMES}"),
        Figure("50,000 steps of 4 metrics, durable in the tables", median(durable), "s", 2, f"median of {TIMES}"),
        Figure("on disk, whole store", median(size), "bytes/point", 10, "float64 noise, the worst case"),
    ]


def main() -> int:
    """Measure and print."""
    return report(
        "The logging client", [calibration(), *import_figures(), *call_figures(), *durable_figures(), calibration()]
    )


if __name__ == "__main__":
    sys.exit(main())
