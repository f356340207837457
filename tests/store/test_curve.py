"""Curves of any length against all points.

What holds of a curve made from the pyramid, with `w` the width of a column of pixels (the shown range / `pixels`):

* every corner is a logged point, in the order of steps, and infinities and NaN are gaps;
* the extremes of the shown range are drawn exactly if they are more than 2 w inside, and those of the whole series
  always are;
* over any stretch [a, b], what is drawn within [a - 2 w, b + 2 w] reaches the stretch's minimum and maximum, and what
  is drawn within the stretch does not go beyond them. So a column may lack an extreme only when a neighbour shows it;
* a point that alone is highest or lowest among those up to 2 w away is drawn;
* the numbers of points and of those that are not finite are exact.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.core.curves import Curve, Floats, reduce
from runfolio.store import Store, curves, open_store, series
from tests.store.script import Script, new_store, same_bits

BIG = 200_000


@dataclass(frozen=True)
class Logged:
    """A store with long series of one run."""

    store: Store
    run: int
    points: dict[str, tuple[Floats, Floats]]


def noise(count: int) -> Floats:
    random = np.random.default_rng(5)
    values = np.cumsum(random.normal(0, 1, count)) * 0.01 + random.normal(0, 1, count)
    values[random.integers(0, count, 30)] += random.choice([-50.0, 50.0], 30)
    return np.asarray(values)


def with_gaps(count: int) -> Floats:
    values = noise(count)
    values[count // 3 : count // 2] = math.nan
    values[10:20] = math.inf
    values[-5:] = -math.inf
    values[::1000] = math.nan
    return values


def log_all(store: Store, points: dict[str, tuple[Floats, Floats]]) -> int:
    """Log the series in passes of various sizes, interleaved."""
    with Script(store) as script:
        run = script.start()
        for at in range(0, BIG, 60_001):
            part = slice(at, at + 60_001)
            for key, (x, y) in points.items():
                script.log(run, key, y[part].tolist(), x[part].astype(np.int64).tolist())
            script.take()
        return script.number(run)


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logged]:
    """Series that are long enough for the pyramid: regular, with gaps in steps and values, and out of order."""
    x = np.arange(BIG, dtype=np.float64)
    random = np.random.default_rng(6)
    uneven = np.cumsum(random.choice([0, 1, 1, 2, 500], BIG)).astype(np.float64)
    points = {"regular": (x, noise(BIG)), "uneven": (uneven, with_gaps(BIG))}
    path: Path = tmp_path_factory.mktemp("curves")
    store = open_store(path)
    run = log_all(store, points)
    yield Logged(store, run, points)
    store.close()


def shown(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


def corners(x: Floats, y: Floats) -> np.ndarray[tuple[int], np.dtype[np.complex128]]:
    return np.asarray(x + 1j * np.nan_to_num(shown(y), nan=1e9))


def lowest(values: Floats) -> float:
    return float(np.nanmin(values, initial=math.inf))


def highest(values: Floats) -> float:
    return float(np.nanmax(values, initial=-math.inf))


def within(x: Floats, low: float | None, high: float | None) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray((x >= (-math.inf if low is None else low)) & (x <= (math.inf if high is None else high)))


def assert_true_to(
    found: Curve, x: Floats, y: Floats, low: float | None, high: float | None, pixels: int, stretches: int = 50
) -> None:
    """Check everything the module's docstring says."""
    asked = within(x, low, high)
    assert found.points == asked.sum()
    assert found.non_finite == (asked & ~np.isfinite(y)).sum()
    assert (np.diff(found.x) >= 0).all()
    assert len(found.x) <= max(4 * (pixels + 1), 4 * pixels) + 2
    around = within(x, *(found.x[[0, -1]] if len(found.x) else (0.0, -1.0)))
    assert np.isin(corners(found.x, found.y), corners(x[around], y[around])).all()
    if not asked.any():
        return
    left, right = x[asked][0], x[asked][-1]
    width = (right - left) / pixels
    drawn = found.y[within(found.x, left, right)]
    assert lowest(drawn) == lowest(shown(y[asked]))
    assert highest(drawn) == highest(shown(y[asked]))
    random = np.random.default_rng(pixels)
    for a, length in zip(random.uniform(left, right, stretches), random.uniform(0, 20, stretches), strict=True):
        b = min(a + length * width, right)
        truth = shown(y[within(x, a, b)])
        near = found.y[within(found.x, max(a - 2 * width, left), min(b + 2 * width, right))]
        exact = found.y[within(found.x, a, b)]
        assert lowest(near) <= lowest(truth)
        assert highest(near) >= highest(truth)
        assert lowest(exact) >= lowest(truth)
        assert highest(exact) <= highest(truth)


@pytest.mark.parametrize("key", ["regular", "uneven"])
@pytest.mark.parametrize("pixels", [1, 60, 1000, 4000])
def test_a_whole_series(logged: Logged, key: str, pixels: int) -> None:
    x, y = logged.points[key]
    found = curves.curve(logged.store, logged.run, key, pixels=pixels)
    assert found.reduced
    assert_true_to(found, x, y, None, None, pixels)


@settings(max_examples=25)
@given(st.data())
def test_any_zoom(logged: Logged, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(["regular", "uneven"]))
    x, y = logged.points[key]
    # Any place by the number of a point, and places far outside.
    place = st.none() | st.integers(0, BIG - 1).map(lambda i: float(x[i])) | st.floats(-2 * x[-1], 3 * x[-1])
    low, high = data.draw(place), data.draw(place)
    if low is not None and high is not None and low > high:
        low, high = high, low
    pixels = data.draw(st.integers(1, 2000))
    found = curves.curve(logged.store, logged.run, key, low, high, pixels)
    assert_true_to(found, x, y, low, high, pixels)
    if within(x, low, high).sum() <= 4 * pixels and not found.reduced:
        exact = reduce(x, y, low, high, pixels)
        assert set(found.x.tolist()) == set(exact.x.tolist())


@pytest.mark.parametrize("at", [0, 127, 8192, 150_001, BIG - 1])
def test_a_spike_of_one_point_is_drawn(store: Store, at: int) -> None:
    values = np.zeros(BIG)
    values[at] = 1.0
    with Script(store) as script:
        run = script.start()
        script.log(run, "loss", values.tolist())
        script.take()
        number = script.number(run)
    for pixels in (1, 10, 100, 1000, 5000):
        for low, high in ((None, None), (at - 70_000, at + 100_000), (at, None), (None, at)):
            found = curves.curve(store, number, "loss", low, high, pixels)
            assert set(found.x[found.y == 1.0]) == {at}


def test_a_thousand_spikes_are_drawn_at_a_thousand_zooms(store: Store) -> None:
    """A point that is higher than all others up to two columns of pixels away, wherever it is and however it is looked
    at, and nothing higher than what was logged there."""
    random = np.random.default_rng(7)
    places = np.sort(random.choice(2 * BIG, 1000, replace=False))
    values = np.zeros(2 * BIG)
    values[places] = random.permutation(1000) + 1.0
    with Script(store) as script:
        run = script.start()
        script.log(run, "loss", values.tolist())
        script.take()
        number = script.number(run)
    alone = 0
    for at in places.tolist():
        span, pixels = float(10 ** random.uniform(1, 5.6)), int(random.integers(50, 2000))
        low = at - random.uniform(0, span)
        found = curves.curve(store, number, "loss", low, low + span, pixels)
        width = (min(low + span, 2 * BIG - 1) - max(low, 0.0)) / pixels
        near = values[max(0, math.ceil(at - 2 * width)) : math.floor(at + 2 * width) + 1]
        assert set(zip(found.x, found.y, strict=True)) <= set(zip(found.x, values[found.x.astype(int)], strict=True))
        if near.max() == values[at]:
            alone += 1
            assert values[at] in found.y[found.x == at]
    assert alone > 500


def test_a_wide_gap_of_nan_is_a_gap_in_the_curve(logged: Logged) -> None:
    x, _ = logged.points["uneven"]
    found = curves.curve(logged.store, logged.run, "uneven", pixels=500)
    gap = within(found.x, x[BIG // 3] + 2 * x[-1] / 500, x[BIG // 2] - 2 * x[-1] / 500)
    assert gap.sum() > 10
    assert np.isnan(found.y[gap]).all()


def test_a_curve_that_is_read_deeply_is_exact(logged: Logged) -> None:
    x, y = logged.points["regular"]
    found = curves.curve(logged.store, logged.run, "regular", 150_000.0, 150_100.0)
    assert not found.reduced
    assert found.x.tolist() == list(range(149_999, 150_102))
    assert same_bits(found.y, y[149_999:150_102])
    assert len(series.points(logged.store, logged.run, "regular")) == len(x)


def test_between_two_points_the_line_runs_through(logged: Logged) -> None:
    x, y = logged.points["uneven"]
    wide = int(np.flatnonzero(np.diff(x) == 500)[1000])
    for at in (wide, *np.flatnonzero(np.diff(x) == 500)[::3000]):
        found = curves.curve(logged.store, logged.run, "uneven", x[at] + 100, x[at] + 200)
        assert found.points == 0
        assert found.x.tolist() == [x[at], x[at + 1]]
        assert np.array_equal(found.y, shown(y[at : at + 2]), equal_nan=True)


@pytest.mark.parametrize(("low", "high", "x"), [(-20.0, -10.0, [0.0]), (1e6, 2e6, [BIG - 1.0]), (1e300, None, None)])
def test_beyond_the_data(logged: Logged, low: float, high: float | None, x: list[float] | None) -> None:
    found = curves.curve(logged.store, logged.run, "regular", low, high)
    assert found.points == 0
    assert found.x.tolist() == (x or [BIG - 1.0])


def test_no_series_and_one_point(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        script.log(run, "one", [3.0], [7])
        script.log(run, "nan", [math.nan], [7])
        script.take()
        number = script.number(run)
    assert len(curves.curve(store, number, "no such metric").x) == 0
    assert len(series.points(store, number, "no such metric")) == 0
    assert curves.curve(store, 999, "one").points == 0
    one = curves.curve(store, number, "one")
    assert (one.x.tolist(), one.y.tolist(), one.points, one.reduced) == ([7.0], [3.0], 1, False)
    nan = curves.curve(store, number, "nan", 0.0, 10.0, 5)
    assert (nan.points, nan.non_finite, math.isnan(nan.y[0])) == (1, 1, True)


STEPS = st.lists(st.integers(0, 300), min_size=1, max_size=200)


@settings(max_examples=25)
@given(STEPS, st.lists(st.integers(1, 60), max_size=6), st.integers(0, 300), st.integers(0, 60), st.integers(1, 30))
def test_steps_in_any_order_and_any_chunks(steps: list[int], cuts: list[int], low: int, span: int, pixels: int) -> None:
    values = np.arange(len(steps), dtype=np.float64)
    with new_store() as store, Script(store) as script:
        run = script.start()
        at = 0
        for size in [*cuts, len(steps)]:
            script.log(run, "loss", values[at : at + size].tolist(), steps[at : at + size])
            script.take()
            at += size
        number = script.number(run)
        found = curves.curve(store, number, "loss", low, low + span, pixels)
        whole = curves.curve(store, number, "loss", pixels=1000)
    order = np.argsort(steps, kind="stable")
    x, y = np.array(steps, np.float64)[order], values[order]
    expected = reduce(x, y, low, low + span, pixels)
    assert (found.points, found.non_finite, found.reduced) == (expected.points, 0, expected.reduced)
    assert found.x.tolist() == expected.x.tolist()
    assert found.y.tolist() == expected.y.tolist()
    assert whole.x.tolist() == x.tolist()
    assert whole.y.tolist() == y.tolist()


def test_a_long_series_out_of_order(store: Store) -> None:
    steps = np.concatenate([np.arange(100_000, 200_000), np.arange(100_000)])
    values = noise(200_000)
    with Script(store) as script:
        run = script.start()
        script.log(run, "loss", values.tolist(), steps.tolist())
        script.take()
        number = script.number(run)
    order = np.argsort(steps, kind="stable")
    x, y = steps[order].astype(np.float64), values[order]
    for low, high in ((None, None), (99_000.0, 101_000.0)):
        assert_true_to(curves.curve(store, number, "loss", low, high, 300), x, y, low, high, 300)


def test_metric_keys(logged: Logged) -> None:
    assert series.metric_keys(logged.store, [logged.run, 999]) == ["regular", "uneven"]
    assert series.metric_keys(logged.store, []) == []


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, dict[int, tuple[Floats, Floats]]]]:
    """Runs of all lengths, some with chunks that are too short for an envelope between or after those that have one."""
    path: Path = tmp_path_factory.mktemp("many")
    store = open_store(path)
    points = {}
    with Script(store) as script:
        for length, passes in (
            (1, 1),
            (300, 3),
            (900, 2),
            (5000, 4),
            (20_000, 1),
            (20_000, 1),
            (40_000, 9),
            (140_000, 1),
        ):
            run, at = script.start(), 0
            values = noise(length)
            for part in np.array_split(values, passes):
                script.log(run, "loss", part.tolist(), list(range(at, at + len(part))))
                script.take()
                at += len(part)
            script.log(run, "loss", [7.0, 8.0], [at, at + 1])
            script.take()
            points[script.number(run)] = np.arange(at + 2.0), np.append(values, [7.0, 8.0])
        script.start()
        script.take()
    yield store, points
    store.close()


@settings(max_examples=25)
@given(data=st.data())
def test_curves_of_several_runs_are_those_of_each(
    many: tuple[Store, dict[int, tuple[Floats, Floats]]], data: st.DataObject
) -> None:
    store, points = many
    runs = data.draw(st.sets(st.sampled_from([*points, max(points) + 1, 999])))
    place = st.none() | st.floats(-10, 200_000)
    low, high = sorted([data.draw(place), data.draw(place)], key=lambda end: -math.inf if end is None else end)
    pixels = data.draw(st.sampled_from([1, 50, 400, 2000]))
    found = curves.curves(store, runs, "loss", low, high, pixels)
    assert set(found) == runs & set(points)
    for run, drawn in found.items():
        assert_true_to(drawn, *points[run], low, high, pixels, stretches=5)
        alone = curves.curve(store, run, "loss", low, high, pixels)
        assert same_bits(drawn.x, alone.x) and same_bits(drawn.y, alone.y)
