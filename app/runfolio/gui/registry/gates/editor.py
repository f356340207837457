"""The text of a policy, in colours, with what is wrong with it marked where it stands."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from runfolio.core.registry.policy_places import Checked
from runfolio.gui.chrome.labels import Trouble, fixed_font
from runfolio.gui.registry.gates.highlight import PolicyColors
from runfolio.gui.theme import Theme

#: How much of the colour lies under the line that is wrong, of 255.
FILL = 36


class PolicyEditor(QWidget):
    """Text and, below it, what is wrong.

    Attributes:
        text: where it is typed.
        trouble: which rule is broken, and what may be meant.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._checked = Checked(None)
        self.text = QPlainTextEdit()
        self.text.setFont(fixed_font(self.text.font()))
        self.text.setAccessibleName("Policy in YAML")
        self.text.setPlaceholderText("No rules of its own")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self._colors = PolicyColors(self.text.document(), theme.color)
        self.trouble = Trouble(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.trouble)
        self.setFocusProxy(self.text)
        theme.theme_changed.connect(self._on_theme)

    def replace(self, text: str) -> None:
        """Another text, which the keys for undoing take back as what was typed."""
        cursor = QTextCursor(self.text.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)

    def show_checked(self, checked: Checked) -> None:
        """Mark what is wrong."""
        self._checked = checked
        where = f"Line {checked.line + 1}: " if checked.line is not None else ""
        self.trouble.tell(f"{where}{checked.trouble}" if checked.trouble else "")
        self.text.setExtraSelections(self._marks())

    def _marks(self) -> list[QTextEdit.ExtraSelection]:
        line = self._checked.line
        if not self._checked.trouble or line is None:
            return []
        mark = QTextEdit.ExtraSelection()
        fill = QColor(self._theme.color("bad"))
        fill.setAlpha(FILL)
        shape = QTextCharFormat()
        shape.setBackground(fill)
        shape.setProperty(QTextFormat.Property.FullWidthSelection, True)
        shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        shape.setUnderlineColor(self._theme.color("bad"))
        mark.format = shape
        mark.cursor = QTextCursor(self.text.document().findBlockByNumber(line))
        return [mark]

    @Slot()
    def _on_theme(self) -> None:
        self._colors.rehighlight()
        self.text.setExtraSelections(self._marks())
