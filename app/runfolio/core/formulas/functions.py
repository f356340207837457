"""The functions of formulas: what each computes, how many numbers it takes, and why it may have no value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from runfolio.core.curves import Floats

TOO_LARGE = "the result is too large"
BY_ZERO = "division by zero"
NOT_POSITIVE = "the logarithm of a number that is not positive"
#: Computed by themselves, for they look at one part to choose another.
IF, COALESCE = "if", "coalesce"
ANY_NUMBER = 50


@dataclass(frozen=True, slots=True)
class Function:
    """One function.

    Attributes:
        compute: from arrays to an array; where it has no value the result is not finite.
        least, most: how many numbers it takes.
        help: what it is, for the list of proposals.
        complaint: why it may have no value.
    """

    compute: Callable[..., Any]
    least: int
    most: int
    help: str
    complaint: str = TOO_LARGE


def _round(value: Floats, digits: Floats | float = 0.0) -> Any:
    scale = np.power(10.0, np.round(digits))
    return np.round(value * scale) / scale


def _none(*_parts: Floats) -> Any:
    raise AssertionError("it is computed in evaluate")


FUNCTIONS = {
    "abs": Function(np.abs, 1, 1, "without its sign"),
    "log": Function(np.log, 1, 1, "the natural logarithm", NOT_POSITIVE),
    "log10": Function(np.log10, 1, 1, "the logarithm to the base 10", NOT_POSITIVE),
    "log2": Function(np.log2, 1, 1, "the logarithm to the base 2", NOT_POSITIVE),
    "exp": Function(np.exp, 1, 1, "e to the power of it"),
    "sqrt": Function(np.sqrt, 1, 1, "the square root", "the root of a negative number"),
    "min": Function(lambda *parts: reduce(np.minimum, parts), 1, ANY_NUMBER, "the least of them"),
    "max": Function(lambda *parts: reduce(np.maximum, parts), 1, ANY_NUMBER, "the greatest of them"),
    "round": Function(_round, 1, 2, "to a whole number, or to so many decimals"),
    COALESCE: Function(_none, 1, ANY_NUMBER, "the first that has a value"),
    IF: Function(_none, 3, 3, "condition, value where it holds, value where not"),
}

OPERATORS = {
    "+": Function(np.add, 2, 2, "plus"),
    "-": Function(np.subtract, 2, 2, "minus"),
    "*": Function(np.multiply, 2, 2, "times"),
    "/": Function(np.divide, 2, 2, "divided by"),
    "%": Function(np.mod, 2, 2, "what is left of a division"),
    "**": Function(np.power, 2, 2, "to the power of", "no finite number"),
    "<": Function(np.less, 2, 2, "less"),
    "<=": Function(np.less_equal, 2, 2, "at most"),
    ">": Function(np.greater, 2, 2, "greater"),
    ">=": Function(np.greater_equal, 2, 2, "at least"),
    "=": Function(np.equal, 2, 2, "equal"),
    "!=": Function(np.not_equal, 2, 2, "not equal"),
    "and": Function(np.logical_and, 2, 2, "both"),
    "or": Function(np.logical_or, 2, 2, "one of them"),
    "not": Function(np.logical_not, 1, 1, "the opposite"),
    "negative": Function(np.negative, 1, 1, "with the other sign"),
    "positive": Function(np.positive, 1, 1, "as it is"),
}
