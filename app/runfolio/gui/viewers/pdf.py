"""PDF files, where Qt's module for them is installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from runfolio.core.errors import CannotShow
from runfolio.core.numbers import counted
from runfolio.gui.chrome.labels import muted
from runfolio.gui.session import Session
from runfolio.gui.viewers.viewer import ViewedFile, Viewer

# By name, for they need not be there; the registry does not load this module then.
QtPdf: Any = import_module("PySide6.QtPdf")
QtPdfWidgets: Any = import_module("PySide6.QtPdfWidgets")
STEP = 1.25


class PdfViewer(Viewer):
    """A document, page below page.

    Attributes:
        pages: shows it.
        page: the number of the page that is looked at.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._document = QtPdf.QPdfDocument(self)
        self.pages = QtPdfWidgets.QPdfView(self)
        self.page = QSpinBox()
        self._of = muted()
        self.pages.setDocument(self._document)
        self.pages.setPageMode(QtPdfWidgets.QPdfView.PageMode.MultiPage)
        self.pages.setZoomMode(QtPdfWidgets.QPdfView.ZoomMode.FitToWidth)
        self.pages.setAccessibleName("Pages")
        self._place()
        self._document.statusChanged.connect(self._on_status)
        self.page.valueChanged.connect(self._on_page)
        self.pages.pageNavigator().currentPageChanged.connect(self._on_turned)

    def _place(self) -> None:
        self.page.setAccessibleName("Page")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(muted("Page"))
        row.addWidget(self.page)
        row.addWidget(self._of)
        for text, name, factor in (
            ("−", "Smaller", 1 / STEP),
            ("+", "Larger", STEP),
            ("Fit", "As wide as the room", 0),
        ):
            button = QPushButton(text)
            button.setAccessibleName(name)
            button.clicked.connect(lambda _checked=False, factor=factor: self._zoom(factor))
            row.addWidget(button)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.pages, 1)
        self.setFocusProxy(self.pages)

    def show_file(self, file: ViewedFile) -> None:
        """Open it; pages are drawn on a thread of Qt's."""
        self._document.load(str(file.file))

    def leave(self) -> None:
        """Let go of the file."""
        super().leave()
        self._document.close()

    def _zoom(self, factor: float) -> None:
        modes = QtPdfWidgets.QPdfView.ZoomMode
        self.pages.setZoomMode(modes.Custom if factor else modes.FitToWidth)
        if factor:
            self.pages.setZoomFactor(min(max(self.pages.zoomFactor() * factor, 0.1), 10.0))

    @Slot(object)
    def _on_status(self, status: Any) -> None:
        if status == QtPdf.QPdfDocument.Status.Ready:
            count = self._document.pageCount()
            self.page.setRange(1, max(count, 1))
            self._of.setText(f"of {count:,}")
            self.told.emit(counted(count, "page"))
        elif status == QtPdf.QPdfDocument.Status.Error and self.file is not None:
            self.refused.emit(CannotShow(WHY.get(self._document.error().name, "This PDF file is damaged.")))

    @Slot(int)
    def _on_page(self, number: int) -> None:
        navigator = self.pages.pageNavigator()
        if number - 1 != navigator.currentPage():
            navigator.jump(number - 1, navigator.currentLocation())

    @Slot(int)
    def _on_turned(self, page: int) -> None:
        self.page.blockSignals(True)
        self.page.setValue(page + 1)
        self.page.blockSignals(False)


#: Why a document is not shown, by the name of Qt's error.
WHY = {
    "IncorrectPassword": "This PDF file is locked with a password.",
    "UnsupportedSecurityScheme": "This PDF file is locked in a way that cannot be read.",
    "FileNotFound": "The file is not there any more.",
}
