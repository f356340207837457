"""Undo where the store does not obey at once: what is only delayed can be tried again, what has moved on cannot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from runfolio.core.errors import InvalidValue, NotFound, RunStateError, StoreBusy
from runfolio.core.views import View
from runfolio.gui.messages import Message
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode, Theme
from runfolio.store import Store, exchange, trash
from runfolio.store.operations import Operation, Outcome, rename_run, rename_tag, set_tag
from runfolio.store.runs import get_run
from runfolio.store.trashed import list_trashed
from tests.gui.writing import is_written
from tests.store.script import Script

RUN = 1


class Trouble:
    """Operations that fail as long as there is an error to raise."""

    error: Exception | None = None

    def around(self, operation: Operation) -> Operation:
        def tried(store: Store) -> Outcome:
            if self.error is not None:
                raise self.error
            outcome = operation(store)
            assert outcome.inverse is not None
            return Outcome(outcome.text, self.around(outcome.inverse))

        return tried


@pytest.fixture
def session(qtbot: QtBot, store: Store) -> Iterator[Session]:
    with Script(store) as script:
        script.end(script.start(name="a"))
        script.finish()
    one = Session(store, Theme(Mode.DARK))
    one.start()
    yield one
    one.close()


@pytest.fixture
def trouble(qtbot: QtBot, session: Session) -> Trouble:
    """Two operations are done: a name, then a tag."""
    one = Trouble()
    session.run(one.around(lambda s: rename_run(s, RUN, "b")))
    session.run(one.around(lambda s: set_tag(s, RUN, "seed", "1")))
    qtbot.waitUntil(lambda: is_written(session) and len(session.undo) == 2)
    return one


def idle(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not any(job.writes for job in session.jobs.running))


def state(store: Store) -> tuple[str, str | None]:
    run = get_run(store, RUN)
    return run.name, run.tags.get("seed")


@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice at once"])
def test_a_busy_store_keeps_the_step(
    qtbot: QtBot, session: Session, trouble: Trouble, store: Store, times: int
) -> None:
    trouble.error = StoreBusy("The store is busy.", "Try again.")
    for _ in range(times):
        session.undo.undo()
    idle(qtbot, session)
    assert state(store) == ("b", "1") and session.undo.undo_text == "Set the tag seed to 1"
    trouble.error = None
    session.undo.undo()
    qtbot.waitUntil(lambda: state(store) == ("b", None))
    session.undo.undo()
    qtbot.waitUntil(lambda: state(store) == ("a", None))
    trouble.error = StoreBusy("The store is busy.", "Try again.")
    for _ in range(times):
        session.undo.redo()
    idle(qtbot, session)
    assert state(store) == ("a", None) and session.undo.redo_text == "Renamed a to b"
    trouble.error = None
    for _ in range(2):
        session.undo.redo()
    qtbot.waitUntil(lambda: state(store) == ("b", "1"))


@pytest.mark.parametrize("error", [RunStateError("Changed since."), NotFound("There is no run 1.")], ids=str)
def test_what_has_moved_on_is_let_go(
    qtbot: QtBot, session: Session, trouble: Trouble, store: Store, error: Exception
) -> None:
    trouble.error = error
    session.undo.undo()
    idle(qtbot, session)
    assert session.undo.undo_text == "Renamed a to b", "the step before it can still be taken back"
    trouble.error = None
    session.undo.undo()
    qtbot.waitUntil(lambda: state(store) == ("a", "1"))


def test_a_step_that_fails_after_another_took_its_place(
    qtbot: QtBot, session: Session, trouble: Trouble, store: Store
) -> None:
    trouble.error = StoreBusy("The store is busy.", "Try again.")
    session.undo.undo()
    session.run(lambda s: rename_run(s, RUN, "c"))
    idle(qtbot, session)
    trouble.error = None
    assert session.undo.undo_text == "Renamed b to c"
    session.undo.undo()
    qtbot.waitUntil(lambda: state(store) == ("b", "1"))


def test_another_key_for_a_tag_is_one_change(store: Store, session: Session, trouble: Trouble) -> None:
    set_tag(store, RUN, "team", "vision")
    outcome = rename_tag(store, RUN, "seed", "seeds", "2")
    assert own(store) == {"seeds": "2", "team": "vision"} and outcome.text == "Renamed the tag seed to seeds"
    assert outcome.inverse is not None
    back = outcome.inverse(store)
    assert own(store) == {"seed": "1", "team": "vision"} and back.inverse is not None
    back.inverse(store)
    set_tag(store, RUN, "seeds", "theirs")
    with pytest.raises(RunStateError, match="tag seeds has been changed since, to theirs"):
        outcome.inverse(store)


@pytest.mark.parametrize(
    ("key", "new", "kind"),
    [("seed", "a*b", InvalidValue), ("seed", "team", InvalidValue), ("none", "new", NotFound)],
)
def test_a_key_that_cannot_be_changes_nothing(
    store: Store, session: Session, trouble: Trouble, key: str, new: str, kind: type[Exception]
) -> None:
    set_tag(store, RUN, "team", "vision")
    with pytest.raises(kind):
        rename_tag(store, RUN, key, new, "2")
    assert own(store) == {"seed": "1", "team": "vision"}


def own(store: Store) -> dict[str, str]:
    return {key: value for key, value in get_run(store, RUN).tags.items() if not key.startswith("mlflow.")}


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("", "The tag is wrong. Choose another."),
        ("Saving", "Saving: The tag is wrong. Choose another."),
        ("It was not kept.", "It was not kept. The tag is wrong. Choose another."),
    ],
)
def test_what_is_told_of_an_error_is_a_sentence(what: str, expected: str) -> None:
    assert Message.of_error(InvalidValue("The tag is wrong.", "Choose another."), what).text == expected


def test_of_a_long_undo_that_is_broken_off_the_rest_can_be_undone(
    qtbot: QtBot, session: Session, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    session.message.connect(lambda message: told.append(message.text))
    with Script(store) as script:
        for number in range(4):
            script.end(script.start(name=f"r{number}"))
        script.finish()
    monkeypatch.setattr(exchange, "TOGETHER", 2)
    session.run(lambda s: trash.delete_runs(s, [1, 2, 3, 4, 5]))
    qtbot.waitUntil(lambda: is_written(session))
    taken, step = iter([False, True, False, True]), trash._write

    def busy_at_every_second(*given: Any) -> Any:
        if next(taken, False):
            raise StoreBusy("The store is busy.", "Try again.")
        return step(*given)

    monkeypatch.setattr(trash, "_write", busy_at_every_second)
    for left in (3, 1, 0):
        assert session.undo.last is not None and session.undo.undone is None
        session.undo.undo()
        idle(qtbot, session)
        assert in_trash(store) == left
    assert told[1] == "Restored 2 of 5 runs, but no more: The store is busy. The same once more goes on with the rest."
    assert told[-1] == "Restored 5 runs"
    for redone in (True, False):
        getattr(session.undo, "redo" if redone else "undo")()
        idle(qtbot, session)
        assert in_trash(store) == (5 if redone else 0), "all of it is one step again"


def in_trash(store: Store) -> int:
    with store.reading() as connection:
        return len(list_trashed(connection))


def test_a_filter_below_a_step_that_the_store_is_too_busy_for_takes_one_key(
    qtbot: QtBot, session: Session, store: Store
) -> None:
    one, filtered = Trouble(), View("loss < 1")
    session.set_view(filtered, "Filter")
    session.run(one.around(lambda s: rename_run(s, RUN, "b")))
    qtbot.waitUntil(lambda: is_written(session))
    one.error = StoreBusy("The store is busy.", "Try again.")
    session.undo.undo()
    session.undo.undo()
    idle(qtbot, session)
    assert session.view == View() and session.undo.undo_text == "Renamed a to b" and session.undo.redo_text == "Filter"
    one.error = None
    undo, redo = session.undo.undo, session.undo.redo
    for step, name, view in ((undo, "a", View()), (redo, "a", filtered), (redo, "b", filtered), (undo, "a", filtered)):
        step()
        idle(qtbot, session)
        assert (get_run(store, RUN).name, session.view) == (name, view)


@pytest.mark.parametrize(
    "operation", [lambda s: rename_run(s, RUN, " "), lambda _: Outcome("No run changes.")], ids=["refused", "nothing"]
)
def test_what_was_undone_can_be_done_again_after_what_came_to_nothing(
    qtbot: QtBot, session: Session, trouble: Trouble, store: Store, operation: Operation
) -> None:
    for _ in range(2):
        session.undo.undo()
    session.run(operation)
    idle(qtbot, session)
    assert session.undo.redo_text == "Renamed a to b" and session.undo.last is None
    for _ in range(2):
        session.undo.redo()
    idle(qtbot, session)
    assert state(store) == ("b", "1")
    session.undo.undo()
    session.run(lambda s: rename_run(s, RUN, "c"))
    idle(qtbot, session)
    assert session.undo.undone is None
    assert session.undo.undo_text == "Renamed b to c" and state(store) == ("c", None)


def test_after_an_undo_that_is_refused_there_is_nothing_to_do_again(
    qtbot: QtBot, session: Session, trouble: Trouble
) -> None:
    trouble.error = RunStateError("Changed since.")
    session.undo.undo()
    heard: list[str] = []
    session.undo.changed.connect(lambda: heard.append(session.undo.redo_text))
    idle(qtbot, session)
    assert session.undo.undone is None and len(session.undo) == 1
    assert heard[-1:] == [""], "commands ask again whether they make sense"
