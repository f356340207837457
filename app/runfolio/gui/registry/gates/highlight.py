"""Colours of a policy's words while it is typed."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

# The first that fits colours a word. Each goes over a letter once, whatever is typed.
ROLES = {
    "code_comment": r"(?:(?<=\s)|^)#.*",
    "code_string": r"\"[^\"]*\"?|'[^']*'?",
    "code_name": r"[A-Za-z_][\w -]{0,200}(?=:(?:\s|$))",
    "code_number": r"(?<![\w.-])[+-]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?(?![\w.-])",
    "code_keyword": r"(?<![\w-])(?:true|false|null|yes|no|block|reason|not_worse|better|higher|lower)(?![\w-])",
}
WORDS = re.compile("|".join(f"({pattern})" for pattern in ROLES.values()))


class PolicyColors(QSyntaxHighlighter):
    """Colours a document; `color` gives the theme's colour of a role."""

    def __init__(self, document: QTextDocument, color: Callable[[str], QColor]) -> None:
        super().__init__(document)
        self._color = color

    def highlightBlock(self, text: str) -> None:
        roles = list(ROLES)
        for found in WORDS.finditer(text):
            shape = QTextCharFormat()
            shape.setForeground(self._color(roles[(found.lastindex or 1) - 1]))
            self.setFormat(found.start(), found.end() - found.start(), shape)
