"""The groups that the run table lists, as charts take them over: the same ones, in the same order and colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from runfolio.core.grouping import NOTHING
from runfolio.core.outline import Ints
from runfolio.gui.aliases import Ids
from runfolio.gui.runs.feed import RunFeed, State
from runfolio.gui.runs.grouped import Grouped


@dataclass(frozen=True, slots=True, eq=False)
class ListedGroups:
    """Groups with nothing but runs beneath them: where there are several levels, those of the innermost one.

    Attributes:
        grouped: all groups, of all levels.
        rows: the rows of the table in order, closed ones too: groups below 0, and runs.
    """

    grouped: Grouped
    rows: Ids

    def places(self) -> Ints:
        """Which of the groups they are, in the order of the table."""
        groups = self.grouped.groups
        places = groups.places(self.rows[self.rows < 0])
        found: Ints = places[self.grouped.colors[places] != NOTHING]
        return found

    def members(self, place: int, among: NDArray[np.bool_]) -> Ids:
        """The runs in a group, of those that are flagged among `grouped.groups.runs`."""
        groups = self.grouped.groups
        found: Ids = groups.runs[among & (groups.of[-1] == place)]
        return found


class TableGroups(QObject):
    """The groups of one table, for whoever shows them too.

    Signals:
        listed(): other rows may be listed, or the same in another order.
    """

    listed = Signal()

    def __init__(self, feed: RunFeed, parent: QObject) -> None:
        super().__init__(parent)
        self._feed = feed
        feed.folding.listed.connect(self.listed)

    @property
    def current(self) -> bool:
        """True when they are those that the session asks for now, or there can be none."""
        return self._feed.current or self._feed.state is State.NO_EXPERIMENT

    def now(self) -> ListedGroups | None:
        """The groups; None if the table has none."""
        grouped, lines = self._feed.sums.grouped, self._feed.folding.lines
        if self._feed.state is State.NO_EXPERIMENT:
            return None
        return ListedGroups(grouped, lines.rows) if grouped is not None and lines.grouped else None
