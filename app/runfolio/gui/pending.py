"""What is yet to be read: none of it is forgotten because a job failed, or because its answer came too late."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Pending(Generic[K]):
    """Things that wait to be read, each once, in the order in which they came.

    What is taken out comes back with `restore`, until `settle` says that it has been read.
    """

    def __init__(self) -> None:
        self._waiting: dict[K, None] = {}
        self._taken: dict[K, None] = {}

    def __contains__(self, item: K) -> bool:
        """Whether a thing waits or is being read."""
        return item in self._waiting or item in self._taken

    def __iter__(self) -> Iterator[K]:
        """What is being read, and what waits."""
        return iter({**self._taken, **self._waiting})

    @property
    def waiting(self) -> list[K]:
        """What waits, and is not being read."""
        return list(self._waiting)

    def add(self, items: Iterable[K]) -> None:
        """These are to be read."""
        self._waiting.update(dict.fromkeys(items))

    def clear(self) -> None:
        """Nothing waits any more."""
        self._waiting.clear()

    def take(self, most: int | None = None) -> list[K]:
        """Begin to read what waits, or the first of it."""
        taken = list(islice(self._waiting, most))
        for item in taken:
            del self._waiting[item]
        self._taken.update(dict.fromkeys(taken))
        return taken

    def settle(self) -> None:
        """What was taken has been read."""
        self._taken.clear()

    def restore(self) -> None:
        """What was taken has not been read: it waits again, before what has come since."""
        self._waiting = {**self._taken, **self._waiting}
        self._taken.clear()
