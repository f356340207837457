"""The names in a run's folder, so that none comes in beside one that other systems would take for the same."""

from __future__ import annotations

import os
import threading
import unicodedata
from contextlib import suppress
from pathlib import Path

from runfolio.core.errors import InvalidValue
from runfolio.core.paths import same_name


class NamesOnDisk:
    """What stands in the folders of a run, as far as it was asked for; may be asked from any thread.

    Two names that differ by case alone are one file on Windows and macOS: a store that is taken there would lose the
    other one. The folders are read once, for thousands of files may be logged to one.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._known: dict[str, dict[str, str]] = {}

    def take(self, root: Path, name: str) -> None:
        """Let a name, relative to the run's folder, be used from now on.

        Raises:
            InvalidValue: there is a file or folder that differs from it, or from a folder of it, only by case.
        """
        with self._guard:
            inside = ""
            for part in name.split("/"):
                self._take_part(root, inside, part, name)
                inside += f"{part}/"

    def _take_part(self, root: Path, inside: str, part: str, name: str) -> None:
        alike = same_name(part)
        known = self._known.get(inside)
        if known is None or known.get(alike, part) != part or (alike not in known and _is_there(root, inside + part)):
            known = self._known[inside] = _read(root / inside)
        other = known.setdefault(alike, part)
        if other != part:
            rule = f"the run has {inside + other!r}, which differs only by case"
            hint = "Some systems take both for one file: choose another name."
            raise InvalidValue(f"The artifact name {name!r} is not allowed: {rule}.", hint)


def check_kind(root: Path, name: str, *, folder: bool = False) -> None:
    """A file takes the place of files only, a folder that of folders only: nothing that was logged is lost by it.

    Raises:
        InvalidValue: a folder of the name is a file of the run, or what has the name itself is of the other kind.
    """
    parts = name.split("/")
    for count in range(1, len(parts) + 1):
        place = root / "/".join(parts[:count])
        wanted = folder or count < len(parts)
        if os.path.lexists(place) and place.is_dir() != wanted:
            rule = f"the run has a {'file' if wanted else 'folder'} of the name {'/'.join(parts[:count])!r}"
            raise InvalidValue(f"The artifact name {name!r} is not allowed: {rule}.", "Choose another name.")


def _is_there(root: Path, name: str) -> bool:
    return os.path.lexists(root / name)


def _read(folder: Path) -> dict[str, str]:
    with suppress(OSError), os.scandir(folder) as entries:  # it may not be there yet
        names = [unicodedata.normalize("NFC", entry.name) for entry in entries]
        return {same_name(name): name for name in names}
    return {}
