"""The description of a run: Markdown without pictures and HTML, whose links lead to the web or to mail only."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QFont, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QLabel, QWidget

SCHEMES = frozenset(["http", "https", "mailto"])
# More than anybody reads in so narrow a column, and as much as can be laid out at once.
MOST_LETTERS = 20_000


class Note(QLabel):
    """A run's description, which any script can have written: showing it reads nothing, opening it runs nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._markdown = ""
        self.setAccessibleName("Description")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.linkActivated.connect(self._on_link)

    def set_markdown(self, text: str) -> None:
        """Show a description."""
        if text != self._markdown:
            self._markdown = text
            self.render_again()

    def render_again(self) -> None:
        """In the theme's colours, which are part of the rendered text."""
        self.setText(to_html(self._markdown, self.font()))

    @Slot(str)
    def _on_link(self, link: str) -> None:
        if is_safe(link):
            QDesktopServices.openUrl(QUrl(link))


def is_safe(link: str) -> bool:
    """Whether a link may be opened; others could run a program or show a file."""
    return QUrl(link).scheme().lower() in SCHEMES


def to_html(markdown: str, font: QFont, most: int = MOST_LETTERS) -> str:
    """What can be shown of the first letters of a Markdown text: pictures are words, unsafe links are plain."""
    if len(markdown) > most:
        markdown = f"{markdown[: most - 1]}…"
    document = QTextDocument()
    document.setDefaultFont(font)
    features = QTextDocument.MarkdownFeature
    document.setMarkdown(markdown, features.MarkdownDialectGitHub | features.MarkdownNoHTML)
    for start, end, form in _spans(document):
        cursor = QTextCursor(document)
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        if form.isImageFormat():
            picture = form.toImageFormat()
            words = form.stringProperty(QTextCharFormat.Property.ImageAltText) or picture.name()
            cursor.insertText(f"[{words}]", QTextCharFormat())
        elif form.isAnchor() and not is_safe(form.anchorHref()):
            cursor.setCharFormat(QTextCharFormat())
    return document.toHtml() if markdown else ""


def _spans(document: QTextDocument) -> list[tuple[int, int, QTextCharFormat]]:
    """The pieces of one format each, from the end, so that changing one leaves the places of the others."""
    found = []
    block = document.begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            found.append((piece.position(), piece.position() + piece.length(), piece.charFormat()))
            pieces += 1
        block = block.next()
    return found[::-1]
