"""What is asked of PDF files. They are read and drawn where all files are read: a hostile one harms no window."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter

from runfolio.core.errors import CannotShow
from runfolio.gui.viewers.picture_questions import Pixels, data_of, with_fonts
from runfolio.gui.viewers.qt_modules import qt_module
from runfolio.previews.files import open_plain
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question

#: No more pages are shown, and none is drawn in more pixels.
MOST_PAGES, MOST_PIXELS = 20_000, 12_000_000
#: The format's own limit of a page's side, in points (ISO 32000-1, annex C.2).
LONGEST_SIDE = 14_400.0
#: Why a document is not shown, by the name of Qt's error.
WHY = {
    "IncorrectPassword": "This PDF file is locked with a password.",
    "UnsupportedSecurityScheme": "This PDF file is locked in a way that cannot be read.",
    "FileNotFound": "The file is not there any more.",
}
DAMAGED = "This PDF file is damaged."


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A document.

    Attributes:
        count: how many pages it has.
        sizes: width and height of those that are shown, in points.
    """

    count: int
    sizes: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class AskDocument(Question[DocumentFacts]):
    """How many pages are there, and how large?"""

    path: str

    def answer(self, kept: Kept) -> DocumentFacts:
        """Them."""
        return kept.get(Document, self.path).facts


@dataclass(frozen=True, slots=True)
class AskSheet(Question[Pixels]):
    """A page, from 0, drawn so many pixels wide."""

    path: str
    number: int
    width: int

    def answer(self, kept: Kept) -> Pixels:
        """It."""
        return kept.get(Document, self.path).drawn(self.number, self.width)


class Document:
    """A PDF file, opened. Raises CannotShow if it cannot be.

    Attributes:
        facts: what is known of it.
    """

    def __init__(self, path: str) -> None:
        open_plain(path).close()
        with_fonts()
        kind = qt_module("QtPdf").QPdfDocument
        self._document = kind(None)
        error = self._document.load(path)
        count = self._document.pageCount()
        if error != kind.Error.None_ or count < 1:
            raise CannotShow(WHY.get(error.name, DAMAGED))
        sizes = (self._document.pagePointSize(number) for number in range(min(count, MOST_PAGES)))
        self.facts = DocumentFacts(count, tuple((_side(size.width()), _side(size.height())) for size in sizes))

    def drawn(self, number: int, width: int) -> Pixels:
        """A page on white paper."""
        if not 0 <= number < len(self.facts.sizes):
            raise CannotShow("The document has no such page.")
        across, down = self.facts.sizes[number]
        scale = min(width / across, (MOST_PIXELS / (across * down)) ** 0.5)
        size = QSize(max(1, int(across * scale)), max(1, int(down * scale)))
        found = self._document.render(number, size)
        if found.isNull():
            raise CannotShow("This page is damaged.")
        paper = QImage(size, QImage.Format.Format_RGB888)
        paper.fill(QColor("white"))
        painter = QPainter(paper)
        painter.drawImage(0, 0, found)
        painter.end()
        shown = size.width(), size.height()
        return Pixels(*shown, *shown, paper.format().value, data_of(paper), "PDF", number=number)

    def close(self) -> None:
        """Let go of the file."""
        self._document.close()


def _side(length: float) -> float:
    """Of a page, as far as it is one."""
    return min(max(length, 1.0), LONGEST_SIDE) if length == length else 1.0
