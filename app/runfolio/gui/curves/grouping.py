"""What charts show in place of single runs while the table has groups."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Collection, Mapping

import numpy as np

from runfolio.gui.curves.lineup import Lineup, Question, WantedGroups
from runfolio.gui.groups.listed import TableGroups
from runfolio.gui.session import Session


class ChartGroups:
    """Knows the groups of a table, and which run belongs to which of them.

    Args:
        are_wanted: whether the user wants groups in charts.

    Attributes:
        table: the table's groups; None where there is no table.
        numbers: the colours' numbers, of groups and of runs for which one was chosen; kept as one mapping.
    """

    def __init__(self, session: Session, are_wanted: Callable[[], bool]) -> None:
        self._session = session
        self._are_wanted = are_wanted
        self.table: TableGroups | None = None
        self._owners: dict[int, int] = {}
        self._colors: dict[int, int] = {}
        self.numbers: Mapping[int, int] = ChainMap(self._colors, session.colors.chosen)

    @property
    def offered(self) -> bool:
        """Whether there are groups that could be shown."""
        return self.table is not None and self._session.view.grouped

    @property
    def shown(self) -> bool:
        """Whether they are to be shown."""
        return self.offered and self._are_wanted()

    @property
    def awaited(self) -> bool:
        """Whether they are still being read; the table tells when they are there."""
        return self.table is not None and self.shown and not self.table.current

    def wanted(self) -> WantedGroups | None:
        """What to show in place of runs; None for runs."""
        listed = self.table.now() if self.table is not None and self.shown else None
        return None if listed is None else WantedGroups(listed, self._session.selection.ids)

    def is_still_asked(self, question: Question) -> bool:
        """Whether a question was about what is to be shown now, be it groups or not."""
        now = self.wanted()
        if question.groups is None or now is None:
            return question.groups is now
        return np.array_equal(question.groups.selected, now.selected)

    def take(self, lineup: Lineup) -> bool:
        """Note what is shown; returns whether some groups have another colour than the last time they were shown."""
        self._owners, colors = lineup.owners(), lineup.colors()
        others = any(self._colors.get(one, color) != color for one, color in colors.items())
        self._colors.update(colors)
        return others

    def shown_as(self, run: int | None) -> int | None:
        """The group that stands for a run, or the run or group itself."""
        return run if run is None else self._owners.get(run, run)

    def touched(self, runs: Collection[int]) -> set[int]:
        """Which of the groups, or runs, that are shown some runs are part of."""
        return {shown for run, shown in self._owners.items() if run in runs}

    def runs_of(self, shown: int) -> list[int]:
        """The runs of a group, or the run itself."""
        return [run for run, owner in self._owners.items() if owner == shown]
