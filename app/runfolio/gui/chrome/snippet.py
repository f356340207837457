"""Lines of code on a page that has nothing else to show yet, and the button that copies them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from runfolio.gui.chrome.labels import fixed_font, plain_label
from runfolio.gui.icons import icon


def snippet_label(lines: str) -> QLabel:
    """The lines in a box; what has no room is cut off, for they are copied whole all the same."""
    label = plain_label(lines)
    label.setFont(fixed_font(label.font()))
    label.setProperty("role", "code")
    label.setMinimumWidth(1)
    label.setAccessibleName("Example")
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label


def copy_button(text: Callable[[], str], title: str = "Copy the example") -> QPushButton:
    """Puts a text on the clipboard, as it is then; `title` is what assistive tools call it."""
    button = QPushButton("Copy")
    button.setIcon(icon("copy", "muted"))
    button.setAccessibleName(title)
    button.clicked.connect(lambda: QGuiApplication.clipboard().setText(text()))
    return button
