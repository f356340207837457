"""Cards on their way from one column to another, by mouse or by keyboard, and what is said of it meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from runfolio.core.registry.names import ARCHIVED
from runfolio.gui.messages import Message
from runfolio.gui.registry.card_list import CardList
from runfolio.gui.registry.cards import Card, named
from runfolio.gui.registry.column import StageColumn
from runfolio.gui.registry.ghost import Ghost
from runfolio.gui.registry.weighing import Weighed, weigh

if TYPE_CHECKING:
    from runfolio.gui.registry.board import Board

CHANNEL = "registry.carry"
ASKING = "The gates are being asked…"
HINT = "Choose a column with ← and →; Escape puts it back"


class Carrying(QObject):
    """One at a time: what is picked up is dropped or put back before something else is.

    Attributes:
        homes: the stages of the cards that are on their way; empty while none are.
        target: the stage that they are over; empty for none.
        weighed: what would come of each move, once that is known.

    Signals:
        moved(Weighed, str, bool): this is to be done, with a reason, and signed off or not.
        taken_out(): they have left the window with the mouse.
    """

    moved = Signal(object, str, bool)
    taken_out = Signal()

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._board = board
        self._list: CardList | None = None
        self._ghost: Ghost | None = None
        self._cards: Sequence[Card] = ()
        self._let_go = False
        self.homes: dict[int, str] = {}
        self.target = ""
        self.weighed: Mapping[str, Weighed] = {}

    def pick_up(self, source: CardList, cards: Sequence[Card], *, by_mouse: bool) -> None:
        """Take cards, and ask at once what would come of each move of them."""
        self.put_back()
        if not cards:
            return
        stages = self._board.stages()
        self._list, self._cards = source, cards
        self.homes = {card.number: stages[card.number] for card in cards}
        source.lifted = True
        board = self._board
        if by_mouse:
            self._ghost = Ghost(board.window(), cards, source.viewport().width(), source.font(), board.session.theme)
        else:
            self.step(0)
        self._weigh()
        self._mark()

    def weigh_again(self) -> None:
        """Others have moved, so that something else may come of it; what was let go is weighed by the store."""
        if self.homes and not self._let_go:
            self._weigh()

    def _weigh(self) -> None:
        board = self._board
        work = partial(weigh, board.session.store, board.shown.name, board.shown.policy, dict(self.homes))
        board.session.jobs.read(work, self._on_weighed, channel=CHANNEL, failed=self._on_not_weighed)

    def carry_to(self, place: QPoint) -> None:
        """The mouse holds them at a place of the screen."""
        if self._ghost is None:
            return
        if not self._board.window().frameGeometry().contains(place):
            self.taken_out.emit()
            return
        self._ghost.follow(place)
        column = self._board.columns.under(place)
        self.aim(column.stage if column is not None else "")

    def step(self, by: int) -> None:
        """Aim at the column beside, with the keyboard."""
        stages = self._board.shown.policy.stages
        here = self.target or next(iter(self.homes.values()), "")
        place = stages.index(here) if here in stages else 0
        self.aim(stages[max(0, min(place + by, len(stages) - 1))])
        if (column := self._board.columns.of(self.target)) is not None:
            self._board.columns.reveal(column)

    @Slot()
    def drop(self) -> None:
        """Let go where they are; as soon as the gates have answered, it is done, refused, or asked about."""
        if not self.homes:
            return
        self._let_go = True
        if self._ghost is not None:
            self._ghost.hide()
        if not self.target or all(home == self.target for home in self.homes.values()):
            self.put_back()
        elif self.target in self.weighed:
            self._decide(self.weighed[self.target])

    @Slot()
    def put_back(self) -> None:
        """Nothing moves."""
        self.aim("")
        if self._list is not None:
            self._list.let_go()
        if self._ghost is not None:
            self._ghost.hide()
            self._ghost.deleteLater()
        self._list, self._ghost, self._cards, self._let_go = None, None, (), False
        self.homes, self.weighed = {}, {}
        self._mark()

    @Slot(str, bool)
    def on_decided(self, reason: str, signed: bool) -> None:
        """The user has said why, or signed it off."""
        weighed = self.weighed.get(self.target)
        if weighed is not None and weighed.allows(reason, signed):
            self._finish(weighed, reason, signed)

    def _decide(self, weighed: Weighed) -> None:
        if weighed.clear:
            self._finish(weighed, "", signed=False)
        elif weighed.open:
            self._ask(weighed)
        else:
            failing = "; ".join(f"{who}{one}" for who, one in weighed.checks if not one.passed)
            told = f"{weighed.title}: {failing}." if failing else f"{weighed.title}: move them one by one."
            self.put_back()
            self._board.session.message.emit(Message(told, error=True))

    def _ask(self, weighed: Weighed) -> None:
        column = self._board.columns.of(weighed.stage)
        if column is not None and self._list is not None:
            self._list.let_go()
            self._list.lifted = False
            column.verdict.ask(weighed)

    def _finish(self, weighed: Weighed, reason: str, signed: bool) -> None:
        self.put_back()
        self.moved.emit(weighed, reason, signed)

    def aim(self, stage: str) -> None:
        """Be over the column of a stage; empty for none."""
        if stage == self.target:
            return
        before, self.target = self._board.columns.of(self.target), stage
        if before is not None:
            before.verdict.leave()
            before.set_target("")
        if stage:
            self._show()
        self._mark()

    def _show(self) -> None:
        """Say in the column what a drop there would do."""
        column, weighed = self._board.columns.of(self.target), self.weighed.get(self.target)
        if column is None:
            return
        keys, home = self._ghost is None, all(one == self.target for one in self.homes.values())
        if home:
            column.verdict.tell(HINT) if keys else column.verdict.leave()
        elif weighed is None:
            column.verdict.tell(ASKING)
        else:
            column.verdict.show_move(weighed, keys=keys)
        column.set_target("" if home else column.verdict.role)
        if keys:
            self._announce(column)

    def _announce(self, column: StageColumn) -> None:
        """For assistive tools: the keyboard stays on the card while it goes from column to column."""
        if self._list is not None:
            text = f"{named(self.homes)}, {column.stage}. {column.verdict.text}"
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._list, text))

    def _mark(self) -> None:
        """Show which cards are away, and which would make room."""
        weighed = self.weighed.get(self.target)
        notes: dict[int, str] = {}
        if weighed is not None and weighed.open and not weighed.crowded:
            notes = dict.fromkeys(weighed.archived, f"moves to {ARCHIVED}")
        for column in self._board.columns.columns:
            column.list.cards.mark(notes, frozenset(self.homes))

    def _on_weighed(self, found: dict[str, Weighed]) -> None:
        if not self.homes:
            return
        self.weighed = found
        if self.target:
            self._show()
        self._mark()
        if self._let_go and self.target in found:
            self._decide(found[self.target])

    def _on_not_weighed(self, error: Exception) -> None:
        self.put_back()
        self._board.session.message.emit(Message.of_error(error, "The gates could not be asked."))
