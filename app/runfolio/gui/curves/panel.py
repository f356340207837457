"""The curves of the selected runs, or of their groups: toolbar, grid of linked charts, and what keeps them live."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from runfolio.core.chart_page import Chart
from runfolio.core.entities import Changes
from runfolio.core.eyes import eyes_of
from runfolio.core.numbers import counted, counted_of
from runfolio.gui.curves.answer import answer
from runfolio.gui.curves.arranger import Arranger
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.carrying import Carrying
from runfolio.gui.curves.cascade import options_of
from runfolio.gui.curves.chart_menu import make_heading, offer_menu
from runfolio.gui.curves.empty import EmptyCharts
from runfolio.gui.curves.grid import ChartGrid
from runfolio.gui.curves.grouping import ChartGroups
from runfolio.gui.curves.legend import RunLegend
from runfolio.gui.curves.lineup import Answer, Line, LineId, Lineup, Question, WantedLines
from runfolio.gui.curves.linked import LinkedCharts
from runfolio.gui.curves.look import ChartLook
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.own_chart import ask_for_chart
from runfolio.gui.curves.toolbar import CurvesToolbar
from runfolio.gui.groups.listed import TableGroups
from runfolio.gui.refresh import Refresh
from runfolio.gui.selection import Selection
from runfolio.gui.session import Session

# After the user has chosen other runs, the charts look this often whether the table has them, in milliseconds.
TURN = 50
# The lines of groups are made of many runs: while these log, they are made anew so often, in milliseconds.
GROUP_PACE = 500
# So many lines are shown in a frame: a hundred take half of one to be handed over, and are painted after that.
AT_ONCE = 50


def parted(lines: dict[LineId, Line]) -> list[dict[LineId, Line]]:
    """Lines in parts of as many as are shown in a frame; no lines are one part too, for what is gone goes with it."""
    items = list(lines.items())
    return [dict(items[at : at + AT_ONCE]) for at in range(0, max(len(items), 1), AT_ONCE)]


def describe(lineup: Lineup) -> str:
    """Which runs are shown, and how many are hidden, in a few words."""
    hidden = f"{lineup.hidden:,} hidden" if lineup.hidden else ""
    return " · ".join(filter(None, (_shown_runs(lineup), hidden)))


def _shown_runs(lineup: Lineup) -> str:
    shown = len(lineup.runs)
    if lineup.grouped:
        of = " of the selected runs" if lineup.chosen else ""
        first = f"first {shown} of " if lineup.total > shown else ""
        return f"{first}{counted(lineup.total, 'group')}{of}" if shown else ""
    if lineup.nested:
        first = f"first {shown} of " if lineup.total > shown else ""
        return f"{first}{counted(lineup.total, 'nested run')}"
    if lineup.chosen:
        return f"first {shown} of {lineup.total:,} selected runs" if lineup.total > shown else ""
    if not shown:
        return ""
    first = "first run" if shown == 1 else f"first {shown}"
    return f"{first} of {lineup.total:,} runs" if lineup.total > shown else f"all {shown} runs" if shown > 1 else ""


def may_grow(lineup: Lineup, *, newer: bool) -> bool:
    """Whether runs that have changed may have to be shown too; where nothing is, they need not even be `newer`."""
    if lineup.grouped or (lineup.chosen and lineup.keys and not lineup.nested):
        return False  # what runs a group has is the table's to say
    return newer or lineup.nested or not lineup.runs


def explain(empty: EmptyCharts, lineup: Lineup, *, filtered: bool, searched: bool) -> None:
    """Say why there are no charts."""
    if lineup.keys and not searched:
        empty.say("All charts are removed. “Put Back Removed Charts” (Ctrl+K) shows them again.", example=False)
    elif lineup.keys:
        empty.say("No metric has this name. Clear the filter to see all charts.", example=False)
    elif lineup.runs:
        empty.say("These runs have logged no metric yet. A curve begins with:", example=True)
    elif lineup.hidden:
        empty.say("All of these runs are hidden. Show them by their dots in the table.", example=False)
    elif lineup.unreadable:
        empty.say("The filter cannot be read, so there is no curve to draw.", example=False)
    elif filtered:
        empty.say("No run fits the filter, so there is no curve to draw.", example=False)
    else:
        empty.say("The curves of runs appear here.", example=False)


def tell_numbers(toolbar: CurvesToolbar, lineup: Lineup, number: int, of: int) -> None:
    """Say which runs and how many of the charts are shown."""
    toolbar.metrics = lineup.keys
    tip = "Select runs in the table to see their curves only." if not lineup.chosen else ""
    toolbar.describe(describe(lineup), tip, counted_of(number if number < of else None, of, "chart"))


class CurvesPanel(QWidget):
    """Charts of the session's selected runs or, when none is selected, of the first of the table; while the table has
    groups, of these.

    The table comes first: charts of other runs wait until `is_their_turn`.
    """

    def __init__(
        self, session: Session, parent: QWidget | None = None, is_their_turn: Callable[[], bool] = lambda: True
    ) -> None:
        super().__init__(parent)
        self._is_their_turn = is_their_turn
        self._turn = QTimer(self, interval=TURN)
        self._calm = QTimer(self, singleShot=True, interval=GROUP_PACE)
        self._session = session
        self._lineup, self._lineup_stale = Lineup(), True
        self._eyes = eyes_of(session.view)
        self._newest = 0
        self.toolbar = CurvesToolbar(self)
        self._groups = ChartGroups(session, lambda: self.toolbar.options.groups)
        self.legend = RunLegend(self._look(), self)
        self.arranger = Arranger(session, lambda: self.toolbar.options)
        self.grid = ChartGrid(self._make_card, partial(make_heading, self.arranger, session), self)
        self._carrying = Carrying(self.grid, self.arranger)
        self._linked = LinkedCharts(self.grid, lambda: self.toolbar.options.link, self)
        self._empty = EmptyCharts(self)
        self._asked: Question | None = None
        self._reading = Refresh(
            session, self._ask, self._take, "The curves could not be read.", self, failed=self._lose
        )
        self._stack = QStackedLayout()
        self._shown_options = self.toolbar.options
        self._shown_selection = _chosen(session.selection)
        self._place()
        self._connect()

    def _place(self) -> None:
        self.setAccessibleName("Learning curves")
        self.setFocusProxy(self.toolbar)
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.toolbar)
        layout.addWidget(self.legend)
        layout.addLayout(self._stack, 1)
        self._empty.say("Reading curves…", example=False)

    def _connect(self) -> None:
        self._linked.rested.connect(self._reading.ask)
        self._linked.set_current(self._session.selection.current)
        self._calm.timeout.connect(self._reading.ask)
        self._turn.timeout.connect(self._on_turn)
        self.toolbar.changed.connect(self._on_options)
        self.toolbar.chart_wanted.connect(partial(ask_for_chart, self._session, self.arranger, self))
        self.grid.revealed.connect(self._reading.ask)
        self.grid.enlarged.connect(self.legend.set_enlarged)
        self.legend.hovered.connect(self._session.highlighted)
        self.legend.picked.connect(self._on_picked)
        self._session.changed.connect(self._on_changed)
        self._session.selection_changed.connect(self._on_selection)
        self._session.view_changed.connect(self._on_view)
        self._session.highlighted.connect(self._on_highlighted)
        self._session.theme.theme_changed.connect(self._on_theme)
        self._session.colors.changed.connect(self._on_theme)
        self._reading.ask()

    @property
    def lineup(self) -> Lineup:
        """The runs and metrics shown now."""
        return self._lineup

    @property
    def settled(self) -> bool:
        """True when everything in view is up to date."""
        stale = self._lineup_stale or any(card.stale or not card.plot.settled for card in self.grid.visible_cards())
        return (
            self._reading.idle
            and self._session.turns.idle
            and self._linked.idle
            and self.grid.idle
            and not (stale or self._turn.isActive() or self._calm.isActive())
        )

    def follow_groups(self, groups: TableGroups) -> None:
        """Show a table's groups in place of its runs, while it has some and the user wants that."""
        self._groups.table = groups
        groups.listed.connect(self._on_listed)
        self._on_view()

    def show_metric(self, key: str) -> None:
        """Bring the chart of a metric into view, and give it the keyboard."""
        if key not in self.grid.keys:
            self.toolbar.clear_filter()
        if self.grid.expanded is not None:
            self.grid.expand(None)
        self.arranger.bring_up(key)
        self.grid.go_to(key)

    # Reading

    def _ask(self) -> Callable[[], Answer] | None:
        """Read all that is out of date and can be seen; None when there is nothing."""
        waits, groups = self._groups.awaited, self._groups.wanted()
        selected = self._session.selection.told if self._lineup_stale and not waits else None
        # Nobody reads runs any more when groups are to come, or groups when runs are.
        cards = self.grid.visible_cards() if self._lineup.grouped is (groups is not None) else []
        wanted = tuple(lines for card in cards if (lines := card.wanted()) is not None)
        if selected is None and not wanted:
            return None
        self._lineup_stale = self._lineup_stale and waits
        asked = self._session.query, selected, wanted, self._eyes, self._session.view.nests
        self._asked = Question(*asked, groups, self.arranger.page.own)
        return partial(answer, self._session.store, self._asked)

    def _take(self, answer: Answer) -> None:
        """Show an answer, unless the user has chosen something else since it was asked for; then read what is left."""
        selection, question = self._session.selection, answer.question
        asked_for = question.query, question.selected, question.eyes
        if answer.lineup is not None:
            same = asked_for == (self._session.query, selection.told, self._eyes)
            same = same and question.own == self.arranger.page.own
            if same and self._groups.is_still_asked(question):
                self._show_lineup(answer.lineup)
            else:
                self._lineup_stale = True
        things = [partial(self._draw, one, part) for one in question.wanted for part in parted(answer.lines[one.key])]
        self._session.turns.take([*things, self._reading.ask])

    def _draw(self, wanted: WantedLines, lines: dict[LineId, Line]) -> None:
        """Show what was read for a chart, if it is still there and lines are made the same way."""
        card = next((card for card in self.grid.cards() if card.key == wanted.key), None)
        if card is not None and wanted.options.lines == card.options.lines:
            card.take(lines)
            if (wanted.low, wanted.high) != card.plot.asked_x:
                card.reread_if_reduced()
            self._linked.cross_in(card)

    def _lose(self) -> None:
        """What was asked for stays out of date until the next change or choice asks for it again."""
        if self._asked is None:
            return
        self._lineup_stale = self._lineup_stale or self._asked.selected is not None
        lost = {wanted.key: wanted.runs for wanted in self._asked.wanted}
        for card in self.grid.cards():
            card.mark(run.id for run in lost.get(card.key, ()))

    def _show_lineup(self, lineup: Lineup) -> None:
        if lineup != self._lineup or not lineup.keys:
            runs_differ = lineup.runs != self._lineup.runs
            self._lineup = lineup
            if self._groups.take(lineup):
                self._on_theme()
            self.legend.show_lineup(lineup)
            for card in self.grid.cards():
                card.take_lineup(lineup)
            if runs_differ:
                self._linked.set_current(self._groups.shown_as(self._session.selection.current))
            self._show_charts()

    def _show_charts(self) -> None:
        """Show the charts that the filter lets through, as they are arranged, or say why there are none."""
        sections = self.arranger.arrange(self._lineup)
        number = sum(len(section.charts) for section in sections)
        self._stack.setCurrentWidget(self.grid if number else self._empty)
        self.grid.set_sections(sections)
        if not number:
            searched = bool(self.toolbar.options.text.strip())
            explain(self._empty, self._lineup, filtered=bool(self._session.view.filter), searched=searched)
        tell_numbers(self.toolbar, self._lineup, number, self.arranger.number)

    # Charts

    def _make_card(self, chart: Chart, parent: QWidget) -> ChartCard:
        card = ChartCard(chart, self._look(), parent)
        card.set_options(options_of(self.toolbar.options, chart))
        card.take_lineup(self._lineup)
        self._linked.add(card)
        self._carrying.add(card)
        card.plot.hovered.connect(self._session.highlighted)
        card.plot.picked.connect(self._on_picked)
        offer_menu(card, self.arranger, self._session)
        card.log_toggled.connect(lambda on: self.arranger.set_log(card.chart, on))
        card.expand_toggled.connect(lambda: self.grid.expand(None if self.grid.expanded == card.key else card.key))
        return card

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads from the one large chart back to all."""
        if event.key() == Qt.Key.Key_Escape and self.grid.expanded is not None:
            self.grid.expand(None)
        else:
            super().keyPressEvent(event)

    # What the user does

    @Slot(object)
    def _on_options(self, options: Options) -> None:
        before, self._shown_options = self._shown_options, options
        if options.text != before.text:
            self._show_charts()
        if replace(options, text=before.text) == before:
            return  # the words of the filter change no chart, and are typed letter by letter
        if options.across != before.across:
            self._linked.forget()
        self._set_options()
        if options.link and not before.link:
            self._linked.zoom_together()
        if options.groups != before.groups and self._groups.offered:
            self._lineup_stale = True
        self._reading.ask()

    def _set_options(self) -> None:
        for card in self.grid.cards():
            card.set_options(options_of(self.toolbar.options, card.chart))

    @Slot(object, bool)
    def _on_picked(self, run: int, alone: bool) -> None:
        """A click makes the run the current one among those selected; with Ctrl, the only one selected.

        Of a group, that is its first run; with Ctrl, all of its runs are selected and no others.
        """
        runs = self._groups.runs_of(run)
        if runs:
            self._session.select_runs(runs if alone else self._session.selection.ids, runs[0])

    # What the session tells

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        shown = self._groups.touched(changes.runs)
        for card in self.grid.cards():
            card.mark(shown)
        # Numbers count up: the first news of a run above those known is that it has begun.
        newest = max(changes.runs, default=0)
        newer, self._newest = newest > self._newest, max(newest, self._newest)
        if shown or changes.moved or may_grow(self._lineup, newer=newer):
            self._lineup_stale = True
            if not self._lineup.grouped:
                self._reading.ask()
            elif not self._calm.isActive():
                self._calm.start()

    @Slot(object)
    def _on_highlighted(self, run: int | None) -> None:
        shown = self._groups.shown_as(run)
        self._linked.set_lit(shown)
        self.legend.set_lit(shown)

    @Slot(object)
    def _on_selection(self, selection: Selection) -> None:
        self._linked.set_current(self._groups.shown_as(selection.current))
        if _chosen(selection) != self._shown_selection:
            other = selection.experiments != self._shown_selection[0]
            self._shown_selection = _chosen(selection)
            self._lineup_stale = True
            self._turn.start() if other else self._reading.ask()

    @Slot()
    def _on_view(self) -> None:
        """Other runs may be the first of the table now, or hidden, or in groups."""
        self.toolbar.set_grouped(self._groups.offered)
        if self.arranger.stale:
            self._on_arranged()
        eyes = eyes_of(self._session.view)
        if not self._lineup.chosen or eyes != self._eyes or self._groups.shown or self._lineup.grouped:
            self._eyes = eyes
            self._lineup_stale = True
            self._turn.start()

    def _on_arranged(self) -> None:
        """Charts stand elsewhere, or show something else."""
        self._lineup_stale = self._lineup_stale or self.arranger.has_other_charts
        self._show_charts()
        self._set_options()
        self._reading.ask()

    @Slot()
    def _on_listed(self) -> None:
        """The table has other groups, or the same ones in another order."""
        if self._groups.shown:
            self._lineup_stale = True
            self._turn.start()

    @Slot()
    def _on_turn(self) -> None:
        if self._is_their_turn():
            self._turn.stop()
            self._reading.ask()

    @Slot()
    def _on_theme(self) -> None:
        look = self._look()
        self.legend.set_look(look)
        for card in self.grid.cards():
            card.set_look(look)
        self._linked.cross()

    def _look(self) -> ChartLook:
        return ChartLook.of(self._session.theme, self._groups.numbers)


def _chosen(selection: Selection) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """What of a selection says which runs are shown; a million ids are not compared."""
    return selection.experiments, selection.told, len(selection.ids)
