"""Where what runs have in a column stands along an axis, and why some of it cannot stand there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from runfolio.core.columns import Column
from runfolio.core.curves import Floats
from runfolio.core.grouping import NOTHING, Values, aligned, level_of
from runfolio.core.outline import Ids

#: A column with texts among its numbers is one of categories up to so many different values.
MOST_CATEGORIES = 24
#: So many different numbers are written each beside an axis.
FEW = 8
#: An axis is logarithmic by itself if its greatest value is so many times the least one, and half of the different ones
#: are in this part of a linear axis, three quarters in that one. (A least value that lies alone makes no axis
#: logarithmic: of two hundred drawn evenly between 0 and a half one is near 0.)
DECADE, HALF_IN, MOST_IN = 10.0, 0.2, 0.5


class Why(IntEnum):
    """Why a run has no place on an axis; `PLACED` if it has one."""

    PLACED = 0
    NO_VALUE = 1
    NOT_FINITE = 2
    NOT_POSITIVE = 3
    NO_NUMBER = 4


REASONS = {
    Why.NO_VALUE: "no value",
    Why.NOT_FINITE: "NaN or infinite",
    Why.NOT_POSITIVE: "not above 0",
    Why.NO_NUMBER: "not a number",
}


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """Between values and places from 0 to 1.

    Attributes:
        low, high: the values at the ends; of a logarithmic axis their logarithms to base 10. Of categories, the numbers
            of the first and the last one.
        log: whether it is logarithmic.
        flipped: whether the greatest value is at 0.
        categories: what stands along it in place of numbers.
        few: the different values, as they are on the axis, where they are few numbers.
    """

    low: float = 0.0
    high: float = 1.0
    log: bool = False
    flipped: bool = False
    categories: Sequence[object] = ()
    few: tuple[float, ...] = ()

    def at(self, values: Floats) -> Floats:
        """The places of values as they are on the axis, logarithms of a logarithmic one."""
        # In halves, for the distance between the largest floats is none.
        width = self.high / 2 - self.low / 2
        places = (values / 2 - self.low / 2) / width if width > 0 else np.where(np.isnan(values), np.nan, 0.5)
        return 1 - places if self.flipped else places

    def value(self, place: float) -> float:
        """The value that stands at a place, to be written down."""
        place = 1 - place if self.flipped else place
        value = self.low * (1 - place) + self.high * place
        return float(10**value) if self.log and value < 308 else float(value)


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Runs along an axis.

    Attributes:
        column: what the axis is of.
        scale: what is where.
        at: the place of each run, from 0 to 1; NaN where it has none.
        why: for each run, why it has none, as numbers of `Why`.
    """

    column: Column
    scale: Scale
    at: Floats
    why: NDArray[np.int8]

    @property
    def differs(self) -> bool:
        """Whether runs stand at different places, or some nowhere."""
        there = self.at[~np.isnan(self.at)]
        return bool(len(there)) and (bool(there.min() < there.max()) or len(there) < len(self.at))

    def missing(self) -> dict[Why, int]:
        """How many runs have no place, by the reason."""
        counts = np.bincount(self.why, minlength=len(Why)).tolist()
        return {why: counts[why] for why in REASONS if counts[why]}


def placed(column: Column, values: Values, runs: Ids, *, log: bool | None = False, flipped: bool = False) -> Placed:
    """Where runs, in their order, stand along an axis of a column whose values were read.

    Args:
        log: whether the axis is logarithmic; None for what suits the values.
    """
    values = values.of(runs)
    if _is_numeric(values):
        log = suits_log(values.numbers) if log is None else log
        return _numbers(column, values, runs, log, flipped)
    level = level_of(column, values, runs)
    scale = Scale(0.0, max(len(level.values) - 1.0, 0.0), flipped=flipped, categories=level.values)
    there = level.codes != NOTHING
    at = np.where(there, scale.at(level.codes.astype(np.float64)), np.nan)
    return Placed(column, scale, at, np.where(there, Why.PLACED, Why.NO_VALUE).astype(np.int8))


def _is_numeric(values: Values) -> bool:
    """Whether an axis is one of numbers: all are, or so many different ones that a few texts do not count."""
    texts = _texts(values)
    if not texts.any():
        return True
    numbers = values.numbers[~texts]
    return 2 * len(numbers) > len(texts) and len(np.unique(numbers)) > MOST_CATEGORIES


def suits_log(values: Floats) -> bool:
    """Whether numbers are told apart on a logarithmic axis only: all are above 0 and span a decade or more, most of the
    different ones at the lower end, as powers of two and learning rates do."""
    different = np.unique(values[np.isfinite(values)])
    number = len(different)
    if number < 3 or different[0] <= 0 or different[-1] / DECADE < different[0]:
        return False
    # In halves, for the sum of the largest floats is none.
    half = different[(number - 1) // 2] / 2 + different[number // 2] / 2
    most = different[3 * (number - 1) // 4]
    return bool(half / different[-1] <= HALF_IN and most / different[-1] <= MOST_IN)


def _texts(values: Values) -> NDArray[np.bool_]:
    """Which values are no numbers."""
    if values.codes is None:
        return np.zeros(len(values.runs), np.bool_)
    texts: NDArray[np.bool_] = (values.codes != NOTHING) & np.isnan(values.numbers)
    return texts


def _numbers(column: Column, values: Values, runs: Ids, log: bool, flipped: bool) -> Placed:
    numbers, given = aligned(values, runs)
    why = np.where(given, Why.PLACED, Why.NO_VALUE).astype(np.int8)
    why[given & ~np.isfinite(numbers)] = Why.NOT_FINITE
    why[given & np.isin(runs, values.runs[_texts(values)])] = Why.NO_NUMBER
    if log:
        why[(why == Why.PLACED) & ~(numbers > 0)] = Why.NOT_POSITIVE
    there = why == Why.PLACED
    shown = np.full(len(runs), np.nan)
    shown[there] = np.log10(numbers[there]) if log else numbers[there]
    if not there.any():
        return Placed(column, Scale(log=log, flipped=flipped), shown, why)
    different = np.unique(shown[there])
    few = tuple(different.tolist()) if len(different) <= FEW else ()
    scale = Scale(float(different[0]), float(different[-1]), log, flipped, few=few)
    return Placed(column, scale, scale.at(shown), why)
