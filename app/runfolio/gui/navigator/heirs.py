"""Where to go from experiments that are gone, and that one comes back to them when they are there again."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TypeAlias

Chosen: TypeAlias = tuple[int, ...]


class Heirs:
    """Remembers what was chosen in the place of what."""

    def __init__(self) -> None:
        self._heirs: dict[Chosen, Chosen] = {}
        self._left: Chosen = ()
        self._came_to: Chosen = ()

    def name(self, chosen: Chosen, heir: int) -> None:
        """What is in these experiments goes to another one, if they go."""
        self._heirs[chosen] = (heir,)

    def instead(self, chosen: Chosen, known: Container[int], others: Sequence[int]) -> Chosen:
        """What to choose now that some of these are gone: those of them that are left, their heir, or others."""
        left = tuple(number for number in chosen if number in known)
        heir = tuple(number for number in self._heirs.get(chosen, ()) if number in known)
        self._left, self._came_to = chosen, left or heir or tuple(others)
        self._heirs[chosen] = self._came_to
        return self._came_to

    def back(self, chosen: Chosen, known: Container[int]) -> Chosen:
        """What these were chosen in the place of, if all of it is there again; it is told once."""
        if chosen != self._came_to or not all(number in known for number in self._left):
            return ()
        left, self._left, self._came_to = self._left, (), ()
        return left
