"""What was fetched, and what the fetching tells of itself and asks meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from runfolio.core.errors import Stopped


class SourceKind(StrEnum):
    """What the code came from."""

    FOLDER = "folder"
    ZIP = "zip"
    GIT = "git"


@dataclass(frozen=True, slots=True)
class Source:
    """A project's code, ready to be run.

    Attributes:
        folder: the project: `root`, or a folder in it.
        root: the whole of what was fetched; of a folder without a version, that folder, which is run in place.
        uri: what was asked for, without the subfolder, and without secrets; a folder or a file by its whole path.
        subfolder: what stood after the `#`.
        commit, branch, remote: of the repository that the code is of; "" where there is none. No branch where a tag or
            a commit was asked for.
        dirty: whether the files differ from the commit.
        patch: by what, in the form that `core.git_state` has.
        temporary: whether `root` was made for this and is to be removed afterwards.
    """

    folder: Path
    root: Path
    uri: str
    subfolder: str
    kind: SourceKind
    commit: str = ""
    branch: str = ""
    remote: str = ""
    dirty: bool = False
    patch: bytes = b""
    temporary: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """Who waits for it: `tell` is given lines to be shown, `stopped` is asked now and then whether nobody waits."""

    tell: Callable[[str], None]
    stopped: Callable[[], bool]

    def check(self) -> None:
        """Raise Stopped if nobody waits any more."""
        if self.stopped():
            raise Stopped
