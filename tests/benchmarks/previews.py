"""How long the first preview of a large file takes, cold and warm, and what is worked out of whole files.

Run with `python -m tests.benchmarks.previews [--size 500]`; the files are made once for each size, in megabytes, and
kept in the folder for temporary files. Cold: nothing is started yet. Warm: the page of artifacts is open, so that the
process that reads is there. In both cases the files have been read by nobody before: their bytes are let go of first.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from runfolio.previews.door import Door
from runfolio.previews.hexed import AskBytes, AskSize
from runfolio.previews.records import Question
from runfolio.previews.table.questions import AskCells, AskTable, SortRows, SumUp
from runfolio.previews.text import AskLines, AskText
from tests.benchmarks.harness import Figure, calibration, median_of, report

#: The first preview of a large table or text, in milliseconds.
BAR = 300
WARM_UP = 3.0
ROWS = 100_000


def main() -> int:
    """Measure all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=500, help="of each file, in megabytes")
    size = parser.parse_args().size
    folder = Path(tempfile.gettempdir()) / f"runfolio-previews-{size}"
    files = made(folder, size * 1_000_000)
    figures = [calibration()]
    for kind, file in files.items():
        figures.append(Figure(f"{kind}: first preview, warm", first(kind, file, warm=True), "ms", BAR, "median of 5"))
        figures.append(Figure(f"{kind}: first preview, cold", first(kind, file, warm=False), "ms", None, "median of 5"))
    figures += wholes(files)
    return report(f"Previews of files of {size} MB", figures)


def made(folder: Path, size: int) -> dict[str, Path]:
    """The files, by their kind."""
    folder.mkdir(exist_ok=True)
    files = {"CSV": folder / "large.csv", "text": folder / "large.log", "Parquet": folder / "large.parquet"}
    random = np.random.default_rng(0)
    if not files["CSV"].exists():
        columns = [np.char.mod("%.6f", random.random(ROWS)) for _ in range(8)]
        rows = "\n".join(",".join(row) for row in zip(*columns, strict=True)) + "\n"
        with files["CSV"].open("w") as file:
            file.write(",".join(f"column {number}" for number in range(8)) + "\n")
            while file.tell() < size:
                file.write(rows)
    if not files["text"].exists():
        lines = "".join(f"2026-01-01 12:00:00 INFO step {number} loss {number / 7:.4f}\n" for number in range(ROWS))
        with files["text"].open("w") as file:
            while file.tell() < size:
                file.write(lines)
    if not files["Parquet"].exists():
        write_parquet(files["Parquet"], size, random)
    return files


def write_parquet(path: Path, size: int, random: np.random.Generator) -> None:
    """A table of random numbers, which do not get smaller."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = size // 64
    pq.write_table(pa.table({f"column {number}": random.random(rows) for number in range(8)}), path)


def questions(kind: str, file: Path) -> list[Question[Any]]:
    """What a viewer asks before there is something to be seen."""
    path = str(file)
    if kind == "text":
        return [AskText(path, 0.01), AskLines(path, 0, 256)]
    return [AskTable(path, 0.01), AskCells(path, 0, 128, 0, 24)]


def first(kind: str, file: Path, *, warm: bool) -> float:
    """The median of the milliseconds until a screen of a file is there."""

    def once() -> float:
        let_go_of(file)
        with door() as one:
            if warm:
                one.warm()
                time.sleep(WARM_UP)
            start = time.perf_counter()
            for question in questions(kind, file):
                one.ask(question)
            return 1000 * (time.perf_counter() - start)

    return median_of(once, warm_up=0)


def wholes(files: dict[str, Path]) -> Iterator[Figure]:
    """What is worked out of a whole file, some milliseconds at a time."""
    with door() as one:
        csv, text, parquet = (str(files[kind]) for kind in ("CSV", "text", "Parquet"))
        yield Figure("text: all lines counted", until(one, AskText(text), lambda told: told.complete), "s")
        yield Figure("CSV: all rows counted", until(one, AskTable(csv), lambda told: told.complete), "s")
        yield Figure("CSV: a column summed up", until(one, SumUp(csv, 1), lambda told: told.share == 1), "s")
        yield Figure("CSV: sorted by a column", until(one, SortRows(csv, 1, False), lambda told: told.share == 1), "s")
        yield Figure("CSV: a page of sorted rows", took(one, AskCells(csv, 5000, 128, 0, 24, 1, False)), "ms", BAR)
        yield Figure("Parquet: a column summed up", until(one, SumUp(parquet, 1), lambda told: told.share == 1), "s")
        yield Figure("Parquet: rows in the middle", took(one, AskCells(parquet, 3_000_000, 128, 0, 24)), "ms")
        yield Figure("bytes at the end", took(one, AskBytes(csv, one.ask(AskSize(csv)) - 4096, 4096)), "ms", BAR)


def until(one: Door, question: Question[Any], is_over: Callable[[Any], bool]) -> float:
    """The seconds until a question that is asked again and again has its whole answer."""
    start = time.perf_counter()
    while not is_over(one.ask(question)):
        pass
    return time.perf_counter() - start


def took(one: Door, question: Question[Any]) -> float:
    """The milliseconds of one question."""
    start = time.perf_counter()
    one.ask(question)
    return 1000 * (time.perf_counter() - start)


def let_go_of(file: Path) -> None:
    """Have the system forget the bytes of a file, where it can be told to."""
    if hasattr(os, "posix_fadvise"):
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@contextmanager
def door() -> Iterator[Door]:
    """A process of its own."""
    one = Door()
    try:
        yield one
    finally:
        one.close()


if __name__ == "__main__":
    raise SystemExit(main())
