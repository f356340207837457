"""What it costs to put files into a run and to list them: many small ones, a large one beside `cp`, very many to list.

Run with `python -m tests.benchmarks.artifacts`; the large file is made beside the stores, in the temporary folder.
Every measurement is a process of its own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks.harness import Figure, calibration, report, timed
from tests.benchmarks.scripts import measured, new_folder

TIMES = 3
TURNS = 6
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

# One after the other in one process, and the other way round the next time: a machine's memory that was free for a
# second may have to be asked for again, which takes longer than the copy.
LARGE_ONE = """
import os, resource, subprocess, time
import runfolio

large, cold, ours_first = sys.argv[1], sys.argv[2] == "cold", sys.argv[3] == "ours"
answer = {}

def forget():
    with open(large, "rb") as opened:
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

def timed(what, copy, place):
    if cold:
        forget()
    start = time.perf_counter()
    copy()
    if cold:
        subprocess.run(["sync", place], check=True)
    answer[what] = time.perf_counter() - start
    os.unlink(place)

with runfolio.start_run() as run:
    runfolio.log_artifact(__file__)
    runfolio.flush()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours = "logged", lambda: runfolio.log_artifact(large), run.info.artifact_uri + "/" + os.path.basename(large)
    theirs = "cp", lambda: subprocess.run(["cp", large, "copy.bin"], check=True), "copy.bin"
    for one in (ours, theirs) if ours_first else (theirs, ours):
        timed(*one)
    answer["memory"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
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
    """A large file beside `cp`: from disk to disk, and within the system's cache."""
    place = Path(tempfile.mkdtemp(prefix="runfolio-benchmark-"))
    file = place / "large.bin"
    with file.open("wb") as made:
        for _ in range(LARGE >> 24):
            made.write(os.urandom(1 << 24))
        os.fsync(made.fileno())
    try:
        cold, warm = (_beside_cp(file, how) for how in ("cold", "warm"))
        hashed = timed(lambda: _hash(file))
    finally:
        shutil.rmtree(place)
    size, each = f"{LARGE >> 30} GB", f"median of {TURNS}"
    return [
        Figure(f"{size} from disk to disk, logged", cold["logged"], "s", None, f"hash included, {each}"),
        Figure(f"{size} from disk to disk, `cp` and `sync`", cold["cp"], "s", None, each),
        Figure("ratio at disk speed", cold["ratio"], "", 1.5, each),
        Figure(f"{size} within the system's cache, logged", warm["logged"], "s", None, f"hash included, {each}"),
        Figure(f"{size} within the system's cache, `cp`", warm["cp"], "s", None, each),
        Figure(f"{size}, SHA-256 of it alone", hashed, "s", None, "from the cache: no copy with a hash is quicker"),
        Figure("memory it takes more, at its peak", max(cold["memory"], warm["memory"]), "MB", 32),
    ]


def _beside_cp(file: Path, how: str) -> dict[str, float]:
    """Medians of what the copy with its hash takes, and `cp`, and of the ratio."""
    answers = []
    for turn in range(TURNS):
        store = new_folder()
        answer = measured(LARGE_ONE, store, str(file), how, "ours" if turn % 2 else "theirs")
        answers.append({**answer, "ratio": answer["logged"] / answer["cp"]})
        shutil.rmtree(store.parent)
    return {what: median(one[what] for one in answers) for what in answers[0]}


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


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
