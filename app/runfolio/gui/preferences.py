"""The user's preferences as all windows share them: read once, kept at every change, and told."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from runfolio.core import settings


class Preferences(QObject):
    """What is declared in `core.settings`, with a word to everybody when it becomes another.

    Signals:
        changed(str): the preference of this key has another value.
        not_kept(Exception): a change is in force, but could not be written to the file.
    """

    changed = Signal(str)
    not_kept = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values = settings.load()

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def set(self, key: str, value: Any) -> None:
        """Choose, from now on. A KeyError is a bug."""
        if self._values[key] == value:
            return
        self._values[key] = value
        self.changed.emit(key)
        try:
            settings.save({key: value})
        except OSError as error:
            self.not_kept.emit(error)
