"""Differences between commits, of a repository that may want to start programs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from runfolio.core import git as asking
from runfolio.core.git import ask_git, between_commits

GIT = shutil.which("git") or ""
pytestmark = pytest.mark.skipif(not GIT, reason="git is not installed")


def git(folder: Path, *arguments: str) -> str:
    command = [GIT, "-c", "user.name=me", "-c", "user.email=me@example.org", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def commits(tmp_path: Path) -> tuple[Path, str, str]:
    """A repository with two commits, whose settings name programs that leave a file behind."""
    git(tmp_path, "init", "-q")
    (tmp_path / ".gitattributes").write_text("*.py diff=evil\n")
    found = []
    for text in ("lr = 0.1\n", "lr = 0.2\n"):
        (tmp_path / "train.py").write_text(text)
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-q", "-m", "x")
        found.append(git(tmp_path, "rev-parse", "HEAD"))
    for setting in ("diff.external", "diff.evil.command", "diff.evil.textconv", "core.fsmonitor", "core.pager"):
        git(tmp_path, "config", setting, "touch ran; false")
    return tmp_path, found[0], found[1]


def test_what_differs_between_two_commits_is_told_and_no_program_is_started(commits: tuple[Path, str, str]) -> None:
    folder, old, new = commits
    found = between_commits(GIT, folder, old, new)
    assert found is not None and "-lr = 0.1\n+lr = 0.2" in found
    assert between_commits(GIT, folder, old, old) == ""
    assert not list(folder.rglob("ran"))


def test_git_that_takes_too_long_is_another_thing_than_git_that_has_not_got_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(asking, "TIMEOUT", 0.1)
    with pytest.raises(TimeoutError, match=r"git took longer than 0\.1 seconds\."):
        between_commits(str(slow), tmp_path, "0" * 40, "1" * 40)
    assert ask_git(str(slow), tmp_path, "status") is None


def test_what_is_no_commit_of_this_repository_is_not_asked_for(commits: tuple[Path, str, str]) -> None:
    folder, old, _ = commits
    for new in ("HEAD", "--output=x", old[:10], "0" * 40, ""):
        assert between_commits(GIT, folder, old, new) is None
    assert between_commits(GIT, folder / "gone", old, old) is None
    assert not (folder / "x").exists()


def test_what_is_missing_is_not_fetched_from_where_the_repository_says(commits: tuple[Path, str, str]) -> None:
    folder, old, new = commits
    blob = git(folder, "rev-parse", f"{old}:train.py")
    trap = folder / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch '{folder}/ran'\n")
    trap.chmod(0o755)
    for name, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{trap}",
        "protocol.ext.allow": "always",
    }.items():
        git(folder, "config", name, value)
    (folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert between_commits(GIT, folder, old, new) is None
    assert not (folder / "ran").exists()
