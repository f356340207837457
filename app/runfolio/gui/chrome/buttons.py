"""Buttons of dialogs."""

from __future__ import annotations

from PySide6.QtWidgets import QDialogButtonBox, QPushButton


def make_primary(buttons: QDialogButtonBox, which: QDialogButtonBox.StandardButton) -> QPushButton:
    """Give one of a dialog's buttons the look of the one that is meant to be pressed, and have Return press it."""
    button = buttons.button(which)
    for other in buttons.buttons():
        if isinstance(other, QPushButton):
            other.setAutoDefault(False)
    button.setDefault(True)
    button.setProperty("kind", "primary")
    # The style sheet has looked at it already, when the box was laid out.
    button.style().unpolish(button)
    button.style().polish(button)
    return button
