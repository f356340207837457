"""What a formula says, as plain immutable records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from runfolio.core.filter.tree import Field


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is; spans are seconds."""

    value: float


@dataclass(frozen=True, slots=True)
class Reference:
    """A field of a run, and how it was written."""

    field: Field
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A sign or a function with what it is applied to, and how it was written."""

    name: str
    parts: tuple[Expression, ...]
    text: str


Expression: TypeAlias = Number | Reference | Operation


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as typed, and what it says."""

    text: str
    root: Expression

    def fields(self) -> tuple[Field, ...]:
        """The fields that it is computed from, each once, in the order of the text."""
        return tuple(dict.fromkeys(one.field for one in _references(self.root)))


def _references(root: Expression) -> Iterator[Reference]:
    if isinstance(root, Reference):
        yield root
    elif isinstance(root, Operation):
        for part in root.parts:
            yield from _references(part)
