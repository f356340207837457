"""What it costs to put files into a run and to list them: many small ones, a large one beside `cp`, very many to list.

Run with `python -m tests.benchmarks.artifacts`; the large file is made beside the stores, in the temporary folder.
Every measurement is a process of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks.harness import Figure, calibration, report, timed
from tests.benchmarks.scripts import measured, new_folder

TIMES = 3
LARGE = 2 << 30
SMALL, COUNT = 10_000, 1_000
LISTED = 100_000

SMALL_ONES = """
import os, time
from pathlib import Path
import runfolio
folder = Path("small")
folder.mkdir(exist_ok=True)
for number in range(int(sys.argv[1])):
    (folder / f"{number}.bin").write_bytes(os.urandom(int(sys.argv[2])))
with runfolio.start_run():
    start = time.perf_counter()
    runfolio.log_artifacts(folder)
    logged = time.perf_counter() - start
    runfolio.flush()
    answer = {"logged": logged, "in the tables": time.perf_counter() - start}
"""

LARGE_ONE = """
import os, resource, time
import runfolio
with runfolio.start_run() as run:
    runfolio.log_artifact(__file__)
    runfolio.flush()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    runfolio.log_artifact(sys.argv[1])
    copied = time.perf_counter() - start
    with open(run.info.artifact_uri + "/" + os.path.basename(sys.argv[1]), "rb") as file:
        os.fsync(file.fileno())
    answer = {"copied": copied, "on disk": time.perf_counter() - start}
    answer["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
"""

MANY = """
import time
import runfolio
from runfolio.store import open_store
from runfolio.store.artifacts import list_artifacts
with runfolio.start_run() as run:
    for number in range(int(sys.argv[1])):
        run.note_artifact(f"steps/{number % 100:02}/{number:06}.bin", 1000, f"{number:064x}")
runfolio.flush()
store = open_store(os.environ["RUNFOLIO_STORE"])
start = time.perf_counter()
assert len(list_artifacts(store, 1)) >= int(sys.argv[1])
answer = {"all": time.perf_counter() - start}
start = time.perf_counter()
assert len(list_artifacts(store, 1, "steps/42")) == int(sys.argv[1]) // 100
answer["folder"] = time.perf_counter() - start
"""


def small_figures() -> list[Figure]:
    """A thousand small files, until they are in place and until the tables know them."""
    answers = [measured(SMALL_ONES, new_folder(), str(COUNT), str(SMALL)) for _ in range(TIMES)]
    what = f"{COUNT:,} files of {SMALL // 1000} KB"
    return [
        Figure(f"{what}, logged", median(one["logged"] for one in answers), "s", 2, f"median of {TIMES}"),
        Figure(f"{what}, in the tables", median(one["in the tables"] for one in answers), "s", 2, f"median of {TIMES}"),
    ]


def large_figures() -> list[Figure]:
    """A large file beside `cp`, to the disk and, where that is quicker, into the system's cache."""
    place = Path(tempfile.mkdtemp(prefix="runfolio-benchmark-"))
    file = place / "large.bin"
    with file.open("wb") as made:
        for _ in range(LARGE >> 24):
            made.write(os.urandom(1 << 24))
        os.fsync(made.fileno())
    by_cp, by_cp_on_disk, copied, on_disk, memory = [], [], [], [], []
    try:
        for _ in range(TIMES):
            copy = place / "copy.bin"
            by_cp.append(timed(lambda copy=copy: subprocess.run(["cp", file, copy], check=True)))  # type: ignore[misc]
            by_cp_on_disk.append(by_cp[-1] + timed(lambda copy=copy: subprocess.run(["sync", copy], check=True)))  # type: ignore[misc]
            copy.unlink()
            store = new_folder()
            answer = measured(LARGE_ONE, store, str(file))
            shutil.rmtree(store.parent)
            copied.append(answer["copied"])
            on_disk.append(answer["on disk"])
            memory.append(answer["memory"] / 1024)
        hashed = timed(lambda: subprocess.run(["sha256sum", file], check=True, stdout=subprocess.DEVNULL))
    finally:
        shutil.rmtree(place)
    size = f"{LARGE >> 30} GB"
    each = f"median of {TIMES}"
    return [
        Figure(f"{size}, logged and on the disk", median(on_disk), "s", None, f"hash included, {each}"),
        Figure(f"{size}, `cp` and `sync`", median(by_cp_on_disk), "s", None, each),
        Figure("ratio at disk speed", median(on_disk) / median(by_cp_on_disk), "", 1.5),
        Figure(f"{size}, logged into the system's cache", median(copied), "s", None, f"hash included, {each}"),
        Figure(f"{size}, `cp` into the system's cache", median(by_cp), "s", None, each),
        Figure(f"{size}, `sha256sum` of it alone", hashed, "s", None, "from the cache: no copy with a hash is quicker"),
        Figure("memory it takes more, at its peak", max(memory), "MB", 32, f"most of {TIMES}"),
    ]


def list_figures() -> list[Figure]:
    """All files of a run that has very many, and those of one folder."""
    answers = [measured("import os\n" + MANY, new_folder(), str(LISTED)) for _ in range(TIMES)]
    everything, folder = (median(one[what] for one in answers) * 1e3 for what in ("all", "folder"))
    return [
        Figure(f"all {LISTED:,} files of a run listed", everything, "ms", 300, f"median of {TIMES}"),
        Figure(f"{LISTED // 100:,} of them, in one folder", folder, "ms", None, f"median of {TIMES}"),
    ]


def main() -> int:
    """Measure and print."""
    figures = [calibration(), *small_figures(), *list_figures(), *large_figures(), calibration()]
    return report("Artifacts", figures)


if __name__ == "__main__":
    sys.exit(main())
