"""Real file systems with a fault, for as long as a test needs one: full, or read-only. Needs Linux and root."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(kind: str, where: Path, options: str, source: str = "") -> Iterator[Path]:
    """A file system of that kind, made for this and gone afterwards; skips the test where none can be mounted.

    `source` is a file that holds one; else it is made of nothing, as a tmpfs is.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a file system")
    where.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", kind, "-o", options, source or kind, str(where)], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"no {kind} can be mounted here: {done.stderr.strip()}")
    try:
        yield where
    finally:
        # Lazily: a failed test may have left a file open on it.
        subprocess.run(["umount", "-l", str(where)], check=True)
