"""The middle of the window: heading and tabs, the run table over the charts, or what to do while there is nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QStackedLayout, QTabBar, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.core.entities import Changes, Experiment
from runfolio.gui.chrome.labels import heading, muted
from runfolio.gui.chrome.welcome import welcome
from runfolio.gui.curves.options import read_options
from runfolio.gui.filter import FilterLine
from runfolio.gui.groups.listed import TableGroups
from runfolio.gui.refresh import Refresh
from runfolio.gui.runs import RunTable
from runfolio.gui.session import Session
from runfolio.gui.views.bar import Bar
from runfolio.gui.views.memory import ViewMemory
from runfolio.gui.views.saved import Around, SavedViews
from runfolio.store import Store
from runfolio.store.best import best_value

if TYPE_CHECKING:
    from runfolio.gui.compare.page import ComparePage
    from runfolio.gui.curves.panel import CurvesPanel

RUNS_TAB, CHARTS_TAB, COMPARE_TAB = range(3)
TABLE_SHARE, CHARTS_SHARE = 6000, 4000
# The best value of the runs is read so often while they log, in milliseconds.
BEST_PACE = 1000


@dataclass(frozen=True, slots=True)
class Best:
    """What is told of the best value of some experiments, with the metrics whose direction was chosen."""

    experiments: tuple[int, ...]
    lower: tuple[tuple[str, bool], ...]
    text: str


class RunsPage(QWidget):
    """The runs of the chosen experiments.

    Attributes:
        table: the run table.
        filter: the line that its runs are filtered in.
        bar: the row with the filter, and with buttons for how the runs are looked at.
        welcome: stands there while the store is empty.
        views: the saved views.
        charts: the panel of curves; None until `add_charts`, for drawing takes long to load.
        compare: the page on which runs are compared; None until it is first wanted.
    """

    def __init__(self, session: Session, kept: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.table = RunTable(session, self, kept)
        self.filter = FilterLine(session, self)
        self.bar = Bar(self.filter, self)
        self.welcome = welcome(session.store.path)
        self.views = SavedViews(session, self._around, self)
        self.charts: CurvesPanel | None = None
        self.compare: ComparePage | None = None
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self._session = session
        self._experiments: Sequence[Experiment] = ()
        self._options: Mapping[str, object] = {}
        self._memory = ViewMemory(session, kept, self)
        self._shown = _judged(session)
        self._best = ""
        self._reading = Refresh(
            session, self._best_job, self._take_best, "The best value could not be read.", self, BEST_PACE
        )
        self._title, self._summary = heading(), muted()
        self._tabs = QTabBar()
        self._stack, self._body = QStackedLayout(self), QStackedLayout()
        self._build()
        self.filter.edit.left.connect(self._leave_filter)
        session.selection_changed.connect(self._on_look)
        session.view_changed.connect(self._on_look)
        session.metric_wanted.connect(self.show_chart)
        self.views.charts_wanted.connect(self._on_charts_wanted)
        self.table.feed.fitting.changed.connect(self._on_fitting)
        session.changed.connect(self._on_changed)

    def add_charts(self, charts: CurvesPanel) -> None:
        """Put the charts under the table."""
        self.charts = charts
        charts.follow_groups(TableGroups(self.table.feed, charts))
        self.splitter.addWidget(charts)
        self.splitter.setStretchFactor(0, 5)
        self.splitter.setStretchFactor(1, 4)
        # In proportion only: an empty store's welcome hides both, and then each would get what it would like.
        self.splitter.setSizes([TABLE_SHARE, CHARTS_SHARE])
        self._tabs.addTab("Charts")
        self._tabs.addTab("Compare")
        if self._options:
            self._on_charts_wanted(self._options)

    def focus_table(self) -> None:
        """Give the keyboard to the run table, which a tab may have hidden."""
        self._tabs.setCurrentIndex(RUNS_TAB)
        self.table.setFocus()

    def focus_charts(self) -> None:
        """Give the keyboard to the charts."""
        self._leave_compare()
        if self.charts is not None:
            self.charts.setFocus()

    def show_compare(self) -> None:
        """Compare the runs that are selected, or all, and give the keyboard to that."""
        if self.charts is not None:
            self._tabs.setCurrentIndex(COMPARE_TAB)
            assert self.compare is not None
            self.compare.compare_selected()
            self.compare.setFocus()

    def show_chart(self, key: str) -> None:
        """Go to the chart of a metric."""
        self._leave_compare()
        if self.charts is not None:
            self.charts.show_metric(key)

    def set_experiments(self, experiments: Sequence[Experiment]) -> None:
        """Show the heading of what is chosen, or the welcome page of an empty store."""
        if not self._experiments:
            self._reading.ask()
        self._experiments = experiments
        self._stack.setCurrentIndex(1 if experiments else 0)
        self._show_heading()

    def _build(self) -> None:
        self._tabs.addTab("Runs")
        self._tabs.setExpanding(False)
        self._tabs.setDrawBase(False)
        self._tabs.setUsesScrollButtons(False)
        self._tabs.setAccessibleName("Pages")
        self._tabs.currentChanged.connect(self._on_tab)
        top = QHBoxLayout()
        top.setContentsMargins(16, 14, 16, 0)
        top.setSpacing(10)
        top.addWidget(self._title)
        top.addWidget(self._summary, 1, Qt.AlignmentFlag.AlignBottom)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(16, 4, 16, 0)
        tabs.addWidget(self._tabs)
        tabs.addStretch()
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(self.table)
        self.splitter.setChildrenCollapsible(False)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(tabs)
        layout.addWidget(_line())
        layout.addWidget(self.bar)
        layout.addLayout(self._body, 1)
        self._body.addWidget(self.splitter)
        self._stack.addWidget(self.welcome)
        self._stack.addWidget(page)
        self._stack.setCurrentIndex(1)

    @Slot()
    def _show_heading(self) -> None:
        selected = frozenset(self._session.selection.experiments)
        chosen = [e for e in self._experiments if e.id in selected]
        name = chosen[0].name if len(chosen) == 1 else folder_of(chosen, self._experiments)
        number = f"{len(chosen):,} experiments" if len(chosen) > 1 else ""
        self._title.setText(" / ".join(name.split("/")) or number or "All runs")
        self.table.set_experiment(chosen[0].name if len(chosen) == 1 else "")
        runs = self.table.feed.fitting.of(sum(e.runs for e in chosen or self._experiments))
        # The best of all runs says nothing of those that are listed.
        best = self._best if self.table.feed.fitting.all else ""
        self._summary.setText(" · ".join(filter(None, (number if name else "", runs, best))))

    def _best_job(self) -> Callable[[], Best] | None:
        if not self.table.feed.fitting.all:
            return None
        return partial(read_best, self._session.store, *_judged(self._session))

    def _take_best(self, best: Best) -> None:
        if (best.experiments, best.lower) == _judged(self._session):
            self._best = best.text
            self._show_heading()

    @Slot()
    def _on_fitting(self) -> None:
        self._show_heading()
        self._reading.ask_now()

    def _around(self) -> Around:
        """What is kept with a view."""
        chosen = self._session.selection.experiments
        names = tuple(one.name for one in self._experiments if one.id in chosen)
        return Around(names, self.charts.toolbar.options.to_record() if self.charts is not None else {})

    @Slot(object)
    def _on_charts_wanted(self, options: Mapping[str, object]) -> None:
        """The charts' options of a saved view; charts that are not there yet get them when they come."""
        self._options = options
        if self.charts is not None:
            self.charts.toolbar.show_options(read_options(options))

    @Slot(int)
    def _on_tab(self, tab: int) -> None:
        if tab == COMPARE_TAB and self.compare is None:
            from runfolio.gui.compare.page import ComparePage

            self.compare = ComparePage(self._session, self)
            self.compare.left.connect(self.focus_table)
            self._body.addWidget(self.compare)
        self._body.setCurrentIndex(1 if tab == COMPARE_TAB else 0)
        self.table.setVisible(tab == RUNS_TAB)
        if self.charts is not None:
            self.charts.legend.set_alone(tab == CHARTS_TAB)

    @Slot()
    def _leave_filter(self) -> None:
        """A filter that is still being read is given up first."""
        if not self.table.feed.fitting.give_up():
            self.focus_table()

    def _leave_compare(self) -> None:
        if self._tabs.currentIndex() == COMPARE_TAB:
            self._tabs.setCurrentIndex(RUNS_TAB)

    @Slot()
    def _on_look(self) -> None:
        """Other experiments, or a metric that is better the other way now."""
        before, self._shown = self._shown, _judged(self._session)
        if self._shown[0] != before[0]:
            self._best = ""
            self._show_heading()
        if self._shown != before:
            self._reading.ask_now()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        experiments = self._session.selection.experiments
        here = changes.places.intersection(experiments) if experiments else changes.runs
        if here or changes.moved:
            self._reading.ask()


def _judged(session: Session) -> tuple[tuple[int, ...], tuple[tuple[str, bool], ...]]:
    """What the best value depends on: the experiments, and the metrics whose direction was chosen."""
    return session.selection.experiments, session.view.lower


def folder_of(chosen: Sequence[Experiment], experiments: Sequence[Experiment]) -> str:
    """The innermost folder in which are these experiments and no others; empty if there is none."""
    parts = [one.name.split("/")[:-1] for one in chosen]
    shared = [level[0] for level in takewhile(lambda level: len(set(level)) == 1, zip(*parts, strict=False))]
    folder = "/".join(shared)
    inside = sum(one.name.startswith(f"{folder}/") for one in experiments)
    return folder if len(chosen) > 1 and inside == len(chosen) else ""


def read_best(store: Store, experiments: tuple[int, ...], lower: tuple[tuple[str, bool], ...]) -> Best:
    """The best value of the runs of these experiments, to be run on a worker."""
    found = best_value(store, experiments, dict(lower))
    return Best(experiments, lower, best_text(*found) if found is not None else "")


def best_text(key: str, value: float) -> str:
    """The best value of a metric in words, such as `best val/acc 0.9561`."""
    return f"best {key} {numbers.column_format([value]).text(value)}"


def _line() -> QFrame:
    line = QFrame()
    line.setObjectName("line")
    line.setFixedHeight(1)
    return line
