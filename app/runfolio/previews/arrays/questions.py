"""What one can ask of the arrays of a file: which there are, what their values come to, and pictures of them."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from runfolio.core.errors import CannotShow
from runfolio.previews.arrays.source import Array, ArrayEntry, ArraySource
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question
from runfolio.previews.work import Work

Floats = npt.NDArray[np.float64]
#: A picture has no more cells on a side, and a line no more places; values are read in pieces of so many.
MOST_SIDE, MOST_PLACES, PIECE = 512, 2_000, 1024 * 1024
#: Of larger planes, not every value is looked at for a picture.
MOST_AVERAGED = 32 * 1024 * 1024
BINS = 50
#: No page of figures has more.
MOST_FIGURES = 20_000


@dataclass(frozen=True, slots=True)
class Arrays:
    """The arrays of a file, and what it says of itself."""

    entries: tuple[ArrayEntry, ...]
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AskArrays(Question[Arrays]):
    """Which arrays are there?"""

    path: str

    def answer(self, kept: Kept) -> Arrays:
        """Them."""
        module = _module(self.path)
        notes = getattr(module, "notes", None)
        return Arrays(kept.get(module.entries, self.path), kept.get(notes, self.path) if notes is not None else ())


@dataclass(frozen=True, slots=True)
class ArrayFacts:
    """What the values of an array come to.

    Attributes:
        count: how many there are.
        least, greatest, mean, deviation: of those that are finite; None if none is.
        zeros, nans, infinities: how many are.
        bins: how many finite ones lie in each of as many equal stretches from the least to the greatest.
    """

    count: int
    least: float | None
    greatest: float | None
    mean: float | None
    deviation: float | None
    zeros: int
    nans: int
    infinities: int
    bins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Summed:
    """How far an array is summed up, 0 to 1, and what it came to once that is 1."""

    share: float
    facts: ArrayFacts | None


@dataclass(frozen=True, slots=True)
class SumUpArray(Question[Summed]):
    """What do the values of an array come to? Asked again until it is done."""

    path: str
    name: str

    def answer(self, kept: Kept) -> Summed:
        """How far it is."""
        work = kept.get(_summing, self.path, self.name)
        return Summed(work.share, work.go_on())


@dataclass(frozen=True, slots=True)
class Plane:
    """A part of an array as a picture.

    Attributes:
        values: height x width, as float64; NaN where there is no number.
        rows, columns: how many of the array's there are.
        step: so many rows and columns of the array are one of the picture.
        averaged: whether a value is the mean of those that it stands for; else it is one of them.
    """

    values: Floats
    rows: int
    columns: int
    step: tuple[int, int]
    averaged: bool


@dataclass(frozen=True, slots=True)
class AskPlane(Question[Plane]):
    """A picture of two dimensions of an array, at given places of the others.

    Attributes:
        down, across: the dimensions; `down` is -1 for an array of one.
        places: of every dimension; those of the two are not looked at.
    """

    path: str
    name: str
    down: int
    across: int
    places: tuple[int, ...]

    def answer(self, kept: Kept) -> Plane:
        """It."""
        return _plane(open_source(kept, self.path, self.name), self.down, self.across, self.places)


@dataclass(frozen=True, slots=True)
class Line:
    """Values along one dimension.

    Attributes:
        places: where a stretch of values begins.
        least, greatest: of that stretch; NaN where there is no number.
        count: how many values there are.
        whole: whether all of them were looked at.
    """

    places: npt.NDArray[np.int64]
    least: Floats
    greatest: Floats
    count: int
    whole: bool


@dataclass(frozen=True, slots=True)
class AskLine(Question[Line]):
    """The values along one dimension of an array, at given places of the others."""

    path: str
    name: str
    along: int
    places: tuple[int, ...]

    def answer(self, kept: Kept) -> Line:
        """Them."""
        source = open_source(kept, self.path, self.name)
        where = list(_where(source, self.places, {self.along}))
        count = source.entry.shape[self.along]
        apart = max(1, math.ceil(count / MOST_AVERAGED))
        where[self.along] = slice(None, None, apart)
        values = as_floats(source.part(tuple(where)))
        step = max(1, math.ceil(len(values) / MOST_PLACES))
        starts = np.arange(0, len(values), step)
        low = np.minimum.reduceat(np.nan_to_num(values, nan=np.inf), starts) if len(values) else values
        high = np.maximum.reduceat(np.nan_to_num(values, nan=-np.inf), starts) if len(values) else values
        empty = low > high
        low, high = np.where(empty, np.nan, low), np.where(empty, np.nan, high)
        return Line(starts * apart, low, high, count, apart == 1)


@dataclass(frozen=True, slots=True)
class AskFigures(Question[tuple[tuple[str, ...], ...]]):
    """Values of an array as they are written, of some rows and columns of two of its dimensions."""

    path: str
    name: str
    down: int
    across: int
    places: tuple[int, ...]
    first_row: int
    rows: int
    first_column: int
    columns: int

    def answer(self, kept: Kept) -> tuple[tuple[str, ...], ...]:
        """Them."""
        source = open_source(kept, self.path, self.name)
        rows = min(self.rows, MOST_FIGURES // max(self.columns, 1) + 1)
        where = list(_where(source, self.places, {self.down, self.across}))
        if self.down >= 0:
            where[self.down] = slice(self.first_row, self.first_row + rows)
        where[self.across] = slice(self.first_column, self.first_column + self.columns)
        part = _upright(source.part(tuple(where)), self.down, self.across)
        return tuple(tuple(_figure(value) for value in row) for row in part.tolist())


def _module(path: str) -> ModuleType:
    """What reads the arrays of a file, by its ending."""
    if path.lower().endswith(".safetensors"):
        from runfolio.previews.arrays import safetensors_file

        return safetensors_file
    from runfolio.previews.arrays import numpy_file

    return numpy_file


def open_source(kept: Kept, path: str, name: str) -> ArraySource:
    """An array whose values can be had. Raises CannotShow if there is none."""
    found: ArraySource = kept.get(_module(path).open_array, path, name)
    return found


def _where(source: ArraySource, places: tuple[int, ...], open_: set[int]) -> tuple[Any, ...]:
    """Where the values are: everything along the open dimensions, one place of the others."""
    shape = source.entry.shape
    if len(places) != len(shape) or any(one not in range(-1, len(shape)) for one in open_):
        raise CannotShow("The array has not so many dimensions.")
    if any(
        not 0 <= place < size for at, (place, size) in enumerate(zip(places, shape, strict=True)) if at not in open_
    ):
        raise CannotShow("The array has no such place.")
    return tuple(slice(None) if at in open_ else place for at, place in enumerate(places))


def _upright(part: Array, down: int, across: int) -> Array:
    """A part of one or two dimensions as height x width."""
    part = part.reshape(1, -1) if part.ndim < 2 else part
    return part.T if down > across else part


def _plane(source: ArraySource, down: int, across: int, places: tuple[int, ...]) -> Plane:
    shape = source.entry.shape
    if not shape:
        return Plane(as_floats(source.part(())).reshape(1, 1), 1, 1, (1, 1), True)
    where = list(_where(source, places, {down, across}))
    rows, columns = shape[down] if down >= 0 else 1, shape[across]
    steps = max(1, math.ceil(rows / MOST_SIDE)), max(1, math.ceil(columns / MOST_SIDE))
    averaged = rows * columns <= MOST_AVERAGED
    if not averaged:
        where[across] = slice(None, None, steps[1])
        if down >= 0:
            where[down] = slice(None, None, steps[0])
    values = as_floats(_upright(source.part(tuple(where)), down, across))
    return Plane(_averaged(values, steps) if averaged and steps != (1, 1) else values, rows, columns, steps, averaged)


def _averaged(values: Floats, steps: tuple[int, int]) -> Floats:
    """Means of blocks of steps[0] x steps[1] values, without those that are no numbers."""
    there = np.isfinite(values)
    starts = [np.arange(0, size, step) for size, step in zip(values.shape, steps, strict=True)]

    def summed(array: Array) -> Floats:
        down = np.add.reduceat(array, starts[0], axis=0)
        return np.asarray(np.add.reduceat(down, starts[1], axis=1), np.float64)

    if not values.size:
        return values
    counts = summed(there.astype(np.float64))
    with np.errstate(all="ignore"):
        return summed(np.where(there, values, 0.0)) / np.where(counts > 0, counts, np.nan)


def _summing(path: str, name: str) -> Work[ArrayFacts]:
    return Work(_facts(_module(path).open_array(path, name)))


def _facts(source: ArraySource) -> Generator[float, None, ArrayFacts]:
    """Sum up all values, in two passes: what they come to, and how they lie between the least and the greatest."""
    total = max(source.values.size, 1)
    low, high, sums, zeros, nans, infinities, finite = math.inf, -math.inf, 0.0, 0, 0, 0, 0
    for done, values in _pieces(source):
        nans += int(np.isnan(values).sum())
        infinities += int(np.isinf(values).sum())
        zeros += int((values == 0).sum())
        values = values[np.isfinite(values)]
        if len(values):
            low, high, finite = min(low, float(values.min())), max(high, float(values.max())), finite + len(values)
            sums += float((values / finite_scale(values)).sum()) * finite_scale(values)
        yield done / total / 2
    if not finite:
        return ArrayFacts(source.values.size, None, None, None, None, zeros, nans, infinities, ())
    mean, squares, bins = sums / finite, 0.0, np.zeros(BINS, np.int64)
    for done, values in _pieces(source):
        values = values[np.isfinite(values)]
        with np.errstate(over="ignore", invalid="ignore"):
            squares += float(((values - mean) ** 2).sum())
        unit = (values / 2 - low / 2) / (high / 2 - low / 2) if high > low else np.zeros(len(values))
        bins += np.histogram(np.clip(unit, 0, 1), BINS, (0.0, 1.0))[0]
        yield 0.5 + done / total / 2
    deviation = math.sqrt(squares / finite)
    return ArrayFacts(source.values.size, low, high, mean, deviation, zeros, nans, infinities, tuple(bins.tolist()))


def finite_scale(values: Floats) -> float:
    """What values are divided by so that their sum is no infinity."""
    return max(float(np.abs(values).max()), 1.0) if len(values) else 1.0


def _pieces(source: ArraySource) -> Generator[tuple[int, Floats], None, None]:
    """All values, some at a time, with how many that makes; in the order they lie in the file."""
    flat = source.values.ravel(order="K") if source.values.flags.forc else source.values.reshape(-1)
    for start in range(0, flat.size, PIECE):
        part = np.asarray(flat[start : start + PIECE])
        yield min(start + PIECE, flat.size), as_floats(source.numbers(part) if source.numbers is not None else part)


def as_floats(values: Array) -> Floats:
    """Numbers as float64; of complex ones, how large they are."""
    with np.errstate(all="ignore"):
        return np.asarray(np.abs(values) if values.dtype.kind == "c" else values, np.float64)


def _figure(value: Any) -> str:
    return (
        str(value) if isinstance(value, complex | bool) else f"{value:.7g}" if isinstance(value, float) else str(value)
    )
