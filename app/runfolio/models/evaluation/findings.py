"""What an evaluation has found: numbers, tables, pictures, and what could not be found, with the reason."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas


@dataclass(eq=False, slots=True)
class Findings:
    """Grows while a model is evaluated.

    Attributes:
        metrics: numbers by MLflow's names.
        tables: tables by the names of their files without an ending.
        pictures: what draws a picture, likewise; the table of the same name has its numbers.
        notes: what is missing or doubtful, each in a sentence.
    """

    metrics: dict[str, float] = field(default_factory=dict)
    tables: dict[str, pandas.DataFrame] = field(default_factory=dict)
    pictures: dict[str, Callable[[], Any]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def measure(self, name: str, compute: Callable[[], Any]) -> None:
        """Take a metric; one that is not defined for the data becomes a note."""
        value = self.attempt(name, lambda: float(compute()))
        if value is not None and math.isnan(value):
            self.note(f"{name} is not defined for this data.")
        elif value is not None:
            self.metrics[name] = value

    def attempt(self, what: str, compute: Callable[[], Any]) -> Any:
        """The result, or None with a note where the data does not allow for it; warnings become notes."""
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            try:
                value = compute()
            except ValueError as error:
                self.note(f"{what} could not be computed: {_one_line(error)}")
                return None
        for one in said:
            self.note(f"{what}: {_one_line(one.message)}")
        return value

    def note(self, text: str) -> None:
        """Say something once."""
        if text not in self.notes:
            self.notes.append(text)


def _one_line(error: object) -> str:
    return " ".join(str(error).split())[:300]
