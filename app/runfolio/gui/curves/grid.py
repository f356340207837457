"""Cards in as many columns as fit, in sections, scrolling down; a card is made when it comes into view."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from runfolio.core.chart_page import Chart, Section
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.layout import GAP, MIN_HEIGHT, SIDE, DropPlace, Layout, Tops, drop_place, laid_out
from runfolio.gui.curves.section_heading import SectionHeading, heading_height

W = TypeVar("W", bound=QWidget)
#: More cards than these are made once the scroll bar has rested for so many milliseconds.
AT_ONCE, PAUSE = 4, 40
#: So many cards are kept, of which each takes about a megabyte.
MOST_CARDS = 80


class ChartGrid(QScrollArea):
    """The charts of all metrics.

    Attributes:
        sections: what is shown, in order.

    Signals:
        revealed(): cards came into view, so that there may be something to read.
        enlarged(bool): a chart fills the panel, or none any more.
    """

    revealed = Signal()
    enlarged = Signal(bool)

    def __init__(
        self,
        make_card: Callable[[Chart, QWidget], ChartCard],
        make_heading: Callable[[Section, QWidget], SectionHeading],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._make_card, self._make_heading = make_card, make_heading
        self.sections: tuple[Section, ...] = ()
        self._charts: dict[str, Chart] = {}
        self._cards: dict[str, ChartCard] = {}
        self._headings: dict[str, SectionHeading] = {}
        self._layout = Layout()
        self._tops = Tops({}), Tops({})
        self._expanded: str | None = None
        self._content = QWidget()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._content)
        self.viewport().setAutoFillBackground(False)
        self._content.setAutoFillBackground(False)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._reveal)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    @property
    def idle(self) -> bool:
        """True unless cards are to be made when the scroll bar has come to rest."""
        return not self._pause.isActive()

    def cards(self) -> list[ChartCard]:
        """All cards made so far of the metrics shown, in their order."""
        return [self._cards[key] for key in self._charts if key in self._cards]

    def visible_cards(self) -> list[ChartCard]:
        """The cards that can be seen at least in part; none while the grid itself is hidden."""
        return [card for card in self.cards() if self.isVisible() and not card.visibleRegion().isEmpty()]

    def set_sections(self, sections: Sequence[Section]) -> None:
        """Show the charts of these; charts that were there stay as they are."""
        if tuple(sections) == self.sections:
            return
        self.sections = tuple(sections)
        self._charts = {chart.key: chart for section in sections for chart in section.charts}
        for key in [key for key in self._cards if key not in self._charts]:
            self._cards.pop(key).deleteLater()
        for key, card in self._cards.items():
            card.set_chart(self._charts[key])
        named = {section.name: section for section in sections}
        for name in [name for name in self._headings if name not in named]:
            self._headings.pop(name).deleteLater()
        for name, heading in self._headings.items():
            heading.show_section(named[name])
        if self._expanded not in self._charts:
            self._expanded = None
            self.enlarged.emit(False)
        self._arrange()
        self._chain()

    @property
    def keys(self) -> tuple[str, ...]:
        """The charts that there are, folded away or not, in their order."""
        return tuple(self._charts)

    def go_to(self, key: str) -> None:
        """Scroll to a chart, if it is shown, and give it the keyboard."""
        place = self._layout.cards.get(key)
        if place is not None:
            self.verticalScrollBar().setValue(place.top())
            self._reveal()
            self._cards[key].plot.setFocus()

    def drop_place(self, at: QPoint) -> DropPlace | None:
        """Where a chart goes that is let go of at a place of the screen; nowhere while one fills the panel."""
        if self._expanded is not None or not self.viewport().rect().contains(self.viewport().mapFromGlobal(at)):
            return None
        return drop_place(self.sections, self._layout, self._content.mapFromGlobal(at))

    @property
    def expanded(self) -> str | None:
        """The chart that fills the panel."""
        return self._expanded

    def expand(self, key: str | None) -> None:
        """Let one chart fill the panel, or show all again."""
        self._expanded = key
        self.enlarged.emit(key is not None)
        self._arrange()
        for name, card in self._cards.items():
            card.heading.set_expanded(name == key)
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

    def _places(self) -> Layout:
        # Not the viewport's size: the scroll bar takes its room from the margin, so its coming and going moves nothing.
        size = self.size()
        if self._expanded is None:
            return laid_out(self.sections, size, heading_height(self))
        whole = QRect(SIDE, 0, size.width() - 2 * SIDE, max(MIN_HEIGHT, size.height() - GAP))
        return Layout(cards={self._expanded: whole}, height=whole.height() + GAP)

    def _arrange(self) -> None:
        """Give everything its place, then make what is in view."""
        self._layout = self._places()
        self._tops = Tops(self._layout.headings), Tops(self._layout.cards)
        self._content.resize(self.viewport().width(), max(self._layout.height, self.viewport().height()))
        _put(self._cards, self._layout.cards)
        _put(self._headings, self._layout.headings)
        self._reveal()

    @Slot()
    def _on_scrolled(self) -> None:
        """Who scrolls past hundreds of charts does not wait for each of them."""
        missing = sum(key not in self._cards for key in self._near(self._tops[1]))
        self._pause.start() if missing > AT_ONCE else self._reveal()

    def _near(self, tops: Tops) -> list[str]:
        top = self.verticalScrollBar().value()
        return tops.within(top, top + self.viewport().height())

    @Slot()
    def _reveal(self) -> None:
        """Make what is in view, and the cards of the row below, so that Tab can go on to them."""
        self._pause.stop()
        if not self.isVisible():
            return
        made = len(self._cards) + len(self._headings)
        for name in self._near(self._tops[0]):
            if name not in self._headings:
                section = next(section for section in self.sections if section.name == name)
                heading = self._make_heading(section, self._content)
                self._headings[name] = _shown(heading, self._layout.headings[name])
        near = self._near(self._tops[1])
        for key in near:
            if key not in self._cards:
                card = self._make_card(self._charts[key], self._content)
                self._cards[key] = _shown(card, self._layout.cards[key])
        self._let_go(near)
        scrolls = self._content.height() > self.viewport().height()
        for card in self._cards.values():
            card.plot.wheel_needs_focus = scrolls
        if len(self._cards) + len(self._headings) > made:
            self._chain()
        self.revealed.emit()

    def _let_go(self, near: Collection[str]) -> None:
        """Of thousands of cards that have been in view only some are kept; others are made anew when they come back."""
        focus = QApplication.focusWidget()
        kept = {*near, *(key for key, card in self._cards.items() if focus is not None and card.isAncestorOf(focus))}
        far = [key for key in self._cards if key not in kept]
        for key in far[: max(0, len(self._cards) - MOST_CARDS)]:
            self._cards.pop(key).deleteLater()

    def _chain(self) -> None:
        """Have Tab go through the parts in the order of reading."""
        last: QWidget | None = None
        for section in self.sections:
            if section.name in self._headings:
                last = self._headings[section.name].follow(last)
            for chart in section.charts:
                if chart.key in self._cards:
                    last = self._cards[chart.key].follow(last)


def _put(parts: dict[str, ChartCard] | dict[str, SectionHeading], places: Mapping[str, QRect]) -> None:
    for name, part in parts.items():
        part.setVisible(name in places)
        if name in places:
            part.setGeometry(places[name])


def _shown(part: W, rect: QRect) -> W:
    part.setGeometry(rect)
    part.show()
    return part
