"""The right zone: the inspector of a run or, while the page of the registry is in front, that of a version."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Slot
from PySide6.QtWidgets import QStackedWidget

from runfolio.gui.inspector.panel import Inspector
from runfolio.gui.middle import REGISTRY
from runfolio.gui.registry.version.panel import VersionPanel
from runfolio.gui.session import Session


class InspectorZone(QStackedWidget):
    """Holds both; the second is made when it is first wanted.

    Attributes:
        version: the inspector of a version; None until a version was selected.
    """

    def __init__(self, inspector: Inspector, session: Session, kept: QSettings | None) -> None:
        super().__init__()
        self._session, self._kept = session, kept
        self._page = ""
        self._inspector = inspector
        self.version: VersionPanel | None = None
        self.addWidget(inspector)
        session.registry.versions_changed.connect(self._follow)

    @Slot(str)
    def set_page(self, page: str) -> None:
        """Another page is in the middle."""
        self._page = page
        self._follow()

    @Slot()
    def _follow(self) -> None:
        wanted = self._page == REGISTRY and bool(self._session.registry.versions)
        if wanted and self.version is None:
            self.version = VersionPanel(self._session, self._kept)
            self.addWidget(self.version)
        self.setCurrentWidget(self.version if wanted and self.version is not None else self._inspector)
