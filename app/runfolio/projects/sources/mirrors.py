"""Bare copies of repositories of other machines, in the user's cache: the network is asked for new commits only."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from runfolio.core.environment import value_of
from runfolio.core.errors import EnvironmentProblem, UserError
from runfolio.core.secrets import url_without_user
from runfolio.journal import locks
from runfolio.projects.sources.git import ASK_TIMEOUT, ask, run_here, run_remote
from runfolio.projects.sources.source import Watch
from runfolio.projects.sources.trouble import cannot_fetch
from runfolio.projects.sources.versions import Version, commit_of, find_version, is_short, is_whole, no_version

#: Commits that no branch leads to any more, and that were asked for.
KEPT = "refs/runfolio/"
_ALL = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
# A mirror that is being made; whoever finds one without a lock on it may remove it.
_NEW = "new-"


def root() -> Path:
    """The folder of all mirrors: `RUNFOLIO_REPOSITORIES`, else one in the user's cache."""
    if given := value_of("REPOSITORIES"):
        return Path(given).expanduser().absolute()
    from platformdirs import user_cache_path

    return user_cache_path("runfolio", appauthor=False) / "repositories"


def mirrored(address: str, version: str, watch: Watch) -> tuple[Path, Version]:
    """The mirror of a repository, and the commit that a version is there now.

    The server is not asked where the commit is given by its number, or the beginning of it, and is there already.

    Raises:
        NotFound, EnvironmentProblem: git cannot fetch it, or there is no such version.
        Stopped: nobody waits any more.
    """
    shown = url_without_user(address)
    folder = root() / f"{hashlib.sha256(address.encode()).hexdigest()[:20]}.git"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _held(folder, shown, watch):
        _clear(folder)
        if is_whole(version) or is_short(version):
            found = find_version(folder, version) if _is_whole_mirror(folder) else None
            if found is not None and not found.branch:
                return folder, found
        if not _is_whole_mirror(folder):
            _make(folder, address, shown, watch)
        elif not _is_new(folder, address, shown, version, watch):
            watch.tell(f"Nothing new in {shown}.")
        else:
            watch.tell(f"Fetching what is new in {shown}.")
            _fetch(folder, address, shown, watch, *_ALL)
        return folder, _found(folder, address, shown, version, watch)


@contextmanager
def _held(folder: Path, shown: str, watch: Watch) -> Iterator[None]:
    """Nobody else fetches into the mirror meanwhile."""
    told = False
    while (lock := locks.acquire(folder.with_suffix(".lock"))) is None:
        if not told:
            watch.tell(f"Waiting for another process that fetches {shown}.")
            told = True
        watch.check()
        time.sleep(0.05)
    try:
        yield
    finally:
        os.close(lock)


def _is_whole_mirror(folder: Path) -> bool:
    return folder.is_dir() and (ask(folder, "rev-parse", "--is-bare-repository") or "").strip() == "true"


def _clear(folder: Path) -> None:
    """Remove what a process has left that was killed while it fetched; we hold the lock, so none is at it."""
    for begun in folder.parent.glob(f"{_NEW}{folder.stem}-*"):
        shutil.rmtree(begun, ignore_errors=True)
    for left in [*folder.glob("*.lock"), *folder.glob("refs/**/*.lock"), *folder.glob("objects/**/tmp_*")]:
        with contextlib.suppress(OSError):
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def _make(folder: Path, address: str, shown: str, watch: Watch) -> None:
    """Make a mirror beside its place, and move it there once it is whole."""
    shutil.rmtree(folder, ignore_errors=True)
    begun = Path(tempfile.mkdtemp(prefix=f"{_NEW}{folder.stem}-", dir=folder.parent))
    watch.tell(f"Cloning {shown}.")
    try:
        done = run_here(["init", "--quiet", "--bare", "--template=", str(begun)], folder.parent, watch)
        if done.code != 0:
            raise EnvironmentProblem(f"No repository can be made in {folder.parent}: git says {done.last_line!r}.")
        told = _asked(begun, address, shown, "", watch)
        _fetch(begun, address, shown, watch, *_ALL)
        _head(begun, told)
        begun.rename(folder)
    except BaseException:
        shutil.rmtree(begun, ignore_errors=True)
        raise


def _fetch(folder: Path, address: str, shown: str, watch: Watch, *what: str) -> None:
    # Each fetch makes a pack, of whatever size: a million loose files of a killed one would be left forever.
    options = ["--progress", "--prune", "--no-tags", "--no-write-fetch-head", "--force"]
    arguments = ["-c", "fetch.unpackLimit=1", "--git-dir", str(folder), "fetch", *options, "--", address, *what]
    done = run_remote(arguments, folder, watch)
    if done.code != 0:
        raise cannot_fetch(shown, done)


def _is_new(folder: Path, address: str, shown: str, version: str, watch: Watch) -> bool:
    """Whether the server has another commit for the version than the mirror; what it shows first is noted."""
    if is_whole(version):
        return True
    told = _asked(folder, address, shown, version, watch)
    _head(folder, told)
    names = [f"refs/heads/{version}", f"refs/tags/{version}^{{}}", f"refs/tags/{version}"] if version else ["HEAD"]
    theirs = next((told[name] for name in names if name in told), None)
    if theirs is None:
        return True
    found = find_version(folder, version)
    return found is None or found.commit != theirs


def _asked(folder: Path, address: str, shown: str, version: str, watch: Watch) -> dict[str, str]:
    """What the server says of a version: commits by their names, and the name that HEAD stands for."""
    names = [f"refs/heads/{version}", f"refs/tags/{version}", f"refs/tags/{version}^{{}}"] if version else []
    arguments = ["ls-remote", "--symref", "--", address, "HEAD", *names]
    done = run_remote(arguments, folder, watch, timeout=ASK_TIMEOUT)
    if done.code != 0:
        raise _with_last_known(folder, version, cannot_fetch(shown, done))
    lines = [line.partition("\t") for line in done.answer.splitlines()]
    return {f"symref {name}" if value.startswith("ref: ") else name: value for value, _, name in lines}


def _with_last_known(folder: Path, version: str, error: UserError) -> UserError:
    """The error, with the commit that can be run without the server, where there is one."""
    known = find_version(folder, version)
    if known is not None:
        error.hint += f"\nWithout the server, what was fetched last can be run: --version {known.commit}"
    return error


def _head(folder: Path, told: Mapping[str, str]) -> None:
    """Have the mirror's HEAD stand for the branch that the server shows first."""
    head = told.get("symref HEAD", "").removeprefix("ref: ")
    if not head and (commit := told.get("HEAD")):  # an old server, or a web server of plain files
        here = (ask(folder, "for-each-ref", "--points-at", commit, "--format=%(refname)", "refs/heads") or "").split()
        head = next((one for one in ("refs/heads/main", "refs/heads/master", *here) if one in here), "")
    if head.startswith("refs/heads/"):
        ask(folder, "symbolic-ref", "HEAD", head)


def _found(folder: Path, address: str, shown: str, version: str, watch: Watch) -> Version:
    found = find_version(folder, version)
    if found is None and is_whole(version):
        # No branch leads to it: most servers give it all the same to whoever knows its number.
        with contextlib.suppress(UserError):
            _fetch(folder, address, shown, watch, f"+{version}:{KEPT}{version}")
        found = Version(version) if commit_of(folder, version) else None
    if found is None:
        raise no_version(folder, version, shown)
    return found
