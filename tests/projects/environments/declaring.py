"""What projects of tests declare."""

from __future__ import annotations

import subprocess
from pathlib import Path

from runfolio.core.projects.records import DeclaredEnvironment, EnvironmentKind
from runfolio.projects.environments import Prepared

NOTHING = DeclaredEnvironment()
PYTHON = DeclaredEnvironment(EnvironmentKind.PYTHON, "python_env.yaml")
CONDA = DeclaredEnvironment(EnvironmentKind.CONDA, "conda.yaml")


def declare(project: Path, declared: DeclaredEnvironment, text: str, **files: str) -> DeclaredEnvironment:
    """Write the file of an environment, and others by their names without `.txt`."""
    (project / declared.file).write_text(text)
    for name, content in files.items():
        (project / f"{name}.txt").write_text(content)
    return declared


def printed(prepared: Prepared, code: str) -> str:
    """What code prints that `python` runs in the environment."""
    done = subprocess.run(
        ["python", "-c", code], env=prepared.environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
