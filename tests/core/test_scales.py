"""Axes: everything stands where its value says, and what cannot stand there is counted by the reason."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.columns import param
from runfolio.core.grouping import NOTHING, Values
from runfolio.core.scales import Why, placed, suits_log

COLUMN = param("lr")
finite = st.floats(allow_nan=False, allow_infinity=False)


def numbers(*values: float) -> Values:
    return Values(np.arange(len(values)), np.array(values, np.float64))


def test_numbers_stand_in_proportion_and_what_is_none_is_told_apart() -> None:
    found = placed(COLUMN, numbers(1, 3, np.nan, np.inf, 2, -np.inf), np.array([4, 9, 3, 2, 1, 0, 5]))
    assert found.at[[0, 4, 5]].tolist() == [0.5, 1.0, 0.0] and np.isnan(found.at[[1, 2, 3, 6]]).all()
    assert found.missing() == {Why.NO_VALUE: 1, Why.NOT_FINITE: 3} and found.differs


def test_a_logarithmic_axis_names_what_it_cannot_show_and_a_flipped_one_is_upside_down() -> None:
    found = placed(COLUMN, numbers(1e-3, 1e-1, 0, -4, 1e-2), np.arange(5), log=True)
    assert np.allclose(found.at[[0, 1, 4]], [0, 1, 0.5]) and found.missing() == {Why.NOT_POSITIVE: 2}
    assert np.isclose(found.scale.value(0.5), 1e-2)
    flipped = placed(COLUMN, numbers(1e-3, 1e-1), np.arange(2), log=True, flipped=True)
    assert flipped.at.tolist() == [1.0, 0.0] and np.isclose(flipped.scale.value(1.0), 1e-3)


def test_texts_are_categories_and_numbers_among_them_too_unless_there_are_many() -> None:
    codes = np.array([1, 0, NOTHING, 1])
    mixed = Values(np.arange(4), np.array([np.nan, np.nan, 5.0, np.nan]), codes, ("lion", "adamw"))
    found = placed(COLUMN, mixed, np.array([0, 1, 2, 3, 4]))
    assert list(found.scale.categories) == [5.0, "adamw", "lion"]
    assert found.at[:4].tolist() == [0.5, 1.0, 0.0, 0.5] and found.missing() == {Why.NO_VALUE: 1}
    many = np.append(np.arange(50.0), np.nan)
    few_texts = Values(np.arange(51), many, np.append(np.full(50, NOTHING), 0), ("auto",))
    found = placed(COLUMN, few_texts, np.arange(51))
    assert not found.scale.categories and found.missing() == {Why.NO_NUMBER: 1} and found.at[49] == 1.0


def test_nothing_one_value_and_the_largest_numbers_have_their_places() -> None:
    assert placed(COLUMN, numbers(), np.arange(3)).missing() == {Why.NO_VALUE: 3}
    alone = placed(COLUMN, numbers(7, 7), np.arange(2))
    assert alone.at.tolist() == [0.5, 0.5] and not alone.differs and alone.scale.value(0.5) == 7
    largest = placed(COLUMN, numbers(-1.7e308, 0, 1.7e308), np.arange(3))
    assert largest.at.tolist() == [0.0, 0.5, 1.0] and largest.scale.value(1.0) == 1.7e308
    negative = placed(COLUMN, numbers(-1, 0), np.arange(2), log=True)
    assert negative.missing() == {Why.NOT_POSITIVE: 2} and not negative.differs


@given(st.lists(finite, min_size=1, max_size=20), st.booleans(), st.booleans())
def test_every_run_is_placed_in_order_or_counted(values: list[float], log: bool, flipped: bool) -> None:
    found = placed(COLUMN, numbers(*values), np.arange(len(values)), log=log, flipped=flipped)
    there = ~np.isnan(found.at)
    assert there.sum() + sum(found.missing().values()) == len(values)
    assert ((found.at[there] >= 0) & (found.at[there] <= 1)).all()
    shown = np.array(values)[there]
    order = np.argsort(shown, kind="stable")
    steps = np.diff(found.at[there][order])
    assert (steps <= 0).all() if flipped else (steps >= 0).all()


@pytest.mark.parametrize(
    ("values", "log"),
    [
        ([1e-5, 3e-5, 1e-4, 1e-2], True),
        ([0.0003, 0.001, 0.003, 0.01], True),
        ([16, 32, 64, 128, 256, 512], True),
        ([32, 64, 128], False),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], False),
        ([0, 1e-5, 1e-2, 1], False),
        ([-1e-3, 1e-3, 1e3], False),
        ([1e-3, 1e3], False),
        ([0.001, 0.25, 0.3, 0.5], False),
        ([1.6e308, 1.7e308, 1.75e308, 1.0], False),
        ([1e-300, 1, 1.7e308, np.inf, np.nan], True),
        ([], False),
    ],
)
def test_an_axis_is_logarithmic_by_itself_where_numbers_are_told_apart_on_no_other(
    values: list[float], log: bool
) -> None:
    column = numbers(*values)
    assert suits_log(column.numbers) is log
    assert placed(COLUMN, column, np.arange(len(values)), log=None).scale.log is log
    assert not placed(COLUMN, column, np.arange(len(values)), log=False).scale.log, "what is chosen wins"


@given(st.integers(0, 2**32 - 1), st.integers(50, 300), st.floats(0.01, 1e6))
def test_draws_are_logarithmic_if_they_were_drawn_so(seed: int, number: int, most: float) -> None:
    """Be the least of those drawn evenly as small as it likes."""
    chance = np.random.default_rng(seed)
    evenly = most * chance.uniform(size=number)
    evenly[0] = most / 1e6
    assert not suits_log(evenly)
    assert suits_log(10 ** chance.uniform(-5, -1, number + 40))
