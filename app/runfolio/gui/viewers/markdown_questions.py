"""Markdown made into what a page of text shows; where files are read, for a hostile text can take very long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette

from runfolio.core.errors import CannotShow
from runfolio.gui.inspector.note import to_html
from runfolio.previews.encodings import encoding_of
from runfolio.previews.files import open_plain
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question

#: So much of a text is laid out, in bytes; of what comes of it, no more letters are shown, nor is it nested deeper.
MOST_BYTES, MOST_LETTERS, DEEPEST = 200_000, 4_000_000, 60


@dataclass(frozen=True, slots=True)
class Page:
    """A text as HTML, and whether that is only its beginning."""

    html: str
    cut: bool


@dataclass(frozen=True, slots=True)
class AskMarkdown(Question[Page]):
    """A Markdown text as a page, in a font of that family and size in points; links have that colour."""

    seconds: ClassVar[float] = 5.0

    path: str
    family: str
    points: float
    link: str

    def answer(self, kept: Kept) -> Page:
        """The page."""
        with open_plain(self.path) as stream:
            data = stream.read(MOST_BYTES + 1) or b""
        if not data:
            raise CannotShow("This file is empty.")
        if QGuiApplication.instance() is None:  # nothing is laid out without it
            QGuiApplication(["runfolio", "-platform", "offscreen"])
        colors = QGuiApplication.palette()
        colors.setColor(QPalette.ColorRole.Link, QColor(self.link))
        QGuiApplication.setPalette(colors)
        font = QFont(self.family)
        font.setPointSizeF(self.points)
        text = encoding_of(data).text(data[:MOST_BYTES])
        html = to_html(text, font, MOST_BYTES)
        if len(html) > MOST_LETTERS or nesting(html) > DEEPEST:
            raise CannotShow("It is nested too deeply to be laid out.", "Look at it as text.")
        return Page(html, len(data) > MOST_BYTES)


def nesting(html: str) -> int:
    """How deep lists, quotations and tables are within each other."""
    deepest = depth = 0
    for part in html.split("<")[1:]:
        name = part.lstrip("/").split(None, 1)[0].split(">")[0].lower() if part.lstrip("/") else ""
        if name in ("ul", "ol", "blockquote", "table", "div"):
            depth += -1 if part.startswith("/") else 1
            deepest = max(deepest, depth)
    return deepest
