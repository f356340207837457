"""A store that real scripts have logged to with everything captured: for tests of what the inspector says of it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

from runfolio.store import Store, open_store
from runfolio.store.recover import recover
from runfolio.store.runs import get_run
from runfolio.store.search import find_runs

APP = Path(__file__).resolve().parents[2] / "app"
MODEL = "def check(loss):\n    if loss < 0:\n        raise ValueError(f'the loss is {loss}')\n"
TRAIN = """
import argparse
import numpy as np
import runfolio
from model import check

parser = argparse.ArgumentParser()
parser.add_argument("--name")
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--fail", action="store_true")
args = parser.parse_args()

with runfolio.start_run(run_name=args.name):
    runfolio.log_params({"lr": args.lr, **{f"layer{n}.width": 2 ** n for n in range(8)}})
    data = {"x": np.arange(6.0), "y": np.arange(6)}
    runfolio.log_input(runfolio.data.from_numpy(data, name="digits"), context="training")
    for epoch in range(5):
        runfolio.log_metrics({"val/acc": epoch * args.lr, "system/cpu_utilization_percentage": 50.0 + epoch}, epoch)
        print(f"epoch {epoch}: done")
    if args.fail:
        check(-1.5)
    with runfolio.start_run(run_name=f"{args.name}-inner", nested=True):
        runfolio.log_param("fold", 1)
"""


def make(folder: Path) -> Path:
    """Run the script: `first`; `same`; `faster`, with another setting and code; and `broken`, which fails."""
    project = folder / "project"
    project.mkdir()
    (project / "train.py").write_text(textwrap.dedent(TRAIN), encoding="utf-8")
    (project / "model.py").write_text(MODEL, encoding="utf-8")
    (project / ".gitignore").write_text("__pycache__\n", encoding="utf-8")
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-qm", "Begin")
    train(folder, "--name", "first")
    train(folder, "--name", "same")
    (project / "model.py").write_text(MODEL.replace("< 0", "< -1"), encoding="utf-8")
    train(folder, "--name", "faster", "--lr", "0.2")
    train(folder, "--name", "broken", "--lr", "0.2", "--fail")
    return folder / "store"


def git(folder: Path, *arguments: str) -> None:
    """Run git as somebody."""
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false", *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def train(folder: Path, *arguments: str) -> None:
    """Run the script with everything captured."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RUNFOLIO_", "GIT_"))}
    own = {"PYTHONPATH": str(APP), "RUNFOLIO_STORE": str(folder / "store"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "train.py", *arguments]
    subprocess.run(command, cwd=folder / "project", env=kept | own, capture_output=True, check=False)


def opened(folder: Path) -> Store:
    """The store, with everything that was logged in its tables."""
    store = open_store(folder)
    recover(store)
    return store


def number(store: Store, name: str) -> int:
    """The store's number of the run of this name."""
    return next(run for run in find_runs(store) if get_run(store, run).name == name)
