"""Scripts written for MLflow run with only the import line changed, and against MLflow itself where it is installed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.py"))


def changed(source: str) -> str:
    """The script with `mlflow` read as `runfolio`, in its import lines alone."""
    source = re.sub(r"^import mlflow$", "import runfolio as mlflow", source, flags=re.M)
    source = re.sub(r"^import mlflow\.(\S+)$", r"import runfolio.\1", source, flags=re.M)
    return re.sub(r"^from mlflow(\S*) import", r"from runfolio\1 import", source, flags=re.M)


def run(source: str, folder: Path, **variables: str) -> None:
    """Run a script in a folder of its own; its own assertions tell whether all is well."""
    script = folder / "script.py"
    script.write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr and "WARNING" not in done.stderr, done.stderr


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_only_the_import_line_changes(example: Path, tmp_path: Path) -> None:
    source = changed(example.read_text(encoding="utf-8"))
    assert source.count("runfolio") == len(re.findall(r"^(?:import|from) runfolio", source, flags=re.M)) > 0
    run(source, tmp_path, RUNFOLIO_STORE=str(tmp_path / "store"))


@pytest.mark.slow
@pytest.mark.skipif(find_spec("mlflow") is None, reason="MLflow is not installed")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_is_right_about_mlflow(example: Path, tmp_path: Path) -> None:
    source = example.read_text(encoding="utf-8")
    run(source, tmp_path, MLFLOW_TRACKING_URI=f"sqlite:///{tmp_path / 'mlflow.db'}")
