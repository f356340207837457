"""Fetches a project: from a folder, a zip file or a git repository, all of which end as a folder that can be run."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from runfolio.core.captured import BRANCH, COMMIT, DIRTY, REMOTE
from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound
from runfolio.core.git_state import git_state
from runfolio.core.registry.names import nearest
from runfolio.projects.sources.address import Address, Place, read_address
from runfolio.projects.sources.checkout import Origin, check_out, common_folder
from runfolio.projects.sources.download import download
from runfolio.projects.sources.git import ask
from runfolio.projects.sources.mirrors import mirrored
from runfolio.projects.sources.source import Source, SourceKind, Watch
from runfolio.projects.sources.versions import checked_version, find_version, no_version
from runfolio.projects.sources.zipped import inner_project, is_zip, unzip


def fetch(
    uri: str,
    version: str = "",
    *,
    work: Path,
    tell: Callable[[str], None] = lambda _line: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Source:
    """The code of a project. A folder is run in place; all else becomes a folder of its own below `work`.

    Args:
        uri: a folder or a `file:` URI, a zip file (also of a web server), or a git address or path; a folder in it
            after a `#`.
        version: a branch, a tag or a commit of a repository; "" for what is there. With one, a folder in a repository
            is checked out elsewhere, and itself left alone.
        work: made if it is not there. What failed or was stopped leaves nothing in it.
        tell: is given lines that say what goes on.
        stopped: asked now and then; true ends it.

    Raises:
        InvalidValue, NotFound: the address, the version or the subfolder is wrong.
        EnvironmentProblem: the server, git or the disk.
        Stopped: `stopped` said so.
    """
    address, version, watch = read_address(uri), checked_version(version), Watch(tell, stopped)
    try:
        if address.place == Place.GIT:
            return _from_server(address, version, work, watch)
        if address.place == Place.ZIP:
            return _from_web(address, version, work, watch)
        return _from_path(address, version, work, watch)
    except OSError as error:
        what = f"{address.shown} cannot be fetched: {error.strerror or error}."
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise EnvironmentProblem(what, "Make room on the disk, and try again." if full else f"See {work}.") from error


def _from_path(address: Address, version: str, work: Path, watch: Watch) -> Source:
    path = Path(address.location)
    if path.is_file() and is_zip(path):
        _no_version_of(path, version, "a zip file")
        return _unzipped(path, address, work, watch)
    if not path.is_dir():
        raise _nothing(path)
    if version or _is_bare(path):
        return _from_repository(address, version, work, watch)
    return _in_place(path, address)


def _in_place(path: Path, address: Address) -> Source:
    folder = _inside(path, address)
    state = git_state(folder, contents=True)
    commit, branch, remote = (state.tags.get(tag, "") for tag in (COMMIT, BRANCH, REMOTE))
    where = (folder, path, address.location, address.subfolder)
    dirty = state.tags.get(DIRTY) == "True"
    return Source(*where, SourceKind.FOLDER, commit, branch, remote, dirty, state.patch)


def _from_repository(address: Address, version: str, work: Path, watch: Watch) -> Source:
    """A version of a repository of this machine."""
    path = Path(address.location)
    objects = common_folder(path)
    if objects is None:
        _no_version_of(path, version, "a folder that is in no git repository")
        raise InvalidValue(f"{path} is no git repository that can be read.", f"git -C {path} status says more.")
    found = find_version(path, version)
    if found is None:
        raise no_version(path, version, str(path))
    prefix = (ask(path, "rev-parse", "--show-prefix") or "").strip("\n/")
    remote = (ask(path, "config", "--get", "remote.origin.url") or "").strip()
    top = str(path)[: len(str(path)) - len(prefix)].rstrip("/\\") if prefix else str(path)
    shown = read_address(remote).shown if _is_address(remote) else ""
    root = new_folder(work, Path(top).name)
    try:
        check_out(Origin(objects, remote if shown else top, shown or top, local=True), found, root, watch)
        folder = _inside(root / prefix, address, root)
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
    where = (folder, root, address.location, address.subfolder)
    return Source(*where, SourceKind.GIT, found.commit, found.branch, shown, temporary=True)


def _from_server(address: Address, version: str, work: Path, watch: Watch) -> Source:
    mirror, found = mirrored(address.location, version, watch)
    root = new_folder(work, _name_in(address.location))
    try:
        check_out(Origin(mirror, address.location, address.shown, local=False), found, root, watch)
        folder = _inside(root, address)
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
    where = (folder, root, address.shown, address.subfolder)
    return Source(*where, SourceKind.GIT, found.commit, found.branch, address.shown, temporary=True)


def _from_web(address: Address, version: str, work: Path, watch: Watch) -> Source:
    _no_version_of(address.shown, version, "a zip file")
    work.mkdir(parents=True, exist_ok=True)
    with download(address.location, work, watch) as file:
        return _unzipped(file, address, work, watch)


def _unzipped(file: Path, address: Address, work: Path, watch: Watch) -> Source:
    root = new_folder(work, _name_in(address.location))
    try:
        watch.tell(f"Unpacking {address.shown}.")
        unzip(file, root, watch)
        top = root if address.subfolder and (root / address.subfolder).is_dir() else inner_project(root)
        folder = _inside(top, address, root)
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
    return Source(folder, root, address.shown, address.subfolder, SourceKind.ZIP, temporary=True)


def _inside(top: Path, address: Address, root: Path | None = None) -> Path:
    """The folder of the address below another. Raises NotFound, InvalidValue."""
    folder = top / address.subfolder if address.subfolder else top
    if not folder.resolve().is_relative_to((root or top).resolve()):
        raise InvalidValue(f"#{address.subfolder} of {address.shown} is a link that leads out of it.")
    if not folder.is_dir():
        near = nearest(address.subfolder, _folders(top))
        raise NotFound(f"There is no folder {address.subfolder or folder.name!r} in {address.shown}.", near.strip())
    return folder


def _folders(top: Path) -> list[str]:
    """Some of the folders below another, for a hint."""
    found = [path for pattern in ("*", "*/*") for path in top.glob(pattern) if path.is_dir()]
    return [path.relative_to(top).as_posix() for path in found[:1000] if ".git" not in path.parts]


def _is_bare(path: Path) -> bool:
    """Whether a folder is a repository without files of its own, as servers have them, or a `.git`."""
    return (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()


def _is_address(remote: str) -> bool:
    try:
        return bool(remote) and read_address(remote).place == Place.GIT
    except InvalidValue:
        return False


def _no_version_of(what: Path | str, version: str, kind: str) -> None:
    if version:
        raise InvalidValue(
            f"{what} is {kind}, of which there is no version {version!r}.",
            "Versions are branches, tags and commits of git repositories.",
        )


def _nothing(path: Path) -> Exception:
    if path.exists():
        return InvalidValue(f"{path} is neither a folder nor a zip file.", "For a script: its folder, and -e script.py")
    beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
    return NotFound(
        f"There is no project {path}.", nearest(path.name, beside).strip() or "Give a folder, a zip or a git address."
    )


def _name_in(location: str) -> str:
    """What to call the folder of what has this address: its last part without an ending."""
    path = urlsplit(location).path if "://" in location else location
    return re.sub(r"\.(git|zip)$", "", re.split(r"[/\\:]", path.rstrip("/\\"))[-1], flags=re.IGNORECASE)


def new_folder(work: Path, name: str) -> Path:
    """A new empty folder below another that nobody else has, called as much as possible by a name."""
    work.mkdir(parents=True, exist_ok=True)
    plain = re.sub(r"[^\w.-]", "-", name).strip(".-")[:60] or "project"
    number = 1
    while True:
        folder = work / (plain if number == 1 else f"{plain}-{number}")
        try:
            folder.mkdir()
            return folder
        except FileExistsError:
            number += 1
