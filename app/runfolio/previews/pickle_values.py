"""What is known of the values on a pickle's stack, and the stack."""

from __future__ import annotations

import pickletools
from dataclasses import dataclass
from typing import Any


class Damaged(ValueError):
    """An operation that does not fit what is on the stack: Python would stop there, too."""


class _Unknown:
    """A value of which nothing is known."""


class _Mark:
    """Where a group of values on the stack begins."""


UNKNOWN, MARK = _Unknown(), _Mark()


@dataclass(frozen=True, slots=True)
class Global:
    """Something imported."""

    module: str
    name: str


@dataclass(eq=False, slots=True)
class Made:
    """What a call gave.

    Attributes:
        maker: what was called.
        arguments: what with, as far as that is known.
        state: what it was filled with later, likewise.
    """

    maker: Any
    arguments: Any
    state: Any = UNKNOWN


class Stack:
    """The stack of the machine that runs pickles. Every method raises Damaged if it does not hold what is asked for."""

    def __init__(self) -> None:
        self._items: list[Any] = []
        self._marks: list[int] = []

    def push(self, value: Any) -> None:
        """Put a value on it."""
        self._items.append(value)

    def mark(self) -> None:
        """Begin a group."""
        self._marks.append(len(self._items))
        self._items.append(MARK)

    def pop(self, count: int) -> list[Any]:
        """Take the topmost values of the group, the lowest first."""
        floor = self._marks[-1] + 1 if self._marks else 0
        if len(self._items) - floor < count:
            raise Damaged("an operation lacks what it works on")
        if not count:
            return []
        taken = self._items[-count:]
        del self._items[-count:]
        return taken

    def top(self) -> Any:
        """The topmost value, which stays."""
        (value,) = self.pop(1)
        self._items.append(value)
        return value

    def drop(self) -> None:
        """Take away the topmost value, or the mark if the group has none."""
        if self._marks and self._marks[-1] == len(self._items) - 1:
            self._marks.pop()
            self._items.pop()
        else:
            self.pop(1)

    def to_mark(self) -> list[Any]:
        """Take the whole group and its mark."""
        if not self._marks:
            raise Damaged("a group that never began is to be taken")
        start = self._marks.pop()
        taken = self._items[start + 1 :]
        del self._items[start:]
        return taken

    def forget(self) -> None:
        """Take away the whole group."""
        self.to_mark()

    def fill(self, *, marked: bool) -> None:
        """Put values into the one below them, of which nothing is noted."""
        if marked:
            self.to_mark()
        else:
            self.pop(1)
        self.top()

    def generic(self, operation: pickletools.OpcodeInfo) -> None:
        """Take and give what an operation does by its description, with values that are unknown."""
        before = operation.stack_before
        if pickletools.markobject in before:
            self.to_mark()
            self.pop(before.index(pickletools.markobject))
        else:
            self.pop(len(before))
        for _ in operation.stack_after:
            self.push(UNKNOWN)
