"""A session whose store cannot be read or written for a while: told once, tried again, and well again by itself."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from runfolio.core.entities import Changes
from runfolio.core.errors import StoreBusy, StoreDamaged, StoreError, StoreGone
from runfolio.gui import session as session_module
from runfolio.gui.messages import Message
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode, Theme
from runfolio.store import Store
from runfolio.store.dialect import VersionProbe
from runfolio.store.operations import set_tag
from tests.store.script import Script

RUN = 1
OFTEN = 10


class Flaky:
    """Stands in for a function of the store: fails as long as it has an error, and notes when it was called and where.

    Attributes:
        error: what it raises; None lets the call through.
    """

    def __init__(self, function: Callable[..., Any], error: Exception | None) -> None:
        self.error = error
        self.calls: list[tuple[float, str]] = []
        self._function = function

    def __call__(self, *arguments: Any) -> Any:
        self.calls.append((time.monotonic(), threading.current_thread().name))
        if self.error is not None:
            raise self.error
        return self._function(*arguments)

    @property
    def pauses(self) -> list[float]:
        """Seconds between the calls."""
        times = [at for at, _ in self.calls]
        return [later - earlier for earlier, later in itertools.pairwise(times)]


@pytest.fixture(name="store")
def _store(store: Store) -> Store:
    """A store with a run that has ended."""
    with Script(store) as script:
        script.end(script.start(name="brave-otter"))
        script.finish()
    return store


@pytest.fixture
def session(qtbot: QtBot, store: Store) -> Iterator[Session]:
    """A session that has not begun yet."""
    one = Session(store, Theme(Mode.DARK))
    yield one
    one.close()


@pytest.fixture
def messages(session: Session) -> list[Message]:
    found: list[Message] = []
    session.message.connect(found.append)
    return found


@pytest.fixture
def changes(session: Session) -> list[Changes]:
    found: list[Changes] = []
    session.changed.connect(found.append)
    return found


def flaky(monkeypatch: pytest.MonkeyPatch, name: str, error: Exception | None) -> Flaky:
    made = Flaky(getattr(session_module, name), error)
    monkeypatch.setattr(session_module, name, made)
    return made


def unread(qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch, error: Exception) -> Flaky:
    """Start a session that asks five times in vain what has changed."""
    asked = flaky(monkeypatch, "changes_since", error)
    session.start()
    qtbot.waitUntil(lambda: len(asked.calls) == 5)
    return asked


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Journals of dead scripts are looked for all the time. Must come before the session."""
    monkeypatch.setattr(session_module, "RECOVER_MS", OFTEN)


def test_a_start_that_fails_is_told_and_everything_is_news_later(
    qtbot: QtBot,
    session: Session,
    messages: list[Message],
    changes: list[Changes],
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flaky(monkeypatch, "current_revision", StoreBusy("The store is busy."))
    session.start()
    qtbot.waitUntil(lambda: any(RUN in one.runs for one in changes))
    set_tag(store, RUN, "note", "x")
    qtbot.waitUntil(lambda: len(changes) == 2)
    assert [message.text for message in messages] == ["The store could not be read. The store is busy."]


def test_a_store_that_cannot_be_read_is_asked_less_and_less_often_and_told_of_once(
    qtbot: QtBot,
    session: Session,
    messages: list[Message],
    changes: list[Changes],
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = unread(qtbot, session, monkeypatch, StoreDamaged("The disk does not answer."))
    assert len(messages) == 1 and messages[0].error and "The disk does not answer." in messages[0].text
    assert all(pause > 0.8 * least for pause, least in zip(asked.pauses, (0.1, 0.2, 0.4, 0.8), strict=True))
    asked.error = None
    set_tag(store, RUN, "note", "x")
    qtbot.waitUntil(lambda: bool(changes))
    seen = len(asked.calls)
    set_tag(store, RUN, "note", "y")
    qtbot.waitUntil(lambda: len(changes) == 2, timeout=1000)
    assert len(asked.calls) > seen and len(messages) == 1


def test_trouble_of_another_kind_and_trouble_after_good_times_is_told_again(
    qtbot: QtBot,
    session: Session,
    messages: list[Message],
    changes: list[Changes],
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = flaky(monkeypatch, "changes_since", StoreBusy("busy"))
    session.start()
    qtbot.waitUntil(lambda: len(messages) == 1)
    asked.error = StoreDamaged("damaged")
    qtbot.waitUntil(lambda: len(messages) == 2)
    asked.error = None
    set_tag(store, RUN, "note", "x")
    qtbot.waitUntil(lambda: bool(changes))
    asked.error = StoreDamaged("damaged")
    set_tag(store, RUN, "note", "y")
    qtbot.waitUntil(lambda: len(messages) == 3)


def test_a_watch_that_fails_is_no_crash(
    qtbot: QtBot, session: Session, changes: list[Changes], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: VersionProbe) -> bool:
        raise sqlite3.OperationalError("disk I/O error")

    session.start()
    qtbot.waitUntil(lambda: session.revision > 0)
    monkeypatch.setattr(VersionProbe, "moved", broken)
    set_tag(store, RUN, "note", "x")
    qtbot.waitUntil(lambda: bool(changes))


def test_journals_are_brought_in_by_the_writing_thread_one_job_at_a_time(
    qtbot: QtBot, often: None, session: Session, changes: list[Changes], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    recovered = Flaky(lambda _: gate.wait(10), None)
    monkeypatch.setattr(session_module, "recover", recovered)
    session.start()
    qtbot.waitUntil(lambda: len(recovered.calls) == 1)
    for number in range(3):
        set_tag(store, RUN, "note", f"{number}")
        qtbot.waitUntil(lambda number=number: len(changes) == number + 1)  # type: ignore[misc]
    assert len(session.jobs.running) == 1 and len(recovered.calls) == 1
    gate.set()
    qtbot.waitUntil(lambda: len(recovered.calls) >= 3)
    assert {thread.split("_")[0] for _, thread in recovered.calls} == {"write"}


@pytest.mark.parametrize(
    "error",
    [StoreError("The disk is full.", "Free some space."), StoreDamaged("The store is damaged."), OSError("no disk")],
)
def test_a_journal_that_cannot_be_brought_in_is_told_of_once(
    qtbot: QtBot,
    often: None,
    session: Session,
    messages: list[Message],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    recovered = flaky(monkeypatch, "recover", error)
    session.start()
    qtbot.waitUntil(lambda: len(recovered.calls) >= 4)
    (message,) = messages
    assert message.error and str(error).split(".")[0] in message.text
    recovered.error = None
    calls = len(recovered.calls)
    qtbot.waitUntil(lambda: len(recovered.calls) >= calls + 2)
    recovered.error = error
    qtbot.waitUntil(lambda: len(messages) == 2)


@pytest.mark.parametrize("replaced", [False, True])
def test_a_store_that_goes_is_told_of_once_and_may_come_back(
    qtbot: QtBot, often: None, session: Session, messages: list[Message], store: Store, replaced: bool
) -> None:
    aside = store.path.with_name("aside")
    session.start()
    qtbot.waitUntil(lambda: session.revision > 0)
    store.path.rename(aside)
    if replaced:
        shutil.copytree(aside, store.path)
    qtbot.waitUntil(lambda: not session.present)
    (message,) = messages
    assert message.error and f"{store.path} is gone" in message.text
    shutil.rmtree(store.path, ignore_errors=True)
    aside.rename(store.path)
    qtbot.waitUntil(lambda: session.present)
    assert len(messages) == 1


def test_a_store_that_is_back_is_asked_as_often_as_before(
    qtbot: QtBot,
    session: Session,
    changes: list[Changes],
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unread(qtbot, session, monkeypatch, StoreGone("The store is gone.")).error = None
    set_tag(store, RUN, "note", "x")
    qtbot.waitUntil(lambda: bool(changes))
    set_tag(store, RUN, "note", "y")
    qtbot.waitUntil(lambda: len(changes) == 2, timeout=1000)


def test_a_busy_store_is_not_worth_telling(
    qtbot: QtBot, often: None, session: Session, messages: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    recovered = flaky(monkeypatch, "recover", StoreBusy("Another process writes."))
    session.start()
    qtbot.waitUntil(lambda: len(recovered.calls) >= 4)
    assert messages == []
