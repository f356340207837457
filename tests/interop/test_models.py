"""Models go both ways: what is saved by one library is loaded by the other, each in a process without the first."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.interop.exchange import PYTHON
from tests.models.samples import KINDS

ROOT = Path(__file__).resolve().parents[2]
#: What is exchanged at once, by flavor; those two that are in every run together, for a process takes seconds to start.
QUICK = "pyfunc and sklearn"
GROUPS = {QUICK: tuple(PYTHON)}
for _name, _kind in KINDS.items():
    _group = QUICK if _kind.flavor == "sklearn" else _kind.flavor
    GROUPS[_group] = (*GROUPS.get(_group, ()), _name)

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(importlib.util.find_spec("mlflow") is None, reason="MLflow is not installed"),
]


def exchange(library: str, action: str, folder: Path, kinds: tuple[str, ...]) -> dict[str, Any]:
    """What the models of some kinds say, in a process that has one of the two libraries."""
    command = [sys.executable, "-m", "tests.interop.exchange", library, action, str(folder), *kinds]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "app"), os.environ.get("PYTHONPATH", "")]),
        "RUNFOLIO_INFER_REQUIREMENTS": "0",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


@pytest.fixture(params=[pytest.param(name, marks=() if name == QUICK else pytest.mark.slow) for name in GROUPS])
def kinds(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The kinds of models of a flavor whose libraries are installed."""
    group = GROUPS[request.param]
    for library in {library for name in group if name in KINDS for library in KINDS[name].needs}:
        pytest.importorskip(library, exc_type=ImportError)
    return group


def test_what_is_saved_here_is_loaded_by_mlflow_and_says_the_same(kinds: tuple[str, ...], tmp_path: Path) -> None:
    # MLflow makes pydantic's models of rows by what it puts around `predict` when a class is defined with it.
    kinds = tuple(kind for kind in kinds if kind != "objects")
    made = exchange("runfolio", "make", tmp_path, kinds)
    assert exchange("mlflow", "use", tmp_path, kinds) == made


def test_what_mlflow_saved_is_loaded_here_and_says_the_same(kinds: tuple[str, ...], tmp_path: Path) -> None:
    made = exchange("mlflow", "make", tmp_path, kinds)
    assert exchange("runfolio", "use", tmp_path, kinds) == made
