"""Very many runs and experiments go to the trash and come back some at a time, and can be stopped between."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Column, select

from runfolio.core.errors import RunStateError
from runfolio.store import Store, exchange
from runfolio.store.experiments import list_experiments
from runfolio.store.operations import Outcome
from runfolio.store.schema import experiments, runs
from runfolio.store.steps import InSteps, Steps
from runfolio.store.trash import delete_experiments, delete_runs, restore
from tests.store.script import Script

State = tuple[dict[int, int | None], dict[int, int | None]]
Steppable = Callable[[Store, Steps], Outcome]
INSIDE = {"x": 5, "y": 3, "empty": 1}
X, Y, EMPTY = 1, 2, 3


@pytest.fixture(name="filled")
def _filled(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Experiments with runs 1 to 5, 6 to 8 and 9, of which 2 and 9 are in the trash; two go at a time."""
    with Script(store) as script:
        for name, number in INSIDE.items():
            for _ in range(number):
                script.start(experiment=name)
        script.take()
    delete_runs(store, [2, 9])
    monkeypatch.setattr(exchange, "TOGETHER", 2)
    return store


def state(store: Store) -> State:
    """When each run and each experiment went to the trash."""
    return pairs(store, runs.c.id, runs.c.deleted_time), pairs(store, experiments.c.id, experiments.c.deleted_time)


def pairs(store: Store, number: Column[int], value: Column[int]) -> dict[int, int | None]:
    with store.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(select(number, value))}


def unseen(store: Store) -> int:
    """How many runs are in use where nobody sees them."""
    of_runs, of_places = state(store)
    places = pairs(store, runs.c.id, runs.c.experiment_id)
    return sum(time is None and of_places[places[run] or 0] is not None for run, time in of_runs.items())


def after(number: int, store: Store) -> Steps:
    """Stops after so many steps, and looks at what a reader sees between them."""
    taken: list[int] = []

    def progress(done: int, total: int) -> None:
        taken.append(done)
        assert unseen(store) == 0 and 0 < done <= total

    return Steps(progress, lambda: len(taken) >= number)


OPERATIONS: dict[str, Steppable] = {
    "runs go": lambda s, steps: delete_runs(s, [1, 2, 4, 6, 8], steps),
    "experiments go": lambda s, steps: delete_experiments(s, [X, Y, EMPTY], steps),
    "all comes back": lambda s, steps: restore(s, [2, 9], [X, Y], steps),
    "runs bring their experiments": lambda s, steps: restore(s, [1, 2, 5, 6, 9], [], steps),
}


@pytest.mark.parametrize("kind", OPERATIONS)
def test_what_was_done_until_it_was_stopped_is_one_step_there_and_back(filled: Store, kind: str) -> None:
    if "back" in kind or "bring" in kind:
        delete_experiments(filled, [X, Y])
    before, seen = state(filled), set[str]()
    for number in range(1, 8):
        outcome = OPERATIONS[kind](filled, after(number, filled))
        seen.add(outcome.text)
        partly = state(filled)
        assert unseen(filled) == 0 and partly != before
        for expected in (before, partly, before):
            assert isinstance(outcome.inverse, InSteps)
            outcome = outcome.inverse.operation(filled, after(99, filled))
            assert state(filled) == expected and unseen(filled) == 0
    assert len(seen) >= 2


def test_an_experiment_goes_with_the_last_of_its_runs_and_comes_back_with_the_first(filled: Store) -> None:
    steps: list[str] = []

    def look(done: int, total: int) -> None:
        of_runs, of_places = state(filled)
        here = sum(time is None for run, time in of_runs.items() if run <= INSIDE["x"])
        steps.append(f"{here} {'in use' if of_places[X] is None else 'in the trash'}")

    gone = delete_experiments(filled, [X], Steps(look))
    assert gone.text == "Moved the experiment x with 4 runs to the trash"
    assert steps == ["2 in use", "0 in use", "0 in the trash"]
    steps.clear()
    assert restore(filled, [], [X], Steps(look)).text == "Restored the experiment x with 4 runs"
    assert steps == ["1 in use", "3 in use", "4 in use"]


def test_it_is_told_how_far_it_came(filled: Store) -> None:
    assert delete_experiments(filled, [X], after(1, filled)).text == "Moved 2 of 4 runs to the trash"
    assert delete_experiments(filled, [X, Y], after(2, filled)).text == (
        "Moved 1 of 2 experiments with 3 of 5 runs to the trash"
    )
    assert restore(filled, [], [X], after(1, filled)).text == "Restored the experiment x with 1 of 2 runs"


def test_runs_that_a_script_starts_meanwhile_go_with_their_experiment(filled: Store) -> None:
    def start(done: int, total: int) -> None:
        if done == 2:
            with Script(filled) as script:
                script.start(experiment="x")
                script.take()

    before = state(filled)
    gone = delete_experiments(filled, [X], Steps(start))
    assert gone.text == "Moved the experiment x with 5 runs to the trash" and unseen(filled) == 0
    assert gone.inverse is not None
    back = gone.inverse(filled)
    assert [one.runs for one in list_experiments(filled)] == [0, 5, 3], "and come back with it"
    assert state(filled)[0].items() >= before[0].items()
    with Script(filled) as script:
        script.start(experiment="x")
        script.take()
    now = state(filled)
    assert back.inverse is not None
    with pytest.raises(RunStateError, match=r"has got new runs since\. Left as it is"):
        back.inverse(filled)
    assert state(filled) == now, "and what goes again by itself does not take others along"


def test_what_somebody_has_taken_back_stays_and_the_others_come_back(filled: Store) -> None:
    outcome = delete_runs(filled, [1, 3, 4, 6])
    restore(filled, [3], [])
    theirs = state(filled)[0][2]
    assert outcome.inverse is not None
    back = outcome.inverse(filled)
    assert back.text.startswith("Restored 3 runs; ") and back.text.endswith(
        " has been changed since and stays as it is"
    )
    of_runs, _ = state(filled)
    assert [run for run, time in of_runs.items() if time is not None] == [2, 9] and of_runs[2] == theirs
    assert back.inverse is not None
    back.inverse(filled)
    assert [run for run, time in state(filled)[0].items() if time is not None] == [1, 2, 4, 6, 9]
