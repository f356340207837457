"""Long lists of ids in pieces that one statement can take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
SIZE = 500


def in_batches(items: Sequence[T], size: int = SIZE) -> Iterator[Sequence[T]]:
    """The items in order, `size` at a time."""
    for at in range(0, len(items), size):
        yield items[at : at + size]
