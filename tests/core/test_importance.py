"""What explains a metric: known functions are explained by what they are made of, and chance by nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.core.columns import param
from runfolio.core.curves import Floats
from runfolio.core.errors import Stopped
from runfolio.core.grouping import NOTHING, Level, Values, level_of
from runfolio.core.importance import MANY_TEXTS, Explanation, explain
from runfolio.core.scales import MOST_CATEGORIES

CHANCE = np.random.default_rng(3)


def numeric(name: str, values: Sequence[float] | Floats, without: Sequence[int] = ()) -> Level:
    """A param of numbers, which some runs do not have."""
    runs = np.arange(len(values))
    there = np.setdiff1d(runs, without)
    return level_of(param(name, numeric=True), Values(there, np.asarray(values, np.float64)[there]), runs)


def texts(name: str, values: Sequence[str]) -> Level:
    different = sorted(set(values))
    codes = np.array([different.index(value) for value in values])
    runs = np.arange(len(values))
    return level_of(param(name), Values(runs, np.full(len(runs), np.nan), codes, different), runs)


def order(found: Explanation) -> list[str]:
    return [one.column.key for one in found.params]


def told(found: Explanation) -> set[str]:
    return {one.column.key for one in found.params if one.told}


def test_what_the_metric_is_made_of_comes_first_and_the_rest_is_chance() -> None:
    made = CHANCE.normal(size=(8, 400))
    levels = [numeric(name, values) for name, values in zip("abcdefgh", made, strict=True)]
    found = explain(levels, 3 * made[3] - made[5] + 0.2 * CHANCE.normal(size=400))
    assert order(found)[:2] == ["d", "f"] and told(found) == {"d", "f"} and not found.doubt
    first, second, *others = found.params
    assert first.value == pytest.approx(0.9, abs=0.08) and second.value == pytest.approx(0.1, abs=0.06)
    assert first.correlation is not None and first.correlation.rho > 0.9
    assert second.correlation is not None and second.correlation.rho < -0.2
    assert all(abs(one.value) < 0.02 for one in others) and 0.9 < found.explained < 1


def test_chance_alone_explains_nothing_and_this_is_said() -> None:
    wrong = 0
    for seed in range(6):
        chance = np.random.default_rng(seed)
        levels = [numeric(str(at), chance.normal(size=80)) for at in range(6)]
        found = explain(levels, chance.normal(size=80))
        assert found.explained < 0.1 and found.doubt.startswith("These params do not explain it")
        wrong += len(told(found))
    assert wrong <= 2, "of 36 params"


def test_only_the_order_counts_so_that_scales_and_runs_that_diverged_do_not_matter() -> None:
    rates = 10 ** CHANCE.uniform(-5, -1, 120)
    metric = np.log10(rates) ** 2
    other = CHANCE.normal(size=120)
    expected = explain([numeric("lr", rates), numeric("b", other)], metric)
    wild = metric.copy()
    wild[metric.argmax()] = 1.7e308
    again = explain([numeric("lr", np.log10(rates)), numeric("b", 1e300 * other)], wild)
    assert [one.value for one in again.params] == [one.value for one in expected.params]
    assert explain([numeric("lr", rates), numeric("b", other)], metric) == expected, "the same each time"


def test_texts_are_told_apart_and_the_best_of_them_is_named() -> None:
    names = [("adamw", "lion", "sgd", "rmsprop")[at % 4] for at in range(160)]
    metric = np.array([{"lion": 1.0, "sgd": 0.2}.get(name, 0.5) for name in names]) + 0.05 * CHANCE.normal(size=160)
    found = explain([numeric("b", CHANCE.normal(size=160)), texts("optimizer", names)], metric)
    assert order(found)[0] == "optimizer" and told(found) == {"optimizer"}
    assert found.params[0].highest == "lion" and found.params[0].correlation is None
    own = texts("folder", [f"out/{at}" for at in range(160)])
    found = explain([own, texts("optimizer", names)], metric)
    assert found.left_out == ((param("folder"), MANY_TEXTS),) and order(found) == ["optimizer"]
    assert len(own.values) > MOST_CATEGORIES


def test_having_no_value_is_a_value_of_its_own() -> None:
    """Runs without a warm-up are worse; how long it is does not matter."""
    without = list(range(0, 120, 3))
    metric = np.where(np.isin(np.arange(120), without), 0.0, 1.0) + 0.1 * CHANCE.normal(size=120)
    levels = [numeric("warmup", CHANCE.normal(size=120), without), numeric("b", CHANCE.normal(size=120))]
    found = explain(levels, metric)
    assert order(found)[0] == "warmup" and told(found) == {"warmup"}
    assert found.params[0].correlation is not None and found.params[0].correlation.pairs == 80


@pytest.mark.parametrize(
    ("number", "same", "said"),
    [
        (9, False, "9 runs with a value: of fewer than 10 nothing can be said."),
        (0, False, "0 runs with a value"),
        (30, True, "All runs have the same value"),
        (20, False, "20 runs are few for 3 params"),
    ],
)
def test_where_there_is_little_to_say_this_is_said(number: int, same: bool, said: str) -> None:
    values = CHANCE.normal(size=(3, 40))
    metric = np.where(np.arange(40) < number, 1.0 if same else values[0], math.nan)
    found = explain([numeric(name, one) for name, one in zip("abc", values, strict=True)], metric)
    assert found.runs == number and found.doubt.startswith(said)
    assert bool(found.params) is (number == 20)


def test_runs_that_do_not_differ_have_nothing_to_explain_it_by() -> None:
    found = explain([numeric("epochs", np.full(30, 3.0))], CHANCE.normal(size=30))
    assert not found.params and found.doubt == "The runs do not differ in any param that could explain it."


def bowl(number: int, seed: int) -> tuple[list[Level], Floats]:
    """Runs that are best with a learning rate in between, a little better with one of two optimizers, and noisy."""
    chance = np.random.default_rng(seed)
    rates, which = 10 ** chance.uniform(-5, -1, number), chance.integers(0, 2, number)
    metric = 0.8 - 0.05 * (np.log10(rates) + 3) ** 2 + 0.03 * which + 0.02 * chance.normal(size=number)
    others = [numeric(name, chance.normal(size=number)) for name in "ab"]
    return [numeric("lr", rates), texts("optimizer", [("sgd", "adam")[at] for at in which]), *others], metric


def test_a_sweep_of_thirty_runs_tells_its_learning_rate_though_no_correlation_does() -> None:
    found = [explain(*bowl(30, seed)) for seed in range(6)]
    assert all("lr" in told(one) and order(one)[0] == "lr" for one in found)
    assert np.mean([one.explained for one in found]) == pytest.approx(0.55, abs=0.1), "as scikit-learn's has it"
    assert sum(one.params[0].bent for one in found) >= 5
    assert not any(told(one) & {"a", "b"} for one in found)
    assert all(one.few for one in found), "of the optimizer thirty runs cannot tell"
    assert "optimizer" in told(explain(*bowl(300, 0))) and not explain(*bowl(300, 0)).few


def test_a_grid_of_three_rates_and_two_optimizers_tells_both() -> None:
    """Both go with half of the variance and more, together with nearly all of it."""
    runs = [(rate, optimizer, seed) for rate in (1, 2, 3) for optimizer in ("adam", "sgd") for seed in range(5)]
    rates, optimizers, seeds = zip(*runs, strict=True)
    own = np.array([(0.9 if one == "adam" else 0.8) - 0.1 * abs(rate - 2) for rate, one, _ in runs])
    for seed in range(4):
        metric = own + 0.02 * np.random.default_rng(seed).normal(size=30)
        found = explain([numeric("lr", rates), texts("optimizer", optimizers), numeric("seed", seeds)], metric)
        assert told(found) == {"lr", "optimizer"} and found.explained > 0.5
        assert next(one for one in found.params if one.column.key == "lr").bent


def test_of_few_runs_that_are_chance_it_is_said_that_they_are_few() -> None:
    chance = np.random.default_rng(5)
    found = explain([numeric(name, chance.normal(size=24)) for name in "ab"], chance.normal(size=24))
    assert found.few and found.doubt.startswith("24 runs are too few to say what explains it")


def test_ranks_are_those_of_scikit_learn() -> None:
    ensemble, inspection = pytest.importorskip("sklearn.ensemble"), pytest.importorskip("sklearn.inspection")
    made = CHANCE.normal(size=(6, 500))
    metric = 4 * made[1] + 2 * made[4] + made[0] + 0.1 * CHANCE.normal(size=500)
    theirs = ensemble.RandomForestRegressor(64, min_samples_leaf=3, random_state=0).fit(made.T, metric)
    values = inspection.permutation_importance(theirs, made.T, metric, random_state=0).importances_mean
    found = explain([numeric(str(at), one) for at, one in enumerate(made)], metric)
    assert order(found)[:3] == [str(at) for at in np.argsort(-values)[:3]] == ["1", "4", "0"]


def test_what_nobody_waits_for_is_stopped() -> None:
    values = CHANCE.normal(size=(2, 50))
    with pytest.raises(Stopped):
        explain([numeric("a", values[0])], values[1], stopped=lambda: True)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_anything_is_explained_or_said_not_to_be(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, 24))
    some = st.floats() | st.sampled_from([0.0, 1.0, 1.797e308, -1.797e308])
    levels = []
    for name in "abc"[: data.draw(st.integers(0, 3))]:
        values = data.draw(st.lists(some, min_size=number, max_size=number))
        levels.append(numeric(name, values, data.draw(st.lists(st.integers(0, 23), max_size=5))))
    metric = np.array(data.draw(st.lists(some, min_size=number, max_size=number)), np.float64)
    found = explain(levels, metric)
    assert found.runs == int(np.isfinite(metric).sum())
    assert found.params or found.doubt
    assert list(found.params) == sorted(found.params, key=lambda one: -one.value)
    assert all(math.isfinite(one.value) and one.spread >= 0 for one in found.params)
    assert {one.column.key for one in found.params} <= {
        level.column.key for level in levels if level.column and len(set(level.codes.tolist()) - {NOTHING}) > 0
    }
