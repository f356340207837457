"""Where a store is, to tell one that was deleted from one whose disk is away."""

from __future__ import annotations

from pathlib import Path


class Place:
    """The place of a store, looked at when its process begins to log."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._disks = _disk_of(folder.parent), _disk_of(folder)

    def is_free(self) -> bool:
        """Whether a store can be made here again: not while a disk is missing, for it would hide the store later."""
        parent, own = self._disks
        return _disk_of(self._folder.parent) == parent and _disk_of(self._folder) in (None, own)


def _disk_of(folder: Path) -> int | None:
    try:
        return folder.stat().st_dev
    except OSError:
        return None
