"""A text in the font for code that is only read: a patch in colours, or commands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from runfolio.gui.chrome.labels import fixed_font

# What is around the lines: frame, margins, and a pixel without which Qt would scroll.
ROOM = 20
# How the lines of a patch begin, and the colours they have; the first that fits.
PATCH_ROLES = (
    (("diff --git ", "index ", "--- ", "+++ ", "new file", "deleted file", "old mode", "new mode"), "muted"),
    (("rename ", "similarity ", "GIT binary", "Binary files"), "muted"),
    (("@@",), "code_keyword"),
    (("+",), "ok"),
    (("-",), "bad"),
    (("# ", "\\ "), "code_comment"),
)


class CodeView(QPlainTextEdit):
    """As high as its lines, up to a number of them."""

    def __init__(self, title: str, most_lines: int, *, wraps: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = most_lines
        self.setReadOnly(True)
        self.setFont(fixed_font(self.font()))
        self.setTabChangesFocus(True)
        self.setAccessibleName(title)
        modes = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(modes.WidgetWidth if wraps else modes.NoWrap)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        # Lines are wrapped anew when a scroll bar comes or goes, which resizes nothing but what is inside.
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    def show_text(self, text: str) -> None:
        """Show a text; the same one leaves everything as it is."""
        if text != self.toPlainText():
            self.setPlainText(text)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """Wrapped lines count as those they are shown in."""
        lines = min(round(self.document().size().height()), self._most)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * max(lines, 1) + ROOM)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()


class PatchColors(QSyntaxHighlighter):
    """Colours a patch line by line."""

    def __init__(self, document: QTextDocument, color: Callable[[str], QColor]) -> None:
        super().__init__(document)
        self._color = color

    def highlightBlock(self, text: str) -> None:
        """One line."""
        role = next((role for begins, role in PATCH_ROLES if text.startswith(begins)), None)
        if role is not None:
            form = QTextCharFormat()
            form.setForeground(self._color(role))
            self.setFormat(0, len(text), form)
