"""Markdown as a page: no pictures, no HTML of its own, nothing that comes from elsewhere; links open on request."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.gui.inspector.note import is_safe
from runfolio.gui.session import Session
from runfolio.gui.viewers.markdown_questions import MOST_BYTES, AskMarkdown, Page
from runfolio.gui.viewers.viewer import ViewedFile, Viewer


class Sheet(QTextBrowser):
    """A page that loads nothing."""

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Whatever a text refers to stays where it is."""
        return None


class MarkdownViewer(Viewer):
    """A Markdown text.

    Attributes:
        page: shows it.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.page = Sheet()
        self.page.setOpenLinks(False)
        self.page.setTabChangesFocus(True)
        self.page.document().setDocumentMargin(16)
        self.page.anchorClicked.connect(self._on_link)
        session.theme.theme_changed.connect(self._on_theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self.setFocusProxy(self.page)

    def show_file(self, file: ViewedFile) -> None:
        """Have it laid out."""
        font, link = self.page.font(), self.session.theme.color("accent").name()
        self.ask(AskMarkdown(str(file.file), font.family(), font.pointSizeF(), link), self._show)

    def _show(self, page: Page) -> None:
        assert self.file is not None
        self.page.setAccessibleName(f"Page of {self.file.name}")
        self.page.setHtml(page.html)
        self.told.emit(f"the first {numbers.size(MOST_BYTES)}" if page.cut else "")

    @Slot()
    def _on_theme(self) -> None:
        """Colours are part of what was laid out."""
        if self.file is not None:
            self.show_file(self.file)

    @Slot(QUrl)
    def _on_link(self, link: QUrl) -> None:
        """To the web or to mail only; within the page, to where it leads."""
        if not link.scheme() and link.hasFragment():
            self.page.scrollToAnchor(link.fragment())
        elif is_safe(link.toString()):
            QDesktopServices.openUrl(link)
