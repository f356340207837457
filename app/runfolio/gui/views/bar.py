"""The bar above the run table: the filter line, and the buttons for how runs are looked at."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from runfolio.gui.chrome.labels import as_caption
from runfolio.gui.icons import icon

MARGIN, GAP = 16, 8
# So many letters of a filter must stay in sight before the buttons may have their words.
FILTER_LETTERS = 44
# Beside a caption: padding and frame of a button.
ROOM = 30
# As high as the filter line.
HEIGHT_ROOM = 15


class Place(IntEnum):
    """Where a button stands in the bar, from the left."""

    GROUP = 0
    COLUMNS = 1
    SAVE = 2
    COMPARE = 3


class BarButton(QPushButton):
    """A button of the bar: its words, or its symbol alone where room is short."""

    def __init__(self, caption: str, symbol: str, tip: str = "", *, primary: bool = False) -> None:
        super().__init__()
        self._symbol = icon(symbol, "accent_text" if primary else "text")
        self._tip = tip
        self._caption, self._short, self._narrow = caption, "", False
        self._shown: tuple[str, bool] | None = None
        self.setProperty("kind", "primary" if primary else "bar")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(self.fontMetrics().lineSpacing() + HEIGHT_ROOM)
        self.set_caption(caption)

    @property
    def wide(self) -> int:
        """How many pixels it takes with its words."""
        return self.fontMetrics().horizontalAdvance(self._caption) + ROOM

    def set_caption(self, caption: str, short: str = "", why_not: str = "") -> None:
        """Say something else; `short` is what stands beside the symbol where room is short, `why_not` the tip while
        the button can do nothing.
        """
        self._caption, self._short = caption, short
        self.setAccessibleName(caption.rstrip(" ▾"))
        self.setToolTip(why_not or self._tip or caption.rstrip(" ▾"))
        self.set_narrow(self._narrow)

    def set_narrow(self, narrow: bool) -> None:
        """Show the symbol or the words."""
        self._narrow = narrow
        text = self._short if narrow else self._caption
        if self._shown == (text, narrow):  # Qt would lay the window out anew
            return
        self._shown = text, narrow
        self.setText(as_caption(text))
        self.setIcon(self._symbol if narrow else QIcon())
        self.setIconSize(QSize(16, 16) if narrow else QSize(0, 0))
        if self.property("narrow") is not narrow:
            self.setProperty("narrow", narrow)
            self.style().unpolish(self)
            self.style().polish(self)


class Bar(QWidget):
    """The filter takes the room that the buttons leave."""

    def __init__(self, filter_line: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[Place, BarButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        self._row.setSpacing(GAP)
        self._row.addWidget(filter_line, 1)

    def add(self, button: BarButton, place: Place) -> None:
        """Put a button in its place."""
        before = sum(other < place for other in self._buttons)
        self._buttons[place] = button
        self._row.insertWidget(1 + before, button, 0, Qt.AlignmentFlag.AlignTop)
        self.fit()

    def button(self, place: Place) -> BarButton:
        """The button in a place. A KeyError is a bug."""
        return self._buttons[place]

    def fit(self) -> None:
        """Give the buttons their words if there is room for them; to be called when a caption has changed."""
        words = sum(button.wide + GAP for button in self._buttons.values())
        letters = self.fontMetrics().averageCharWidth() * FILTER_LETTERS
        for button in self._buttons.values():
            button.set_narrow(words + letters + 2 * MARGIN > self.width())

    def minimumSizeHint(self) -> QSize:
        """Room for the symbols: the bar never keeps the window from becoming smaller."""
        return QSize(self.fontMetrics().averageCharWidth() * FILTER_LETTERS, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
