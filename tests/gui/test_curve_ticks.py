"""Ticks: round, few, and told apart by their texts."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runfolio.gui.curves import ticks
from runfolio.gui.curves.x_axes import X_AXES, Room, XAxis, x_ticks


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


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (1000, 1003, ["1000", "1001", "1002", "1003"]),
        (1000, 3000, ["1k", "1.5k", "2k", "2.5k", "3k"]),
        (100_000, 400_000, ["100k", "200k", "300k", "400k"]),
    ],
)
def test_prefixes_make_texts_shorter_or_are_left_out(low: float, high: float, texts: list[str]) -> None:
    step = ticks.spacing(low, high, 5)
    assert ticks.texts(ticks.multiples(low, high, step), step) == texts


@given(st.floats(-300, 307.9), st.floats(1e-10, 6))
@example(9.0, math.log10(1.0000000001))
@example(math.log10(0.99999), 1e-9)
@example(307.9, 0.3)
def test_texts_of_a_logarithmic_axis_differ_and_are_numbers(low: float, width: float) -> None:
    if width < abs(low) * 1e-10 or low + width > 308.25:
        return
    texts = ticks.log_texts(ticks.at_least_two(lambda count: (1.0, ticks.decades(low, low + width, count)), 5)[1])
    assert len(set(texts)) == len(texts) >= 2
    assert not any("inf" in text.lower() for text in texts)


@pytest.mark.parametrize("step", [0.25, 0.02, 0.001])
@pytest.mark.parametrize("start", [0.0, 59.99, 1_700_000_000.0])
def test_texts_of_parts_of_seconds_differ(start: float, step: float) -> None:
    moments = [start + number * step for number in range(12)]
    for texts in ([ticks.clock_text(one, step) for one in moments], [ticks.span_text(one, step) for one in moments]):
        assert len(set(texts)) == len(texts)


def test_texts_of_a_clock_stand_apart() -> None:
    """A text of a second's part takes more room than there is for the usual number of ticks."""
    room = Room(520.0, lambda text: 6.0 * len(text))
    for span in (0.05, 2.0, 20.0, 3600.0, 1e9):
        step, values = x_ticks(XAxis.TIME, False, 1.7e9, 1.7e9 + span, 10, room)
        texts = X_AXES[XAxis.TIME].texts(False, values, step)
        assert len(values) >= 2 and max(map(len, texts)) * 6 < step / span * 520


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
