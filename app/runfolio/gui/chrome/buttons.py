"""Buttons of dialogs."""

from __future__ import annotations

from PySide6.QtWidgets import QDialogButtonBox, QPushButton


def make_primary(buttons: QDialogButtonBox, which: QDialogButtonBox.StandardButton) -> QPushButton:
    """Give one of a dialog's buttons the look of the one that is meant to be pressed."""
    button = buttons.button(which)
    button.setProperty("kind", "primary")
    # The style sheet has looked at it already, when the box was laid out.
    button.style().unpolish(button)
    button.style().polish(button)
    return button
