"""Colours that were chosen for runs: kept, taken back, and gone with their runs."""

from __future__ import annotations

import pytest

from runfolio.core.errors import InvalidValue, RunStateError
from runfolio.store import Store
from runfolio.store.colors import chosen_colors, set_colors
from runfolio.store.garbage import collect_garbage
from runfolio.store.trash import delete_runs
from runfolio.store.watch import changes_since, current_revision
from tests.store.script import Script


@pytest.fixture(name="filled")
def _filled(store: Store) -> Store:
    with Script(store) as script:
        for _ in range(3):
            script.start()
            script.take()
    return store


def test_colours_are_chosen_and_taken_back(filled: Store) -> None:
    before = current_revision(filled)
    set_colors(filled, [1], 4)
    outcome = set_colors(filled, [1, 2, 99], 13)
    assert chosen_colors(filled) == {1: 13, 2: 13} and outcome.text == "Coloured 2 runs"
    assert changes_since(filled, before).looks
    assert outcome.inverse is not None
    again = outcome.inverse(filled)
    assert chosen_colors(filled) == {1: 4}
    assert again.inverse is not None
    again.inverse(filled)
    assert chosen_colors(filled) == {1: 13, 2: 13}
    set_colors(filled, [1, 2, 3], None)
    assert chosen_colors(filled) == {}


def test_what_others_chose_since_stays(filled: Store) -> None:
    outcome = set_colors(filled, [1, 2], 3)
    set_colors(filled, [2], 5)
    assert outcome.inverse is not None
    back = outcome.inverse(filled)
    assert back.text.startswith("Coloured 1 run; ") and back.text.endswith(" has been changed since and stays as it is")
    assert chosen_colors(filled) == {2: 5} and back.inverse is not None
    set_colors(filled, [1], 7)
    with pytest.raises(RunStateError):
        back.inverse(filled)
    assert chosen_colors(filled) == {1: 7, 2: 5}


@pytest.mark.parametrize("color", [-1, 20])
def test_there_are_twenty(filled: Store, color: int) -> None:
    with pytest.raises(InvalidValue):
        set_colors(filled, [1], color)


def test_a_run_takes_its_colour_along_for_good(filled: Store) -> None:
    set_colors(filled, [1, 2], 3)
    delete_runs(filled, [1])
    collect_garbage(filled)
    assert chosen_colors(filled) == {2: 3}
