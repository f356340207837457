"""How much can be logged: points a second until they are in the tables, memory, bytes on disk, many processes.

Run with `python -m tests.benchmarks.throughput`; `--points N` for more or fewer than 36 million, an hour of 10,000 a
second. `python -m tests.benchmarks.many_runs` measures many small runs.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from statistics import median

from runfolio.store import open_store
from runfolio.store.bulk import read_runs
from runfolio.store.recover import recover
from runfolio.store.search import find_runs
from runfolio.store.series import points
from tests.benchmarks.harness import Figure, calibration, report
from tests.benchmarks.scripts import answer_of, let_go, measured, new_folder, size_of, start

AN_HOUR = 36_000_000
PROCESSES, STEPS_OF_EACH = 16, 100_000

# As fast as it can: what is measured is when all is in the tables. The memory is the process's own, without what the
# kernel holds of the journal's files.
SUSTAINED = """
import math, time
import psutil, runfolio
count = int(sys.argv[1])
process = psutil.Process()
def own():
    info = process.memory_info()
    return info.rss - info.shared
runfolio.start_run()
log = runfolio.log_metrics
values = [{"train/loss": math.exp(-i / 999), "train/acc": i / 1000, "val/loss": math.sin(i), "val/acc": i * 1e-3}
          for i in range(1000)]
memory = []
for step in range(1000):
    log(values[step], step)
runfolio.flush()
start = time.perf_counter()
for step in range(1000, 1000 + count // 4):
    log(values[step % 1000], step)
    if step % (count // 80) == 0:
        memory.append(own())
assert runfolio.flush()
answer = {"rate": count / (time.perf_counter() - start), "memory": memory}
"""

# One value a step, at a steady pace, as a learning curve has: rounded to what a float32 of a GPU holds.
REGULAR = """
import math, random, struct
import runfolio
chance = random.Random(0)
def float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]
runfolio.start_run()
for step in range(1_000_000):
    value = float32(math.exp(-step / 2e5) + chance.gauss(0, 0.01))
    runfolio.log_metric("loss", value, step=step, timestamp=1_700_000_000_000 + step * 20)
assert runfolio.flush()
answer = {}
"""

ONE_OF_MANY = """
import time
import runfolio
runfolio.start_run(run_name=sys.argv[1])
runfolio.flush()
print("ready", flush=True)
sys.stdin.readline()
for step in range(int(sys.argv[2])):
    runfolio.log_metrics({"a": step, "b": step * 0.5, "c": -step, "d": 1.0}, step=step)
while not runfolio.flush():
    pass
answer = {"ended": time.time()}
"""


def sustained_figures(count: int) -> list[Figure]:
    """One process: points a second, and how memory grows after the first tenth."""
    answer = measured(SUSTAINED, new_folder(), str(count))
    memory = answer["memory"]
    early, late = median(memory[2:6]), median(memory[-4:])
    how = f"{count:,} points"
    return [
        Figure("one process, points into the tables", answer["rate"], "/s", 500_000, how, at_least=True),
        Figure("its memory at the end, over that after a tenth", late / early, "times", 1.25, f"{late / 1e6:.0f} MB"),
    ]


def disk_figures() -> list[Figure]:
    """A regular series of a million points."""
    store = new_folder()
    measured(REGULAR, store)
    return [Figure("on disk, whole store", size_of(store) / 1e6, "bytes/point", 8, "a regular series, float32 noise")]


def many_figures() -> list[Figure]:
    """16 processes into one store: the rate of all together, and that nothing is lost or out of order."""
    store = new_folder()
    open_store(store).close()
    started = time.time()
    processes = [start(ONE_OF_MANY, store, f"rank {number}", str(STEPS_OF_EACH)) for number in range(PROCESSES)]
    began = let_go(processes)
    ended = max(float(answer_of(process)["ended"]) for process in processes)
    rate = PROCESSES * STEPS_OF_EACH * 4 / (ended - began)
    how = f"{PROCESSES} processes of {STEPS_OF_EACH * 4:,} points, from when all have begun"
    return [
        Figure("starting so many processes", began - started, "s", None, "until each has a run in the tables"),
        Figure("many processes, points into the tables", rate, "/s", 300_000, how, at_least=True),
        Figure("of them lost or out of order", _wrong(store), "points", 0),
    ]


def _wrong(store: Path) -> int:
    opened = open_store(store)
    recover(opened)
    runs = read_runs(opened, find_runs(opened))
    wrong = abs(PROCESSES - len(runs)) * STEPS_OF_EACH * 4
    for run in runs:
        for key in "abcd":
            steps = points(opened, run.id, key).steps.tolist()
            wrong += sum(1 for step, expected in zip(steps, range(STEPS_OF_EACH), strict=False) if step != expected)
            wrong += abs(STEPS_OF_EACH - len(steps))
    opened.close()
    return wrong


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=AN_HOUR)
    count = parser.parse_args().points
    figures = [calibration(), *many_figures(), *disk_figures(), *sustained_figures(count), calibration()]
    return report("Throughput", figures)


if __name__ == "__main__":
    sys.exit(main())
