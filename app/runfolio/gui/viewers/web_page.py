"""HTML as its source. Nothing of it is run here; who wants to see the page has it opened in the browser."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton, QWidget

from runfolio.gui.icons import icon
from runfolio.gui.session import Session
from runfolio.gui.viewers.text import TextViewer


class WebPageViewer(TextViewer):
    """The source of a page.

    Attributes:
        browse: opens it in the browser.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.browse = QPushButton(icon("link", "muted"), "Open in the Browser")
        self.browse.setToolTip("The browser runs what the page holds")
        self.browse.clicked.connect(self.open_in_browser)
        self.tools.addWidget(self.browse)

    @Slot()
    def open_in_browser(self) -> None:
        """Have the browser show it."""
        if self.file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.file.file)))
