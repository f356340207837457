"""Lines of a text, however many there are: those in sight are asked for, painted, selected and copied."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from runfolio.gui.chrome.labels import fixed_font
from runfolio.gui.theme import Theme
from runfolio.gui.viewers.text_questions import ROLE_NAMES, ColoredLines

#: Lines are asked for in pages of so many; so many pages are kept.
PAGE, MOST_PAGES = 256, 40
TAB, MARGIN = 4, 8
#: So many lines are copied at once.
MOST_COPIED = 20_000
Place = tuple[int, int]


@dataclass(slots=True)
class Selected:
    """From where to where, as lines and letters; the second is where the keyboard is."""

    anchor: Place = (0, 0)
    cursor: Place = (0, 0)

    @property
    def span(self) -> tuple[Place, Place]:
        """The earlier place and the later one."""
        return (self.anchor, self.cursor) if self.anchor <= self.cursor else (self.cursor, self.anchor)

    def __bool__(self) -> bool:
        return self.anchor != self.cursor


class TextView(QAbstractScrollArea):
    """Paints what it has been given, and asks for the rest.

    Attributes:
        lines: how many there are, as far as is known.
        selected: what is.

    Signals:
        wanted(int): the page of this number.
        copying(int, int): the lines from one number to another are wanted on the clipboard; `copy_lines` gets them.
    """

    wanted = Signal(int)
    copying = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pages: OrderedDict[int, ColoredLines | None] = OrderedDict()
        self._asked: dict[int, int] = {}  # how many lines were known when a page was asked for
        self.lines = 0
        self.selected = Selected()
        self._widest = 0
        self.setFont(fixed_font(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        theme.theme_changed.connect(self.viewport().update)

    # What there is

    def begin(self, name: str) -> None:
        """Show another text, from its beginning."""
        self._pages.clear()
        self._asked.clear()
        self.lines, self._widest, self.selected = 0, 0, Selected()
        self.setAccessibleName(f"Text of {name}")
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)
        self._fit()

    def set_lines(self, lines: int) -> None:
        """So many lines are known now."""
        if lines != self.lines:
            self._drop(self.lines // PAGE)
            self.lines = lines
            self._fit()
            self.viewport().update()

    def put(self, found: ColoredLines) -> None:
        """Show a page that was asked for; if more of its lines are known by now, it is asked for again."""
        page = found.first // PAGE
        short = len(found.lines) < min(PAGE, self.lines - found.first)
        if short and self._asked.get(page, self.lines) < self.lines:
            self._pages.pop(page, None)
        else:
            self._pages[page] = found
        while len(self._pages) > MOST_PAGES:
            self._pages.popitem(last=False)
        widest = max((self._advance(line) for line in found.lines), default=0)
        if widest > self._widest:
            self._widest = widest
            self._fit()
        self.viewport().update()

    def line(self, number: int) -> str | None:
        """A line; None if it is not here."""
        page = self._pages.get(number // PAGE)
        at = number % PAGE
        return page.lines[at] if page is not None and at < len(page.lines) else None

    def go_to(self, line: int, start: int = 0, length: int = 0) -> None:
        """Show a line in the middle, with some of its letters selected."""
        self.selected = Selected((line, start), (line, start + length))
        self.verticalScrollBar().setValue(max(line - self._rows // 2, 0))
        self.viewport().update()

    def _drop(self, page: int) -> None:
        """The last page may have had only some of its lines."""
        found = self._pages.get(page)
        if found is None or len(found.lines) < PAGE:
            self._pages.pop(page, None)

    # Where it is

    @property
    def _height(self) -> int:
        return self.fontMetrics().lineSpacing() + 1

    @property
    def _rows(self) -> int:
        return max(1, self.viewport().height() // self._height)

    @property
    def _gutter(self) -> int:
        """How wide the numbers of lines are."""
        return self.fontMetrics().horizontalAdvance("9" * max(3, len(str(self.lines)))) + 2 * MARGIN

    def _advance(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(shown(text))

    def _left(self) -> int:
        return self._gutter + MARGIN - self.horizontalScrollBar().value()

    def place_at(self, point: QPoint) -> Place:
        """The line and the letter at a point of the viewport."""
        line = self.verticalScrollBar().value() + point.y() // self._height
        if line >= self.lines:
            last = max(self.lines - 1, 0)
            return last, len(self.line(last) or "")
        text, across = self.line(max(line, 0)) or "", point.x() - self._left()
        low, high = 0, len(text)
        while low < high:  # the letter whose left edge is nearest
            middle = (low + high) // 2
            edge = (self._advance(text[:middle]) + self._advance(text[: middle + 1])) / 2
            low, high = (middle + 1, high) if across > edge else (low, middle)
        return max(line, 0), low

    def _fit(self) -> None:
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, self.lines - self._rows))
        down.setPageStep(self._rows)
        room = self.viewport().width() - self._gutter - 2 * MARGIN
        across.setRange(0, max(0, self._widest - room))
        across.setPageStep(max(room, 1))
        across.setSingleStep(self.fontMetrics().averageCharWidth() * 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """Room for some lines."""
        return QSize(400, 300)

    # What is seen

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The lines in sight; those that are not here are asked for."""
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        painter.fillRect(self.viewport().rect(), self._theme.color("panel"))
        first = self.verticalScrollBar().value()
        last = min(first + self._rows + 1, self.lines)
        for page in range(first // PAGE, (max(last, first + 1) - 1) // PAGE + 1):
            self._want(page)
        self._paint_selection(painter, first, last)
        for number in range(first, last):
            self._paint_line(painter, number, (number - first) * self._height)
        self._paint_numbers(painter, first, last)

    def _want(self, page: int) -> None:
        if self.lines and page not in self._pages:
            self._pages[page] = None
            self._asked[page] = self.lines
            self.wanted.emit(page)
        elif page in self._pages:
            self._pages.move_to_end(page)

    def _paint_line(self, painter: QPainter, number: int, top: int) -> None:
        page, at = self._pages.get(number // PAGE), number % PAGE
        if page is None or at >= len(page.lines):
            return
        text, left, baseline = page.lines[at], self._left(), top + self.fontMetrics().ascent()
        spans = page.spans[at] if at < len(page.spans) else ()
        start = 0
        for role, length in [*zip(spans[::2], spans[1::2], strict=False), (0, len(text))]:
            part = text[start : start + length]
            if part and left < self.viewport().width():
                before = self._advance(text[:start]) if start else 0
                painter.setPen(self._theme.color(ROLE_NAMES[role]))
                painter.drawText(left + before, baseline, shown(part, len(shown(text[:start]))))
            start += length
        if number in page.cut:
            painter.setPen(self._theme.color("muted"))
            painter.drawText(left + self._advance(text), baseline, " … cut here")

    def _paint_numbers(self, painter: QPainter, first: int, last: int) -> None:
        painter.fillRect(0, 0, self._gutter, self.viewport().height(), self._theme.color("raised"))
        painter.setPen(self._theme.color("muted"))
        for number in range(first, last):
            where = QRect(0, (number - first) * self._height, self._gutter - MARGIN, self._height)
            painter.drawText(where, int(Qt.AlignmentFlag.AlignRight), str(number + 1))

    def _paint_selection(self, painter: QPainter, first: int, last: int) -> None:
        (start, begin), (end, finish) = self.selected.span
        if not self.selected:
            return
        for number in range(max(start, first), min(end + 1, last)):
            text = self.line(number) or ""
            left = self._advance(text[:begin]) if number == start else 0
            right = self._advance(text[:finish]) if number == end else self._advance(text) + MARGIN
            top = (number - first) * self._height
            painter.fillRect(
                QRect(self._left() + left, top, right - left, self._height), self._theme.color("selection")
            )

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The place is where the next selection begins; with Shift, where this one ends."""
        if event.button() == Qt.MouseButton.LeftButton:
            place = self.place_at(event.position().toPoint())
            extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.selected = Selected(self.selected.anchor if extends else place, place)
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select up to there."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            down = self.verticalScrollBar()
            point = event.position().toPoint()
            if not 0 <= point.y() < self.viewport().height():
                down.setValue(down.value() + (1 if point.y() > 0 else -1))
            self.selected = Selected(self.selected.anchor, self.place_at(point))
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The word there."""
        line, at = self.place_at(event.position().toPoint())
        text = self.line(line) or ""
        start, end = at, at
        while start > 0 and _is_word(text[start - 1]):
            start -= 1
        while end < len(text) and _is_word(text[end]):
            end += 1
        self.selected = Selected((line, start), (line, end))
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Copying and selecting all are meant here while the keyboard is, and not in the table of runs."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Lines and pages up and down, to the beginning and the end, and across as far as there is more."""
        down, across, keys = self.verticalScrollBar(), self.horizontalScrollBar(), Qt.Key
        before = (down.value(), across.value())
        moves = {
            keys.Key_Down: (down, 1),
            keys.Key_Up: (down, -1),
            keys.Key_PageDown: (down, self._rows),
            keys.Key_PageUp: (down, -self._rows),
            keys.Key_Home: (down, -self.lines),
            keys.Key_End: (down, self.lines),
            keys.Key_Right: (across, across.singleStep()),
            keys.Key_Left: (across, -across.singleStep()),
        }
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() in moves and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            bar, step = moves[keys(event.key())]
            bar.setValue(bar.value() + step)
            if before == (down.value(), across.value()) and bar is across:
                event.ignore()
        else:
            event.ignore()

    def select_all(self) -> None:
        """Everything."""
        last = max(self.lines - 1, 0)
        self.selected = Selected((0, 0), (last, len(self.line(last) or "") or 2**31))
        self.viewport().update()

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        (start, _), (end, _) = self.selected.span
        if self.selected:
            self.copying.emit(start, min(end, start + MOST_COPIED - 1))

    def copy_lines(self, first: int, lines: tuple[str, ...]) -> None:
        """The lines that were asked for: of the first one and the last one, what is selected."""
        (start, begin), (end, finish) = self.selected.span
        if first != start or not lines:
            return
        kept = list(lines)
        if end == start + len(kept) - 1:
            kept[-1] = kept[-1][:finish]
        kept[0] = kept[0][begin:]
        QGuiApplication.clipboard().setText("\n".join(kept))


def shown(text: str, column: int = 0) -> str:
    """A text that begins in some column as it is painted: tabs as blanks, what cannot be seen as a sign."""
    if text.isprintable():
        return text
    parts: list[str] = []
    for letter in text:
        if letter == "\t":
            blanks = TAB - column % TAB
            parts.append(" " * blanks)
            column += blanks
        else:
            parts.append(letter if letter.isprintable() else "\N{SYMBOL FOR SUBSTITUTE FORM TWO}")
            column += 1
    return "".join(parts)


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _is_ours(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.SelectAll)
