"""A random forest for regression (Breiman 2001), grown for many trees at once, level by level, with no loop over nodes.

Columns hold whole numbers of which the order alone counts: what they stand for may be on any scale. Each tree is grown
of some of the runs, none of which it has twice: drawn with replacement, columns of many values seem more important than
they are (Strobl et al. 2007). The others judge the tree: they are out of its bag.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from runfolio.core.curves import Floats
from runfolio.core.errors import Stopped
from runfolio.core.outline import Ints

Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]

TREES, LEAF, DEPTH = 64, 3, 12
#: The share of the runs that each tree is grown of, and how many these are at most.
SHARE, MOST = 0.632, 500
#: So many samples of trees that grow together stay in a processor's cache.
TOGETHER = 50_000
NEVER = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Trees as arrays with a place for each node; the first nodes are the roots.

    Attributes:
        column, split, left: what a node asks: whether what a run has in a column is at most the split. If so, the left
            child is next, else the one behind that. A leaf is its own left child, and all are at most its split.
        value: what is foretold at each node: the mean of its runs.
        out: for each tree and run, whether the run is out of its bag.
        depth: after so many questions all are at leaves.
    """

    column: Ints
    split: Codes
    left: Ints
    value: Floats
    out: Flags
    depth: int


@dataclass(frozen=True, slots=True, eq=False)
class _Samples:
    """What trees are grown of: for each sample what its run has in the columns, and what is to be foretold of it."""

    columns: Codes
    wanted: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """The nodes of all trees that are as far from the roots.

    Attributes:
        order: their samples, a row for each column in the order of that; those of a node lie side by side, at the same
            places in all rows.
        sizes: how many samples each node has.
    """

    order: Ints
    sizes: Ints

    def those(self, nodes: Flags) -> _Level:
        """Some of them."""
        return _Level(self.order[:, np.flatnonzero(np.repeat(nodes, self.sizes))], self.sizes[nodes])

    @property
    def starts(self) -> Ints:
        """Where the samples of each node begin."""
        found: Ints = np.cumsum(self.sizes) - self.sizes
        return found

    @property
    def owners(self) -> Ints:
        """The node of each sample, as they stand."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)


@dataclass(slots=True, eq=False)
class _Nodes:
    """What is known of the nodes of a level; of `left` the place among the nodes of the next level, -1 of leaves."""

    column: Ints
    split: Codes
    value: Floats
    left: Ints


def grow(
    columns: Codes,
    wanted: Floats,
    *,
    trees: int = TREES,
    leaf: int = LEAF,
    depth: int = DEPTH,
    seed: int = 0,
    stopped: Callable[[], bool] = lambda: False,
) -> Forest:
    """Grow a forest that foretells a number of each run; it is the same for the same seed.

    Args:
        columns: what is known of the runs, a row for each column.
        wanted: what is to be foretold: finite, and far from the largest floats.
        leaf: each node has at least so many runs.
        depth: at most so many questions lead to a leaf.
        stopped: asked now and then whether nobody waits for it any more.

    Raises:
        Stopped: if so.
    """
    chance, number = np.random.default_rng(seed), columns.shape[1]
    bag = max(min(round(SHARE * number), MOST), 1)
    bags = np.stack([np.sort(chance.permutation(number)[:bag]) for _ in range(trees)])
    ranks, middle = np.argsort(columns, axis=1, kind="stable"), float(wanted.mean())
    together = max(TOGETHER // bag, 1)
    parts: list[list[_Nodes]] = []
    for first in range(0, trees, together):
        samples, level = _planted(columns, wanted - middle, bags[first : first + together], ranks)
        parts.append(_grown(samples, level, leaf, depth, stopped))
    levels = [_side_by_side([part[at] for part in parts if at < len(part)]) for at in range(max(map(len, parts)))]
    out = np.ones((trees, number), np.bool_)
    np.put_along_axis(out, bags, False, axis=1)
    return _forest(levels, middle, out)


def _planted(columns: Codes, wanted: Floats, bags: Ints, ranks: Ints) -> tuple[_Samples, _Level]:
    """The roots of trees."""
    trees, bag = bags.shape
    # The sample of each tree and run, to have those of a tree in the order of each column.
    sample = np.full((trees, columns.shape[1]), -1, np.intp)
    np.put_along_axis(sample, bags, np.arange(bags.size).reshape(bags.shape), axis=1)
    order = sample[:, ranks].transpose(1, 0, 2).reshape(len(ranks), -1)
    order = order[order >= 0].reshape(len(ranks), -1)
    return _Samples(columns[:, bags.ravel()], wanted[bags.ravel()]), _Level(order, np.full(trees, bag))


def _grown(samples: _Samples, level: _Level, leaf: int, depth: int, stopped: Callable[[], bool]) -> list[_Nodes]:
    """The nodes of trees, level by level."""
    # What is less than this is how sums are rounded.
    least = np.finfo(np.float64).eps * len(samples.wanted) * float((samples.wanted**2).sum())
    found: list[_Nodes] = []
    while len(level.sizes):
        if stopped():
            raise Stopped
        number, value = len(level.sizes), np.add.reduceat(samples.wanted[level.order[0]], level.starts) / level.sizes
        nodes = _Nodes(np.zeros(number, np.intp), np.full(number, NEVER, np.int32), value, np.full(number, -1))
        found.append(nodes)
        asking = (level.sizes >= 2 * leaf) & (len(found) <= depth)
        level = level.those(asking)
        if asking.any():
            gain, column, split = _best(samples, level, leaf)
            asked, places = gain > least, np.flatnonzero(asking)
            column, split, places = column[asked], split[asked], places[asked]
            nodes.column[places], nodes.split[places], nodes.left[places] = column, split, 2 * np.arange(len(places))
            level = _parted(samples, level.those(asked), column, split)
    return found


def _best(samples: _Samples, level: _Level, leaf: int) -> tuple[Floats, Ints, Codes]:
    """The question that tells the runs of each node apart best: how much of the squared error goes, column and split.

    Columns are looked at one after the other: what is computed of one of them stays in the processor's cache.
    """
    starts, sizes, own = level.starts, level.sizes, level.owners
    below = np.arange(1, len(own) + 1) - starts[own]  # so many are at most as great as each
    places = np.flatnonzero((below >= leaf) & (below <= sizes[own] - leaf))
    own, total = own[places], np.add.reduceat(samples.wanted[level.order[0]], starts)
    firsts, totals = np.searchsorted(own, np.arange(len(sizes))), total[own]
    lower, upper = 1 / below[places], 1 / (sizes[own] - below[places])
    gain, column, split = np.full(len(sizes), -np.inf), np.zeros(len(sizes), np.intp), np.zeros(len(sizes), np.int32)
    for number, order in enumerate(level.order):
        codes, wanted = samples.columns[number][order], samples.wanted[order]
        sums = np.cumsum(wanted)
        part = sums[places] - (sums[starts] - wanted[starts])[own]
        rest = totals - part
        found = part * part * lower + rest * rest * upper
        found[codes[places] == codes[places + 1]] = -np.inf
        most = np.maximum.reduceat(found, firsts)
        best = np.flatnonzero(found == most[own])
        best = best[np.searchsorted(best, firsts)]
        better = most > gain
        gain[better], column[better], split[better] = most[better], number, codes[places[best[better]]]
    return gain - total**2 / sizes, column, split


def _parted(samples: _Samples, level: _Level, column: Ints, split: Codes) -> _Level:
    """The children of nodes, two of each, in which the samples of each column keep their order."""
    own, first = level.owners, level.order[0]
    left = np.empty(len(samples.wanted), np.bool_)
    left[first] = samples.columns[column[own], first] <= split[own]
    number = np.add.reduceat(left[first], level.starts, dtype=np.intp) if len(first) else level.sizes
    sizes = np.stack([number, level.sizes - number], axis=1).ravel()
    # Those that go left keep the order of their nodes, and so do the others: each have their places.
    for_left = np.repeat(np.tile([True, False], len(number)), sizes)
    lefts, rights = np.flatnonzero(for_left), np.flatnonzero(~for_left)
    children = np.empty_like(level.order)
    for child, order in zip(children, level.order, strict=True):
        goes = left[order]
        child[lefts], child[rights] = order[np.flatnonzero(goes)], order[np.flatnonzero(~goes)]
    return _Level(children, sizes)


def _side_by_side(parts: list[_Nodes]) -> _Nodes:
    """The nodes of one level, of trees that were grown one after the other."""
    children = [2 * int(np.count_nonzero(part.left >= 0)) for part in parts]
    firsts = accumulate(children[:-1], initial=0)
    left = [np.where(part.left >= 0, part.left + first, -1) for part, first in zip(parts, firsts, strict=True)]
    return _Nodes(*_joined(parts), left=np.concatenate(left))


def _forest(levels: list[_Nodes], middle: float, out: Flags) -> Forest:
    """The nodes of all levels, one level after the other."""
    lefts, first = [], 0
    for level in levels:
        own, first = np.arange(first, first + len(level.left)), first + len(level.left)
        lefts.append(np.where(level.left >= 0, level.left + first, own))
    column, split, value = _joined(levels)
    return Forest(column, split, np.concatenate(lefts), value + middle, out, len(levels) - 1)


def _joined(nodes: list[_Nodes]) -> tuple[Ints, Codes, Floats]:
    """Columns, splits and values of nodes, one after the other."""
    columns, splits, values = ([getattr(one, name) for one in nodes] for name in ("column", "split", "value"))
    return np.concatenate(columns), np.concatenate(splits), np.concatenate(values)


def foretell(forest: Forest, columns: Codes) -> Floats:
    """What the forest foretells of runs that it was not grown of: the mean of all trees."""
    trees, number = len(forest.out), columns.shape[1]
    run = np.tile(np.arange(number), trees)
    found: Floats = _followed(forest, columns, np.repeat(np.arange(trees), number), run).reshape(trees, number).mean(0)
    return found


def foretell_own(forest: Forest, columns: Codes, runs: Ints | None = None) -> Floats:
    """What is foretold of runs by the trees out of whose bags they are: the mean; NaN of one that is in all bags.

    Args:
        columns: what is known of `runs`, some of it shuffled maybe.
        runs: their places among those that the forest was grown of; None for all of these.
    """
    out = forest.out if runs is None else forest.out[:, runs]
    tree, run = np.nonzero(out)
    number, value = out.shape[1], _followed(forest, columns, tree, run)
    with np.errstate(invalid="ignore"):
        found: Floats = np.bincount(run, value, number) / np.bincount(run, minlength=number)
    return found


def _followed(forest: Forest, columns: Codes, node: Ints, run: Ints) -> Floats:
    """What the leaves say that runs come to from the roots of trees."""
    flat, places = columns.ravel(), forest.column * columns.shape[1]
    for _ in range(forest.depth):
        node = forest.left[node] + (flat[places[node] + run] > forest.split[node])
    return forest.value[node]


def r_squared(found: Floats, wanted: Floats) -> float:
    """How much of the variance is foretold: 1 is all, at 0 and below the mean alone foretells as well."""
    there = ~np.isnan(found)
    found, wanted = found[there], wanted[there]
    if not len(wanted) or wanted.min() == wanted.max():
        return 0.0
    return 1 - float(((wanted - found) ** 2).sum()) / float(((wanted - wanted.mean()) ** 2).sum())
