"""The right zone: the inspector of a run or, while the page of the registry is in front, of a version or its model."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QSettings, Qt, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from runfolio.gui.focus_order import stops_in
from runfolio.gui.inspector.memory import Memory
from runfolio.gui.inspector.panel import Inspector
from runfolio.gui.middle import REGISTRY
from runfolio.gui.registry.version.model_panel import ModelPanel
from runfolio.gui.registry.version.panel import VersionPanel
from runfolio.gui.session import Session

W = TypeVar("W", bound=QWidget)


class InspectorZone(QStackedWidget):
    """Holds all three; the others are made when they are first wanted.

    Attributes:
        version, model: the inspectors of a version and of a model; None until there was one to be shown.
    """

    def __init__(self, inspector: Inspector, session: Session, kept: QSettings | None) -> None:
        super().__init__()
        self._session, self._memory = session, Memory(kept)
        self._page = ""
        self._inspector = inspector
        self.version: VersionPanel | None = None
        self.model: ModelPanel | None = None
        self.addWidget(inspector)
        session.registry.versions_changed.connect(self._follow)
        session.registry.model_changed.connect(self._follow)

    @Slot(str)
    def set_page(self, page: str) -> None:
        """Another page is in the middle."""
        self._page = page
        self._follow()

    def take_keyboard(self) -> None:
        """Give the keyboard to what is shown."""
        shown = self.currentWidget()
        if shown is None or shown is self._inspector:
            self._inspector.focus_tabs()
        elif (first := next(stops_in(shown), None)) is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _follow(self) -> None:
        state = self._session.registry
        wanted: QWidget = self._inspector
        if self._page == REGISTRY and state.versions:
            wanted = self.version = self.version or self._made(VersionPanel)
        elif self._page == REGISTRY and state.model:
            wanted = self.model = self.model or self._made(ModelPanel)
        self.setCurrentWidget(wanted)

    def _made(self, kind: Callable[[Session, Memory], W]) -> W:
        panel = kind(self._session, self._memory)
        self.addWidget(panel)
        return panel
