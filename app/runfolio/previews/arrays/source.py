"""An array as it lies in a file, and what its values are as numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from runfolio.core import numbers
from runfolio.core.errors import CannotShow
from runfolio.previews.files import open_plain

Array = npt.NDArray[Any]
#: NumPy has no more dimensions.
MOST_DIMENSIONS = 64


@dataclass(frozen=True, slots=True)
class ArrayEntry:
    """An array of a file.

    Attributes:
        name: its name; empty if it is the only one.
        shape: its sizes.
        type: of its values, as users write it: `float32`, `bfloat16`.
        bytes: how many it takes.
        reason: why its values cannot be shown; empty if they can.
    """

    name: str
    shape: tuple[int, ...]
    type: str
    bytes: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ArraySource:
    """An array whose values can be had.

    Attributes:
        entry: what is known of it.
        values: as they are stored.
        numbers: makes numbers of a part of them, where NumPy has no such type.
    """

    entry: ArrayEntry
    values: Array
    numbers: Callable[[Array], Array] | None = None

    def part(self, where: Any) -> Array:
        """Some of the values, as numbers."""
        found = np.asarray(self.values[where])
        return self.numbers(found) if self.numbers is not None else found


def mapped(path: str, place: int, dtype: Any, shape: Sequence[int], order: str = "C") -> Array:
    """The values at a place of a file, which is not read before they are. Raises CannotShow if they are not there."""
    needed = math.prod(shape) * dtype.itemsize
    with open_plain(path) as stream:
        there = stream.seek(0, 2) - place
        if needed > there:
            missing = f"its values take {numbers.size(needed)}, and {numbers.size(max(there, 0))} are there"
            raise CannotShow(f"The file is cut off: {missing}.")
        if not needed:
            return np.empty(tuple(shape), dtype)
        return np.memmap(stream, dtype, "r", place, tuple(shape), "F" if order == "F" else "C")


def checked_shape(shape: Sequence[Any]) -> tuple[int, ...]:
    """A shape that a file names. Raises CannotShow if there is none such."""
    if len(shape) > MOST_DIMENSIONS or not all(type(size) is int and 0 <= size < 2**62 for size in shape):
        raise CannotShow("The file names a shape that no array has.")
    return tuple(shape)
