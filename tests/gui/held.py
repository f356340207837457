"""Answers that come late, when a test lets them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class Held:
    """Does what a function does, but hands the first answer that is asked for over when it is let go."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._go = threading.Event()
        self.read = threading.Event()
        self._first = threading.Lock()

    def __call__(self, *given: Any) -> Any:
        answer = self._function(*given)
        if self._first.acquire(blocking=False):
            self.read.set()
            assert self._go.wait(20)
        return answer

    def let_go(self) -> None:
        self._go.set()
