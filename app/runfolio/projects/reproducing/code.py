"""Where the code of a run is to be taken from, and what of it is lost."""

from __future__ import annotations

from pathlib import Path

from runfolio.core import captured as names
from runfolio.core.numbers import counted
from runfolio.core.patches import CUT, UNKNOWN, read_patch
from runfolio.projects.reproducing.finding import Found, find_commit
from runfolio.projects.reproducing.given import Given
from runfolio.projects.reproducing.plan import Code, Problem
from runfolio.store.captured import MOST, captured_text

#: So many files that are not kept are named.
NAMED = 8


def code_of(given: Given, places: list[str], remote: str, folder: str) -> tuple[Code, Found | None, list[Problem]]:
    """The code of a run, the repository that has its commit, if one has, and what is wrong.

    Args:
        places: folders of this machine that may be in that repository.
        remote: where else it may be had; "" if nowhere.
        folder: that it worked in, by its whole path; "" for none of this machine.
    """
    commit = given.tag(names.COMMIT)
    if not commit:
        return _not_in_git(folder)
    found, reason = find_commit(commit, places, remote, given.watch)
    if found is None:
        problem = Problem(f"The commit {commit[:10]} cannot be had. {reason}".strip(), fatal=True)
        return Code(commit=commit, remote=remote), None, [problem]
    patch, problems = _patch(given)
    inside, told = _inside(found, folder)
    return Code(found.origin, commit, inside, found.top, patch, remote), found, [*problems, *told]


def _not_in_git(folder: str) -> tuple[Code, None, list[Problem]]:
    if not folder:
        return Code(), None, [Problem("Its code was not in git, and is taken as it is now.")]
    if not Path(folder).exists():
        return Code(folder=folder), None, [Problem(f"Its code was not in git, and {folder} is gone.", fatal=True)]
    return Code(folder=folder), None, [Problem("Its code was not in git: the files are taken as they are now.")]


def _inside(found: Found, folder: str) -> tuple[str, list[Problem]]:
    """The folder to work in, relative to the repository's top."""
    if found.top is None or not folder:
        return found.prefix or "", []
    top, whole = found.top.resolve(), Path(folder).resolve()
    if whole.is_relative_to(top):
        inside = whole.relative_to(top).as_posix()
        return "" if inside == "." else inside, []
    told = f"It was started in {folder}, outside of its repository: it will work in the folder of its script."
    return found.prefix or "", [Problem(told)]


def _patch(given: Given) -> tuple[bytes, list[Problem]]:
    """What was not committed, as far as it is kept, and what is not."""
    dirty = given.tag(names.DIRTY).lower() == "true"
    text = captured_text(given.store, given.run, names.PATCH)
    if text is None:
        return b"", [Problem("There were uncommitted changes, which are not kept.")] if dirty else []
    found = read_patch(text.text)
    problems = []
    if found.unknown:
        some = ", ".join(found.unknown[:NAMED]) + (", …" if len(found.unknown) > NAMED else "")
        problems.append(Problem(f"{counted(len(found.unknown), 'file')} not in git, and so not kept: {some}"))
    if found.cut or not text.whole:
        problems.append(Problem("The uncommitted changes are too long to be kept whole, and are left out."))
        return b"", problems
    with text.file.open("rb") as stream:  # not all of it need be text in UTF-8
        return _without_names(stream.read(MOST)), problems


def _without_names(patch: bytes) -> bytes:
    """A patch without the names of other files at its end."""
    lines = patch.split(b"\n")
    while lines and (not lines[-1] or lines[-1].startswith((UNKNOWN.encode(), CUT.encode()))):
        lines.pop()
    # The part of a binary file ends with an empty line.
    return b"\n".join([*lines, b"", b""]) if lines else b""
