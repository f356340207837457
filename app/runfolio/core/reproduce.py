"""How to run something again as it was: shell commands made from what was captured."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from runfolio.core import captured as names
from runfolio.core.patches import read_patch
from runfolio.core.secrets import MASK


@dataclass(frozen=True, slots=True)
class Recipe:
    """The commands, a line each, and what they cannot bring back, in sentences."""

    lines: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def text(self) -> str:
        """To be pasted into a shell; what is missing stands above, as comments.

        The first command that fails is the last: what follows it must not happen in another folder.
        """
        return "\n".join([*(f"# {line}" for line in self.missing), " &&\n".join(self.lines)])


def recipe(
    run_id: str, tags: Mapping[str, str], patch: str | None = None, patch_file: str = "", lock_file: str = ""
) -> Recipe:
    """The commands for a POSIX shell that run a script again; none where its command line was not captured.

    Args:
        run_id: names the folder that the code is put into.
        tags: the run's tags.
        patch: the text of what was not committed; None if there is no such file.
        patch_file: where that text is.
        lock_file: the list of the packages; empty if it was not captured.
    """
    command = tags.get(names.COMMAND, "")
    if not command:
        return Recipe((), ("The command line was not captured.",))
    folder, commit = tags.get(names.FOLDER, ""), tags.get(names.COMMIT, "")
    lines: list[str] = []
    missing: list[str] = []
    if commit:
        lines += _checkout(folder, tags.get(names.REMOTE, ""), commit, run_id)
        changes, lost = _changes(tags, patch, patch_file)
        lines += changes
        missing += lost
    else:
        missing.append("The code was not in git: the files are taken as they are now.")
        lines += [f"cd {shlex.quote(folder)}"] if folder else []
    if lock_file:
        lines += ["python -m venv .venv && . .venv/bin/activate", f"pip install -r {shlex.quote(lock_file)}"]
    else:
        missing.append("The packages were not captured.")
    if commit and folder:
        lines.append('cd "./$inside"')
    if MASK in command:
        missing.append(f"{MASK} stands for a secret that was not kept.")
    again, elsewhere = _command(command, tags.get(names.SCRIPT, ""), folder)
    if elsewhere and commit:
        missing.append("The command names its script by a path outside of its folder: what is there now will run.")
    return Recipe((*lines, again), tuple(missing))


def _checkout(folder: str, remote: str, commit: str, run_id: str) -> list[str]:
    """The commit in a folder of its own, from the clone that it was run in, else from where that came from."""
    place = f"../again-{run_id[:8]}"
    if not folder:
        origin = shlex.quote(remote) if remote else "."
        return [f"git clone {origin} again-{run_id[:8]} && cd again-{run_id[:8]}", f"git checkout --detach {commit}"]
    return [
        f"cd {shlex.quote(folder)}",
        "inside=$(git rev-parse --show-prefix)",
        'cd "$(git rev-parse --show-toplevel)"',
        f"git worktree add --detach {place} {commit} && cd {place}",
    ]


def _changes(tags: Mapping[str, str], patch: str | None, patch_file: str) -> tuple[list[str], list[str]]:
    if patch is None:
        dirty = tags.get(names.DIRTY) == "True"
        return [], ["There were uncommitted changes, which are not kept."] if dirty else []
    found = read_patch(patch)
    missing = []
    if found.unknown:
        missing.append(f"Not in git, and so not kept: {', '.join(found.unknown)}")
    if found.cut:
        missing.append("The uncommitted changes are too long to be kept whole, and are left out.")
    return ([f"git apply {shlex.quote(patch_file)}"] if found.files and not found.cut else []), missing


def _command(command: str, script: str, folder: str) -> tuple[str, bool]:
    """The command with the environment's Python and the script of the present folder, and whether that is impossible.

    A script that was named by its whole path would be the one that lies there now, not the one of the commit.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        return command, False
    if words and PurePath(words[0]).name.lower().startswith("python"):
        words[0] = "python"
    elsewhere = False
    if script in words and PurePath(script).is_absolute():
        inside = bool(folder) and PurePath(script).is_relative_to(folder)
        elsewhere = not inside
        words = [str(PurePath(script).relative_to(folder)) if w == script and inside else w for w in words]
    return shlex.join(words), elsewhere
