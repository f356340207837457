"""Rows that stand beneath others, to be opened and closed: groups of runs, or runs that are nested in runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Ints = NDArray[np.intp]
#: As `most` of `Folds`, all rows are open.
EVERYTHING = 1 << 62


@dataclass(frozen=True, slots=True)
class Folds:
    """Which rows are open.

    Attributes:
        most: those with so many rows or fewer beneath them are open by themselves.
        opened, closed: those that the user has opened and closed, by id.
    """

    most: int = 0
    opened: frozenset[int] = frozenset()
    closed: frozenset[int] = frozenset()

    def with_row(self, row: int, *, opened: bool) -> Folds:
        """The same with one row opened or closed."""
        more, less = self.opened - {row}, self.closed - {row}
        return (
            replace(self, opened=more | {row}, closed=less)
            if opened
            else replace(self, opened=more, closed=less | {row})
        )


@dataclass(frozen=True, eq=False)
class Outline:
    """All rows as they stand while everything is open; what is beneath a row follows it.

    Attributes:
        ids: what each row is: a run's number, or a negative one of a group.
        depth: how many rows each stands beneath.
        beneath: how many rows follow that stand beneath each.
    """

    ids: Ids
    depth: NDArray[np.int8]
    beneath: Ints

    @cached_property
    def _sorted(self) -> Ints:
        found: Ints = np.argsort(self.ids)
        return found

    def make_ready(self) -> None:
        """Do now, on whatever thread, what takes long the first time."""
        self._sorted  # noqa: B018

    def place(self, row: int) -> int:
        """Where a row stands; -1 if it does not."""
        found = np.searchsorted(self.ids, row, sorter=self._sorted)
        place = int(self._sorted[found]) if found < len(self.ids) else -1
        return place if place >= 0 and self.ids[place] == row else -1

    def places(self, rows: Ids) -> Ints:
        """Where rows stand that are all there."""
        found: Ints = self._sorted[np.searchsorted(self.ids, rows, sorter=self._sorted)]
        return found

    def depth_of(self, row: int) -> int:
        """How many rows a row stands beneath."""
        place = self.place(row)
        return int(self.depth[place]) if place >= 0 else 0

    def size_of(self, row: int) -> int:
        """How many rows stand beneath a row, on all levels."""
        place = self.place(row)
        return int(self.beneath[place]) if place >= 0 else 0

    def is_open(self, row: int, folds: Folds) -> bool:
        """Whether what is beneath a row is shown."""
        return row in folds.opened or (row not in folds.closed and self.size_of(row) <= folds.most)

    def parent(self, row: int) -> int | None:
        """The row that a row stands directly beneath; None at the top."""
        place = self.place(row)
        if place < 0 or not self.depth[place]:
            return None
        return int(self.ids[np.flatnonzero(self.depth[:place] == self.depth[place] - 1)[-1]])

    def path(self, row: int) -> list[int]:
        """The rows that a row stands beneath, the nearest first."""
        found: list[int] = []
        above = self.parent(row)
        while above is not None:
            found.append(above)
            above = self.parent(above)
        return found

    def shown(self, folds: Folds) -> Ids:
        """The rows that are not beneath a closed one."""
        return self._open_rows(0, len(self.ids), folds)

    def shown_beneath(self, row: int, folds: Folds) -> Ids:
        """The rows that would follow a row if it were open."""
        place = self.place(row)
        return self._open_rows(place + 1, place + 1 + int(self.beneath[place]), folds) if place >= 0 else self.ids[:0]

    def runs_of(self, rows: Ids) -> Ids:
        """The runs that some rows are, or that stand beneath those that are groups; in order, each once."""
        places = self.places(rows)
        edges = np.zeros(len(self.ids) + 1, np.intp)
        np.add.at(edges, places, 1)
        np.subtract.at(edges, places + 1 + np.where(rows < 0, self.beneath[places], 0), 1)
        found: Ids = self.ids[(np.cumsum(edges)[:-1] > 0) & (self.ids >= 0)]
        return found

    def reordered(self, keys: Ids) -> Outline:
        """The same rows beneath the same ones, but rows beneath one row in the order of a number that each has."""
        order = np.argsort(keys, kind="stable")
        above = _above(self.depth)
        moved = np.empty(len(order), np.intp)
        moved[order] = np.arange(len(order))
        return _outline(self.ids[order], np.where(above[order] >= 0, moved[above[order]], -1))

    def _open_rows(self, start: int, end: int, folds: Folds) -> Ids:
        ids, beneath = self.ids[start:end], self.beneath[start:end]
        shut = beneath > folds.most
        shut[np.isin(ids, list(folds.closed))] = True
        shut[np.isin(ids, list(folds.opened))] = False
        closed = np.flatnonzero(shut & (beneath > 0))
        # Plus one where what a closed row hides begins, minus one where it ends.
        edges = np.zeros(len(ids) + 1, np.intp)
        np.add.at(edges, closed + 1, 1)
        np.subtract.at(edges, closed + 1 + beneath[closed], 1)
        hidden: Ints = np.cumsum(edges)[:-1]
        shown: Ids = ids[hidden == 0]
        return shown


def flat(ids: Ids) -> Outline:
    """Rows none of which stands beneath another."""
    return Outline(ids, np.zeros(len(ids), np.int8), np.zeros(len(ids), np.intp))


#: So deep may runs be nested in a table; what is nested deeper stands at the top.
DEEPEST = 12


def nested(runs: Ids, children: Ids, parents: Ids) -> Outline:
    """Runs with those that are nested in them beneath them; `children[i]` is nested in `parents[i]`.

    Those beneath one run keep their order, as do those at the top. A run whose parent is not there stands at the top.
    """
    here = np.isin(children, runs) & np.isin(parents, runs) & (children != parents)
    if not here.any():
        return flat(runs)
    place_of = np.argsort(runs)
    known = runs[place_of]
    above = np.full(len(runs), -1, np.intp)
    above[place_of[np.searchsorted(known, children[here])]] = place_of[np.searchsorted(known, parents[here])]
    return _outline(runs, above)


def _outline(ids: Ids, above: Ints) -> Outline:
    """Rows put beneath others, given for each the place of the one above it, or -1."""
    paths = _paths(above)
    depth = (paths >= 0).sum(axis=0) - 1
    # By the path from the top down: a row comes before what is beneath it, for nothing (-1) comes before something.
    order: Ints = np.lexsort(paths[::-1])
    return Outline(ids[order], depth[order].astype(np.int8), _beneath(paths[:, order], depth[order]))


def _above(depth: NDArray[np.int8]) -> Ints:
    """The place of the row that each row stands beneath, or -1, of rows in order."""
    above = np.full(len(depth), -1, np.intp)
    for level in range(1, int(depth.max(initial=0)) + 1):
        last = np.maximum.accumulate(np.where(depth == level - 1, np.arange(len(depth)), -1))
        own = depth == level
        above[own] = last[own]
    return above


def _paths(above: Ints) -> Ints:
    """For each row the rows from the top down to itself, filled up with -1. Circles are broken where they are met."""
    chain = [np.arange(len(above))]
    for _ in range(DEEPEST):
        up = np.where(chain[-1] >= 0, above[chain[-1]], -1)
        if (up < 0).all():
            break
        chain.append(up)
    else:
        # A circle, or too deep: what is not done by now stands at the top.
        endless = (above[chain[-1]] >= 0) & (chain[-1] >= 0)
        for up in chain[1:]:
            up[endless] = -1
    paths: Ints = np.stack(chain)  # from the row itself upwards
    length = (paths >= 0).sum(axis=0)
    turned: Ints = np.full_like(paths, -1)
    for level in range(len(paths)):
        some = length > level
        turned[level, some] = paths[length[some] - 1 - level, np.flatnonzero(some)]
    return turned


def _beneath(paths: Ints, depth: Ints) -> Ints:
    """How many rows stand beneath each, of rows in order: those that follow until one is as high again."""
    beneath = np.zeros(paths.shape[1], np.intp)
    for level in range(len(paths) - 1):
        tops = np.flatnonzero(depth == level)
        # The next row on this level or above.
        stops = np.append(np.flatnonzero(depth <= level), len(depth))
        beneath[tops] = stops[np.searchsorted(stops, tops, side="right")] - tops - 1
    return beneath
