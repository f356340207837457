"""Many small runs: 10,000, each with 10 params, 5 metrics of 10 steps, 3 tags and a small file.

Run with `python -m tests.benchmarks.many_runs`; once with all capture on, as it is by default, and once without.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.benchmarks.harness import Figure, calibration, report, timed
from tests.benchmarks.scripts import measured, new_folder, size_of

RUNS = 10_000

SCRIPT = """
import time
import runfolio
runfolio.configure_capture(**dict.fromkeys(("git", "program", "packages", "host", "console", "system_metrics",
                                            "failure"), sys.argv[2] == "on"))
start, used = time.perf_counter(), time.process_time()
for number in range(int(sys.argv[1])):
    with runfolio.start_run(run_name=f"run {number}"):
        runfolio.log_params({f"param {i}": number * i for i in range(10)})
        runfolio.set_tags({"team": "vision", "seed": number, "kind": "small"})
        for step in range(10):
            runfolio.log_metrics({f"metric {i}": number / (step + i + 1) for i in range(5)}, step=step)
        runfolio.log_text("a small file", "note.txt")
logged = time.perf_counter() - start
assert runfolio.flush()
answer = {"logged": logged, "durable": time.perf_counter() - start, "used": time.process_time() - used}
"""


def bare_files() -> Figure:
    """What the small file of each run costs the disk alone: a folder, a file of another name, its move into place."""
    folder, count = new_folder(), RUNS // 10

    def one(number: int) -> Path:
        place = folder / str(number)
        place.mkdir()
        (place / "part").write_bytes(b"a small file")
        return (place / "part").rename(place / "note.txt")

    folder.mkdir()
    spent = timed(lambda: [one(number) for number in range(count)]) * RUNS / count
    return Figure(f"the machine: {RUNS:,} bare folders with a file", spent, "s", None, f"from {count:,}")


def figures(capture: str) -> list[Figure]:
    """The seconds until all is in the tables, and the bytes beside the files of the runs."""
    store = new_folder()
    answer = measured(SCRIPT, store, str(RUNS), capture)
    size = size_of(store, without="artifacts") / 1e6
    return [
        Figure(f"{RUNS:,} runs, the loop, capture {capture}", answer["logged"], "s"),
        Figure(f"{RUNS:,} runs in the tables, capture {capture}", answer["durable"], "s", 20),
        Figure(f"{RUNS:,} runs, processor time, capture {capture}", answer["used"], "s", None, "of all threads"),
        Figure(f"{RUNS:,} runs on disk, capture {capture}", size, "MB", 40, "without the files of the runs"),
    ]


def main() -> int:
    """Measure and print."""
    return report("Many small runs", [calibration(), bare_files(), *figures("on"), *figures("off"), calibration()])


if __name__ == "__main__":
    sys.exit(main())
