"""Colours for JSON, line by line."""

from __future__ import annotations

import re

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from runfolio.gui.theme import Theme

#: Names, texts, numbers and words of JSON (RFC 8259); and the colours that they have.
_TOKENS = re.compile(
    r'(?P<code_name>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<code_string>"(?:[^"\\]|\\.)*")'
    r"|(?P<code_number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<code_keyword>true|false|null)"
)
#: Longer lines stay without colours: they would take too long.
LONGEST = 2_000


class JsonColors(QSyntaxHighlighter):
    """Follows the theme."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        theme.theme_changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        """One line."""
        if len(text) > LONGEST:
            return
        for found in _TOKENS.finditer(text):
            form = QTextCharFormat()
            form.setForeground(self._theme.color(str(found.lastgroup)))
            self.setFormat(found.start(), found.end() - found.start(), form)
