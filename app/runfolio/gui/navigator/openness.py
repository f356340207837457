"""Which folders are open: as the user left them, remembered for each store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QSettings

# So many folders are remembered; and with more rows than that, those that nobody has touched are closed.
MOST, MANY_ROWS = 2_000, 200


class Openness:
    """What the user opened and closed, and the empty folders that they made.

    Attributes:
        folders: paths of folders that are there though nothing is in them.
    """

    def __init__(self, store: Path, kept: QSettings | None = None) -> None:
        place = hashlib.sha256(str(store).encode(errors="surrogateescape")).hexdigest()[:16]
        self._kept, self._key = kept, f"tree/{place}"
        self._touched: dict[str, bool] = {}
        self.folders: tuple[str, ...] = ()
        self._read()

    def is_open(self, path: str, rows: int) -> bool:
        """Whether a folder is open in a tree of so many rows."""
        return self._touched.get(path, rows <= MANY_ROWS)

    def set_open(self, path: str, is_open: bool) -> None:
        """The user has opened or closed a folder."""
        self._touched.pop(path, None)
        self._touched[path] = is_open
        self._write()

    def set_folders(self, folders: Iterable[str]) -> None:
        """Keep other empty folders."""
        self.folders = tuple(folders)
        self._write()

    def move(self, old: str, new: str) -> None:
        """A folder has another path, with all that is in it."""
        self._touched = {_moved(path, old, new): is_open for path, is_open in self._touched.items()}
        self.set_folders(_moved(path, old, new) for path in self.folders)

    def _read(self) -> None:
        """What cannot be read counts as never written."""
        try:
            found = json.loads(str(self._kept.value(self._key))) if self._kept is not None else {}
        except ValueError:
            return
        touched, folders = (found.get("open"), found.get("folders")) if isinstance(found, dict) else (None, None)
        if isinstance(touched, dict):
            self._touched = {path: bool(is_open) for path, is_open in touched.items()}
        if isinstance(folders, list):
            self.folders = tuple(path for path in folders if isinstance(path, str) and path.strip("/"))

    def _write(self) -> None:
        if self._kept is not None:
            touched = dict(list(self._touched.items())[-MOST:])
            self._kept.setValue(self._key, json.dumps({"open": touched, "folders": self.folders[-MOST:]}))


def _moved(path: str, old: str, new: str) -> str:
    return new + path[len(old) :] if path == old or path.startswith(f"{old}/") else path
