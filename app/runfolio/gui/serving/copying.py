"""Putting lines on the clipboard."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from runfolio.gui.messages import Message
from runfolio.gui.session import Session


def copy_text(session: Session, text: str, what: str) -> None:
    """Copy a text, and say so."""
    QGuiApplication.clipboard().setText(text)
    session.message.emit(Message(f"Copied {what}"))
