"""Gives the keyboard back to where it was before something was edited in place."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget


class Returning(QObject):
    """Who had the keyboard before one editor."""

    def __init__(self, editor: QWidget) -> None:
        super().__init__(editor)
        self._editor = editor
        self._before: QWidget | None = None

    def remember(self) -> None:
        """Call it before the editor takes the keyboard."""
        self._forget()
        now = QApplication.focusWidget()
        if now is not None and now is not self._editor:
            self._before = now
            now.destroyed.connect(self._forget)

    def give_back(self) -> None:
        """Call it when the editor is hidden; who is not seen any more gets nothing."""
        before = self._before
        self._forget()
        if before is not None and before.isVisible():
            before.setFocus()

    def _forget(self) -> None:
        self._before = None
