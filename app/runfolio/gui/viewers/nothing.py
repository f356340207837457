"""What stands in a viewer's place when there is nothing to show: why, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from runfolio.core.errors import UserError
from runfolio.gui.chrome.labels import heading, muted


class NothingShown(QWidget):
    """A heading and a sentence.

    Attributes:
        title, reason: what they say.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.reason = heading(), muted()
        for label in (self.title, self.reason):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setMinimumWidth(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(self.title)
        layout.addWidget(self.reason)
        layout.addStretch(3)

    def tell(self, title: str, reason: str = "") -> None:
        """Say what there is to be said."""
        self.title.setText(title)
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))

    def tell_error(self, error: Exception) -> None:
        """Say why a file cannot be shown."""
        self.tell("This file cannot be shown", reason_of(error))


def reason_of(error: Exception) -> str:
    """An error in words: ours as it is, the system's by what it says, anything else with its name."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, PermissionError):
        return "You are not permitted to read it."
    if isinstance(error, OSError):
        return f"It could not be read: {error.strerror or error}."
    return f"{type(error).__name__}: {error}"
