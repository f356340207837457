"""Runs in groups of equal values, level below level, with no loop over the runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from runfolio.core.columns import Column
from runfolio.core.curves import Floats
from runfolio.core.numbers import Written
from runfolio.core.outline import Ids, Ints, Outline
from runfolio.core.statistics import Summaries, summarise

NOTHING = -1
#: What stands between all the settings of a run where they are one text, and between a setting's key and its value.
BREAK, MARK = "\x1e", "\x1f"


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """What runs have in a column.

    Attributes:
        runs: those that have something, ascending.
        numbers: what they have, as far as it is a number; else NaN.
        codes: the place among `written` of what they have as it was written, `NOTHING` where it never was; None of a
            column of numbers alone.
        written: different texts in any order, some of which none of them may have.
    """

    runs: Ids
    numbers: Floats
    codes: Ints | None = None
    written: Sequence[str] = ()

    def of(self, runs: Ids) -> Values:
        """What these runs have."""
        return self._those(np.isin(self.runs, runs))

    def without(self, runs: Ids) -> Values:
        """What the others have, with no texts but theirs."""
        left = self._those(~np.isin(self.runs, runs))
        used = np.flatnonzero(np.bincount(_codes(left) + 1)[1:])
        places = np.full(len(left.written) + 1, NOTHING)  # the last one is that of `NOTHING`
        places[used] = np.arange(len(used))
        codes = None if left.codes is None else places[left.codes]
        return Values(left.runs, left.numbers, codes, [left.written[at] for at in used.tolist()])

    def _those(self, kept: NDArray[np.bool_]) -> Values:
        codes = None if self.codes is None else self.codes[kept]
        return Values(self.runs[kept], self.numbers[kept], codes, self.written)

    def numeric(self) -> Values:
        """Those that are numbers, NaN and infinities among them."""
        if self.codes is None:
            return self
        kept = (self.codes == NOTHING) | ~np.isnan(self.numbers)
        return Values(self.runs[kept], self.numbers[kept])

    def joined(self, other: Values) -> Values:
        """The values of other runs put among them."""
        if not len(self.runs) or not len(other.runs):
            return self if len(self.runs) else other
        order = np.argsort(runs := np.concatenate([self.runs, other.runs]))
        numbers, codes = np.concatenate([self.numbers, other.numbers])[order], None
        known = {text: place for place, text in enumerate(self.written)}
        if self.codes is not None or other.codes is not None:
            places = [known.setdefault(text, len(known)) for text in other.written]
            codes = np.concatenate([_codes(self), np.array([*places, NOTHING])[_codes(other)]])[order]
        return Values(runs[order], numbers, codes, tuple(known))


def _codes(values: Values) -> Ints:
    return values.codes if values.codes is not None else np.full(len(values.runs), NOTHING)


NO_VALUES = Values(np.empty(0, np.int64), np.empty(0))
NO_COLORS: Ints = np.empty(0, np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """What runs are told apart by.

    Attributes:
        column: whose values these are; None where it is all settings but some.
        values: the different ones in order: numbers, as they were written if they were, then texts.
        codes: for each run the place of its value among them; `NOTHING` where it has none.
        marks: a number for each value that is the same whenever it comes.
    """

    column: Column | None
    values: Sequence[object]
    codes: Ints
    marks: Ids


@dataclass(frozen=True, eq=False)
class Groups:
    """Groups of runs, those of the outermost level first.

    Attributes:
        levels: what tells them apart.
        runs: all runs in their order.
        of: for each level, the group of each run.
        level, parent: of each group its level and the group it is in (`NOTHING` of the outermost ones).
        code: of each group the place of its value in its level.
        ids: of each group a negative number that stays as long as its values do, whatever else changes.
        sizes: of each group how many runs it has.
    """

    levels: tuple[Level, ...]
    runs: Ids
    of: tuple[Ints, ...]
    level: Ints
    parent: Ints
    code: Ints
    ids: Ids
    sizes: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def value(self, group: int) -> object:
        """What the runs of a group have in common; None if that is nothing."""
        code = int(self.code[group])
        return None if code == NOTHING else self.levels[int(self.level[group])].values[code]

    def place(self, row: int) -> int:
        """The group of an id; -1 if it is none."""
        found = int(np.searchsorted(self.ids, row, sorter=self._sorted))
        place = int(self._sorted[found]) if found < len(self.ids) else -1
        return place if place >= 0 and self.ids[place] == row else -1

    def places(self, rows: Ids) -> Ints:
        """The groups of ids, of those that are there."""
        if not len(self.ids):
            return np.empty(0, np.intp)
        places = self._sorted[np.minimum(np.searchsorted(self.ids, rows, sorter=self._sorted), len(self.ids) - 1)]
        found: Ints = places[self.ids[places] == rows]
        return found

    @cached_property
    def _sorted(self) -> Ints:
        found: Ints = np.argsort(self.ids)
        return found

    def summaries(self, values: Values) -> Summaries:
        """What the numbers of a column come to in each group."""
        numbers, given = aligned(values.numeric(), self.runs)
        parts = [
            summarise(numbers[given], self.of[level][given] - first, size) for level, (first, size) in self._spans()
        ]
        fields = Summaries.__dataclass_fields__
        return Summaries(*(np.concatenate([getattr(part, name) for part in parts]) for name in fields))

    def commons(self, level: Level) -> Commons:
        """Whether the runs of each group have one value in common, given the values as a level of these runs."""
        given = level.codes != NOTHING
        counts, codes = [], []
        for at, (first, size) in self._spans():
            pairs = np.unique((self.of[at][given] - first) * len(level.values) + level.codes[given])
            owner, code = np.divmod(pairs, max(len(level.values), 1))
            counts.append(np.bincount(owner, minlength=size))
            codes.append(np.full(size, NOTHING))
            codes[-1][owner] = code
        missing = [np.bincount(self.of[at][~given] - first, minlength=size) for at, (first, size) in self._spans()]
        return Commons(np.concatenate(counts), np.concatenate(codes), np.concatenate(missing), level.values)

    def _spans(self) -> list[tuple[int, tuple[int, int]]]:
        sizes = np.bincount(self.level, minlength=len(self.levels)).tolist()
        starts = np.cumsum([0, *sizes]).tolist()
        return [(at, (start, size)) for at, (start, size) in enumerate(zip(starts, sizes, strict=False))]


@dataclass(frozen=True, slots=True, eq=False)
class Commons:
    """For each group how many different values its runs have in a column, one of them, and how many have none."""

    counts: Ints
    codes: Ints
    missing: Ints
    values: Sequence[object]

    def value(self, group: int) -> object:
        """The value that all runs of a group have in common, as far as they have one; None if they have several."""
        return self.values[int(self.codes[group])] if self.counts[group] == 1 else None


def settings_in(text: str, names: Mapping[int, str]) -> dict[str, str]:
    """The settings that a text holds, by name; `names` are those of the keys by their numbers."""
    pairs = (part.partition(MARK) for part in text.split(BREAK))
    return dict(sorted((names.get(int(key), key), value) for key, _, value in pairs if key.isdigit()))


def varying(texts: Iterable[str], names: Mapping[int, str]) -> frozenset[str]:
    """The names of the settings that are not the same in all of these texts."""
    found = [settings_in(text, names) for text in texts]
    used = {name for settings in found for name in settings}
    return frozenset(name for name in used if len({settings.get(name) for settings in found}) > 1)


def aligned(values: Values, runs: Ids) -> tuple[Floats, NDArray[np.bool_]]:
    """The numbers of runs, whatever their order, and which runs have a value at all."""
    if not len(values.runs):
        return np.full(len(runs), np.nan), np.zeros(len(runs), np.bool_)
    places = np.minimum(np.searchsorted(values.runs, runs), len(values.runs) - 1)
    given = values.runs[places] == runs
    return np.where(given, values.numbers[places], np.nan), given


def as_numbers(values: Values, number_of: Callable[[str], float | None]) -> Values:
    """Texts as the numbers that they are; those that are none stay texts."""
    if values.codes is None:
        return values
    read = [number_of(text) for text in values.written]
    known = np.array([*(np.nan if one is None else one for one in read), np.nan])
    is_number = np.array([*(one is not None for one in read), False])[values.codes]
    numbers = np.where(is_number, known[values.codes], values.numbers)
    codes = None if is_number.all() else np.where(is_number, NOTHING, values.codes)
    return Values(values.runs, numbers, codes, values.written)


def level_of(column: Column | None, values: Values, runs: Ids) -> Level:
    """What tells these runs apart: numbers that were written are one value only if they were written alike."""
    values = values.of(runs)
    kinds, codes, marks = _coded(values)
    found = np.full(len(runs), NOTHING, np.intp)
    if len(values.runs):
        places = np.minimum(np.searchsorted(values.runs, runs), len(values.runs) - 1)
        given = values.runs[places] == runs
        found[given] = codes[places[given]]
    return Level(column, kinds, found, marks)


def _coded(values: Values) -> tuple[list[object], Ints, Ids]:
    """The different values in order, the place of each run's among them, and their marks."""
    given = _codes(values)
    numeric = given == NOTHING
    numbers, number_codes = np.unique(values.numbers[numeric], return_inverse=True)
    codes = np.empty(len(values.runs), np.intp)
    codes[numeric] = number_codes
    own = given[~numeric]
    number_of = np.full(len(values.written), np.nan)
    number_of[own] = values.numbers[~numeric]
    used = np.flatnonzero(np.bincount(own, minlength=len(number_of))).tolist()
    texts = _ordered({str(values.written[at]): float(number_of[at]) for at in used})
    place = {str(text): at for at, text in enumerate(texts, len(numbers))}
    places = np.full(len(number_of), NOTHING)
    places[used] = [place[str(values.written[at])] for at in used]
    codes[~numeric] = places[own]
    # The bits of a number, for Python's hash of NaN is another one each time.
    bits = (numbers + 0.0).view(np.int64)
    marks = np.concatenate([bits, np.fromiter((hash(str(text)) for text in texts), np.int64, len(texts))])
    return [*numbers.tolist(), *texts], codes, marks


def _ordered(numbers: dict[str, float]) -> list[str | Written]:
    """Texts by their numbers, and after them those that are none (NaN) by themselves."""
    texts = sorted(numbers)
    found = np.fromiter(map(numbers.__getitem__, texts), np.float64, len(texts))
    order = np.argsort(found, kind="stable")
    pairs = ((texts[at], float(found[at])) for at in order.tolist())
    return [text if math.isnan(number) else Written(text, number) for text, number in pairs]


def group(runs: Ids, levels: Sequence[Level]) -> Groups:
    """Put runs into groups by one level, and those into smaller ones by the next."""
    above = np.zeros(len(runs), np.intp)
    of, level, parent, code, ids = [], [], [], [], []
    first, last_ids = 0, np.zeros(1, np.int64)
    for number, one in enumerate(levels):
        width = len(one.values) + 1
        pairs, place = np.unique(above * width + one.codes + 1, return_inverse=True)
        owner, value = np.divmod(pairs, width)
        of.append(place + first)
        level.append(np.full(len(pairs), number))
        parent.append(owner + (first - len(last_ids)) if number else np.full(len(pairs), NOTHING))
        code.append(value - 1)
        marks = np.append(one.marks, np.int64(0x5EED))[value - 1]
        last_ids = _mixed(last_ids[owner], marks)
        ids.append(last_ids)
        first += len(pairs)
        above = place
    sizes = [np.bincount(place)[-len(part) :] for place, part in zip(of, ids, strict=True) if len(part)]
    whole = [_joined(part) for part in (level, parent, code, ids, sizes)]
    return Groups(tuple(levels), runs, tuple(of), *whole)


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.empty(0, np.intp)


def _mixed(above: Ids, marks: Ids) -> Ids:
    """Negative numbers made of two, other ones of other pairs but for a chance of one in 2**40 or so."""
    with np.errstate(over="ignore"):
        mixed = above.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ marks.view(np.uint64)
        for shift in (32, 29, 32):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(0xD6E8FEB86659FD93)
    return -(mixed >> np.uint64(2)).astype(np.int64) - 2


def colors(groups: Groups, known: Ids = NO_VALUES.runs, theirs: Ints = NO_COLORS) -> Ints:
    """The number of each innermost group's colour, `NOTHING` of the groups around them.

    They are counted in the order of their oldest runs, so that a new group leaves the others as they are, and the first
    ten have ten hues. Groups of `known` ids keep `theirs`, for a filter takes groups away and brings them back.
    """
    first = np.full(len(groups), np.iinfo(np.int64).max)
    np.minimum.at(first, groups.of[-1], groups.runs)
    own = np.flatnonzero(groups.level == len(groups.levels) - 1)
    own = own[np.argsort(first[own], kind="stable")]
    found: Ints = np.full(len(groups), NOTHING)
    if len(known):
        order = np.argsort(known)
        places = order[np.minimum(np.searchsorted(known, groups.ids[own], sorter=order), len(known) - 1)]
        found[own] = np.where(known[places] == groups.ids[own], theirs[places], NOTHING)
    new = own[found[own] == NOTHING]
    found[new] = np.setdiff1d(np.arange(len(own)), found[own])[: len(new)]
    return found


def outline(groups: Groups, keys: Sequence[Floats] = ()) -> Outline:
    """Groups with their runs beneath them.

    Groups in one group are ordered by the numbers that `keys` have for them, the first key leading and NaN last; then
    by their values, and those without a value after the others. Runs keep their order.
    """
    ranks = _ranks(groups, keys)
    by_group = np.argsort(ranks[groups.of[-1]], kind="stable")
    count, number = len(groups.runs), len(groups)
    first = np.empty(number, np.intp)
    for of in groups.of:
        first[of[by_group][::-1]] = np.arange(count - 1, -1, -1)
    heads = np.lexsort((groups.level, first))
    at = first[heads] + np.arange(number)
    rows = np.ones(count + number, np.bool_)
    rows[at] = False
    ids = np.empty(count + number, np.int64)
    ids[at], ids[rows] = groups.ids[heads], groups.runs[by_group]
    depth = np.full(count + number, len(groups.levels), np.int8)
    depth[at] = groups.level[heads]
    beneath = np.zeros(count + number, np.intp)
    beneath[at] = (groups.sizes + _groups_beneath(groups))[heads]
    return Outline(ids, depth, beneath)


def _ranks(groups: Groups, keys: Sequence[Floats]) -> Ints:
    """The order of the groups of each level: a number that is greater for what comes later."""
    ranks = np.zeros(len(groups), np.intp)
    last = np.where(groups.code == NOTHING, np.iinfo(np.int64).max, groups.code)
    for level in range(len(groups.levels)):
        own = np.flatnonzero(groups.level == level)
        above = ranks[groups.parent[own]] if level else np.zeros(len(own), np.intp)
        order = np.lexsort((last[own], *(key[own] for key in reversed(keys)), above))
        ranks[own[order]] = np.arange(len(own))
    return ranks


def _groups_beneath(groups: Groups) -> Ints:
    beneath = np.zeros(len(groups), np.intp)
    for level in range(len(groups.levels) - 1, 0, -1):
        own = groups.level == level
        np.add.at(beneath, groups.parent[own], 1 + beneath[own])
    return beneath
