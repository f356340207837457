"""What nobody waits for any more is read no further."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection

from runfolio.core.errors import Stopped
from runfolio.store import Store
from runfolio.store.kept import Kept
from runfolio.store.stopping import Stop
from runfolio.store.watch import current_revision

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT begun() UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as one:
        yield one


def read_without_end(store: Store, begun: Event) -> None:
    """Sets the event when it is in the middle of it."""
    with store.reading() as connection:
        ask_without_end(connection, begun)


def ask_without_end(connection: Connection, begun: Event) -> int:
    """The same on a connection that is there."""
    raw: Any = connection.connection.driver_connection
    raw.create_function("begun", 0, begun.set)
    return int(connection.exec_driver_sql(ENDLESS).scalar_one())


class Question:
    """One that tells when it is asked again: it is looked for, kept, and looked for once more."""

    def __init__(self) -> None:
        self.asked_again, self._times = Event(), 0

    def __hash__(self) -> int:
        self._times += 1
        if self._times > 2:
            self.asked_again.set()
        return 1


def test_a_question_is_stopped_in_its_middle_and_others_are_answered(store: Store, pool: ThreadPoolExecutor) -> None:
    stop, begun = Stop(), Event()

    def read() -> None:
        with stop.within():
            read_without_end(store, begun)

    reading = pool.submit(read)
    assert begun.wait(10)
    revision = current_revision(store)
    stop.ask()
    with pytest.raises(Stopped):
        reading.result(10)
    assert current_revision(store) == revision, "on the same connection, which goes back to the others"
    with stop.within(), pytest.raises(Stopped):
        current_revision(store)
    assert current_revision(store) == revision


def test_who_waits_for_an_answer_that_is_stopped_finds_it_by_himself(pool: ThreadPoolExecutor) -> None:
    kept, begun, go_on = Kept(), Event(), Event()

    def stopped() -> int:
        begun.set()
        assert go_on.wait(10)
        raise Stopped

    first = pool.submit(kept.answer, "", stopped)
    assert begun.wait(10)
    second = pool.submit(kept.answer, "", lambda: 1)
    go_on.set()
    assert second.result(10) == 1
    with pytest.raises(Stopped):
        first.result(10)


def test_who_waits_for_an_answer_that_is_stopped_in_a_question_to_the_database_finds_it_by_himself(
    store: Store, pool: ThreadPoolExecutor
) -> None:
    stop, begun, question = Stop(), Event(), Question()

    def read() -> int:
        with stop.within(), store.reading() as connection:
            return store.kept.answer(question, lambda: ask_without_end(connection, begun))

    first = pool.submit(read)
    assert begun.wait(10)
    second = pool.submit(store.kept.answer, question, lambda: 1)
    assert question.asked_again.wait(10)
    stop.ask()
    assert second.result(10) == 1
    with pytest.raises(Stopped):
        first.result(10)
