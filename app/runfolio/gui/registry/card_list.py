"""The cards of one column: selected as in any list, and carried elsewhere with the mouse or the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QWidget

from runfolio.gui.registry.card_model import NOTE_ROLE, CardModel
from runfolio.gui.registry.card_paint import BELOW, CardDelegate, link_of
from runfolio.gui.theme import Theme

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
MANY = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
MARGIN = 20
OWN_KEYS = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.SelectAll)
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
UPRIGHT = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)


class CardList(QListView):
    """Says what the hand and the keys do; what comes of it is for the board.

    Attributes:
        lifted: whether its cards are on their way, so that keys mean where to.

    Signals:
        alone(): other columns are to have nothing selected, for this one is chosen from anew.
        picked(bool): the selected cards are picked up, with the mouse (True) or the keyboard.
        moved(QPoint): they are carried to this place of the screen.
        dropped(): they are let go where they are.
        put_back(): they are not to move.
        stepped(int): one column to the right (1) or to the left (-1).
        run_asked(int): the user wants to see the run of this version.
        copy_asked(): the selected ones are wanted on the clipboard.
        menu_asked(QPoint): the context menu is wanted, at this place of the screen.
    """

    alone = Signal()
    picked = Signal(bool)
    moved = Signal(QPoint)
    dropped = Signal()
    put_back = Signal()
    stepped = Signal(int)
    run_asked = Signal(int)
    copy_asked = Signal()
    menu_asked = Signal(QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cards")
        self.cards = CardModel(self)
        self.lifted = False
        self._pressed: QPoint | None = None
        self._by_mouse = False
        self.setModel(self.cards)
        self.setItemDelegate(CardDelegate(theme, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setMinimumHeight(self.fontMetrics().height() * 4)
        self.cards.dataChanged.connect(self.scheduleDelayedItemsLayout)
        theme.theme_changed.connect(self.viewport().update)

    def chosen(self) -> list[int]:
        """The selected versions, the current one last."""
        now = self.currentIndex()
        rows = sorted(self.selectionModel().selectedIndexes(), key=lambda one: (one == now, one.row()))
        return [card.number for card in map(self.cards.card_at, rows) if card is not None]

    def in_sight(self) -> list[int]:
        """The versions whose cards are seen, or nearly so."""
        top, bottom = (self.indexAt(QPoint(MARGIN, y)).row() for y in (1, self.viewport().height() - 1))
        last = bottom if bottom >= 0 else len(self.cards.cards) - 1
        return [card.number for card in self.cards.cards[max(top, 0) : last + 2]]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The aliases of a card may have less room now."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select, and remember where a card was taken hold of."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint() if index.isValid() else None
        if not event.modifiers() & MANY and not self.selectionModel().isSelected(index):
            self.alone.emit()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A card that was taken hold of goes along."""
        place = event.position().toPoint()
        if self._by_mouse and self.lifted:
            self.moved.emit(event.globalPosition().toPoint())
        elif self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            if (place - self._pressed).manhattanLength() >= QApplication.startDragDistance():
                self._by_mouse = True
                self.picked.emit(True)
                self.moved.emit(event.globalPosition().toPoint())
        else:
            over = self._link_at(place) >= 0
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of what was carried; a click without a move may be on the link of a run."""
        pressed, self._pressed = self._pressed, None
        carried, self._by_mouse = self._by_mouse, False
        if carried:
            if self.lifted:
                self.dropped.emit()
            return
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers() & MANY
        if plain and pressed is not None and len(self.selectionModel().selectedIndexes()) > 0:
            self.alone.emit()
        super().mouseReleaseEvent(event)
        version = self._link_at(event.position().toPoint())
        if plain and pressed is not None and version >= 0:
            self.run_asked.emit(version)

    def hideEvent(self, event: QHideEvent) -> None:
        """What is carried is put back when another page comes."""
        super().hideEvent(event)
        if self.lifted:
            self.put_back.emit()

    def let_go(self) -> None:
        """What was carried has been taken elsewhere, or is not carried any more."""
        self.lifted = self._by_mouse = False
        self._pressed = None

    def _link_at(self, place: QPoint) -> int:
        """The version whose link to its run is there; -1 for none."""
        index = self.indexAt(place)
        card = self.cards.card_at(index)
        if card is None:
            return -1
        area = self.visualRect(index).adjusted(0, 0, 0, -BELOW)
        return card.number if link_of(card, str(index.data(NOTE_ROLE)), area, self.font()).contains(place) else -1

    # The keyboard

    def event(self, event: QEvent) -> bool:
        """Keys that mean runs elsewhere are about versions while the keyboard is here."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space picks up; then the arrows choose a column, Enter and Space drop, and Escape puts back."""
        key, sideways = event.key(), {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        plain = event.modifiers() in (NO_MODIFIER, Qt.KeyboardModifier.KeypadModifier)
        if plain and key in sideways:
            self.stepped.emit(sideways[Qt.Key(key)])
        elif self.lifted:
            self._carry_on(event)
        elif plain and key == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._select_current()
            self.picked.emit(False)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        else:
            if not event.modifiers() & MANY and (key in UPRIGHT or event.text().strip().isprintable()):
                self.alone.emit()
            super().keyPressEvent(event)
            if plain and key in UPRIGHT and self.currentIndex().isValid():
                self._select_current()  # an arrow that leads nowhere chooses the card that Tab has come to

    def _carry_on(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put_back.emit()
        elif (event.key() in ENTER or event.key() == Qt.Key.Key_Space) and not self._by_mouse:
            self.dropped.emit()

    def _select_current(self) -> None:
        if not self.selectionModel().isSelected(self.currentIndex()):
            self.alone.emit()
            self.setCurrentIndex(self.currentIndex())

    def take_focus(self) -> None:
        """Have the keyboard, on a card if there is one."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.currentIndex().isValid() and self.cards.rowCount():
            self.setCurrentIndex(self.cards.index(0))
        elif self.currentIndex().isValid():
            self.setCurrentIndex(QModelIndex(self.currentIndex()))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What the keyboard had picked up is put back when the keyboard goes elsewhere."""
        super().focusOutEvent(event)
        if self.lifted and not self._by_mouse and event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.put_back.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu is made where the commands are known; by keyboard it opens at the card."""
        place = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        if self.selectionModel().hasSelection():
            self.menu_asked.emit(place)


def _is_ours(event: QKeyEvent) -> bool:
    return any(event.matches(key) for key in OWN_KEYS)
