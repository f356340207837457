"""A fresh checkout of a commit in a folder of its own, with its submodules and objects from where they are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from runfolio.core.errors import EnvironmentProblem, InvalidValue, UserError
from runfolio.core.git import COMMIT
from runfolio.core.printable import printable
from runfolio.projects.sources.address import Address, Place, read_address
from runfolio.projects.sources.git import ask, clone_here, run_here
from runfolio.projects.sources.mirrors import mirrored
from runfolio.projects.sources.source import Watch
from runfolio.projects.sources.trouble import cannot_check_out
from runfolio.projects.sources.versions import Version, commit_of

#: Submodules in submodules, and all of them together.
DEEPEST, MOST = 10, 200
_GITLINK = "160000"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a commit is from.

    Attributes:
        objects: a repository of this machine that has it: a mirror, or the user's own.
        address: what its submodules are found by: of another machine, or a path.
        shown: the same as it may be printed.
        local: whether the user's own; only such a one may have submodules of this machine.
    """

    objects: Path
    address: str
    shown: str
    local: bool


@dataclass(frozen=True, slots=True)
class Module:
    """A submodule as a commit names it."""

    name: str
    path: str
    url: str
    commit: str


def check_out(origin: Origin, version: Version, folder: Path, watch: Watch) -> None:
    """Write the files of a commit into a new or empty folder, and those of its submodules.

    The folder is a repository of its own, with the branches and tags of the other and none of its settings and hooks.

    Raises:
        UserError: git cannot, or not get a submodule.
        Stopped: nobody waits any more.
    """
    _check_out(origin, version, folder, watch, 0, [0])


def _check_out(origin: Origin, version: Version, folder: Path, watch: Watch, depth: int, count: list[int]) -> None:
    _alone(origin, version, folder, watch)
    for module in _modules(folder, version.commit):
        count[0] += 1
        if depth == DEEPEST or count[0] > MOST:
            raise InvalidValue(f"{origin.shown} has too many submodules in submodules.")
        try:
            watch.tell(f"Submodule {module.path}")
            place = _place_in(folder, module.path)
            found = _origin_of(module, origin, watch)
            _check_out(found, Version(module.commit), place, watch, depth + 1, count)
        except UserError as error:
            raise type(error)(f"The submodule {module.path!r}: {error.message}", error.hint) from error


def _alone(origin: Origin, version: Version, folder: Path, watch: Watch) -> None:
    """The commit without its submodules."""
    options = ["--quiet", "--shared", "--no-checkout", "--template=", "--origin", "origin"]
    done = clone_here(["clone", *options, "--", str(origin.objects), str(folder)], folder.parent, watch)
    if done.code != 0:
        raise cannot_check_out(origin.shown, version.commit, done)
    ask(folder, "remote", "set-url", "origin", origin.shown)
    where = ["--no-track", "-B", version.branch] if version.branch else ["--detach"]
    done = run_here(["checkout", "--force", "--progress", *where, version.commit, "--"], folder, watch)
    if done.code != 0:
        raise cannot_check_out(origin.shown, version.commit, done)


def _modules(folder: Path, commit: str) -> list[Module]:
    """The submodules that a commit has and says the address of, but those that are not to be fetched."""
    wanted = {
        found["path"].rstrip("/"): (name, found["url"])
        for name, found in _settings(folder, commit).items()
        if found.get("path") and found.get("url") and found.get("update") != "none"
    }
    tree = ask(folder, "--literal-pathspecs", "ls-tree", "-z", commit, "--", *wanted) if wanted else None
    modules = []
    for line in (tree or "").split("\0"):
        facts, _, path = line.partition("\t")
        mode, _, rest = facts.partition(" ")
        linked = rest.rpartition(" ")[2]
        if mode == _GITLINK and path in wanted and COMMIT.fullmatch(linked):
            name, url = wanted[path]
            modules.append(Module(name, path, url, linked))
    return modules


def _settings(folder: Path, commit: str) -> dict[str, dict[str, str]]:
    """What a commit says of its submodules, by their names."""
    listed = ask(folder, "config", "--blob", f"{commit}:.gitmodules", "-z", "--get-regexp", r"^submodule\.")
    found: dict[str, dict[str, str]] = {}
    for entry in (listed or "").split("\0"):
        key, _, value = entry.partition("\n")
        name, _, what = key.removeprefix("submodule.").rpartition(".")
        found.setdefault(name, {})[what] = value
    return found


def _place_in(folder: Path, path: str) -> Path:
    """The folder of a submodule, which git has made empty; not by way of a link that leads elsewhere."""
    place = folder / path
    if place.resolve() != folder.resolve() / path or not place.is_dir():
        raise InvalidValue(f"{printable(path)!r} is no folder of this checkout.", "The repository may be hostile.")
    return place


def _origin_of(module: Module, parent: Origin, watch: Watch) -> Origin:
    address = _resolved(module.url, parent)
    shown = address.shown
    for own in _own(module, parent):
        if commit_of(own, module.commit):
            return Origin(own, address.location, shown, local=True)
    if address.place == Place.GIT:
        mirror, _ = mirrored(address.location, module.commit, watch)
        return Origin(mirror, address.location, shown, local=False)
    if not parent.local:
        raise InvalidValue(
            f"{shown} is on this machine, and {parent.shown} is not.",
            "What another machine says is not taken for a reason to read repositories here.",
        )
    path = Path(address.location)
    if commit_of(path, module.commit) is None:
        raise EnvironmentProblem(f"The commit {module.commit[:10]} is not in {shown}.", "Was it pushed there?")
    return Origin(common_folder(path) or path, address.location, shown, local=True)


def _own(module: Module, parent: Origin) -> list[Path]:
    """Where the user's own repository may have the submodule already: it may hold what was never pushed."""
    parts = module.name.split("/")
    if not parent.local or not all(parts) or ".." in parts or "." in parts:
        return []
    place = parent.objects / "modules" / module.name
    return [place] if (place / "HEAD").is_file() else []


def _resolved(url: str, parent: Origin) -> Address:
    """The address of a submodule; one that begins with `./` or `../` goes on from its parent's (git-submodule)."""
    if not url.startswith(("./", "../")):
        return read_address(url)
    base = parent.address.rstrip("/")
    while url.startswith(("./", "../")):
        if url.startswith("../"):
            at = max(base.rfind("/"), base.rfind(":"))
            base, sign = base[: max(at, 0)], base[at : at + 1]
            url = url[3:]
            if sign == ":":
                return read_address(f"{base}:{url}")
        else:
            url = url[2:]
    return read_address(f"{base}/{url}")


def common_folder(folder: Path) -> Path | None:
    """Where the repository that a folder is in keeps its objects, whichever worktree it is; None outside of one."""
    found = ask(folder, "rev-parse", "--git-common-dir")
    if not found:
        return None
    return Path(os.path.normpath(folder / found.rstrip("\n")))
