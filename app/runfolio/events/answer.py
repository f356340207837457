"""What came of an attempt to tell somebody something."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it.

    Attributes:
        done: whether it was told.
        told: what there is to say of it, in words.
        hopeless: whether there is no use in trying again.
    """

    done: bool
    told: str
    hopeless: bool = False
