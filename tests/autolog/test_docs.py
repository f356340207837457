"""The examples on the page about autologging run, each as a script of its own, and their trainings are logged."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import runfolio
from runfolio.core.states import RunStatus
from tests.autolog.conftest import Logged

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "autolog.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.S)


def imported(example: str) -> list[str]:
    """The packages an example needs."""
    return sorted(set(re.findall(r"^(?:import|from) (\w+)", example, re.M)))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: "-".join(imported(example)))
def test_an_example_makes_a_run(example: str, logged: Logged, tmp_path: Path) -> None:
    missing = [name for name in imported(example) if find_spec(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    # One thread: several would wait for each other by turning in circles where the machine is busy.
    settings = {"RUNFOLIO_STORE": str(logged.folder), "KERAS_BACKEND": "torch", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", example]
    done = subprocess.run(
        command, env={**os.environ, **settings}, cwd=tmp_path, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    assert "Autologging of" not in done.stderr
    run = logged.run()
    assert run.status is RunStatus.FINISHED and run.metrics
    assert run.params or "Logger" in example


def test_the_page_names_each_library() -> None:
    from runfolio.client.autolog.registry import LIBRARIES

    assert all(f"`runfolio.{name}.autolog()`" in PAGE for name in LIBRARIES)
    assert all(hasattr(getattr(runfolio, name), "autolog") for name in [*LIBRARIES, "tensorflow"])
