"""What a run's environment is made by, and how that is now: ready, to be made, or what is missing and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from runfolio.core.projects.request import EnvManager
from runfolio.gui.chrome.labels import plain_label
from runfolio.gui.chrome.wheel import still_combo
from runfolio.gui.projects.environments import TITLES, Told


class EnvironmentLine(QWidget):
    """The choice, and a sentence.

    Attributes:
        box, told: the parts.

    Signals:
        changed(): another manager is chosen.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: Mapping[EnvManager, Told] = {}
        self.box = still_combo()
        for manager, title in TITLES.items():
            self.box.addItem(title, manager)
        self.box.setAccessibleName("What makes the environment")
        self.told: QLabel = plain_label()
        self.told.setWordWrap(True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.told, 1)
        self.setFocusProxy(self.box)
        self.box.currentIndexChanged.connect(self._on_chosen)

    @property
    def manager(self) -> EnvManager:
        """What is chosen."""
        return EnvManager(self.box.currentData())

    def set_manager(self, manager: EnvManager) -> None:
        """Choose one."""
        self.box.setCurrentIndex(self.box.findData(manager))

    def show_status(self, known: Mapping[EnvManager, Told]) -> None:
        """Tell how each is from now on."""
        self._known = known
        self._tell()

    def _on_chosen(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        told = self._known.get(self.manager, Told())
        self.told.setText(told.text)
        self.told.setProperty("role", told.role)
        self.told.style().unpolish(self.told)
        self.told.style().polish(self.told)
