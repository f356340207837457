"""What was read of a store last, for whoever asks the same before the store is another: it is read once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar

from runfolio.core.errors import Stopped
from runfolio.store.stopping import asked

T = TypeVar("T")

# An order of a million runs takes 8 MB.
MOST = 4


class Kept:
    """The last few answers, by their questions; for any thread.

    A question says how the store was when it was asked, so that what is not true any more is never found.
    """

    def __init__(self) -> None:
        self._answers: dict[Hashable, Future[Any]] = {}
        self._lock = Lock()

    def answer(self, question: Hashable, find: Callable[[], T]) -> T:
        """What is found for a question. Who asks the same while it is being found waits for it, and finds it by itself
        if the other one was stopped.

        Raises:
            Exception: what `find` raises; it is asked again the next time.
        """
        while True:
            future, mine = self._future(question)
            if mine:
                self._find(question, future, find)
            try:
                found: T = future.result()
            except Stopped:
                if mine:
                    raise
            else:
                return found

    def _future(self, question: Hashable) -> tuple[Future[Any], bool]:
        """An answer, and whether it is still to be found by who asks."""
        with self._lock:
            known = self._answers.pop(question, None)
            future = self._answers[question] = Future() if known is None else known
            if len(self._answers) > MOST:
                del self._answers[next(iter(self._answers))]
        return future, known is None

    def _find(self, question: Hashable, future: Future[Any], find: Callable[[], Any]) -> None:
        try:
            future.set_result(find())
        except BaseException as error:
            with self._lock:
                self._answers.pop(question, None)
            # In the middle of a question, the database says in its own words that it was stopped.
            future.set_exception(Stopped() if asked() else error)
