"""Labels in the few sizes the design has, from the system's font."""

from __future__ import annotations

from PySide6.QtGui import QFont
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


def section_label(text: str, parent: QWidget | None = None) -> QLabel:
    """The small upper-case heading of a section."""
    label = QLabel(text.upper(), parent)
    font = scaled(label.font(), SMALL, QFont.Weight.Medium)
    font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 106)
    label.setFont(font)
    label.setProperty("role", "section")
    return label


def heading(text: str = "", parent: QWidget | None = None) -> QLabel:
    """The heading of a page."""
    label = QLabel(text, parent)
    label.setFont(scaled(label.font(), HEADING, QFont.Weight.DemiBold))
    return label


def muted(text: str = "", parent: QWidget | None = None) -> QLabel:
    """Text of less weight."""
    label = QLabel(text, parent)
    label.setProperty("role", "muted")
    return label
