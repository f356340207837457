"""Scripts as users write them, run as processes of their own against a store of the test's."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

Script = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the script's store is."""
    return tmp_path / "store"


@pytest.fixture
def script(folder: Path, tmp_path: Path) -> Script:
    """Runs a script that finds the store by `RUNFOLIO_STORE`; returns the finished process."""

    def run(source: str, *, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "script.py"
        file.write_text(textwrap.dedent(source), encoding="utf-8")
        variables = {**os.environ, "RUNFOLIO_STORE": str(folder), **environment}
        done = subprocess.run(
            [sys.executable, str(file)], env=variables, cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == code, done.stderr
        return done

    return run
