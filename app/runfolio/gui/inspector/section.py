"""A part of the inspector: a small upper-case heading with a count that opens and closes what is under it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from runfolio.gui.chrome.labels import SMALL, scaled
from runfolio.gui.icons import pixmap
from runfolio.gui.inspector.memory import Memory

ARROW = 12


class SectionHeading(QAbstractButton):
    """The heading: a click or Space opens and closes the section. Its text is cut off where there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        font = scaled(self.font(), SMALL, QFont.Weight.Medium)
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 106)
        self.setFont(font)
        self.setCheckable(True)
        self.setChecked(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """The heading."""
        return self._words

    def set_words(self, text: str) -> None:
        """Another heading. Qt's own text would take the letter behind a & for a key."""
        self._words = text
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A line of text; the arrow hangs in the margin."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + ARROW + 4, metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        """A few letters; the rest is cut off."""
        return QSize(60, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The text, and an arrow that says which way it will go; the arrow shows while it is of use."""
        painter = QPainter(self)
        palette = self.palette()
        muted = palette.placeholderText().color()
        lit = self.hasFocus() or self.underMouse()
        painter.setPen(palette.link().color() if self.hasFocus() else palette.text().color() if lit else muted)
        painter.setFont(self.font())
        metrics = self.fontMetrics()
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - ARROW - 4)
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        if lit or not self.isChecked():
            name = "chevron-down" if self.isChecked() else "chevron-right"
            left = metrics.horizontalAdvance(shown) + 4
            arrow = pixmap(name, painter.pen().color(), ARROW, self.devicePixelRatioF())
            painter.drawPixmap(left, (self.height() - ARROW) // 2, arrow)


class Section(QWidget):
    """Heading and content.

    Args:
        key: under which it is remembered whether it is open.
        tools: what stands at the right of the heading, such as a button.

    Signals:
        toggled(bool): it was opened or closed.
    """

    toggled = Signal(bool)

    def __init__(
        self,
        title: str,
        content: QWidget,
        memory: Memory | None = None,
        key: str = "",
        tools: tuple[QWidget, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.content = content
        self.label = SectionHeading(self)
        self._title = ""
        self._memory, self._key = memory or Memory(), f"open.{key or title}"
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.label, 1)
        for tool in tools:
            top.addWidget(tool)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(content)
        self.set_title(title)
        is_open = self._memory.flag(self._key, True)
        self.label.setChecked(is_open)
        content.setVisible(is_open)
        self.label.toggled.connect(self._on_toggled)

    @property
    def is_open(self) -> bool:
        """Whether the content is shown."""
        return self.label.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Open or close it."""
        self.label.setChecked(is_open)

    def set_title(self, title: str, *counts: str) -> None:
        """Another heading; counts and sizes keep their letters, for kB is not KB."""
        text = " · ".join([title.upper(), *counts])
        if text != self._title:
            self._title = text
            self.label.set_words(text)
            self.label.setAccessibleName(" ".join([title, *counts]))

    def _on_toggled(self, is_open: bool) -> None:
        self.content.setVisible(is_open)
        self._memory.keep(self._key, is_open)
        self.toggled.emit(is_open)


def search_box(what: str) -> QLineEdit:
    """A line that narrows the rows below it."""
    line = QLineEdit(placeholderText=f"Search {what}")
    line.setAccessibleName(f"Search {what}")
    line.setClearButtonEnabled(True)
    line.setProperty("kind", "small")
    line.setMinimumWidth(60)
    return line


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
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
