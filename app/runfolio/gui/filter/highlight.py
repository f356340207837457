"""Colours of a filter's words while it is typed."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

# The first that fits colours a word; an open text runs to the end.
ROLES = {
    "code_string": r"e?'[^']*'?|\"[^\"]*\"?",
    "code_keyword": r"`?(?:metrics?|param(?:eter)?s?|tags?|attr(?:ibutes?)?|datasets?|formulas?)`?(?=\.)"
    r"|\b(?:and|or|not|in|i?like|is|null|has|now|today)\b(?![\w./:-])",
    "": r"[\w/:-]*[A-Za-z_/][\w./:-]*(?<!\.)(?<!\d[smhdw])",
    "code_number": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+|ms|[wdhms])?",
}
WORDS = re.compile("|".join(f"({pattern})" for pattern in ROLES.values()), re.IGNORECASE)


class FilterHighlighter(QSyntaxHighlighter):
    """Colours a document; `color` gives the theme's colour of a role."""

    def __init__(self, document: QTextDocument, color: Callable[[str], QColor]) -> None:
        super().__init__(document)
        self._color = color

    def highlightBlock(self, text: str) -> None:
        roles = list(ROLES)
        for found in WORDS.finditer(text):
            role = roles[(found.lastindex or 1) - 1]
            if role:
                shape = QTextCharFormat()
                shape.setForeground(self._color(role))
                self.setFormat(found.start(), found.end() - found.start(), shape)
