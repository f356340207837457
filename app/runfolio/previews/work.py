"""Work that takes longer than one question may: done for some milliseconds at each question, and told how far it is."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Generic, TypeVar

T = TypeVar("T")
#: How long a question works on, in seconds: others wait no longer than that.
SLICE = 0.1


class Work(Generic[T]):
    """Steps that yield how far they are, 0 to 1, and end with what came of them.

    Attributes:
        share: how much is done, 0 to 1.
        result: what came of it; None until it is over.
    """

    def __init__(self, steps: Generator[float, None, T]) -> None:
        self._steps = steps
        self.share = 0.0
        self.result: T | None = None
        self._error: Exception | None = None

    @property
    def over(self) -> bool:
        """Whether there is a result."""
        return self.result is not None

    def go_on(self, seconds: float = SLICE) -> T | None:
        """Do more of it, if only a step; the result if that is all. Raises what a step raised, again and again."""
        if self._error is not None:
            raise self._error
        end = time.monotonic() + seconds
        try:
            while self.result is None:
                self.share = next(self._steps)
                if time.monotonic() >= end:
                    break
        except StopIteration as stop:
            self.result, self.share = stop.value, 1.0
        except Exception as error:
            self._error = error
            raise
        return self.result
