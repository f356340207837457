"""The card of what explains a metric: params by their importance, and how far this is to be believed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from runfolio.core.columns import Column
from runfolio.core.importance import Explanation
from runfolio.gui.chrome.labels import plain_label, tool_tip
from runfolio.gui.chrome.tables import set_up_table
from runfolio.gui.compare.bar_paint import BarDelegate
from runfolio.gui.compare.card import Look, RunsCard
from runfolio.gui.compare.importance_model import BAR, PARAM, SHARE, WAY, ImportanceModel
from runfolio.gui.compare.importance_reading import Asked, Explained, asked_of, read_explained
from runfolio.gui.compare.metric_choice import MetricChoice
from runfolio.gui.compare.reading import Compared
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session

ROWS, GAP = 7, 8
NOTHING = Explanation(0)
NO_METRIC = "These runs have no metric that could be explained."
WORKING, FAILED = "working it out…", "this could not be worked out"
HOW = (
    "A random forest foretells the order of the runs by the metric. The share is about how much of that goes with a "
    "param: what is lost when its values are shuffled, with the standard deviation of several times."
)


class ImportanceCard(RunsCard):
    """Works it out by itself whenever the page shows other runs, and stops what nobody waits for any more.

    Attributes:
        table, model: the params; Enter on one shows it in the card of the points.
        doubt: why there is little to be said.
        by: the button for the metric.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self.table, self.doubt = QTableView(), plain_label()
        self.model = ImportanceModel(self.table)
        super().__init__("What explains the metric?", _stacked(self.doubt, self.table), parent)
        self._session = session
        self._look: Look | None = None
        self._asked: Asked | None = None
        self._explained: Explained | None = None
        self._metric = MetricChoice("What is to be explained", self)
        self.by = self._metric.button
        self.add(self.by)
        self._metric.chosen.connect(self._take_metric)
        self._set_up(session)
        complaint = "What explains the metric could not be worked out."
        self._refresh: Refresh[Explained] = Refresh(
            session, self._job, self._take, complaint, self, failed=partial(self._say, "", FAILED)
        )

    def _set_up(self, session: Session) -> None:
        table = self.table
        table.setModel(self.model)
        set_up_table(table, "What explains the metric")
        table.setProperty("role", "rows")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.verticalHeader().setDefaultSectionSize(max(26, self.fontMetrics().height() + 9))
        table.setItemDelegateForColumn(BAR, BarDelegate(session.theme, table))
        header = table.horizontalHeader()
        for column in (PARAM, SHARE, WAY):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(BAR, QHeaderView.ResizeMode.Stretch)
        table.setMinimumHeight((ROWS + 1) * table.verticalHeader().defaultSectionSize())
        table.activated.connect(self._on_activated)
        self.doubt.setProperty("role", "warn")
        self.doubt.setWordWrap(True)
        self.doubt.hide()
        session.theme.theme_changed.connect(table.viewport().update)

    @property
    def settled(self) -> bool:
        shown = self._explained.asked if self._explained is not None else None
        return self._refresh.idle and (self._asked in (None, shown) or not self.isVisible())

    def show_runs(self, compared: Compared, look: Look) -> None:
        """Say what explains the metric of these runs as soon as that is known."""
        other = self._compared is not compared
        super().show_runs(compared, look)
        self._look = look
        self._metric.show_column(compared.by, compared.columns, look)
        name = look.name(compared.by) if compared.by is not None else "the metric"
        self.title.setText(f"What explains {name}?")
        if other:
            self._asked = asked_of(compared)
            self._refresh.ask_instead()
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """What was not asked for out of sight is asked for now."""
        super().showEvent(event)
        self._refresh.ask_now()

    def _job(self) -> Callable[[], Explained] | None:
        known = self._explained.asked if self._explained is not None else None
        if self._asked is None or self._asked is known or not self.isVisible():
            return None
        return partial(read_explained, self._session.store, self._asked, self._explained)

    def _take(self, explained: Explained) -> None:
        self._explained = explained
        self._show()

    def _show(self) -> None:
        explained, look = self._explained, self._look
        if look is None:
            return
        current = explained is not None and self._asked is not None and explained.asked.column == self._asked.column
        if explained is None or not current or self._asked is None:
            self.model.show_found(NOTHING, "", look.name)
            self._say("" if self._asked is not None else NO_METRIC, WORKING if self._asked is not None else "")
            return
        found = explained.found
        self.model.show_found(found, look.name(explained.asked.column), look.name)
        parts = [f"R² {found.explained:.2f}"] if found.params else []
        parts += [explained.scope] if explained.scope else []
        self._say(found.doubt, " · ".join([*parts, "random forest, shuffled params"]))
        left = "\n".join(f"{look.name(column)} {why}" for column, why in found.left_out)
        self.note.setToolTip(tool_tip("\n\n".join(filter(None, [HOW, left]))))

    def _say(self, doubt: str, note: str) -> None:
        self.doubt.setText(doubt)
        self.doubt.setVisible(bool(doubt))
        self.note.setText(note)
        self.fit()

    @Slot(object)
    def _take_metric(self, column: Column) -> None:
        self._choose("Explain Metric", metric=column)

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        """Show the param beside the metric as points."""
        metric = self._explained.asked.column if self._explained is not None else None
        if index.row() < len(self.model.params):
            self._choose("Points by Param", x=self.model.params[index.row()].column, y=metric)


def _stacked(doubt: QLabel, table: QTableView) -> QWidget:
    content = QWidget()
    layout = QVBoxLayout(content)
    layout.setContentsMargins(7, 0, 7, 0)
    layout.setSpacing(GAP)
    doubt.setContentsMargins(5, 0, 5, 0)
    layout.addWidget(doubt)
    layout.addWidget(table, 1)
    return content
