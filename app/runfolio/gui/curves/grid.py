"""Cards in as many columns as fit, scrolling down; a card is made when it comes into view."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from runfolio.gui.curves.card import ChartCard

GAP = 12
SIDE = 16
MIN_WIDTH, MIN_HEIGHT, MAX_HEIGHT = 270, 110, 420
PROPORTION, STRETCH = 0.8, 1.15


def columns_for(width: int) -> int:
    """How many cards stand side by side, none narrower than MIN_WIDTH where there is room for one."""
    return max(1, (width + GAP) // (MIN_WIDTH + GAP))


def card_rects(count: int, width: int, height: int) -> list[QRect]:
    """The places of `count` cards in a viewport of that size, from the upper left on.

    Cards keep about their proportion, stretched or shrunk a little so that whole rows fill the height there is.
    """
    inner = width - 2 * SIDE
    columns = min(columns_for(inner), max(count, 2))
    card_width = (inner - GAP * (columns - 1)) // columns
    rows = -(-count // columns)
    wanted = min(round(card_width * PROPORTION), MAX_HEIGHT)
    in_view = min(max(1, round(height / (wanted + GAP))), max(1, rows))
    card_height = max(MIN_HEIGHT, min(round(wanted * STRETCH), height // in_view - GAP))
    return [
        QRect(SIDE + (card_width + GAP) * (i % columns), (card_height + GAP) * (i // columns), card_width, card_height)
        for i in range(count)
    ]


class ChartGrid(QScrollArea):
    """The charts of all metrics.

    Signals:
        revealed(): cards came into view, so that there may be something to read.
    """

    revealed = Signal()

    def __init__(self, make_card: Callable[[str, QWidget], ChartCard], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_card = make_card
        self._keys: tuple[str, ...] = ()
        self._cards: dict[str, ChartCard] = {}
        self._expanded: str | None = None
        self._content = QWidget()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._content)
        self.viewport().setAutoFillBackground(False)
        self._content.setAutoFillBackground(False)
        self.verticalScrollBar().valueChanged.connect(self._reveal)

    def cards(self) -> list[ChartCard]:
        """All cards made so far of the metrics shown, in their order."""
        return [self._cards[key] for key in self._keys if key in self._cards]

    def visible_cards(self) -> list[ChartCard]:
        """The cards that can be seen at least in part; none while the grid itself is hidden."""
        return [card for card in self.cards() if self.isVisible() and not card.visibleRegion().isEmpty()]

    def set_keys(self, keys: Sequence[str]) -> None:
        """Show the charts of these metrics; charts that were there stay as they are."""
        if tuple(keys) == self._keys:
            return
        self._keys = tuple(keys)
        for key in [key for key in self._cards if key not in self._keys]:
            self._cards.pop(key).deleteLater()
        if self._expanded not in self._keys:
            self._expanded = None
        self._arrange()

    @property
    def keys(self) -> tuple[str, ...]:
        """The metrics whose charts are shown, in their order."""
        return self._keys

    def go_to(self, key: str) -> None:
        """Scroll to a metric's chart, if there is one, and give it the keyboard."""
        place = self._shown().get(key)
        if place is not None:
            self.verticalScrollBar().setValue(place.top())
            self._reveal()
            self._cards[key].plot.setFocus()

    @property
    def expanded(self) -> str | None:
        """The metric whose chart fills the panel."""
        return self._expanded

    def expand(self, key: str | None) -> None:
        """Let one chart fill the panel, or show all again."""
        self._expanded = key
        self._arrange()
        for name, card in self._cards.items():
            card.set_expanded(name == key)
        if key is None:
            return
        self.verticalScrollBar().setValue(0)
        self._cards[key].plot.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the cards anew."""
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Make the cards that can be seen now."""
        super().showEvent(event)
        self._arrange()

    def _shown(self) -> dict[str, QRect]:
        # Not the viewport's size: the scroll bar takes its room from the margin, so its coming and going moves nothing.
        size = self.size()
        if self._expanded is not None:
            return {self._expanded: QRect(SIDE, 0, size.width() - 2 * SIDE, max(MIN_HEIGHT, size.height() - GAP))}
        rects = card_rects(len(self._keys), size.width(), size.height())
        return dict(zip(self._keys, rects, strict=True))

    def _arrange(self) -> None:
        """Give every card its place, then make those that are in view."""
        shown = self._shown()
        bottom = max((rect.bottom() for rect in shown.values()), default=0) + GAP
        self._content.resize(self.viewport().width(), max(bottom, self.viewport().height()))
        for key, card in self._cards.items():
            card.setVisible(key in shown)
            if key in shown:
                card.setGeometry(shown[key])
        self._reveal()

    def _reveal(self) -> None:
        """Make the cards in view and those of the row below, so that Tab can go on to them."""
        if not self.isVisible():
            return
        shown = self._shown()
        top = self.verticalScrollBar().value()
        scrolls = self._content.height() > self.viewport().height()
        previous: ChartCard | None = None
        for key, rect in shown.items():
            near = rect.top() < top + self.viewport().height() + rect.height() and rect.bottom() > top - rect.height()
            if key not in self._cards and near:
                self._add(key, rect, previous)
            if key in self._cards:
                previous = self._cards[key]
                self._cards[key].plot.wheel_needs_focus = scrolls
        self.revealed.emit()

    def _add(self, key: str, rect: QRect, previous: ChartCard | None) -> None:
        card = self._cards[key] = self._make_card(key, self._content)
        card.setGeometry(rect)
        card.show()
        if previous is not None:
            card.follow(previous)
