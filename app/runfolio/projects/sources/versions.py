"""Which commit a branch, a tag or the beginning of a commit's number means in a repository of this machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.git import COMMIT
from runfolio.core.registry.names import nearest
from runfolio.projects.sources.git import ask

# What stands in `main~2` and its like, and in the name of no branch.
_OF_ANOTHER = re.compile(r"[~^:?*\[\\]|@\{|\.\.")
_SHORT = re.compile(r"[0-9a-f]{4,64}")


@dataclass(frozen=True, slots=True)
class Version:
    """A commit, and the branch that was asked for, "" if it was none."""

    commit: str
    branch: str = ""


def checked_version(version: str) -> str:
    """A version without blanks around it. Raises InvalidValue for what git would take for an option."""
    version = version.strip()
    if version.startswith("-") or any(ord(c) < 32 or c == "\x7f" for c in version):
        raise InvalidValue(f"{version!r} is no branch, tag or commit.")
    return version


def is_whole(version: str) -> bool:
    """Whether it is the whole number of a commit."""
    return bool(COMMIT.fullmatch(version))


def is_short(version: str) -> bool:
    """Whether it may be the beginning of a commit's number."""
    return bool(_SHORT.fullmatch(version))


def find_version(repository: Path, version: str) -> Version | None:
    """The commit of a version; of "", what is checked out, or what the server shows first. None if there is none.

    A branch comes before a tag of the same name, as where git checks one out.

    Args:
        repository: a folder of it, or a bare one.
    """
    if not version:
        branch = (ask(repository, "symbolic-ref", "--short", "-q", "HEAD") or "").strip()
        commit = commit_of(repository, "HEAD")
        return Version(commit, branch) if commit else None
    for name, branch in _meanings(version):
        if found := commit_of(repository, name):
            return Version(found, branch)
    return None


def _meanings(version: str) -> Iterator[tuple[str, str]]:
    """The names that git may know a version by, each with the branch that it would be, the first one first."""
    if not is_whole(version) and not _OF_ANOTHER.search(version):
        yield f"refs/heads/{version}", version
        yield f"refs/tags/{version}", ""
        yield f"refs/remotes/{version}", version.partition("/")[2]
        yield f"refs/remotes/origin/{version}", version
    yield version, version.removeprefix("refs/heads/") if version.startswith("refs/heads/") else ""


def commit_of(repository: Path, name: str) -> str | None:
    """The commit that git means by a name; None if it knows none, or cannot decide."""
    found = ask(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return found.strip() if found else None


def no_version(repository: Path, version: str, where: str) -> NotFound:
    """The error to raise where a repository has no such version, with what is near to it."""
    if not version:
        return NotFound(f"{where} has no commits yet.", "Commit something, and push it.")
    if is_short(version):
        listed = ask(repository, "rev-parse", f"--disambiguate={version}") or ""
        if len(listed.split()) > 1:
            return NotFound(f"More than one object of {where} begins with {version}.", "Give more of the commit.")
        if is_whole(version):
            return NotFound(f"The commit {version} is not in {where}.", "Was it pushed? Was the history rewritten?")
    names = (ask(repository, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/tags") or "").splitlines()
    short = [name.split("/", 2)[2] for name in names]
    some = ", ".join(short[:8]) + (", …" if len(short) > 8 else "")
    hint = nearest(version, short) + (f"It has {some}." if short else "It has neither.")
    return NotFound(f"{where} has no branch, tag or commit {version!r}.", hint)
