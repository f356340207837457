"""The rows of the run table, those that are not seen too."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from runfolio.core.outline import Folds, Outline
from runfolio.gui.aliases import Ids

#: A run with so many runs nested in it, or fewer, shows them until it is closed.
OPEN_NESTED = 20


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The rows of the table.

    Attributes:
        runs: all runs in their order.
        outline: how rows stand beneath others; None where none does.
        grouped: whether it is groups that the runs stand beneath, and not runs.
    """

    runs: Ids
    outline: Outline | None = None
    grouped: bool = False
    # What was last seen: worked out on a worker thread, for it takes a while of very many.
    _seen: dict[Folds, Ids] = field(default_factory=dict, repr=False)

    def shown(self, folds: Folds) -> Ids:
        """The rows that are seen."""
        if self.outline is None:
            return self.runs
        if folds not in self._seen:
            self._seen.clear()
            self._seen[folds] = self.outline.shown(folds)
        return self._seen[folds]

    def stands_as(self, other: Lines) -> bool:
        """Whether the rows of another table are the same in the same order."""
        return np.array_equal(self.rows, other.rows)

    def held(self, before: Lines) -> Lines:
        """The same rows in the order that they had before; those that are new come on top.

        Where that is still the order of those that were there, new ones stand in their places.
        """
        kept = before.rows[np.isin(before.rows, self.rows)]
        if np.array_equal(kept, self.rows[np.isin(self.rows, before.rows)]):
            return self
        new = np.setdiff1d(self.rows, before.rows, assume_unique=True)
        # The newest of the new ones first; groups, whose numbers say nothing, as they stand.
        order = np.concatenate([np.sort(new[new >= 0])[::-1], new[new < 0], kept])
        if self.outline is None:
            return Lines(order)
        places = np.empty(len(order), np.int64)
        places[self.outline.places(order)] = np.arange(len(order))
        return Lines(self.runs, self.outline.reordered(places), self.grouped)

    @property
    def rows(self) -> Ids:
        """All rows as they stand while everything is open."""
        return self.runs if self.outline is None else self.outline.ids
