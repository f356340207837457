"""What is wrong with a value, and where in a row it is: what nested checks raise and tables turn into an error."""

from __future__ import annotations

from typing import Any

from runfolio.models.schema.scalars import is_missing, scalar_type


class Misfit(Exception):
    """A value that is not of its type.

    Attributes:
        value: that value.
        expected: the type, as it is printed.
        reason: a sentence.
        place: the way to it from the value of the column, such as `.address[2]`.
    """

    def __init__(self, value: Any, expected: str, reason: str, place: str = "") -> None:
        super().__init__(reason)
        self.value = value
        self.expected = expected
        self.reason = reason
        self.place = place

    def under(self, step: str) -> Misfit:
        """The same, seen from one level further out."""
        return Misfit(self.value, self.expected, self.reason, step + self.place)


def not_of(value: Any, expected: str) -> Misfit:
    """That a value is of another type than it should be."""
    plain = value.item() if hasattr(value, "item") and getattr(value, "shape", None) == () else value
    return Misfit(value, expected, f"{plain!r:.80} is {described(value)}, and the model expects {expected}.")


def described(value: Any) -> str:
    """The type of a value, in a schema's words where there are such."""
    if is_missing(value):
        return "missing"
    kind = scalar_type(value)
    return f"of type {type(value).__name__}" if kind is None else kind.name
