"""The jobs as Qt's item model: all of them by their numbers, and the rows of those that are looked at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QObject, Qt, QTimer, Signal

from runfolio.core.queue.records import AT_WORK
from runfolio.gui.aliases import NOWHERE, Ids, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.chrome.tables import LEFT, RIGHT, heading
from runfolio.gui.queue.reading import Listed
from runfolio.gui.queue.rows import RIGHT as RIGHT_COLUMNS
from runfolio.gui.queue.rows import TEXTS, TITLES, JobColumn, JobRow, full_text

Role = Qt.ItemDataRole
#: So many rows are kept; more than that nobody has looked at lately.
KEPT = 2_000
#: Before the first ones are read, and of what is gone.
NOBODY: Ids = np.empty(0, np.int64)


class JobsModel(QAbstractTableModel):
    """One row for each job.

    Attributes:
        ids: what each row is.
        now: the time that ages are told by, epoch milliseconds.
        turn: how often something has changed: what was asked for before may be old when it comes.

    Signals:
        lacking(): rows are looked at that are not here, or may have changed.
    """

    lacking = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ids: Ids = NOBODY
        self.now = self.turn = 0
        self._at_work = self._waiting = 0
        self._rows: dict[int, JobRow] = {}
        #: Those that were read since something changed last; those that were asked for and are not there.
        self._fresh: set[int] = set()
        self._tell = QTimer(self, singleShot=True, interval=0)
        self._tell.timeout.connect(self.lacking)

    # What is shown

    def show_listed(self, listed: Listed) -> None:
        """Show these; where the same jobs stand in the same places, the rows stay."""
        same = np.array_equal(listed.ids, self.ids)
        if not same:
            self.beginResetModel()
        self.ids, self._at_work, self._waiting = listed.ids, listed.at_work, listed.waiting
        if not same:
            self.endResetModel()

    def put(self, asked: Collection[int], rows: Mapping[int, JobRow], turn: int) -> None:
        """Take rows in that were asked for in a turn."""
        if turn == self.turn:
            self._fresh.update(asked)
        for number in asked:
            self._rows.pop(number, None)
        self._rows.update(rows)
        for number in list(self._rows)[: max(len(self._rows) - KEPT, 0)]:
            del self._rows[number]
            self._fresh.discard(number)
        if len(self.ids):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ids) - 1, len(TITLES) - 1))

    def mark(self) -> None:
        """Any job may be another one now: those that are looked at are read again."""
        self.turn += 1
        self._fresh.clear()

    def mark_going(self) -> None:
        """The same of those that are at work."""
        self.turn += 1
        self._fresh.difference_update(self.going())

    def lacks(self, places: range) -> list[int]:
        """Those of the rows at these places that are to be read."""
        part = self.ids[max(places.start, 0) : max(places.stop, 0)].tolist()
        return [number for number in part if number not in self._fresh]

    def tick(self, now: int) -> None:
        """Let time pass."""
        self.now = now
        if len(self.ids):
            columns = JobColumn.DURATION, JobColumn.STARTED
            self.dataChanged.emit(self.index(0, columns[0]), self.index(len(self.ids) - 1, columns[1]))

    def row(self, place: int) -> JobRow | None:
        """The job at a place; None as long as it is not read, which is asked for then."""
        number = int(self.ids[place])
        if number not in self._fresh and not self._tell.isActive():
            self._tell.start()
        return self._rows.get(number)

    def of(self, number: int) -> JobRow | None:
        """A job, if it is here."""
        return self._rows.get(number)

    def going(self) -> list[int]:
        """The jobs at work that are here."""
        return [number for number, row in self._rows.items() if row.job.state in AT_WORK]

    @property
    def at_work(self) -> int:
        """So many of the first rows are at work."""
        return self._at_work

    @property
    def waits(self) -> range:
        """The rows of those that wait."""
        return range(self._at_work, self._at_work + self._waiting)

    # What Qt asks

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = int(Role.DisplayRole)) -> Any:
        return heading(TITLES, section, orientation, role, right=RIGHT_COLUMNS)

    def data(self, index: Index, role: int = int(Role.DisplayRole)) -> Any:
        answer = _ANSWERS.get(role)
        row = self.row(index.row()) if answer is not None and index.isValid() else None
        return None if row is None or answer is None else answer(row, JobColumn(index.column()), self.now)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Of each cell that is painted, so that nothing is worked out here."""
        waits = self._at_work <= index.row() < self._at_work + self._waiting
        return _MOVABLE if waits else _STAYING if index.isValid() else Qt.ItemFlag.NoItemFlags


_STAYING = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
_MOVABLE = _STAYING | Qt.ItemFlag.ItemIsDragEnabled
_ANSWERS: dict[int, Callable[[JobRow, JobColumn, int], Any]] = {
    int(Role.DisplayRole): lambda row, column, now: TEXTS[column](row, now),
    int(Role.ToolTipRole): lambda row, column, now: tool_tip(full_text(row, column, now)),
    int(Role.TextAlignmentRole): lambda row, column, now: int(RIGHT if column in RIGHT_COLUMNS else LEFT),
}
