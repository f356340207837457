"""What all benchmarks share: repeat, take medians and percentiles, print one table, and say which bars were missed."""

from __future__ import annotations

import gc
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        what: the thing measured.
        value: the number, already in `unit`.
        unit: such as `ms`, `µs`, `bytes/point`, `% of a core`.
        bar: the greatest value allowed, or None if the figure is only told.
        note: how the number came about, such as `median of 5`.
        at_least: the bar is the least value allowed instead.
    """

    what: str
    value: float
    unit: str
    bar: float | None = None
    note: str = ""
    at_least: bool = False

    @property
    def passed(self) -> bool:
        """True when there is no bar or the value keeps it."""
        if self.bar is None:
            return True
        return self.value >= self.bar if self.at_least else self.value <= self.bar


def timed(function: Callable[[], object]) -> float:
    """The seconds one call takes, without a garbage collection falling into it."""
    gc.collect()
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def repeat(function: Callable[[], float], times: int = 5, warm_up: int = 1) -> list[float]:
    """The results of several measurements; the first `warm_up` ones, with cold caches, are dropped."""
    return [function() for _ in range(warm_up + times)][warm_up:]


def median_of(function: Callable[[], float], times: int = 5, warm_up: int = 1) -> float:
    """The median of several measurements."""
    return median(repeat(function, times, warm_up))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that at least `share` (0 to 1) of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1e6) * len(ordered) // 1_000_000) - 1))]


def append_rate(count: int = 200_000) -> float:
    """Records of 32 bytes a second that a bare loop of `os.write` appends to a file."""
    with tempfile.TemporaryFile(buffering=0) as file:
        descriptor, record, write = file.fileno(), bytes(32), os.write
        return count / timed(lambda: [write(descriptor, record) for _ in range(count)])


def calibration() -> Figure:
    """The machine's own speed beside the figures: another machine, or a busy one, shows here."""
    return Figure("the machine: bare appends to a file", median_of(append_rate, 3), "/s", None, "32 bytes each")


def report(title: str, figures: Sequence[Figure]) -> int:
    """Print the figures as a table; returns the process's exit code: 1 when a bar was missed."""
    heading = f"{title} · Python {platform.python_version()} · {platform.system()} {platform.machine()}"
    rows = [("", "measured", "bar", "", "how"), *map(_cells, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print(heading)
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:4], widths[1:4], strict=True)),
        ]
        print("  ".join([*cells, row[4]]).rstrip())
    sys.stdout.flush()
    return 0 if all(figure.passed for figure in figures) else 1


def _cells(figure: Figure) -> tuple[str, str, str, str, str]:
    sign = ">=" if figure.at_least else "<="
    bar = "" if figure.bar is None else f"{sign} {_number(figure.bar)} {figure.unit}"
    verdict = "" if figure.bar is None else ("ok" if figure.passed else "MISSED")
    return figure.what, f"{_number(figure.value)} {figure.unit}", bar, verdict, figure.note


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
