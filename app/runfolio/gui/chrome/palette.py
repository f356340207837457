"""The command palette: type a few letters of a command, an experiment or a run, and press Return."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from runfolio.gui.aliases import Index
from runfolio.gui.icons import icon

SHOWN = 120
# Left of a hint and right of it, in pixels.
GAP = 12
HINT_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be chosen.

    Attributes:
        title: what it is called.
        hint: its shortcut or kind, at the right edge.
        symbol: its icon's name.
        choose: what choosing it does.
    """

    title: str
    hint: str
    symbol: str
    choose: Callable[[], object]


def ranked(entries: Iterable[Entry], text: str) -> list[Entry]:
    """The entries with all words of `text`: those that begin with it first, then by where it occurs."""
    words = text.lower().split()
    found = [
        (0 if entry.title.lower().startswith(text.lower()) else 1, entry.title.lower().find(words[0]), number, entry)
        if words
        else (0, 0, number, entry)
        for number, entry in enumerate(entries)
        if all(word in entry.title.lower() for word in words)
    ]
    return [entry for *_, entry in sorted(found, key=lambda item: item[:3])][:SHOWN]


class Palette(QDialog):
    """A list that narrows while one types. Up and Down move, Return chooses, Escape leaves.

    Signals:
        asked(str): another text was typed; who knows more that fits it may `add` it.
    """

    asked = Signal(str)

    def __init__(self, entries: Sequence[Entry], muted: QColor, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("palette")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._entries = entries
        self._found: Sequence[Entry] = ()
        self._shown: list[Entry] = []
        self.field = QLineEdit(placeholderText="Type a command, an experiment or a run")
        self.field.setAccessibleName("Command")
        self.list = QListWidget()
        self.list.setAccessibleName("Commands found")
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setItemDelegate(_HintDelegate(muted, self.list))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.field.textChanged.connect(self._on_text)
        self.field.installEventFilter(self)
        self.field.returnPressed.connect(self._choose)
        self.list.itemClicked.connect(self._choose)
        self.resize(self.fontMetrics().averageCharWidth() * 84, self.fontMetrics().height() * 26)
        self._show()

    def open_over(self, window: QWidget) -> None:
        """Appear at the top of a window."""
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - self.width()) // 2, corner.y() + 48)
        self.show()
        self.field.setFocus()
        self.asked.emit("")

    def add(self, entries: Sequence[Entry]) -> None:
        """Offer, after what is known anyway, what a job has found for the text; in place of what it found before."""
        row = self.list.currentRow()
        chosen = self._shown[row] if row > 0 else None
        self._found = entries
        self._show()
        # What the user has gone to stays chosen, wherever it ranks now; the first line is nobody's choice yet.
        last = max(0, min(row, len(self._shown) - 1))
        self.list.setCurrentRow(next((at for at, entry in enumerate(self._shown) if entry is chosen), last))

    def _on_text(self, text: str) -> None:
        self._show()
        self.asked.emit(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}
            if event.key() in moves:
                row = self.list.currentRow() + moves[Qt.Key(event.key())]
                self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))
                return True
        return False

    def _show(self) -> None:
        self._shown = ranked([*self._entries, *self._found], self.field.text())
        self.list.clear()
        for entry in self._shown:
            item = QListWidgetItem(icon(entry.symbol or "chevron-right", "muted"), entry.title)
            item.setData(HINT_ROLE, entry.hint)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _choose(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._shown):
            chosen = self._shown[row].choose
            self.close()
            chosen()


class _HintDelegate(QStyledItemDelegate):
    """Adds the hint at the right edge."""

    def __init__(self, color: QColor, parent: QWidget) -> None:
        super().__init__(parent)
        self._color = color

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        room, hint = option.rect.width() // 2, str(index.data(HINT_ROLE) or "")
        hint = option.fontMetrics.elidedText(hint, Qt.TextElideMode.ElideMiddle, room)
        title = QStyleOptionViewItem(option)
        title.rect = option.rect.adjusted(0, 0, -option.fontMetrics.horizontalAdvance(hint) - GAP if hint else 0, 0)
        whole = QStyleOptionViewItem(option)
        self.initStyleOption(whole, index)
        # The line that is chosen is so from edge to edge.
        option.widget.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, whole, painter, option.widget)
        super().paint(painter, title, index)
        painter.save()
        painter.setPen(self._color)
        area = option.rect.adjusted(0, 0, -GAP, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, hint)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as the list, however long the title is: it is cut off in the middle, where names differ least."""
        return QSize(0, super().sizeHint(option, index).height())
