"""Reading objects of JSON that users keep and send: what makes sense is taken, and the rest is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")
# So much of what makes no sense is told.
LETTERS = 80


class RecordReader:
    """Takes what it can of an object, and notes what it cannot.

    Attributes:
        given: the object; empty in place of anything else.
        problems: what could not be taken, a line each; shared with whoever reads what is around the object.
    """

    def __init__(self, given: object, problems: list[str] | None = None, within: str = "") -> None:
        self.problems: list[str] = [] if problems is None else problems
        self._within = f"{within}: " if within else ""
        self.given: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
        if not isinstance(given, Mapping):
            self.complain("not an object")

    def complain(self, problem: str) -> None:
        """Note that something makes no sense."""
        self.problems.append(f"{self._within}{problem}")

    def text(self, name: str) -> str:
        """A text; empty where there is none."""
        value = self.given.get(name, "")
        if isinstance(value, str):
            return value
        self.complain(f"{name}: not a text")
        return ""

    def one(self, name: str, make: Callable[[Any], T]) -> T | None:
        """What is made of a value; None where there is none. `make` raises KeyError, TypeError or ValueError."""
        return next(iter(self._made(name, [self.given[name]], make)), None) if name in self.given else None

    def listed(self, name: str, make: Callable[[Any], T], usual: tuple[T, ...] = ()) -> tuple[T, ...]:
        """What is made of each value of a list, in the same way; `usual` where there is no list."""
        if name not in self.given:
            return usual
        value = self.given[name]
        if isinstance(value, list):
            return tuple(self._made(name, value, make))
        self.complain(f"{name}: not a list")
        return ()

    def _made(self, name: str, values: list[Any], make: Callable[[Any], T]) -> list[T]:
        made = []
        for value in values:
            try:
                made.append(make(value))
            except (KeyError, TypeError, ValueError):
                self.complain(f"{name}: {json.dumps(value)[:LETTERS]}")
        return made
