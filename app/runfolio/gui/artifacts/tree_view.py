"""The tree on the page of artifacts: keys that mean runs elsewhere are about files while the keyboard is here."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QTreeView

OURS = (QKeySequence.StandardKey.Delete, QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.SelectAll)


class FileTreeView(QTreeView):
    """A tree of files.

    Signals:
        removing(): the selected ones are to go into the trash.
        copying(): they are wanted on the clipboard.
    """

    removing = Signal()
    copying = Signal()

    def event(self, event: QEvent) -> bool:
        """Take these keys from the window's commands."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Ctrl+C; all else is Qt's."""
        if event.matches(QKeySequence.StandardKey.Delete):
            self.removing.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copying.emit()
        else:
            super().keyPressEvent(event)


def _is_ours(event: QKeyEvent) -> bool:
    return any(event.matches(key) for key in OURS)
