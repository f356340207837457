"""The bytes of a file: offsets, hexadecimal digits and letters; those in sight are asked for."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from runfolio.gui.chrome.labels import fixed_font
from runfolio.gui.theme import Theme

#: Bytes of a row, of a page that is asked for, and pages that are kept.
ROW, PAGE, MOST_PAGES = 16, 4096, 64
#: Qt counts rows in 32 bits; a step of the scroll bar is as many rows as that needs.
MOST_STEPS = 2**30
MARGIN, GAP = 8, 2
KEYS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -ROW,
    Qt.Key.Key_Down: ROW,
}


class HexView(QAbstractScrollArea):
    """Paints what it has been given, and asks for the rest.

    Attributes:
        length: how many bytes there are.
        place: the byte where the keyboard is.
        marked: how many bytes from there on are marked.

    Signals:
        wanted(int): the page of this number.
        moved(int): the cursor is at this byte.
    """

    wanted = Signal(int)
    moved = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pages: OrderedDict[int, bytes | None] = OrderedDict()
        self.length = self.place = 0
        self.marked = 1
        self.setFont(fixed_font(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Bytes")
        theme.theme_changed.connect(self.viewport().update)

    def begin(self, size: int) -> None:
        """Show another file of so many bytes."""
        self._pages.clear()
        self.length, self.place, self.marked = size, 0, 1
        self._fit()
        self.verticalScrollBar().setValue(0)
        self._describe()
        self.viewport().update()

    def put(self, page: int, data: bytes) -> None:
        """Show a page that was asked for."""
        self._pages[page] = data
        while len(self._pages) > MOST_PAGES:
            self._pages.popitem(last=False)
        self._describe()
        self.viewport().update()

    def byte(self, place: int) -> int | None:
        """A byte; None if it is not here."""
        page = self._pages.get(place // PAGE)
        return page[place % PAGE] if page is not None and place % PAGE < len(page) else None

    def go_to(self, place: int, length: int = 1) -> None:
        """Move the cursor, and show it."""
        self.place, self.marked = max(0, min(place, self.length - 1)), max(length, 1)
        row, top = self.place // ROW, self._top
        if not top <= row < top + self._rows - 1:
            middle = row - self._rows // 2 if abs(row - top) > self._rows else min(row, max(top, row - self._rows + 2))
            self.verticalScrollBar().setValue(max(middle, 0) // self._step)
        self._describe()
        self.moved.emit(self.place)
        self.viewport().update()

    # Where it is

    @property
    def _height(self) -> int:
        return self.fontMetrics().lineSpacing() + 2

    @property
    def _letter(self) -> int:
        return max(self.fontMetrics().horizontalAdvance("0"), 1)

    @property
    def _rows(self) -> int:
        return max(self.viewport().height() // self._height, 1)

    @property
    def _step(self) -> int:
        return max(1, -(-(self.length // ROW) // MOST_STEPS))

    @property
    def _top(self) -> int:
        return self.verticalScrollBar().value() * self._step

    @property
    def _digits(self) -> int:
        return max(8, len(f"{max(self.length - 1, 0):x}"))

    def _left_of(self, column: int) -> int:
        """Where the digits of a byte begin; behind the eighth is a gap."""
        return MARGIN + self._letter * (self._digits + GAP + column * 3 + (column >= ROW // 2))

    def _left_of_text(self) -> int:
        return self._left_of(ROW) + self._letter * (GAP - 1)

    def _fit(self) -> None:
        rows = -(-self.length // ROW)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, -(-(rows - self._rows + 1) // self._step)))
        bar.setPageStep(max(self._rows - 1, 1))
        across = self.horizontalScrollBar()
        across.setRange(0, max(0, self._left_of_text() + self._letter * ROW + MARGIN - self.viewport().width()))
        across.setPageStep(self.viewport().width())
        across.setSingleStep(self._letter * 3)

    def _describe(self) -> None:
        value = self.byte(self.place)
        what = f"{value:02x}, {value}" if value is not None else "nothing"
        self.setAccessibleDescription(f"At {self.place:,}: {what}")

    # Qt's events

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The rows in sight."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._theme.color("panel"))
        painter.translate(-self.horizontalScrollBar().value(), 0)
        for number in range(self._rows + 1):
            start = (self._top + number) * ROW
            if start >= self.length:
                break
            self._paint_row(painter, start, number * self._height)

    def _paint_row(self, painter: QPainter, start: int, top: int) -> None:
        baseline = top + self.fontMetrics().ascent() + 1
        painter.setPen(self._theme.color("muted"))
        painter.drawText(MARGIN, baseline, f"{start:0{self._digits}x}")
        page = start // PAGE
        if page not in self._pages:
            self._pages[page] = None
            self.wanted.emit(page)
        for column in range(min(ROW, self.length - start)):
            value, left = self.byte(start + column), self._left_of(column)
            text_left = self._left_of_text() + column * self._letter
            if self.place <= start + column < self.place + self.marked:
                color = self._theme.color("accent_fill" if self.hasFocus() else "selection")
                painter.fillRect(QRect(left - 2, top, 2 * self._letter + 4, self._height), color)
                painter.fillRect(QRect(text_left, top, self._letter, self._height), color)
            if value is None:
                continue
            shown = 32 <= value < 127
            painter.setPen(self._theme.color("text" if value else "muted"))
            painter.drawText(left, baseline, f"{value:02x}")
            painter.setPen(self._theme.color("code_string" if shown else "muted"))
            painter.drawText(text_left, baseline, chr(value) if shown else "·")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The cursor goes to the byte."""
        place = self._place_at(event.position().toPoint())
        if place is not None:
            self.go_to(place)

    def _place_at(self, point: QPoint) -> int | None:
        x, row = point.x() + self.horizontalScrollBar().value(), self._top + point.y() // self._height
        text = (x - self._left_of_text()) // self._letter
        digits = next((at for at in range(ROW) if x < self._left_of(at) + 3 * self._letter), ROW - 1)
        place = row * ROW + (text if 0 <= text < ROW else digits)
        return place if 0 <= place < self.length else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, pages, both ends, and copying."""
        keys = Qt.Key(event.key())
        page = self._rows * ROW
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_marked()
        elif keys in KEYS:
            self.go_to(self.place + KEYS[keys])
        elif keys in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.go_to(self.place + (page if keys == Qt.Key.Key_PageDown else -page))
        elif keys == Qt.Key.Key_Home:
            self.go_to(0 if control else self.place // ROW * ROW)
        elif keys == Qt.Key.Key_End:
            self.go_to(self.length - 1 if control else self.place // ROW * ROW + ROW - 1)
        else:
            super().keyPressEvent(event)

    def copy_marked(self) -> None:
        """Put the marked bytes on the clipboard; of one, the whole row."""
        start, count = (self.place, self.marked) if self.marked > 1 else (self.place // ROW * ROW, ROW)
        found = [self.byte(place) for place in range(start, min(start + count, self.length))]
        QGuiApplication.clipboard().setText(" ".join(f"{value:02x}" for value in found if value is not None))
