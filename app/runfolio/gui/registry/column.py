"""A column of the board: a stage with its colour, how many versions are in it, and their cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from runfolio.core.numbers import count, counted
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import muted
from runfolio.gui.registry.arrivals import Arrival
from runfolio.gui.registry.card_list import CardList
from runfolio.gui.registry.cards import Card
from runfolio.gui.registry.stages import stage_role
from runfolio.gui.registry.verdict import VerdictPanel
from runfolio.gui.theme import Theme

RADIUS, DOT, MARGIN = 8, 8, 10
#: A column is at least so many letters wide; where more of them are than have room, the board scrolls sideways.
LEAST_LETTERS = 28


class StageColumn(QFrame):
    """Shows the cards of a stage; what is dropped on it from elsewhere is a model to register.

    Attributes:
        stage: which.
        list: its cards.
        verdict: what it says while something is carried over it.

    Signals:
        arrived(Arrival): this is to be registered into the stage.
    """

    arrived = Signal(object)

    def __init__(
        self, stage: str, stages: Sequence[str], theme: Theme, arrival: Callable[[QDropEvent], Arrival | None]
    ) -> None:
        super().__init__()
        self.setObjectName("stage")
        self.stage, self._theme, self._arrival = stage, theme, arrival
        self._role = stage_role(stage, stages)
        self._target = ""
        self.list = CardList(theme, self)
        self.verdict = VerdictPanel(theme, self)
        self._count, self._nothing = muted(), muted()
        self._place()
        self.setAcceptDrops(True)
        theme.theme_changed.connect(self.update)

    def show_cards(self, cards: Sequence[Card], total: int) -> None:
        """Show these of all cards in the stage."""
        self.list.cards.show_cards(cards)
        self._count.setText(count(total) if len(cards) == total else f"{len(cards):,} of {total:,}")
        self.list.setAccessibleName(f"{self.stage}, {counted(total, 'version')}")

    def tell(self, text: str) -> None:
        """Say this in place of cards; nothing if the text is empty."""
        self._nothing.setText(text)
        self._nothing.setVisible(bool(text))

    def set_target(self, role: str) -> None:
        """Something is over the column, and this is the colour of what comes of a drop; empty for nothing."""
        if role != self._target:
            self._target = role
            self.update()

    def _place(self) -> None:
        self._nothing.setWordWrap(True)
        self._nothing.hide()
        title = ElidedLabel(self.stage)
        font = title.font()
        font.setWeight(font.Weight.DemiBold)
        title.setFont(font)
        top = QHBoxLayout()
        top.setContentsMargins(MARGIN + DOT + 8, 11, MARGIN + 2, 5)
        top.addWidget(title, 1)
        top.addWidget(self._count)
        inner = QVBoxLayout()
        inner.setContentsMargins(MARGIN, 0, MARGIN, 4)
        inner.setSpacing(8)
        inner.addWidget(self.verdict)
        inner.addWidget(self._nothing)
        inner.addWidget(self.list, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addLayout(inner, 1)
        self._title = title
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * LEAST_LETTERS)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A frame, and the dot of the stage."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color(self._target or "line"))
        painter.setBrush(self._theme.color("panel"))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), RADIUS, RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(self._role))
        painter.drawEllipse(MARGIN, self._title.geometry().center().y() - DOT // 2 + 1, DOT, DOT)

    # What is dragged here from elsewhere

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say what would be registered."""
        arrival = self._arrival(event)
        if arrival is None:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        then = "" if self.stage == "None" else f", then move it to {self.stage}"
        self.verdict.tell(f"Drop to register {arrival.title}{then}")
        self.set_target("accent")

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Wherever it is dropped, it is registered."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._forget()

    def dropEvent(self, event: QDropEvent) -> None:
        arrival = self._arrival(event)
        self._forget()
        if arrival is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.arrived.emit(arrival)

    def _forget(self) -> None:
        self.verdict.leave()
        self.set_target("")
