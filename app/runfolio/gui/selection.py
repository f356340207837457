"""What the user looks at: the one truth about what is selected, which views show and commands act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from runfolio.gui.aliases import Ids

# As many runs as charts and inspector are told of.
MOST_TOLD = 200


def _none() -> Ids:
    return np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """What the user looks at.

    Attributes:
        experiments: those whose runs are listed.
        ids: all selected runs, in the order that the table had when they were selected; a million take no copy.
        current: the run of the inspector.
    """

    experiments: tuple[int, ...] = ()
    ids: Ids = field(default_factory=_none)
    current: int | None = None

    def __post_init__(self) -> None:
        """Any numbers may be given; what is kept is not changed by anybody any more."""
        ids = np.asarray(self.ids, np.int64).view()
        ids.flags.writeable = False
        object.__setattr__(self, "ids", ids)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Selection):
            return NotImplemented
        same = (self.experiments, self.current) == (other.experiments, other.current)
        return same and np.array_equal(self.ids, other.ids)

    def __hash__(self) -> int:
        return hash((self.experiments, self.current, len(self.ids)))

    @property
    def told(self) -> tuple[int, ...]:
        """The first of the selected runs: as many as charts and inspector are told of."""
        return tuple(self.ids[:MOST_TOLD].tolist())

    def with_runs(self, runs: Sequence[int] | Ids, current: int | None = None) -> Selection:
        """The same experiments with these runs selected; the inspector shows `current`, or the first of them."""
        first = int(runs[0]) if len(runs) else None
        return replace(self, ids=np.asarray(runs, np.int64), current=first if current is None else current)
