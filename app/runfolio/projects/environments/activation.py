"""Variables that packages of conda set when their environment is activated, found once, when it has been made."""

from __future__ import annotations

import json
import os
from pathlib import Path

from runfolio.environments.processes import run

FILE = ".runfolio-activation.json"
TIMEOUT = 60.0
# What a shell sets by itself, and what is set for the environment as a whole.
_OWN = frozenset(("_", "SHLVL", "PWD", "OLDPWD", "PATH", "CONDA_PREFIX", "CONDA_DEFAULT_ENV"))
_ASK = 'for one in "$CONDA_PREFIX"/etc/conda/activate.d/*.sh; do . "$one"; done >/dev/null 2>&1; env -0'


def record(folder: Path) -> None:
    """Keep what the scripts in `etc/conda/activate.d` set, if there are any; they are for a POSIX shell."""
    if os.name == "nt" or not list(folder.glob("etc/conda/activate.d/*.sh")):
        return
    before = {**os.environ, "CONDA_PREFIX": str(folder), "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    done = run(["sh", "-c", _ASK], timeout=TIMEOUT, environment=before)
    pairs = (one.partition("=") for one in done.output.split("\0") if "=" in one)
    found = {name: value for name, _, value in pairs if name not in _OWN and before.get(name) != value}
    (folder / FILE).write_text(json.dumps(found), encoding="utf-8")


def activated(folder: Path) -> dict[str, str]:
    """What was kept of an environment."""
    try:
        return dict(json.loads((folder / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
