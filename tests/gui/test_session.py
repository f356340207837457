"""What a window's parts share: the selection, news of the store, and changes that can be taken back."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from runfolio.core.entities import Changes
from runfolio.core.errors import StoreBusy
from runfolio.core.states import RunStatus
from runfolio.core.views import View
from runfolio.gui.messages import Message
from runfolio.gui.selection import Selection
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode, Theme
from runfolio.store import Store, open_store
from runfolio.store.operations import Operation, Outcome, rename_run, set_tag
from runfolio.store.runs import get_run
from runfolio.store.watch import current_revision
from tests.gui.writing import is_written
from tests.store.script import Script

RUN = 1


class Heard:
    """What a session has told, in order."""

    def __init__(self, session: Session) -> None:
        self.selections: list[Selection] = []
        self.changes: list[Changes] = []
        self.messages: list[Message] = []
        session.selection_changed.connect(self.selections.append)
        session.changed.connect(self.changes.append)
        session.message.connect(self.messages.append)

    @property
    def runs(self) -> set[int]:
        return {run for changes in self.changes for run in changes.runs}

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]


@pytest.fixture(name="store")
def _store(store: Store) -> Store:
    """A store with a run that has ended."""
    with Script(store) as script:
        script.end(script.start(name="brave-otter"))
        script.finish()
    return store


@pytest.fixture
def session(qtbot: QtBot, store: Store) -> Iterator[Session]:
    one = followed(qtbot, store)
    yield one
    one.close()


@pytest.fixture
def heard(session: Session) -> Heard:
    return Heard(session)


def followed(qtbot: QtBot, store: Store) -> Session:
    """A session that has begun to follow a store."""
    one = Session(store, Theme(Mode.DARK))
    one.start()
    qtbot.waitUntil(lambda: one.revision == current_revision(store) and not one.jobs.running)
    return one


def rename(name: str) -> Operation:
    return lambda store: rename_run(store, RUN, name)


def name_in(store: Store) -> str:
    return get_run(store, RUN).name


# Selecting


def test_a_session_that_is_closed_tells_no_more_of_its_steps(session: Session) -> None:
    told: list[str] = []
    session.undo.changed.connect(lambda: told.append(session.undo.undo_text))
    session.close()
    session.set_view(View("metrics.loss > 1"), "Filter")
    assert told == []


def test_experiments_are_listed_and_runs_selected(session: Session, heard: Heard) -> None:
    assert session.selection == Selection()
    session.select_experiments([2, 1])
    session.select_runs([7, 5])
    session.select_runs([7, 5], 5)
    session.select_runs([])
    expected = [((2, 1), (), None), ((2, 1), (7, 5), 7), ((2, 1), (7, 5), 5), ((2, 1), (), None)]
    assert heard.selections == [Selection(listed).with_runs(runs, current) for listed, runs, current in expected]
    assert session.selection is heard.selections[-1]


def test_the_same_selection_is_no_news(session: Session, heard: Heard) -> None:
    for _ in range(2):
        session.select_experiments([1])
        session.select_runs([7, 5])
    session.select_runs((7, 5), 7)
    assert len(heard.selections) == 2
    assert session.selection == Selection((1,)).with_runs((7, 5), 7)


def test_other_experiments_have_other_runs(session: Session) -> None:
    session.select_experiments([1])
    session.select_runs([7])
    session.select_experiments([1, 2])
    assert session.selection == Selection((1, 2))


def test_a_current_run_need_not_be_among_the_selected(session: Session) -> None:
    session.select_runs([7], 5)
    assert session.selection == Selection().with_runs((7,), 5)
    session.select_runs([], 5)
    assert session.selection == Selection(current=5)


# News


def test_what_this_window_and_others_change_is_told(qtbot: QtBot, session: Session, heard: Heard, store: Store) -> None:
    session.run(rename("calm-heron"))
    qtbot.waitUntil(lambda: heard.runs == {RUN})
    other = open_store(store.path)
    with Script(other) as script:
        new = script.start()
        script.take()
        number = script.number(new)
    other.close()
    qtbot.waitUntil(lambda: heard.runs >= {RUN, number})
    revisions = [changes.revision for changes in heard.changes]
    assert revisions == sorted(revisions)
    qtbot.waitUntil(lambda: session.revision == current_revision(store))


def test_what_was_there_before_is_no_news(qtbot: QtBot, session: Session, heard: Heard, store: Store) -> None:
    set_tag(store, RUN, "note", "x")
    qtbot.waitUntil(lambda: bool(heard.changes))
    (changes,) = heard.changes
    assert changes == Changes(current_revision(store), runs=frozenset([RUN]), places=frozenset([1]))


def test_the_run_of_a_script_that_was_killed_ends(qtbot: QtBot, session: Session, heard: Heard, store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        script.take()
        number = script.number(run)
    qtbot.waitUntil(lambda: get_run(store, number).status is RunStatus.KILLED)
    qtbot.waitUntil(lambda: number in heard.runs)


def test_a_store_that_is_only_read_is_followed_and_refuses(qtbot: QtBot, store: Store) -> None:
    reader = open_store(store.path, read_only=True)
    session = followed(qtbot, reader)
    heard = Heard(session)
    set_tag(store, RUN, "note", "x")
    qtbot.waitUntil(lambda: heard.runs == {RUN})
    session.run(rename("calm-heron"))
    qtbot.waitUntil(lambda: bool(heard.messages))
    assert heard.messages[0].error and "read-only" in heard.texts[0]
    assert session.undo.last is None and name_in(store) == "brave-otter"
    session.close()
    reader.close()


# Changing and taking back


def test_a_change_is_told_undone_and_done_again(qtbot: QtBot, session: Session, heard: Heard, store: Store) -> None:
    session.run(rename("calm-heron"))
    qtbot.waitUntil(lambda: session.undo.undo_text == "Renamed brave-otter to calm-heron")
    for step, name in ((session.undo.undo, "brave-otter"), (session.undo.redo, "calm-heron")) * 2:
        count = len(heard.messages)
        step()
        qtbot.waitUntil(lambda count=count: len(heard.messages) > count)  # type: ignore[misc]
        assert name_in(store) == name
    there, back = "Renamed brave-otter to calm-heron", "Renamed calm-heron to brave-otter"
    assert heard.texts == [there, back, there, back, there]
    assert [message.step is not None for message in heard.messages] == [True, False, False, False, False]


def test_undo_that_is_asked_for_faster_than_it_can_be_done(
    qtbot: QtBot, session: Session, heard: Heard, store: Store
) -> None:
    for name in ("b", "c", "d"):
        session.run(rename(name))
    qtbot.waitUntil(lambda: is_written(session) and len(session.undo) == 3)
    for step in (session.undo.undo, session.undo.undo, session.undo.redo, session.undo.undo, session.undo.undo):
        step()
    qtbot.waitUntil(lambda: len(heard.messages) == 6)
    assert name_in(store) == "brave-otter" and not any(message.error for message in heard.messages)


def test_what_is_undone_while_it_is_being_written_is_that_and_not_the_step_before(
    qtbot: QtBot, session: Session, heard: Heard, store: Store
) -> None:
    session.set_view(View("loss < 1"), "Filter")
    go = threading.Event()
    session.jobs.write(lambda: go.wait(5), lambda _: None)
    session.run(rename("b"))
    session.undo.undo()
    assert session.view == View("loss < 1")
    go.set()
    qtbot.waitUntil(lambda: len(heard.messages) == 2)
    assert heard.texts == ["Renamed brave-otter to b", "Renamed b to brave-otter"]
    assert name_in(store) == "brave-otter" and session.undo.undo_text == "Filter"
    session.undo.redo()
    qtbot.waitUntil(lambda: name_in(store) == "b")


@pytest.mark.parametrize("steps", [[], ["undo"], ["undo", "redo"], ["undo", "redo", "undo"]], ids=" ".join)
def test_what_is_refused_leaves_no_step(qtbot: QtBot, session: Session, heard: Heard, steps: list[str]) -> None:
    session.set_view(View("loss < 1"), "Filter")
    go, tried = threading.Event(), []

    def refused(store: Store) -> Outcome:
        tried.append(store)
        raise StoreBusy("The store is busy.")

    session.jobs.write(lambda: go.wait(5), lambda _: None)
    session.run(refused)
    for step in steps:
        getattr(session.undo, step)()
    go.set()
    qtbot.waitUntil(lambda: not any(job.writes for job in session.jobs.running))
    assert heard.texts == ["The store is busy."] and len(tried) == 1
    assert session.undo.undo_text == "Filter" and len(session.undo) == 1 and session.undo.undone is None


@pytest.mark.parametrize("operation", [rename(" "), lambda _: Outcome("No run changes.")], ids=["refused", "nothing"])
def test_a_step_that_comes_to_nothing_under_others_takes_no_key(
    qtbot: QtBot, session: Session, heard: Heard, operation: Operation
) -> None:
    session.set_view(View("loss < 1"), "Filter")
    session.run(operation)
    session.set_view(View("loss < 2"), "Filter again")
    qtbot.waitUntil(lambda: bool(heard.messages))
    session.undo.undo()
    assert session.undo.undo_text == "Filter"


def test_what_cannot_be_done_is_told_and_not_remembered(qtbot: QtBot, session: Session, heard: Heard) -> None:
    session.run(rename(" "))
    qtbot.waitUntil(lambda: bool(heard.messages))
    assert heard.messages[0].error and heard.texts[0].endswith("A run's name must not be blank.")
    assert session.undo.last is None


def test_what_is_told_of_an_error_reads_well(qtbot: QtBot, session: Session, heard: Heard) -> None:
    session.run(rename(" "))
    qtbot.waitUntil(lambda: bool(heard.messages))
    assert heard.texts == ["A run's name must not be blank."]


def test_an_error_of_ours_has_details(qtbot: QtBot, session: Session, heard: Heard) -> None:
    def broken(store: Store) -> Outcome:
        raise ZeroDivisionError("a bug")

    session.run(broken)
    qtbot.waitUntil(lambda: bool(heard.messages))
    (message,) = heard.messages
    assert message.error and "a bug" in message.text and "Traceback" in message.details


def test_an_undo_of_what_others_changed_since_is_refused(
    qtbot: QtBot, session: Session, heard: Heard, store: Store
) -> None:
    refuse_an_undo(qtbot, session, heard, store)
    assert heard.texts[-1] == "The name has been changed since, to theirs. Left as it is."
    assert heard.messages[-1].error and name_in(store) == "theirs"


def test_doing_again_what_could_not_be_undone_is_harmless(
    qtbot: QtBot, session: Session, heard: Heard, store: Store
) -> None:
    refuse_an_undo(qtbot, session, heard, store)
    session.undo.redo()
    qtbot.waitUntil(lambda: not session.jobs.running)
    assert name_in(store) == "theirs" and session.undo.undone is None
    session.run(rename("mine"))
    qtbot.waitUntil(lambda: session.undo.undo_text == "Renamed theirs to mine")
    session.undo.undo()
    qtbot.waitUntil(lambda: name_in(store) == "theirs")


def refuse_an_undo(qtbot: QtBot, session: Session, heard: Heard, store: Store) -> None:
    session.run(rename("calm-heron"))
    qtbot.waitUntil(lambda: is_written(session))
    rename_run(store, RUN, "theirs")
    session.undo.undo()
    qtbot.waitUntil(lambda: len(heard.messages) == 2)


def test_closing_finishes_what_is_being_saved(qtbot: QtBot, store: Store) -> None:
    session = followed(qtbot, store)
    heard = Heard(session)
    for number in range(20):
        session.run(rename(f"n{number}"))
    session.close()
    assert name_in(store) == "n19"
    assert heard.messages == []


def test_another_view_can_be_undone_where_it_says_why(session: Session) -> None:
    seen: list[View] = []
    session.view_changed.connect(seen.append)
    typed, filtered = View(filter="lo"), View(filter="loss < 1")
    session.set_view(typed)
    assert session.undo.last is None
    session.set_view(filtered, "Filter")
    session.set_view(filtered, "Filter")
    assert session.undo.undo_text == "Filter" and len(session.undo) == 1
    session.undo.undo()
    assert session.view == typed
    session.undo.redo()
    assert session.view == filtered
    assert seen == [typed, filtered, typed, filtered]
