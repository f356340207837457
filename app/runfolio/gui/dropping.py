"""Files and folders that are dropped on a window, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

Taker = tuple[Callable[[Path], bool], Callable[[Path], object]]


class FileDrop(QObject):
    """Takes what is dropped on a window from other programs, where no part of the window has taken it.

    `takers` are pairs of functions: whether it is theirs, and what they do with it. The first one that fits has it.
    """

    def __init__(self, window: QWidget, takers: Sequence[Taker]) -> None:
        super().__init__(window)
        self._takers = takers
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            if self._taken(event):
                event.acceptProposedAction()
                return True
        elif isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            for path, take in self._taken(event):
                take(path)
            event.acceptProposedAction()
            return True
        return False

    def _taken(self, event: QDropEvent) -> list[tuple[Path, Callable[[Path], object]]]:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        found = []
        for path in paths:
            take = next((take for fits, take in self._takers if fits(path)), None)
            if take is not None:
                found.append((path, take))
        return found
