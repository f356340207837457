"""The page on which many runs are compared: what is selected in one part of it is selected in all, and in the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from runfolio.core import group_edits
from runfolio.core.columns import Column, headings, value_heading
from runfolio.core.compare_options import CompareOptions
from runfolio.core.entities import Changes
from runfolio.core.numbers import counted
from runfolio.gui.aliases import Ids
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.welcome import Notice
from runfolio.gui.compare.bars_card import BarsCard
from runfolio.gui.compare.card import Look, RunsCard
from runfolio.gui.compare.difference_card import DifferenceCard
from runfolio.gui.compare.grid import CardGrid
from runfolio.gui.compare.groups_card import GroupsCard
from runfolio.gui.compare.importance_card import ImportanceCard
from runfolio.gui.compare.lighting import Lighting
from runfolio.gui.compare.parallel_card import ParallelCard
from runfolio.gui.compare.reading import Compared, Question, compare
from runfolio.gui.compare.scatter_card import ScatterCard
from runfolio.gui.compare.shades import shades
from runfolio.gui.pending import Pending
from runfolio.gui.refresh import Refresh
from runfolio.gui.selection import Selection
from runfolio.gui.session import Session

# News are read so often at most; what is brushed is told to the others when the mouse rests.
PACE, TOLD_AFTER_MS = 1500, 100
RUNS = "runs"
FEW = "Two runs or more can be compared. Select some in the table, or change the filter."


class ComparePage(QWidget):
    """Follows the session: its runs, its view, and what is selected.

    Attributes:
        parallel, scatter, importance, groups, bars: the cards of the parallel coordinates, of the points, of what
            explains a metric, of groups, and of bars.
        cards: all that show the runs which are compared: these.
        difference: the card of what the selected runs, or all of them if they are few, have each.
        only, everything: the buttons for the runs that are selected, and for all.

    Signals:
        left(): the user wants to go back to the table.
    """

    left = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._session = session
        self._only: tuple[int, ...] | None = None
        self._experiments = session.selection.experiments
        self._told: Ids = np.empty(0, np.int64)
        # Whether the runs are to be read: asked for, and not answered yet.
        self._due: Pending[str] = Pending()
        self._due.add([RUNS])
        # What the rubber band is around, until the others have been told.
        self._banded: NDArray[np.bool_] | None = None
        self._asked: Question | None = None
        self._compared: Compared | None = None
        # What was chosen when the cards were last shown anything.
        self._shown = CompareOptions()
        self._summary = ElidedLabel()
        self.only, self.everything = QPushButton("Only Selected"), QPushButton("All Runs")
        self.parallel = ParallelCard(session.theme, lambda: session.view.compare, self)
        self.scatter = ScatterCard(session.theme, self)
        self.importance, self.groups = ImportanceCard(session, self), GroupsCard(session.theme, self)
        self.bars = BarsCard(session.theme, self)
        self.cards: tuple[RunsCard, ...] = (self.parallel, self.scatter, self.importance, self.groups, self.bars)
        self.difference = DifferenceCard(session, self)
        self._lighting = Lighting(session, [view for card in self.cards for view in card.lit], self)
        self._stack = QStackedLayout()
        self._notice = Notice("Nothing to compare", FEW)
        self._soon = QTimer(self, singleShot=True, interval=TOLD_AFTER_MS)
        self._place()
        self._connect()
        complaint = "The runs could not be compared."
        self._refresh: Refresh[Compared] = Refresh(
            session, self._job, self._take, complaint, self, PACE, pending=self._due
        )

    def _place(self) -> None:
        self._summary.setProperty("role", "muted")
        self._summary.setAccessibleName("What is compared")
        self.only.setToolTip("Compare the selected runs alone")
        self.everything.setToolTip("Compare all runs that the filter lets pass")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._summary, 1)
        for button in (self.only, self.everything):
            button.setProperty("kind", "small")
            top.addWidget(button)
        inner = QWidget()
        body = QVBoxLayout(inner)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(12)
        body.addWidget(self.parallel, 3)
        body.addWidget(CardGrid(self.cards[1:]), 2)
        body.addWidget(self.difference)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        self._stack.addWidget(scroll)
        self._stack.addWidget(self._notice)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addLayout(self._stack, 1)
        self.setFocusProxy(self.parallel.view)

    def _connect(self) -> None:
        session, view = self._session, self.parallel.view
        self.only.clicked.connect(self.compare_selected)
        self.everything.clicked.connect(self.compare_all)
        view.brushed.connect(self._on_brushed)
        self.scatter.view.banded.connect(self._on_banded)
        for view_of_runs in (view, self.scatter.view):
            view_of_runs.clicked.connect(self._on_clicked)
        for card in self.cards:
            card.changed.connect(self._change_options)
            card.picked.connect(session.select_runs)
        self.groups.seeds_asked.connect(self._group_by_all_but)
        self._soon.timeout.connect(self._tell)
        session.changed.connect(self._on_changed)
        session.selection_changed.connect(self._on_selection)
        session.view_changed.connect(self._on_view)
        session.theme.theme_changed.connect(self._show)

    @property
    def compared(self) -> Compared | None:
        """What is shown; None before it has been read."""
        return self._compared

    @property
    def settled(self) -> bool:
        """True when all is read, drawn, and told to the others."""
        read = self._refresh.idle and RUNS not in self._due and self.difference.settled
        return read and all(card.settled for card in self.cards) and not self._soon.isActive()

    @Slot()
    def compare_selected(self) -> None:
        """Compare the selected runs alone; all, where fewer than two are."""
        ids = self._session.selection.ids
        self._compare_only(tuple(ids.tolist()) if len(ids) > 1 else None)

    @Slot()
    def compare_all(self) -> None:
        """Compare all runs that the filter lets pass."""
        self._compare_only(None)

    def _compare_only(self, only: tuple[int, ...] | None) -> None:
        self._told = self._session.selection.ids
        if only != self._only:
            self._only = only
            self.parallel.view.clear_brushes(quietly=True)
            self._ask()

    # Reading

    @property
    def _question(self) -> Question:
        return Question(self._session.query, self._session.view, self._only)

    def _ask(self) -> None:
        self._due.add([RUNS])
        if self.isVisible():
            self._refresh.ask_now()

    def _job(self) -> Callable[[], Compared] | None:
        if not self.isVisible() or not self._session.selection.experiments or not self._due.take():
            return None
        self._asked = self._question
        return partial(compare, self._session.store, self._asked)

    def _take(self, compared: Compared) -> None:
        if compared.question.parts != self._question.parts:
            self._refresh.read_again()
            return
        self._compared = compared
        self._lighting.set_runs(compared.runs, compared.names)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """What was selected elsewhere meanwhile is what is to be compared; what has changed is read now."""
        super().showEvent(event)
        if not np.array_equal(self._session.selection.ids, self._told):
            self.compare_selected()
        if self._due.waiting:
            self._refresh.ask_now()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        """What health checks find, while nobody does anything, is no news here."""
        here = changes.runs and changes.places.intersection(self._session.selection.experiments)
        if changes.moved or here:
            self._due.add([RUNS])
            if self.isVisible():
                self._refresh.ask()

    @Slot()
    def _on_view(self) -> None:
        """Another filter, other axes, another look of the same, or something that makes no difference here."""
        if self._asked is None or self._asked.parts != self._question.parts:
            self._ask()
        elif self._session.view.compare != self._shown:
            self._show()

    # Showing

    @Slot()
    def _show(self) -> None:
        compared = self._compared
        if compared is None:
            return
        self._stack.setCurrentIndex(0 if len(compared.runs) > 1 else 1)
        names = headings(compared.shown, value_heading)
        colors = shades(compared.color, len(compared.runs), self._session.theme)
        self._shown = self._session.view.compare
        look = Look(self._shown, names, colors)
        for card in self.cards:
            card.show_runs(compared, look)
        if self.parallel.view.brushes:
            self._soon.start()
        self._show_picked()

    def _show_picked(self) -> None:
        compared, view = self._compared, self.parallel.view
        if compared is None:
            return
        picked = view.inside() if view.brushes else self._banded
        if picked is None:
            picked = np.isin(compared.runs, self._session.selection.ids)
        number = int(np.count_nonzero(picked))
        apart = bool(view.brushes) or self._banded is not None or 1 < number < len(picked)
        for card in self.cards:
            card.pick(picked, apart=apart)
        self._lighting.refresh()
        self.difference.show_runs(compared.runs[picked] if number > 1 else compared.runs)
        self._say(number)

    def _say(self, number: int) -> None:
        assert self._compared is not None
        total = len(self._compared.runs)
        kept = counted(total, "selected run" if self._only is not None else "run")
        parts = [kept, f"{number:,} {'brushed' if self.parallel.view.brushes else 'selected'}" if number else ""]
        self._summary.setText(self._compared.why or " · ".join(filter(None, parts)))
        self.everything.setVisible(self._only is not None)
        self.only.setEnabled(len(self._session.selection.ids) > 1)

    # Selecting

    @Slot()
    def _on_brushed(self) -> None:
        self._banded = None
        self._show_picked()
        self._soon.start()

    @Slot(object, bool)
    def _on_banded(self, inside: NDArray[np.bool_], more: bool) -> None:
        """What the rubber band is around is selected, and nothing is brushed any more."""
        if self._compared is not None:
            already = np.isin(self._compared.runs, self._session.selection.ids)
            self._banded = inside | already if more else inside
            self.parallel.view.clear_brushes(quietly=True)
            self._show_picked()
            self._soon.start()

    @Slot()
    def _tell(self) -> None:
        """Select what is brushed, or in the rubber band; where nothing is any more, nothing."""
        compared, view, banded = self._compared, self.parallel.view, self._banded
        self._banded = None
        if compared is not None:
            picked = view.inside() if view.brushes else banded
            self._select(compared.runs[picked] if picked is not None else compared.runs[:0])

    def _select(self, runs: Ids) -> None:
        self._told = runs
        current = self._session.selection.current
        self._session.select_runs(runs, current if current in runs else None)

    @Slot(object)
    def _on_selection(self, selection: Selection) -> None:
        if selection.experiments != self._experiments:
            self._experiments, self._only, self._compared = selection.experiments, None, None
            self.parallel.view.clear_brushes(quietly=True)
            self._told = selection.ids
            self._ask()
        elif not np.array_equal(selection.ids, self._told):
            self._soon.stop()
            self._banded = None
            for card in self.cards:
                card.follow(selection.ids)
            self._told = selection.ids if self.isVisible() else self._told
            self.parallel.view.clear_brushes(quietly=True)
        self._show_picked()

    @Slot(int)
    def _on_clicked(self, place: int) -> None:
        """A line selects its run; what is between lines lets go of what is brushed."""
        self._banded = None
        if place < 0 and not self.parallel.view.brushes and len(self._session.selection.ids) > 1:
            self._tell()
        elif place < 0:
            self.parallel.view.clear_brushes()
        elif self._compared is not None:
            self.parallel.view.clear_brushes(quietly=True)
            self._select(self._compared.runs[place : place + 1])
            self._show_picked()

    # Choosing

    @Slot(object)
    def _group_by_all_but(self, columns: Sequence[Column]) -> None:
        self._session.set_view(group_edits.all_but(self._session.view, columns), "Group")

    @Slot(object, str)
    def _change_options(self, edit: Callable[[CompareOptions], CompareOptions], why: str) -> None:
        view = self._session.view
        self._session.set_view(replace(view, compare=edit(view.compare)), why)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, which no part has use for, goes back to the table."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
