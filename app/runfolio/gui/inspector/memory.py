"""What the inspector remembers of how it was left: which tab, which sections are open."""

from __future__ import annotations

from PySide6.QtCore import QSettings

PREFIX = "inspector/"


class Memory:
    """Kept with the window's layout; without settings, as in a picture, only as long as the program runs."""

    def __init__(self, kept: QSettings | None = None) -> None:
        self._kept = kept
        self._values: dict[str, str] = {}

    def text(self, key: str, default: str = "") -> str:
        """What was kept under a key."""
        if key not in self._values and self._kept is not None:
            found = self._kept.value(PREFIX + key)
            return found if isinstance(found, str) else default
        return self._values.get(key, default)

    def flag(self, key: str, default: bool) -> bool:
        """A yes or no that was kept."""
        return self.text(key, "yes" if default else "no") == "yes"

    def keep(self, key: str, value: str | bool) -> None:
        """Keep a text, or a yes or no."""
        text = value if isinstance(value, str) else "yes" if value else "no"
        self._values[key] = text
        if self._kept is not None:
            self._kept.setValue(PREFIX + key, text)
