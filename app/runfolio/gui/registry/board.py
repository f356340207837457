"""The board of a registered model: a column for each stage, with a card for each version in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QPoint, QTimer, Slot
from PySide6.QtGui import QDropEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from runfolio.core.entities import Changes
from runfolio.core.errors import NotFound
from runfolio.core.people import user_name
from runfolio.gui.icons import icon
from runfolio.gui.messages import Message
from runfolio.gui.refresh import Refresh
from runfolio.gui.registry.arrivals import Arrival, arrival
from runfolio.gui.registry.card_list import CardList
from runfolio.gui.registry.cards import Card, Shown, Verdict, read_board, read_verdicts
from runfolio.gui.registry.carrying import Carrying
from runfolio.gui.registry.column import StageColumn
from runfolio.gui.registry.columns import StageColumns
from runfolio.gui.registry.commands import VersionCommands
from runfolio.gui.registry.menu import version_menu
from runfolio.gui.registry.moves import Places, moving
from runfolio.gui.registry.register import register_arrival
from runfolio.gui.registry.tabs import RegistryTab
from runfolio.gui.registry.taking import TakingOut
from runfolio.gui.registry.weighing import Weighed
from runfolio.gui.session import Session
from runfolio.store import Store

PACE = 100
#: Ages of cards are told in minutes.
MINUTE_MS = 60_000
#: So long after cards have moved, gates are asked about those that are seen.
SOON_MS = 30


class Board(RegistryTab):
    """Follows the store; a card that is dropped is shown where it goes before the store has answered.

    Attributes:
        session: what all parts share.
        shown: the model, as last read.
        filter, columns: which versions are shown, and where.
        carrying: the cards that are on their way.
        commands: what is done with the selected versions.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.shown = Shown("")
        self.filter = QLineEdit(placeholderText="Filter versions by words")
        self.register_button = QPushButton(icon("plus", "text"), "Register run…")
        self.roll_back_button = QPushButton(icon("undo", "text"), "Roll back…")
        self.serve_button = QPushButton(icon("serving", "text"), "Serve…")
        self.columns = StageColumns(session.theme, self._arrival, self)
        self._name = ""
        self._stale = False
        self._places = Places()
        self._read_with: frozenset[int] = frozenset()
        # What gates said last of versions, and of which that is as the store is now.
        self._verdicts: dict[int, Verdict] = {}
        self._fresh: set[int] = set()
        # The version that the keyboard goes along with.
        self._followed = 0
        self._place()
        self.commands = VersionCommands(session, self)
        self.carrying = Carrying(self)
        self._taking = TakingOut(session, self)
        complaint = "The versions of the model could not be read."
        self._refresh: Refresh[Shown | None] = Refresh(session, self._job, self._on_read, complaint, self, PACE)
        self._clock = QTimer(self, interval=MINUTE_MS)
        self._later = QTimer(self, interval=SOON_MS, singleShot=True)
        self._connect()

    def show_model(self, name: str) -> None:
        """Show the versions of another model, or read these again."""
        if name != self._name:
            self._name = name
            self.carrying.put_back()
            self._places.clear()
            self._verdicts = {}
            self._refresh.ask_instead()
        else:
            self._refresh.ask_now()

    def _place(self) -> None:
        self.filter.setAccessibleName("Filter versions")
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        top = QHBoxLayout()
        top.setContentsMargins(16, 10, 16, 0)
        top.setSpacing(8)
        for widget in (self.filter, self.register_button, self.roll_back_button, self.serve_button):
            top.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 12)
        layout.setSpacing(14)
        layout.addLayout(top)
        layout.addWidget(self.columns, 1)

    def _connect(self) -> None:
        session = self.session
        self._clock.timeout.connect(self._show)
        self._clock.start()
        self._later.timeout.connect(self._ask_gates)
        self.columns.scrolled.connect(self._later.start)
        for slot in (self._show, self._later.start):
            self.filter.textChanged.connect(slot)
        self.filter.returnPressed.connect(self.focus_cards)
        self.register_button.clicked.connect(self.commands.register_run)
        self.roll_back_button.clicked.connect(self.commands.roll_back)
        self.serve_button.clicked.connect(self.commands.serve)
        self.columns.made.connect(self._connect_column)
        self.columns.chosen_changed.connect(lambda: session.registry.select(self.columns.chosen()))
        self.carrying.moved.connect(self.make_move)
        self.carrying.taken_out.connect(self._take_out)
        session.changed.connect(self._on_changed)
        session.registry.versions_changed.connect(self.columns.mark)
        session.registry.move_asked.connect(self._move_chosen)
        session.presence_changed.connect(self._show_state)

    def _connect_column(self, column: StageColumn) -> None:
        one = column.list
        one.picked.connect(partial(self._pick_up, one))
        one.moved.connect(self._on_moved)
        one.dropped.connect(self._drop)
        one.put_back.connect(self.carrying.put_back)
        one.stepped.connect(partial(self._step, one))
        one.run_asked.connect(self.commands.go_to_run)
        one.copy_asked.connect(self.commands.copy_address)
        one.menu_asked.connect(self._show_menu)
        column.verdict.decided.connect(self.carrying.on_decided)
        column.verdict.left.connect(self._leave_form)
        column.arrived.connect(partial(self._register, column.stage))

    # Reading

    def _job(self) -> Callable[[], Shown | None]:
        self._stale, self._read_with = False, self._places.settled()
        return partial(_read, self.session.store, self._name)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        """Of runs that log, only those matter that versions are from."""
        runs = {card.version.run for card in self.shown.cards}
        if changes.registry or changes.removed or not runs.isdisjoint(changes.runs):
            if self.isVisible():
                self._refresh.ask()
            else:
                self._stale = True

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed while nobody looked is read now."""
        super().showEvent(event)
        if self._stale and self._name:
            self._refresh.ask_now()

    def _on_read(self, shown: Shown | None) -> None:
        if shown is None or shown.name != self._name:  # gone, or another is shown by now
            return
        self._places.forget(self._read_with)
        before, policy, self.shown = self.stages(), self.shown.policy, shown
        stages = self.stages()
        if any(policy != shown.policy or stages.get(one) != home for one, home in self.carrying.homes.items()):
            self.carrying.put_back()  # there is no such column any more, or the card is elsewhere
        elif stages != before:
            self.carrying.weigh_again()
        self._fresh = set()
        self._show()
        self._later.start()

    @Slot()
    def _ask_gates(self) -> None:
        """What they say of the cards in sight, of which that is not known: each takes a look at many runs."""
        wanted = [one for one in self.columns.in_sight() if one not in self._fresh]
        if wanted:
            work = partial(read_verdicts, self.session.store, self.shown, wanted)
            done = partial(self._take_verdicts, self.shown)
            self.session.jobs.read(work, done, channel="registry.verdicts", failed=self._on_not_judged)

    def _take_verdicts(self, shown: Shown, verdicts: dict[int, Verdict]) -> None:
        if shown is self.shown:
            self._verdicts |= verdicts
            self._fresh |= verdicts.keys()
            self._show()
            self._later.start()  # cards are of other heights now

    def _on_not_judged(self, error: Exception) -> None:
        """A version that went meanwhile is seen with what is read next."""
        if not isinstance(error, NotFound):
            self.session.message.emit(Message.of_error(error, "The gates could not be asked."))

    # Showing

    def stages(self) -> dict[int, str]:
        """The stage that each version is shown in."""
        return self._places.stages(self.shown)

    @property
    def settled(self) -> bool:
        """Whether all is shown as the store has it."""
        return self._refresh.idle and not self._places.settled()

    @Slot()
    def _show(self) -> None:
        stages = self.stages()
        cards: dict[str, list[Card]] = {}
        for card in self.shown.cards:
            cards.setdefault(stages[card.number], []).append(self._judged(card, stages))
        self.columns.show_cards(self.shown.policy.stages, cards, self.filter.text().lower().split())
        known = [one for one in self.session.registry.versions if one in stages]
        if self.shown.name == self.session.registry.model:
            self.session.registry.select(known)
        self.columns.mark(tuple(known))
        self._follow(stages)
        self._show_state()
        self._move_chosen()

    def _judged(self, card: Card, stages: Mapping[int, str]) -> Card:
        """A card with what gates say of it, once that is known: of where it was read to be."""
        moved = stages[card.number] != card.version.stage
        return Card(card.version, card.metrics, Verdict() if moved else self._verdicts.get(card.number, Verdict()))

    def _follow(self, stages: dict[int, str]) -> None:
        """What the keyboard has dropped, it stays on."""
        column = self.columns.of(stages.get(self._followed, ""))
        if column is not None:
            self._followed = 0
            column.list.take_focus()

    @Slot()
    def _show_state(self) -> None:
        writable = not self.session.read_only
        self.register_button.setEnabled(writable)
        self.roll_back_button.setEnabled(writable and bool(self.shown.cards))

    def focus_cards(self) -> None:
        """Give the keyboard to the first column with cards."""
        column = next((one for one in self.columns.columns if one.list.cards.rowCount()), None)
        if column is not None:
            column.list.take_focus()

    # Moving

    def _pick_up(self, source: CardList, by_mouse: bool) -> None:
        if self.session.read_only:
            self.session.message.emit(Message(self.session.read_only, error=True))
            source.let_go()
            return
        stages, versions = self.stages(), {*self.columns.chosen()}
        chosen = [self._judged(card, stages) for card in self.shown.cards if card.number in versions]
        self.carrying.pick_up(source, chosen, by_mouse=by_mouse)
        self._taking.prepare(self.shown.name, [card.number for card in chosen])

    @Slot(QPoint)
    def _on_moved(self, place: QPoint) -> None:
        self.carrying.carry_to(place)

    @Slot()
    def _drop(self) -> None:
        self.carrying.drop()

    def _step(self, source: CardList, by: int) -> None:
        """While something is carried, to the next column with it; else the keyboard goes there."""
        if source.lifted:
            self.carrying.step(by)
        else:
            self.columns.focus_beside(source, by)

    @Slot()
    def _leave_form(self) -> None:
        home = next(iter(self.carrying.homes.values()), "")
        self.carrying.put_back()
        if (column := self.columns.of(home)) is not None:
            column.list.take_focus()

    @Slot(object, str, bool)
    def make_move(self, weighed: Weighed, reason: str = "", signed: bool = False) -> None:
        """Move versions, on the screen at once; they come back if the store refuses it."""
        number = self._places.move(weighed)
        self._followed = weighed.versions[-1]
        self._show()
        self.columns.paint_now()

        def then(_done: bool) -> None:
            self._places.settle(number)
            self._refresh.ask_now()

        def failed(error: Exception) -> None:
            self._places.take_back(number)
            self._show()
            self.session.message.emit(Message.of_error(error))

        by = user_name() if signed else ""
        self.session.run(moving(self.shown.name, weighed, reason, by), then, failed)

    @Slot()
    def _take_out(self) -> None:
        self.carrying.put_back()
        self._taking.drag()

    @Slot()
    def _move_chosen(self) -> None:
        """Move the selected versions, as if they were dropped on a column: what is asked for is asked there."""
        registry = self.session.registry
        column = self.columns.of(registry.asked) if self.shown.name == registry.model else None
        if column is not None and not self.columns.chosen() and self.filter.text():
            self.filter.clear()  # the cards were not found by it; being shown, they are moved
        elif column is not None and self.columns.chosen():
            registry.asked = ""
            self._pick_up(column.list, by_mouse=False)
            if self.carrying.homes:  # none are, in a store that is read-only
                self.carrying.aim(column.stage)
                self.carrying.drop()

    # What comes from elsewhere, and menus

    def _arrival(self, event: QDropEvent) -> Arrival | None:
        return None if self.session.read_only else arrival(self.session.store.path, event.mimeData())

    def _register(self, stage: str, what: Arrival) -> None:
        register_arrival(self.session, self, what, self.shown.name, stage)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        version_menu(self).popup(place)


def _read(store: Store, name: str) -> Shown | None:
    try:
        return read_board(store, name)
    except NotFound:
        return None
