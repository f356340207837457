"""The values of a formula for many runs at once, and for each run without one the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from runfolio.core.curves import Floats
from runfolio.core.filter.tree import Field
from runfolio.core.formulas.functions import BY_ZERO, COALESCE, FUNCTIONS, IF, OPERATORS
from runfolio.core.formulas.tree import Expression, Formula, Number, Operation, Reference

Codes: TypeAlias = NDArray[np.int16]
Part: TypeAlias = tuple[Floats, Codes]


class Fault(IntEnum):
    """Why a run has no number in a field."""

    NONE = 0
    MISSING = 1
    TEXT = 2
    NOT_FINITE = 3


FAULTS = {
    Fault.MISSING: "The run has no {}.",
    Fault.TEXT: "{} is no number.",
    Fault.NOT_FINITE: "{} is not finite.",
}


@dataclass(frozen=True, slots=True)
class Given:
    """The numbers of a field for some runs, and for each of them its `Fault`."""

    numbers: Floats
    faults: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Result:
    """What a formula is for some runs: finite numbers, and NaN where `reasons` say why there is none.

    Attributes:
        numbers: float64, one for each run.
        codes: for each run the place of its reason in `reasons`; 0 where it has a number.
        reasons: sentences; the first one is empty.
    """

    numbers: Floats
    codes: Codes
    reasons: tuple[str, ...]

    def reason(self, place: int) -> str:
        """Why the run at a place has no number; empty where it has one."""
        return self.reasons[int(self.codes[place])]


def evaluate(formula: Formula, given: Mapping[Field, Given], size: int) -> Result:
    """The values for `size` runs, given those of each of its fields."""
    work = _Work(given, size)
    with np.errstate(all="ignore"):
        numbers, codes = work.of(formula.root)
    return Result(np.where(codes == 0, numbers, np.nan), codes, tuple(work.reasons))


class _Work:
    def __init__(self, given: Mapping[Field, Given], size: int) -> None:
        self._given = given
        self._size = size
        self.reasons = [""]

    def of(self, root: Expression) -> Part:
        match root:
            case Number(value):
                return np.full(self._size, value), np.zeros(self._size, np.int16)
            case Reference():
                return self._field(root)
            case Operation(name, parts):
                found = [self.of(part) for part in parts]
                if name == IF:
                    return _chosen(*found)
                return _first(found) if name == COALESCE else self._computed(root, found)

    def _field(self, reference: Reference) -> Part:
        found = self._given[reference.field]
        codes = np.zeros(self._size, np.int16)
        for fault, sentence in FAULTS.items():
            here = found.faults == fault
            if here.any():
                codes[here] = self._reason(sentence.format(reference.text))
        return found.numbers, codes

    def _computed(self, operation: Operation, parts: list[Part]) -> Part:
        """Empty where a part is; the reason of the first such part is the reason."""
        function = OPERATORS.get(operation.name) or FUNCTIONS[operation.name]
        numbers = np.asarray(function.compute(*(part[0] for part in parts)), np.float64)
        codes = parts[0][1]
        for _, more in parts[1:]:
            codes = np.where(codes == 0, more, codes)
        wrong = (codes == 0) & ~np.isfinite(numbers)
        if not wrong.any():
            return numbers, codes
        codes = codes.copy()
        codes[wrong] = self._reason(f"No value for {operation.text}: {function.complaint}.")
        if operation.name in ("/", "%"):
            by_zero = wrong & (parts[1][0] == 0)
            codes[by_zero] = self._reason(f"No value for {operation.text}: {BY_ZERO}.")
        return numbers, codes

    def _reason(self, sentence: str) -> int:
        if sentence not in self.reasons:
            self.reasons.append(sentence)
        return self.reasons.index(sentence)


def _chosen(condition: Part, then: Part, otherwise: Part) -> Part:
    holds = condition[0] != 0
    codes = np.where(holds, then[1], otherwise[1])
    return np.where(holds, then[0], otherwise[0]), np.where(condition[1] == 0, codes, condition[1])


def _first(parts: list[Part]) -> Part:
    numbers, codes = parts[0]
    for more, others in parts[1:]:
        take = (codes != 0) & (others == 0)
        numbers, codes = np.where(take, more, numbers), np.where(take, others, codes)
    return numbers, codes
