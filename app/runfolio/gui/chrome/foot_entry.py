"""A row at the foot of the navigator that leads to a page, with a number."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from runfolio.gui.icons import pixmap
from runfolio.gui.theme import Theme

SYMBOL, GAP, LEFT, RIGHT, PADDING, RADIUS = 16, 8, 8, 10, 10, 6


class FootEntry(QAbstractButton):
    """Looks like a row of the tree; it is checked while its page is shown. A click or Space goes there.

    Attributes:
        note: what stands at the right, such as a number.
    """

    def __init__(self, title: str, symbol: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._symbol, self._theme = symbol, theme
        self.note = ""
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.theme_changed.connect(self.update)

    def set_note(self, note: str, spoken: str) -> None:
        """Say another thing at the right; `spoken` is what assistive tools call the whole."""
        self.note = note
        self.setAccessibleName(spoken)
        self.update()

    def nextCheckState(self) -> None:
        """Whether it is checked is for the page to say."""

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) * 3, self.fontMetrics().height() + PADDING)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = "selection" if self.isChecked() else "hover" if self.underMouse() else ""
        painter.setPen(self._theme.color("accent") if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(role) if role else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), RADIUS, RADIUS)
        area = self.rect().adjusted(LEFT, 0, -RIGHT, 0)
        symbol = QRect(area.left(), area.center().y() - SYMBOL // 2 + 1, SYMBOL, SYMBOL)
        picture = pixmap(self._symbol, self._theme.color("muted"), SYMBOL, self.devicePixelRatioF())
        painter.drawPixmap(symbol, picture)
        painter.setPen(self._theme.color("text"))
        painter.drawText(area.adjusted(SYMBOL + GAP, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setPen(self._theme.color("muted"))
        middle_right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(area, middle_right, self.note)
