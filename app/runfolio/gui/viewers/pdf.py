"""PDF files, where Qt's module for them is installed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from runfolio.core.errors import CannotShow
from runfolio.core.numbers import counted
from runfolio.gui.chrome.labels import muted
from runfolio.gui.session import Session
from runfolio.gui.viewers.aside import ask_aside
from runfolio.gui.viewers.page_column import PageColumn
from runfolio.gui.viewers.pdf_questions import AskDocument, AskSheet, DocumentFacts
from runfolio.gui.viewers.picture_questions import Pixels
from runfolio.gui.viewers.viewer import ViewedFile, Viewer

STEP = 1.25


class PdfViewer(Viewer):
    """A document, page below page.

    Attributes:
        pages: shows it.
        page: the number of the page that is looked at.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.pages = PageColumn(session.theme)
        self.page = QSpinBox()
        self._of = muted()
        self._drawing = False
        self._soon = QTimer(self, singleShot=True, interval=0)  # what is painted asks for no paint at once
        self._place()
        self._soon.timeout.connect(self._draw)
        self.pages.wanted.connect(self._soon.start)
        self.pages.turned.connect(self._on_turned)
        self.page.valueChanged.connect(lambda number: self.pages.go_to(number - 1))

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
            ("Fit", "As wide as the room", 0.0),
        ):
            button = QPushButton(text)
            button.setToolTip(name)
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
        """Ask which pages there are; they are drawn as they come into sight."""
        self._drawing = False
        self.pages.begin(())
        self.ask(AskDocument(str(file.file)), self._show)

    def _show(self, facts: DocumentFacts) -> None:
        shown = len(facts.sizes)
        self.page.setRange(1, shown)
        self.page.setValue(1)
        self._of.setText(f"of {shown:,}")
        left_out = f", the first {shown:,} are shown" if shown < facts.count else ""
        self.told.emit(f"{counted(facts.count, 'page')}{left_out}")
        self.pages.begin(facts.sizes)

    @Slot()
    def _draw(self) -> None:
        """One page after another."""
        missing = self.pages.missing
        if missing is not None and not self._drawing and self.file is not None:
            self._drawing = True
            ask_aside(self, AskSheet(str(self.file.file), *missing), partial(self._on_drawn, *missing), "sheet")

    def _on_drawn(self, number: int, width: int, found: Pixels | CannotShow) -> None:
        self._drawing = False
        if isinstance(found, CannotShow):
            self.pages.refuse_page(number, str(found))
        else:
            self.pages.show_page(number, width, found.image())

    def _zoom(self, factor: float) -> None:
        self.pages.zoom_to(self.pages.scale * factor)

    @Slot(int)
    def _on_turned(self, page: int) -> None:
        self.page.blockSignals(True)
        self.page.setValue(page + 1)
        self.page.blockSignals(False)
