"""A forest foretells what trees can foretell, of runs that they have not seen, and is the same each time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from runfolio.core import forest
from runfolio.core.curves import Floats
from runfolio.core.errors import Stopped
from runfolio.core.forest import Codes, foretell, foretell_own, grow, r_squared

Function = Callable[[Floats], Floats]


def ranked(values: NDArray[np.float64]) -> Codes:
    """The places of values in their order, as columns."""
    return np.argsort(np.argsort(values, axis=1), axis=1).astype(np.int32)


def known(number: int, columns: int, function: Function, seed: int = 0) -> tuple[Codes, Floats]:
    chance = np.random.default_rng(seed)
    values = chance.normal(size=(columns, number))
    return ranked(values), function(values) + 0.1 * chance.normal(size=number)


@pytest.mark.parametrize(
    ("function", "least"),
    [
        (lambda x: 3 * x[0], 0.95),
        (lambda x: np.where(x[0] > 0, 1.0, -1.0) * np.where(x[1] > 0, 1.0, -1.0), 0.9),
        (lambda x: x[0] ** 2 + x[1], 0.85),
    ],
    ids=["a line", "two that tell only together", "a bow"],
)
def test_known_functions_are_foretold_of_runs_that_trees_have_not_seen(function: Function, least: float) -> None:
    columns, wanted = known(600, 4, function)
    found = foretell_own(grow(columns, wanted), columns)
    assert not np.isnan(found).any() and least < r_squared(found, wanted) < 1


def test_chance_is_not_foretold_though_trees_know_their_own_runs() -> None:
    columns, wanted = known(300, 5, lambda x: np.zeros(x.shape[1]))
    grown = grow(columns, wanted)
    assert r_squared(foretell(grown, columns), wanted) > 0.4, "in the bag it is known by heart"
    assert r_squared(foretell_own(grown, columns), wanted) < 0.1


def test_it_foretells_about_as_well_as_scikit_learns() -> None:
    ensemble = pytest.importorskip("sklearn.ensemble")
    columns, wanted = known(400, 8, lambda x: 2 * x[0] + np.sin(3 * x[1]) + x[2] * x[3])
    theirs = ensemble.RandomForestRegressor(64, min_samples_leaf=3, oob_score=True, random_state=1, max_samples=0.632)
    theirs.fit(columns.T, wanted)
    assert r_squared(foretell_own(grow(columns, wanted), columns), wanted) == pytest.approx(theirs.oob_score_, abs=0.04)


@pytest.mark.parametrize("together", [1, 700, 10**9])
def test_it_is_as_good_however_many_trees_grow_together(monkeypatch: pytest.MonkeyPatch, together: int) -> None:
    """Only where two questions are as good as each other may it ask another one: sums are rounded otherwise."""
    columns, wanted = known(80, 3, lambda x: x[0] + np.abs(x[1]))
    expected = grow(columns, wanted, trees=20)
    monkeypatch.setattr(forest, "TOGETHER", together)
    found = grow(columns, wanted, trees=20)
    assert (found.out == expected.out).all() and (found.column[:20] == expected.column[:20]).all()
    sound(found, columns, wanted, forest.LEAF)
    both = [r_squared(foretell_own(one, columns), wanted) for one in (found, expected)]
    assert both[0] == pytest.approx(both[1], abs=0.02)
    assert (grow(columns, wanted, trees=20, seed=1).out != expected.out).any()


def sound(grown: forest.Forest, columns: Codes, wanted: Floats, leaf: int) -> None:
    """Each tree is what its runs say: every leaf holds enough of them, and says their mean."""
    for tree in range(len(grown.out)):
        runs = np.flatnonzero(~grown.out[tree])
        node = np.full(len(runs), tree)
        for _ in range(grown.depth):
            right = columns[grown.column[node], runs] > grown.split[node]
            node = grown.left[node] + right
        assert (grown.left[node] == node).all(), "all are at leaves"
        for one in np.unique(node).tolist():
            own = wanted[runs[node == one]]
            assert len(own) >= min(leaf, len(runs)) and grown.value[one] == pytest.approx(own.mean(), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 60), st.integers(1, 4), st.integers(1, 6), st.integers(1, 9), st.integers(0, 5), st.integers(0, 99)
)
def test_every_leaf_says_the_mean_of_its_runs(
    number: int, columns: int, different: int, leaf: int, depth: int, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    given_columns = chance.integers(0, different, (columns, number)).astype(np.int32)
    wanted = chance.integers(0, 4, number) / 3
    grown = grow(given_columns, wanted, trees=5, leaf=leaf, depth=depth, seed=seed)
    assert grown.depth <= depth
    sound(grown, given_columns, wanted, leaf)


def test_a_split_is_the_best_one() -> None:
    """Of all questions, the first one leaves the least squared error."""
    columns, wanted = known(40, 3, lambda x: np.where(x[1] > 0.3, 2.0, 0.0) + 0.3 * x[2])
    grown = grow(columns, wanted, trees=3, leaf=1, depth=1)
    for tree in range(3):
        runs = np.flatnonzero(~grown.out[tree])

        def rest(column: int, split: int, own: NDArray[np.intp] = runs) -> float:
            left = columns[column, own] <= split
            return sum(float(((side - side.mean()) ** 2).sum()) for side in (wanted[own[left]], wanted[own[~left]]))

        every = [rest(column, split) for column in range(3) for split in np.sort(columns[column, runs])[:-1].tolist()]
        assert rest(int(grown.column[tree]), int(grown.split[tree])) == pytest.approx(min(every))


def test_equal_values_are_never_parted_and_nothing_to_tell_is_one_leaf() -> None:
    same = grow(np.zeros((2, 30), np.int32), np.arange(30.0))
    assert same.depth == 0 and len(same.value) == forest.TREES
    constant = grow(np.arange(60, dtype=np.int32).reshape(2, 30), np.full(30, 0.1))
    assert constant.depth == 0 and r_squared(foretell(constant, np.zeros((2, 30), np.int32)), np.full(30, 0.1)) == 0


def test_what_nobody_waits_for_is_stopped() -> None:
    asked: list[None] = []

    def stopped() -> bool:
        asked.append(None)
        return len(asked) > 2

    with pytest.raises(Stopped):
        grow(*known(100, 3, lambda x: x[0]), stopped=stopped)
    assert len(asked) == 3
