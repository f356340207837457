"""The order in which people look for things: numbers in names by their size, what they moved where they put it."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from typing import TypeVar

T = TypeVar("T", bound=Hashable)
DIGITS = re.compile(r"(\d{1,300})")


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key for sorting: `layer2` comes before `layer10`, `Adam` beside `adam`."""
    parts = DIGITS.split(name.casefold())
    return tuple((0, int(part), part) if at % 2 else (1, 0, part) for at, part in enumerate(parts))


def natural_path(name: str) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """The same of names that slashes divide, part by part: `train/loss` comes before `train2/loss`."""
    return tuple(map(natural, name.split("/")))


def in_places(things: Iterable[T], places: Iterable[T]) -> list[T]:
    """Things, given in their natural order, in the order of the places that a user gave some of them; the others stay
    behind the one that they follow by nature.
    """
    place = {thing: index for index, thing in enumerate(places)}
    last, found = -1, {}
    for thing in things:
        last = place.get(thing, last)
        found[thing] = last
    return sorted(found, key=lambda thing: found[thing])
