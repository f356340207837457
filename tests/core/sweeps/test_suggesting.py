"""What trials are given: within the space, even, and the same whenever they are asked for."""

from __future__ import annotations

import math
from collections import Counter
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.sweeps import values
from runfolio.core.sweeps.records import Dimension, Method, Sweep
from runfolio.core.sweeps.suggesting import most, suggestion
from tests.core.sweeps.sweeps import ranges, sweeps


def fits(one: Dimension, text: str) -> bool:
    """Whether a text is a value of a dimension."""
    if one.values:
        return text in one.values
    number = float(text)
    if one.whole and text != str(int(text)):
        return False
    if one.step:
        nearest = one.low + round((number - one.low) / one.step) * one.step
        if abs(number - nearest) > 4 * math.ulp(max(abs(one.low), abs(one.high))):
            return False
    return one.low <= number <= one.high


@given(sweeps(), st.data())
def test_each_value_is_one_of_its_dimension_and_the_same_whenever_it_is_asked_for(
    sweep: Sweep, data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, most(sweep) - 1))
    found = suggestion(sweep, number)
    assert set(found) == {one.name for one in sweep.space} | set(sweep.fixed)
    assert all(fits(one, found[one.name]) for one in sweep.space)
    assert {name: found[name] for name in sweep.fixed} == sweep.fixed
    assert suggestion(sweep, number) == found


@given(ranges(), st.floats(0, 1))
def test_a_place_is_a_value_and_a_later_place_no_smaller_one(one: Dimension, place: float) -> None:
    assert fits(one, values.at(one, place))
    assert float(values.at(one, place / 2)) <= float(values.at(one, place))
    if not one.step:
        assert math.isclose(float(values.at(one, 0.0)), one.low, rel_tol=1e-9, abs_tol=1e-9)
        assert math.isclose(float(values.at(one, 1.0)), one.high, rel_tol=1e-9, abs_tol=1e-9)


@given(sweeps(Method.GRID))
def test_a_grid_has_each_combination_once(sweep: Sweep) -> None:
    whole = Sweep(tuple(one for one in sweep.space if values.count(one) < 20), "loss", method=Method.GRID, trials=0)
    if not whole.space or most(whole) > 3_000:
        return
    asked = [tuple(suggestion(whole, number).values()) for number in range(most(whole))]
    assert asked == list(product(*(values.each(one) for one in whole.space)))
    assert len(set(asked)) == len(asked)


@given(st.integers(1, 200), st.integers(0, 2**31), st.booleans())
def test_a_latin_hypercube_takes_each_of_as_many_parts_of_a_dimension_once(trials: int, seed: int, log: bool) -> None:
    low, high = (1.0, math.exp(trials)) if log else (0.0, float(trials))
    space = (Dimension("x", (), low, high, log), Dimension("y", (), 0.0, float(trials)), Dimension("z", ("a", "b")))
    sweep = Sweep(space, "loss", method=Method.LATIN_HYPERCUBE, trials=trials, seed=seed)
    asked = [suggestion(sweep, number) for number in range(trials)]
    parts = [math.log(float(one["x"])) if log else float(one["x"]) for one in asked]
    assert sorted(map(int, parts)) == list(range(trials))
    assert sorted(int(float(one["y"])) for one in asked) == list(range(trials))
    counts = Counter(one["z"] for one in asked)
    assert abs(counts["a"] - counts["b"]) <= 1


def test_a_latin_hypercube_does_not_take_two_dimensions_in_one_order() -> None:
    space = (Dimension("x", (), 0.0, 1.0), Dimension("y", (), 0.0, 1.0))
    sweep = Sweep(space, "loss", method=Method.LATIN_HYPERCUBE, trials=50)
    asked = [suggestion(sweep, number) for number in range(50)]
    assert sorted(asked, key=lambda one: float(one["x"])) != sorted(asked, key=lambda one: float(one["y"]))


def test_values_are_written_as_a_command_line_has_them() -> None:
    assert values.each(Dimension("x", (), 0.1, 0.5, step=0.1)) == ("0.1", "0.2", "0.3", "0.4", "0.5")
    assert values.each(Dimension("x", (), 1.0, 4.0, whole=True)) == ("1", "2", "3", "4")
    assert values.each(Dimension("x", (), 1e-5, 1e-1, log=True, points=5))[::4] == ("1e-05", "0.1")
    assert [float(one) for one in values.each(Dimension("x", (), 1e-2, 1.0, True, points=3))] == [0.01, 0.1, 1.0]
    assert values.each(Dimension("x", ("0.10", "1e-3"))) == ("0.10", "1e-3")
    assert values.each(Dimension("x", (), 0.0, 1.0, step=0.4)) == ("0.0", "0.4", "0.8")


def test_a_random_search_is_even_and_in_the_logarithm_if_asked() -> None:
    space = (Dimension("lr", (), 1e-4, 1.0, True), Dimension("layers", (), 1.0, 4.0, whole=True))
    sweep = Sweep(space, "loss", trials=2_000)
    asked = [suggestion(sweep, number) for number in range(2_000)]
    assert 900 < sum(float(one["lr"]) < 1e-2 for one in asked) < 1100
    assert all(400 < number < 600 for number in Counter(one["layers"] for one in asked).values())
    other = Sweep(space, "loss", trials=2_000, seed=1)
    assert suggestion(other, 0) != suggestion(sweep, 0)


def test_what_a_trial_of_a_random_search_is_given_stays_when_a_dimension_is_added() -> None:
    space = (Dimension("lr", (), 0.0, 1.0), Dimension("wd", (), 0.0, 1.0))
    assert suggestion(Sweep(space, "loss"), 7)["lr"] == suggestion(Sweep(space[:1], "loss"), 7)["lr"]
    # And from one version of the program to the next: a sweep that lay still for a year goes on.
    assert suggestion(Sweep(space[:1], "loss"), 7)["lr"] == "0.10531061234816552"
