"""Labels in the few sizes the design has, from the system's font; what they say is never taken for HTML."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QLabel, QWidget

HEADING, SMALL = 17 / 13, 11 / 13


def scaled(font: QFont, factor: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """A font in another size."""
    result = QFont(font)
    if result.pointSizeF() > 0:
        result.setPointSizeF(font.pointSizeF() * factor)
    else:
        result.setPixelSize(max(1, round(font.pixelSize() * factor)))
    result.setWeight(weight)
    return result


def fixed_font(font: QFont) -> QFont:
    """The system's font with letters of one width, as large as another font."""
    result = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if font.pointSizeF() > 0:
        result.setPointSizeF(font.pointSizeF())
    return result


def plain_label(text: str = "", parent: QWidget | None = None) -> QLabel:
    """A label that shows every character; by itself Qt guesses whether a text, such as a run's name, is HTML."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def tool_tip(text: str) -> str:
    """A text for a tool tip, which shows every character of it and breaks long lines."""
    return f'<div style="white-space: pre-wrap">{html.escape(text)}</div>' if text else ""


def as_caption(text: str) -> str:
    """A text for a button or a menu, where a single & would underline the next letter."""
    return text.replace("&", "&&")


def section_label(text: str, parent: QWidget | None = None) -> QLabel:
    """The small upper-case heading of a section."""
    label = plain_label(text.upper(), parent)
    font = scaled(label.font(), SMALL, QFont.Weight.Medium)
    font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 106)
    label.setFont(font)
    label.setProperty("role", "section")
    return label


def heading(text: str = "", parent: QWidget | None = None) -> QLabel:
    """The heading of a page."""
    label = plain_label(text, parent)
    label.setFont(scaled(label.font(), HEADING, QFont.Weight.DemiBold))
    return label


def muted(text: str = "", parent: QWidget | None = None) -> QLabel:
    """Text of less weight."""
    label = plain_label(text, parent)
    label.setProperty("role", "muted")
    return label


class Trouble(QLabel):
    """What is wrong with what was typed beside it; there only while something is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "bad")
        self.setWordWrap(True)
        self.hide()

    def tell(self, text: str) -> None:
        """Say what is wrong; nothing is if the text is empty."""
        self.setText(text)
        self.setVisible(bool(text))
