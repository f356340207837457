"""Runfolio side by side with other trackers: the same work for each, counted until it is on disk.

    python -m tests.benchmarks.rivals                            # what is installed beside Runfolio
    python -m tests.benchmarks.rivals --python VENV/bin/python   # what is installed in another environment
    python -m tests.benchmarks.rivals --write docs/benchmarks.md # and put the table there

Every tracker works as its documentation shows, with nothing switched off or tuned, in processes of its own, and in
turns, so that a change in the machine's speed meets all. Figures are medians. A tracker that is not installed is left
out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.harness import append_rate

ROOT = Path(__file__).resolve().parents[2]
BEGIN, END = "<!-- rivals: written by tests.benchmarks.rivals -->", "<!-- end of rivals -->"
HEADINGS = (
    "",
    "import and start a run",
    "a call of 4 metrics, p50",
    "p99",
    "points/s until on disk",
    "bytes/point",
    "a small run",
    "kB for it",
)


@dataclass(frozen=True, slots=True)
class Rival:
    """A tracker to measure, and how much work gives it some seconds to do."""

    module: str
    name: str
    package: str
    steps: int
    runs: int


RIVALS = (
    Rival("runfolio_", "Runfolio", "runfolio", 250_000, 2_000),
    Rival("mlflow_", "MLflow, SQLite", "mlflow", 1_000, 50),
    Rival("mlflow_batch", "MLflow, SQLite, `log_batch` of 1,000", "mlflow", 20_000, 100),
    Rival("wandb_", "wandb, offline", "wandb", 25_000, 30),
    Rival("tensorboardx_", "tensorboardX", "tensorboardX", 25_000, 200),
    Rival("aim_", "Aim", "aim", 5_000, 30),
    Rival("trackio_", "trackio", "trackio", 25_000, 100),
)


def work(rival: Rival, python: str, kind: str, count: int) -> dict[str, Any] | None:
    """Have one piece of work done; its figures, or None when it could not be."""
    with tempfile.TemporaryDirectory(prefix="runfolio-benchmark-") as place:
        folder = Path(place) / "store"
        folder.mkdir()
        own = rival.package == "runfolio"
        paths = [str(ROOT), *([str(ROOT / "app")] if own else [])]
        settings = {"PYTHONPATH": os.pathsep.join(paths), "TRACKIO_DIR": str(folder), "WANDB_SILENT": "true"}
        driver = ["-m", "tests.benchmarks.trackers.driver", rival.module, kind, str(folder), str(count)]
        command = [sys.executable if own else python, *driver]
        done = subprocess.run(command, cwd=place, env={**os.environ, **settings}, capture_output=True, text=True)
        if done.returncode:
            print(f"{rival.name}: failed.\n{done.stderr[-2000:]}", file=sys.stderr)
            return None
        figures: dict[str, Any] = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))
        files = [file.stat() for file in folder.rglob("*") if file.is_file()]
        figures["bytes"] = sum({file.st_ino: file.st_size for file in files}.values())  # a file of several names is one
        return figures


def is_installed(rival: Rival, python: str) -> bool:
    """Whether that Python has the tracker; Runfolio is here."""
    found = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({rival.package!r}) is None)"
    return rival.package == "runfolio" or subprocess.run([python, "-c", found], cwd=ROOT / "docs").returncode == 0


def measured(rivals: Sequence[Rival], python: str, rounds: int) -> dict[Rival, dict[str, Any]]:
    """The medians of each tracker's figures over rounds in which each has its turn."""
    found: dict[Rival, list[dict[str, Any]]] = {rival: [] for rival in rivals}
    for turn in range(rounds):
        for rival in rivals:
            print(f"round {turn + 1} of {rounds}: {rival.name}", file=sys.stderr, flush=True)
            long = work(rival, python, "long", rival.steps)
            # What a store takes by itself is not the small runs' doing.
            base, small = (work(rival, python, "small", count) for count in (1, 1 + rival.runs))
            if long and base and small:
                size = (small["bytes"] - base["bytes"]) / rival.runs
                found[rival].append(long | {"run": small["run"], "run_bytes": size})
    return {rival: _medians(figures) for rival, figures in found.items() if figures}


def _medians(rounds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, str) else median(figures[name] for figures in rounds)
        for name, value in rounds[0].items()
    }


def cells(rival: Rival, figures: Mapping[str, Any], own: Mapping[str, Any]) -> list[str]:
    """A tracker's line: each figure, and how many times Runfolio's it is."""
    points = 4 * rival.steps
    shown = [
        ("start", figures["import"] + figures["start"], own["import"] + own["start"], 1e3, "ms"),
        ("p50", figures["p50"], own["p50"], 1e6, "µs"),
        ("p99", figures["p99"], own["p99"], 1e6, "µs"),
        ("points", figures["points"], own["points"], 1, ""),
        ("bytes", figures["bytes"] / points, own["bytes"] / (4 * RIVALS[0].steps), 1, ""),
        ("run", figures["run"], own["run"], 1e3, "ms"),
        ("run_bytes", figures["run_bytes"], own["run_bytes"], 1e-3, ""),
    ]
    version = "" if rival.package == "runfolio" else f" {figures['version']}"
    line = [f"{rival.name}{version}"]
    for _, value, ours, scale, unit in shown:
        ratio = "" if figures is own else f" ({_number(value / ours)} ×)"
        line.append(f"{_number(value * scale)} {unit}".strip() + ratio)
    return line


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"


def as_table(rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [HEADINGS, ["---", *["---:"] * (len(HEADINGS) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(file: Path, text: str) -> None:
    """Put a text between the marks of a page. Raises ValueError if it has none."""
    page = file.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{file} has no place for the table.")
    file.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has the other trackers")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=Path, help="a page with a place for the table")
    given = parser.parse_args()
    there = [rival for rival in RIVALS if is_installed(rival, given.python)]
    absent = [rival.name for rival in RIVALS if rival not in there]
    found = measured(there, given.python, given.rounds)
    own = found[RIVALS[0]]
    table = as_table([cells(rival, figures, own) for rival, figures in found.items()])
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    rate = f"a bare append to a file: {append_rate():,.0f}/s"
    about = f"{time.strftime('%Y-%m-%d')} · {machine} · {rate} · medians of {given.rounds}"
    missing = f"\n\nNot installed, so not measured: {', '.join(absent)}." if absent else ""
    text = f"{about}\n\n{table}{missing}"
    print(text)
    if given.write:
        write(given.write, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
