"""Ticks: round, few, and told apart by their texts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.gui.curves import ticks


@given(st.floats(-1e12, 1e12), st.floats(1e-6, 1e12), st.integers(2, 12))
def test_ticks_are_few_and_never_none(low: float, width: float, count: int) -> None:
    if low + width == low or width < abs(low) * 1e-9:
        return
    step = ticks.spacing(low, low + width, count)
    assert 1 <= len(ticks.multiples(low, low + width, step)) <= 1.2 * count + 2


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9))
def test_number_texts_of_neighbours_differ(low: float, width: float) -> None:
    if width < abs(low) * 1e-6:
        return
    step = ticks.spacing(low, low + width, 5)
    texts = ticks.texts(ticks.multiples(low, low + width, step), step)
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (0.0, 0.25, "0"),
        (0.25, 0.25, "0.25"),
        (1.0, 0.25, "1.00"),
        (20_000, 20_000, "20k"),
        (2_500, 500, "2.5k"),
        (100_000, 1, "100k"),
        (100_001, 1, "100.001k"),
        (1_500_000, 500_000, "1.5M"),
        (-0.5, 0.5, "-0.5"),
        (2e-5, 1e-5, "2e-5"),
        (4e25, 2e25, "4e25"),
        (-1e302, 5e301, "-1.0e302"),
    ],
)
def test_number_text(value: float, step: float, text: str) -> None:
    assert ticks.number_text(value, step) == text


def test_steps_have_whole_ticks() -> None:
    assert ticks.spacing(0, 3, 6, whole=True) == 1


def test_a_short_logarithmic_axis_has_round_values() -> None:
    exponents = ticks.decades(math.log10(0.2), math.log10(0.9), 5)
    assert [ticks.log_text(exponent) for exponent in exponents] == ["0.2", "0.4", "0.6", "0.8"]


def test_a_long_logarithmic_axis_has_decades() -> None:
    assert [ticks.log_text(exponent) for exponent in ticks.decades(-6, 3, 10)] == (
        ["1e-6", "1e-5", "0.0001", "0.001", "0.01", "0.1", "1", "10", "100", "1k"]
    )


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0"), (45, "45s"), (90, "1m 30s"), (3600, "1h"), (7500, "2h 05m"), (273_600, "3d 4h")]
)
def test_span_text(seconds: float, text: str) -> None:
    assert ticks.span_text(seconds) == text


def test_time_ticks_are_what_clocks_show() -> None:
    assert ticks.time_spacing(0, 3600, 5) == 900
    assert ticks.time_spacing(0, 10 * 365 * 86400, 5) >= 365 * 86400


def test_a_moment_outside_of_the_calendar_has_no_text() -> None:
    assert ticks.clock_text(1e18, 60) == ""
    assert ticks.zone_offset(1e18) == 0.0


@given(st.floats(-3, 3), st.floats(0.05, 6), st.booleans())
def test_an_axis_however_short_has_two_ticks(low: float, width: float, log: bool) -> None:
    def make(count: int) -> tuple[float, list[float]]:
        if log:
            return 1.0, ticks.decades(low, low + width, count)
        step = ticks.spacing(low, low + width, count)
        return step, ticks.multiples(low, low + width, step)

    step, places = ticks.at_least_two(make, 2)
    assert 2 <= len(places) <= 7
    texts = [ticks.log_text(place) for place in places] if log else ticks.texts(places, step)
    assert len(set(texts)) == len(texts)
