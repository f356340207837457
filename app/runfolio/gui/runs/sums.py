"""What the table's groups come to, column by column: read for the columns that are looked at."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from runfolio.core.columns import NAME, Column, is_trend
from runfolio.gui.pending import Pending
from runfolio.gui.refresh import Refresh
from runfolio.gui.runs.grouped import Grouped, Sum, read_sums
from runfolio.gui.session import Session

#: So many columns are summed up in one go: the first ones are not to wait for the last.
AT_ONCE = 3


class GroupSums(QObject):
    """The groups that are shown, and what is known of them.

    Attributes:
        grouped: the groups; None while there are none.

    Signals:
        came(list[Column]): these columns have been summed up, or can be asked for again.
    """

    came = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.grouped: Grouped | None = None
        self._session = session
        self._wanted: Pending[Column] = Pending()
        self._refresh = Refresh(
            session, self._prepare, self._take, "The groups could not be summed up.", self, pending=self._wanted
        )

    @property
    def idle(self) -> bool:
        """True when nothing is being read or waits for it."""
        return self._refresh.idle

    def show(self, grouped: Grouped | None) -> None:
        """Other groups, or none."""
        self.grouped = grouped
        self._wanted.clear()

    def sum(self, column: Column) -> Sum | None:
        """What a column comes to in each group; if that is not known yet, it is asked for."""
        if self.grouped is None or column == NAME or is_trend(column):
            return None
        found = self.grouped.sums.get(column)
        if found is None and column not in self._wanted:
            self._wanted.add([column])
            self._refresh.ask_soon()
        return found

    def _prepare(self) -> Callable[[], tuple[Grouped, Grouped]] | None:
        if self.grouped is None:
            return None
        columns = self._wanted.take(AT_ONCE)
        return partial(_beside, self._session, self.grouped, columns) if columns else None

    def _take(self, answer: tuple[Grouped, Grouped]) -> None:
        before, after = answer
        if before is not self.grouped:  # other groups have come meanwhile: whoever looks at them asks again
            asked = list(self._wanted)
            self._wanted.clear()
            self.came.emit(asked)
            return
        self.grouped = after
        self.came.emit([column for column, found in after.sums.items() if found is not before.sums.get(column)])
        if self._wanted.waiting:
            self._refresh.ask()


def _beside(session: Session, grouped: Grouped, columns: list[Column]) -> tuple[Grouped, Grouped]:
    return grouped, read_sums(session.store, grouped, columns)
