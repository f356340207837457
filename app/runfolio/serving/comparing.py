"""How far the answers of two servers to the same request are apart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from runfolio.serving.asking import Reply


def compared(first: Reply, second: Reply) -> tuple[bool, str]:
    """Whether two answers are the same, and a sentence about it."""
    if first.ok != second.ok or not first.ok:
        return first.status == second.status, f"One says {first.status}, the other {second.status}."
    one, other = dict(_leaves(first.json())), dict(_leaves(second.json()))
    if one.keys() != other.keys():
        return False, f"The answers are not of one form: {len(one):,} and {len(other):,} values."
    apart = [(one[place], other[place]) for place in one if not _same(one[place], other[place])]
    if not apart:
        return True, "Both answer the same."
    away = [abs(a - b) for a, b in apart if _is_number(a) and _is_number(b)]
    far = f", by {max(away):.4g} at most" if away else ""
    return False, f"{len(apart):,} of {len(one):,} {'value differs' if len(one) == 1 else 'values differ'}{far}."


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _leaves(one, f"{place}.{name}")
    elif isinstance(value, list):
        for at, one in enumerate(value):
            yield from _leaves(one, f"{place}[{at}]")
    else:
        yield place, value


def _same(one: Any, other: Any) -> bool:
    if _is_number(one) and _is_number(other):
        return math.isclose(one, other, rel_tol=1e-12)
    return bool(one == other)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
