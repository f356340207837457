"""The rows of runs in the tree, and what is to be done to some so that they are others. Plain Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from runfolio.core.numbers import counted
from runfolio.store.nested import BranchLines, RunLine

Key = int


@dataclass(slots=True, eq=False)
class RunRow:
    """A run below its experiment or below the run that it is nested in; or the line that says how many more there are.

    Attributes:
        experiment: the number of its experiment.
        above: the run that it is nested in, if it is.
        run: the run; None for the line at the end.
        more: how many runs are not shown, for that line.
        row: its place among its siblings.
        below: the runs nested in it, as far as they have been read.
    """

    experiment: int
    above: RunRow | None
    run: RunLine | None
    more: int = 0
    row: int = 0
    below: list[RunRow] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """What makes it the same row when it is read again."""
        return 0 if self.run is None else self.run.id

    @property
    def opens(self) -> bool:
        """Whether there are runs below it."""
        return bool(self.below) or (self.run is not None and self.run.children > 0)

    @property
    def text(self) -> str:
        """What stands in the row."""
        return f"{self.more:,} more…" if self.run is None else self.run.name

    @property
    def told(self) -> str:
        """It in words."""
        if self.run is None:
            return f"{counted(self.more, 'more run')}, which the table shows"
        nested = f", {self.run.children:,} nested" if self.run.children else ""
        return f"{self.run.name}, {self.run.status.lower()}{nested}"

    def shows(self, other: RunRow) -> bool:
        """Whether another row says the same."""
        return self.run == other.run and self.more == other.more

    def take(self, other: RunRow) -> None:
        """Say what another row says."""
        self.run, self.more = other.run, other.more


def rows_of(lines: BranchLines, experiment: int, above: RunRow | None) -> list[RunRow]:
    """The rows of a branch as it was read, the last one telling of those that were not."""
    rows = [RunRow(experiment, above, run) for run in lines.runs]
    left = lines.total - len(lines.runs)
    return [*rows, RunRow(experiment, above, None, left)] if left > 0 else rows


def gone(old: Sequence[RunRow], new: Sequence[RunRow]) -> list[int]:
    """The places of rows that are to go, the last first; all of them, if those that stay stand in another order."""
    wanted, there = {row.key for row in new}, {row.key for row in old}
    stays = [row.key for row in old if row.key in wanted]
    if stays != [row.key for row in new if row.key in there]:
        return list(reversed(range(len(old))))
    return [place for place in reversed(range(len(old))) if old[place].key not in wanted]


def fresh(old: Sequence[RunRow], new: Sequence[RunRow]) -> Iterator[tuple[int, int]]:
    """Where rows of `new` are to be put in, first and last place, ascending; `old` has none that it has not."""
    there = {row.key for row in old}
    first: int | None = None
    for place, row in enumerate(new):
        if row.key not in there:
            first = place if first is None else first
        elif first is not None:
            yield first, place - 1
            first = None
    if first is not None:
        yield first, len(new) - 1
