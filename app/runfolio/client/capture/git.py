"""The state of the code: commit, branch, remote, and what is not committed.

The repository is not trusted: its settings must not make git start programs of their choice.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile

from runfolio.client.capture.secrets import url_without_user
from runfolio.core.captured import BRANCH, COMMIT, DIRTY, REMOTE

#: Of a larger patch only the beginning is kept; bytes.
MAX_PATCH = 4 << 20
MAX_NAMES = 1000
TIMEOUT = 10.0
# No prompts, no locks, no settings from elsewhere, and none of the programs a repository's own settings may name.
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
_SETTINGS = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "core.untrackedCache=false")


@dataclass(frozen=True)
class GitState:
    """What is known of the code: MLflow's tags, and what is not committed."""

    tags: Mapping[str, str] = field(default_factory=dict)
    patch: bytes = b""


def git_state(folder: Path) -> GitState:
    """The state of the repository that a folder is in; empty outside of one, or without git."""
    git = shutil.which("git")
    if git is None:
        return GitState()
    commit = _ask(git, folder, "rev-parse", "HEAD")
    if commit is None:
        return GitState()
    tags = {COMMIT: commit.decode().strip()}
    branch = _ask(git, folder, "symbolic-ref", "--short", "-q", "HEAD")
    remote = _ask(git, folder, "config", "--get", "remote.origin.url")
    if branch:
        tags[BRANCH] = branch.decode(errors="backslashreplace").strip()
    if remote:
        tags[REMOTE] = url_without_user(remote.decode(errors="backslashreplace").strip())
    patch = _patch(git, folder)
    if patch is not None:
        tags[DIRTY] = str(bool(patch))
    return GitState(tags, patch or b"")


def _patch(git: str, folder: Path) -> bytes | None:
    """What `git apply` needs to get from the commit to the files as they are, then the names of files not in git."""
    top = _ask(git, folder, "rev-parse", "--show-toplevel")
    root = Path(os.fsdecode(top.rstrip(b"\n"))) if top else folder
    plain = _without_filters(git, root)
    changes = _ask(git, root, *plain, "diff", "HEAD", "--binary", "--no-ext-diff", "--no-textconv", "--no-color")
    unknown = _ask(git, root, "ls-files", "--others", "--exclude-standard", "-z")
    if changes is None:
        return None
    names = [name for name in (unknown or b"").split(b"\0") if name]
    listed = b"".join(b"# not in git: " + name.replace(b"\n", b"\\n") + b"\n" for name in names[:MAX_NAMES])
    return changes + (b"\n" if changes and listed else b"") + listed


def _without_filters(git: str, folder: Path) -> list[str]:
    """Options that switch off the programs through which the repository wants its files to go."""
    found = _ask(git, folder, "config", "--name-only", "-z", "--get-regexp", r"^filter\.") or b""
    names = {os.fsdecode(name.rpartition(b".")[0]) for name in found.split(b"\0") if name}
    options = [f"{name}.{verb}=" for name in sorted(names) for verb in ("clean", "smudge", "process")]
    return [part for option in [*options, *(f"{n}.required=false" for n in names)] for part in ("-c", option)]


def _ask(git: str, folder: Path, *arguments: str) -> bytes | None:
    """What git answers, up to a limit; None if it fails or takes too long."""
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = [git, "--no-pager", *settings, *arguments]
    # A file, not a pipe: a patch may be large, and no thread can be started at a program's end to read one in time.
    with TemporaryFile() as answer:
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env={**kept, **_ENVIRONMENT},
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=TIMEOUT,
            )
        except (OSError, subprocess.SubprocessError, ValueError):
            return None
        answer.seek(0)
        found = answer.read(MAX_PATCH)
        if answer.read(1):
            found += f"\n# ... cut after {MAX_PATCH:,} bytes\n".encode()
    return found if done.returncode == 0 else None
