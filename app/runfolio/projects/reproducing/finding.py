"""Looks for the commit that a run was made with: where it was made, in the cache, and on the server it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath

from runfolio.core.errors import InvalidValue, UserError
from runfolio.projects.sources.address import Place, read_address
from runfolio.projects.sources.checkout import Origin, common_folder
from runfolio.projects.sources.git import ask
from runfolio.projects.sources.mirrors import mirrored
from runfolio.projects.sources.source import Watch
from runfolio.projects.sources.versions import commit_of


@dataclass(frozen=True, slots=True)
class Found:
    """A repository that has a commit.

    Attributes:
        top: of the worktree, where it is one of this machine's.
        prefix: the folder that was asked about, relative to the top, with `/`; None where only its path is known.
    """

    origin: Origin
    top: Path | None
    prefix: str | None


def find_commit(commit: str, folders: Iterable[str], address: str, watch: Watch) -> tuple[Found | None, str]:
    """The repository that has a commit: that of one of the folders, else the one of the address.

    Returns:
        It, and why the last one that was asked does not serve; None if none does.
    """
    reason = ""
    for folder in dict.fromkeys(filter(None, folders)):
        found, told = _here(commit, Path(folder))
        if found is not None:
            return found, ""
        reason = reason or told
    if address:
        found, told = _there(commit, address, watch)
        return found, " ".join(filter(None, [reason, told])) if found is None else ""
    return None, reason


def _here(commit: str, folder: Path) -> tuple[Found | None, str]:
    if not folder.is_dir():
        return None, f"The folder {folder} is gone."
    objects = common_folder(folder)
    if objects is None:
        return None, f"{folder} is in no git repository any more."
    if commit_of(folder, commit) is None:
        return None, f"The repository of {folder} does not have it."
    top = (ask(folder, "rev-parse", "--show-toplevel") or "").rstrip("\n")
    prefix = (ask(folder, "rev-parse", "--show-prefix") or "").strip("\n/")
    remote = (ask(folder, "config", "--get", "remote.origin.url") or "").strip()
    shown = _shown(remote)
    place = Path(top) if top else None
    origin = Origin(objects, remote if shown else top or str(folder), shown or top or str(folder), local=True)
    return Found(origin, place, prefix), ""


def _there(commit: str, address: str, watch: Watch) -> tuple[Found | None, str]:
    try:
        where = read_address(address)
        if where.place == Place.PATH:
            return _here(commit, Path(where.location))
        mirror, _ = mirrored(where.location, commit, watch)
    except UserError as error:
        return None, error.message
    return Found(Origin(mirror, where.location, where.shown, local=False), None, None), ""


def _shown(remote: str) -> str:
    try:
        address = read_address(remote) if remote else None
    except InvalidValue:
        return ""
    return address.shown if address is not None and address.place == Place.GIT else ""


def folder_with(found: Found, commit: str, folder: str, files: Iterable[str]) -> str | None:
    """Where in a repository a folder of another machine is: the longest end of its path that has one of the files.

    Args:
        folder: a whole path, such as `/home/ada/code/examples/first`; the repository's own folder need not be there.
        files: relative to it.

    Returns:
        Relative to the repository's top, with `/`; None if it has no such folder.
    """
    listed = ask(found.origin.objects, "ls-tree", "-r", "-z", "--name-only", commit) or ""
    names = set(listed.split("\0"))
    parts = [part for part in PurePath(folder).parts if part not in ("/", "\\")]
    wanted = list(files)
    for start in range(len(parts) + 1):
        inside = "/".join(parts[start:])
        if any((f"{inside}/{file}" if inside else file) in names for file in wanted):
            return inside
    return None


def is_in_commit(found: Found, commit: str, path: str) -> bool:
    """Whether a commit has a file or a folder, by its path with `/`."""
    return ask(found.origin.objects, "cat-file", "-e", f"{commit}:{path}") is not None
