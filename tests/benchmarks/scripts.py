"""Training scripts for benchmarks, each run as a process of its own that leaves its figures in `answer`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def new_folder() -> Path:
    """A place for a store that nobody else uses."""
    return Path(tempfile.mkdtemp(prefix="runfolio-benchmark-")) / "store"


def start(script: str, store: Path, *arguments: str, python: str = sys.executable) -> subprocess.Popen[str]:
    """Start a script, as a user would from a file, whose output is read by `answer_of`."""
    program = "import sys\n" + textwrap.dedent(script) + "\nimport json\nprint(json.dumps(answer))\n"
    file = Path(tempfile.mkdtemp(dir=store.parent)) / "train.py"
    file.write_text(program)
    # What is installed has its bytecode beside it, be it that whoever measures wants none to be written.
    environment = {**os.environ, "RUNFOLIO_STORE": str(store), "PYTHONDONTWRITEBYTECODE": ""}
    return subprocess.Popen(
        [python, str(file), *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=store.parent,
    )


def let_go(processes: Sequence[subprocess.Popen[str]]) -> float:
    """Wait until all scripts have printed a line, then send each one; when that was, in epoch seconds."""
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    began = time.time()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return began


def answer_of(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for a script; its figures. Raises RuntimeError if it failed."""
    output, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"A script of the benchmark failed with code {process.returncode}.")
    answer: dict[str, Any] = json.loads(output.splitlines()[-1])
    return answer


def measured(script: str, store: Path, *arguments: str, python: str = sys.executable) -> dict[str, Any]:
    """Run a script to its end; its figures."""
    return answer_of(start(script, store, *arguments, python=python))


def size_of(folder: Path, *, without: str = "") -> int:
    """The bytes of all files below a folder, but those of one folder in it."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return sum(file.stat().st_size for file in files if not without or without not in file.relative_to(folder).parts)
