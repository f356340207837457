"""The state of the code in a folder: commit, branch, remote, and what is not committed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from runfolio.core.captured import BRANCH, COMMIT, DIRTY, REMOTE
from runfolio.core.git import PLAIN, ask_git
from runfolio.core.patches import UNKNOWN
from runfolio.core.secrets import url_without_user
from runfolio.core.untracked import kept_files

MAX_NAMES = 1000


@dataclass(frozen=True)
class GitState:
    """What is known of the code: MLflow's tags, and what is not committed."""

    tags: Mapping[str, str] = field(default_factory=dict)
    patch: bytes = b""


def git_state(folder: Path, *, contents: bool = False) -> GitState:
    """The state of the repository that a folder is in; empty outside of one, or without git.

    Args:
        contents: whether small texts that are not in git become part of the patch, and not their names alone.
    """
    git = shutil.which("git")
    if git is None:
        return GitState()
    commit = ask_git(git, folder, "rev-parse", "HEAD")
    if commit is None:
        return GitState()
    tags = {COMMIT: commit.decode().strip()}
    branch = ask_git(git, folder, "symbolic-ref", "--short", "-q", "HEAD")
    remote = ask_git(git, folder, "config", "--get", "remote.origin.url")
    if branch:
        tags[BRANCH] = branch.decode(errors="backslashreplace").strip()
    if remote:
        tags[REMOTE] = url_without_user(remote.decode(errors="backslashreplace").strip())
    patch = _patch(git, folder, contents)
    if patch is not None:
        tags[DIRTY] = str(bool(patch))
    return GitState(tags, patch or b"")


def _patch(git: str, folder: Path, contents: bool) -> bytes | None:
    """What `git apply` needs to get from the commit to the files as they are, then the names of files not in git."""
    top = ask_git(git, folder, "rev-parse", "--show-toplevel")
    root = Path(os.fsdecode(top.rstrip(b"\n"))) if top else folder
    plain = _without_filters(git, root)
    changes = ask_git(git, root, *plain, "diff", "HEAD", "--binary", *PLAIN)
    unknown = ask_git(git, root, "ls-files", "--others", "--exclude-standard", "-z")
    if changes is None:
        return None
    names = [name for name in (unknown or b"").split(b"\0") if name]
    new = kept_files(root, names) if contents else {}
    listed = _listed(name for name in names if name not in new)
    return changes + b"".join(new.values()) + (b"\n" if (changes or new) and listed else b"") + listed


def _listed(names: Iterable[bytes]) -> bytes:
    lines = [UNKNOWN.encode() + name.replace(b"\n", b"\\n") + b"\n" for name in names]
    return b"".join(lines[:MAX_NAMES])


def _without_filters(git: str, folder: Path) -> list[str]:
    """Options that switch off the programs through which the repository wants its files to go."""
    found = ask_git(git, folder, "config", "--name-only", "-z", "--get-regexp", r"^filter\.") or b""
    names = {os.fsdecode(name.rpartition(b".")[0]) for name in found.split(b"\0") if name}
    options = [f"{name}.{verb}=" for name in sorted(names) for verb in ("clean", "smudge", "process")]
    return [part for option in [*options, *(f"{n}.required=false" for n in names)] for part in ("-c", option)]
