"""The menu of the stores that were opened lately."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from runfolio.core import settings
from runfolio.gui.chrome.labels import as_caption


class StoreMenu(QMenu):
    """Recent stores, read each time it opens, and the way to any other.

    Signals:
        chosen(str): the folder of the store to open.
    """

    chosen = Signal(str)

    def __init__(self, current: Path, other: QAction, parent: QWidget) -> None:
        super().__init__(parent)
        self._current = str(current)
        self._other = other
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        for place in settings.load()["recent_stores"]:
            there = Path(place).is_dir()
            item = self.addAction(as_caption(place if there else f"{place} (not there)"))
            item.setCheckable(True)
            item.setChecked(place == self._current)
            item.setEnabled(there and place != self._current)
            item.triggered.connect(partial(self.chosen.emit, place))
        self.addSeparator()
        self.addAction(self._other)
