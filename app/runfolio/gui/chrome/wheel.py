"""Fields on a page that scrolls: the wheel, which scrolls it, changes them only while the keyboard is on them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QComboBox, QWidget


def only_with_keyboard(field: QWidget) -> None:
    """Have a field leave the wheel to the page as long as the keyboard is elsewhere."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_Wheel(field))


def still_combo(parent: QWidget | None = None) -> QComboBox:
    """A choice on a page that scrolls."""
    box = QComboBox(parent)
    only_with_keyboard(box)
    return box


class _Wheel(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()  # so that it goes on to the page
            return True
        return False
