"""A part of the inspector: a small upper-case label with a count, and what is under it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from runfolio.gui.chrome.labels import section_label


class Section(QWidget):
    """Label and content; hidden as long as there is nothing to show."""

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = section_label(title)
        self.content = content
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.label)
        layout.addWidget(content)

    def set_title(self, title: str, *counts: str) -> None:
        """Another label; counts and sizes keep their letters, for kB is not KB."""
        self.label.setText(" · ".join([title.upper(), *counts]))


def page(parts: list[QWidget], parent: QWidget | None = None) -> QScrollArea:
    """The parts below each other, scrolling up and down only."""
    inner = QWidget()
    layout = QVBoxLayout(inner)
    layout.setContentsMargins(14, 12, 14, 14)
    layout.setSpacing(18)
    for part in parts:
        layout.addWidget(part)
    layout.addStretch()
    area = QScrollArea(parent)
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
