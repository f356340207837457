"""Two outputs of a model, as JSON has them: equal, or where and by how much they differ."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

#: Numbers as close as this are equal: other versions of a library, and other processors, round otherwise.
RELATIVE, ABSOLUTE = 1e-5, 1e-8


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place at which two outputs differ.

    Attributes:
        place: the way to it, such as `[2].score`; empty if they differ as a whole.
        stored, found: what was there when the model was saved, and what is there now.
    """

    place: str
    stored: Any
    found: Any

    def __str__(self) -> str:
        where = f"at {self.place} " if self.place else ""
        return f"{where}{_short(self.stored)} was stored, and {_short(self.found)} came out"


def first_difference(stored: Any, found: Any, place: str = "") -> Difference | None:
    """The first place at which two outputs differ by more than rounding; None if there is none."""
    if isinstance(stored, dict) and isinstance(found, dict) and stored.keys() == found.keys():
        pairs = ((f"{place}.{name}", stored[name], found[name]) for name in stored)
    elif isinstance(stored, list) and isinstance(found, list) and len(stored) == len(found):
        pairs = ((f"{place}[{n}]", one, other) for n, (one, other) in enumerate(zip(stored, found, strict=True)))
    else:
        return None if _is_equal(stored, found) else Difference(place, stored, found)
    return next((found_one for way, a, b in pairs if (found_one := first_difference(a, b, way))), None)


def _is_equal(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other or math.isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return type(one) is type(other) and bool(one == other)


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return f"an object with {', '.join(value)}"[:80] if isinstance(value, dict) else f"{value!r:.60}"
