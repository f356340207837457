"""Asks git about a repository that is not trusted: its settings must not make git start programs of their choice."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from tempfile import TemporaryFile

#: Of a longer answer only the beginning is kept; bytes.
MAX_ANSWER = 4 << 20
TIMEOUT = 10.0
# No prompts, no locks, no settings from elsewhere, and none of the programs a repository's own settings may name.
ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    # Older ones know nothing of that: what is missing would be fetched from wherever the repository says, and by what.
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
SETTINGS = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "core.untrackedCache=false")
#: What keeps `git diff` from starting the programs that a repository names for its files.
PLAIN = ("--no-ext-diff", "--no-textconv", "--no-color")
COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def ask_git(git: str, folder: Path, *arguments: str) -> bytes | None:
    """What git answers, up to a limit; None if it fails or takes too long."""
    try:
        return _answer(git, folder, *arguments)
    except TimeoutError:
        return None


def _answer(git: str, folder: Path, *arguments: str) -> bytes | None:
    """The same. Raises TimeoutError if it takes too long."""
    settings = [part for setting in SETTINGS for part in ("-c", setting)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = [git, "--no-pager", *settings, *arguments]
    # A file, not a pipe: a patch may be large, and no thread can be started at a program's end to read one in time.
    with TemporaryFile() as answer:
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env={**kept, **ENVIRONMENT},
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=TIMEOUT,
            )
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"git took longer than {TIMEOUT:g} seconds.") from error
        except (OSError, subprocess.SubprocessError, ValueError):
            return None
        answer.seek(0)
        found = answer.read(MAX_ANSWER)
        if answer.read(1):
            found += f"\n# ... cut after {MAX_ANSWER:,} bytes\n".encode()
    return found if done.returncode == 0 else None


def between_commits(git: str, folder: Path, old: str, new: str) -> str | None:
    """What differs between two commits of the repository that a folder is in; None where it does not have both.

    Raises:
        TimeoutError: git took too long, in a sentence.
    """
    if not (COMMIT.fullmatch(old) and COMMIT.fullmatch(new)):
        return None
    found = _answer(git, folder, "diff", *PLAIN, old, new, "--") if folder.is_dir() else None
    return None if found is None else found.decode("utf-8", "replace")
