"""`runfolio reproduce`: what would be done and what is lost, for people and for programs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.projects.sources.repositories import GIT, commit

pytestmark = pytest.mark.skipif(not GIT, reason="git is not installed")


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store with one run of a script in a repository, one file of which is not committed."""
    code = tmp_path / "code"
    commit(code, train_py="import runfolio\nwith runfolio.start_run(): pass\n", a_txt="1\n")
    (code / "a.txt").write_text("2\n")
    (code / "b.txt").write_text("2\n")
    environment = {**os.environ, "RUNFOLIO_STORE": str(tmp_path / "made"), "RUNFOLIO_CAPTURE": "1"}
    subprocess.run([sys.executable, "train.py", "--lr=0.1"], cwd=code, env=environment, check=True)
    return str(tmp_path / "made")


def run_id(store: str) -> str:
    return str(json.loads(run("runs", "list", "--json", "--store", store).stdout)[0]["run_id"])


def test_what_would_be_done_is_told(store: str, tmp_path: Path) -> None:
    word = run_id(store)[:8]
    done = run("reproduce", word, "-P", "lr=0.2", "--dry-run", "--store", store, COLUMNS="300")
    for told in ("python train.py --lr=0.2", "a.txt (+1 −1)", str(tmp_path / "code"), "packages, Python 3"):
        assert told in done.stdout
    assert "differs: 1 file not in git, and so not kept: b.txt" in done.stdout
    told = json.loads(run("reproduce", word, "--dry-run", "--json", "--env-manager", "uv", "--store", store).stdout)
    assert told["possible"] and told["words"] == ["python", "train.py", "--lr=0.1"] and told["env_manager"] == "uv"
    assert told["patch"] and told["packages"] and told["repository"] == str(tmp_path / "code")


def test_what_cannot_be_run_again_has_an_exit_code_of_its_own(store: str, tmp_path: Path) -> None:
    word = run_id(store)
    assert "takes no 'depth'" in run("reproduce", word, "-P", "depth=3", "--dry-run", "--store", store, code=1).stdout
    shutil.rmtree(tmp_path / "code")
    done = run("reproduce", word, "--dry-run", "--store", store, code=1)
    assert "cannot be run: The commit" in done.stdout and "is gone" in done.stdout
    assert "'lr' is no param" in run("reproduce", word, "-P", "lr", "--dry-run", "--store", store, code=2).stderr
