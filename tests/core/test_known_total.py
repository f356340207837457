"""What a run has said of its length is found, and the time that is left is told as roughly as it is known."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.curves import Points
from runfolio.core.known_total import TOTAL_TAG, Total, known_total, last_step, left_text, seconds_left

NOW = 1_700_000_000_000


def points(steps: list[int], times: list[int]) -> Points:
    """Points at steps and seconds, of which the last is now."""
    return Points(
        np.array(steps, np.int64),
        NOW + 1000 * (np.array(times, np.int64) - (times[-1] if times else 0)),
        np.zeros(len(steps)),
    )


@pytest.mark.parametrize(
    ("params", "tags", "total"),
    [
        ({}, {}, None),
        ({"max_steps": "1000"}, {}, Total(1000, "max_steps")),
        ({"max_steps": "-1", "epochs": "40"}, {}, Total(40, "epochs", epochs=True)),
        ({"max_steps": "None", "total_steps": "1e5"}, {}, Total(100_000, "total_steps")),
        ({"epochs": "3.5", "n_epochs": "nan", "num_epochs": "inf"}, {}, None),
        ({"max_steps": "1000"}, {TOTAL_TAG: "2000"}, Total(2000, TOTAL_TAG)),
        ({"max_steps": "9" * 400}, {TOTAL_TAG: ""}, None),
    ],
)
def test_the_total_is_what_params_and_tags_say(
    params: dict[str, str], tags: dict[str, str], total: Total | None
) -> None:
    assert known_total(params, tags) == total


def test_epochs_count_only_where_steps_are_epochs() -> None:
    epochs = Total(40, "epochs", epochs=True)
    assert last_step(epochs, points([0, 1, 2], [0, 1, 2])) == 40
    assert last_step(epochs, points([0, 10, 20], [0, 1, 2])) is None  # every tenth batch
    assert last_step(epochs, points([39, 40, 41], [0, 1, 2])) is None  # there are more than it has said
    assert last_step(epochs, points([7], [0])) is None and last_step(epochs, points([], [])) is None
    assert last_step(Total(40, "max_steps"), points([0, 10, 20], [0, 1, 2])) == 40


@given(st.integers(0, 1000), st.integers(1, 50), st.integers(2, 300), st.floats(0.01, 1000), st.integers(0, 100_000))
def test_a_steady_pace_is_found_exactly(first: int, stride: int, count: int, pace: float, rest: int) -> None:
    steps = first + stride * np.arange(count)
    times = NOW + np.round(1000 * pace * (steps - steps[-1])).astype(np.int64)
    left = seconds_left(Points(steps, times, np.zeros(count)), int(steps[-1]) + rest, NOW)
    if times[-1] == times[max(0, count - 100)]:
        assert left is None
    else:
        assert left == pytest.approx(rest * pace, rel=0.1 if pace * stride < 0.1 else 0.02)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5000)), max_size=20), st.integers(0, 10**6))
def test_what_is_left_is_never_below_nothing(found: list[tuple[int, int]], silent: int) -> None:
    ordered = sorted(found, key=lambda point: point[0])
    given = points([step for step, _ in ordered], [time for _, time in ordered])
    left = seconds_left(given, 100, NOW + 1000 * silent)
    assert left is None or (left >= 0 and np.isfinite(left))


def test_the_pace_is_that_of_late_and_silence_is_not_waited_for() -> None:
    slow_then_fast = points([*range(500), *range(500, 601)], [*(10 * i for i in range(500)), *range(5000, 5101)])
    assert seconds_left(slow_then_fast, 700, NOW) == 100
    assert seconds_left(slow_then_fast, 700, NOW + 20_000) == 80
    assert seconds_left(slow_then_fast, 700, NOW + 61_000) is None
    assert seconds_left(points([1, 2, 3], [0, 100, 200]), 10, NOW + 400_000) == 300


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than a minute left"),
        (89, "about 1 min left"),
        (12.4 * 60, "about 12 min left"),
        (33 * 60, "about 35 min left"),
        (58 * 60, "about 1 h left"),
        (2.4 * 3600, "about 2 h 30 min left"),
        (7.6 * 3600, "about 8 h left"),
        (70 * 3600, "about 3 days left"),
        (1e300, "years left"),
    ],
)
def test_the_rest_is_told_roughly(seconds: float, text: str) -> None:
    assert left_text(seconds) == text


@given(st.floats(60, 1e7))
def test_no_text_is_off_by_more_than_a_third(seconds: float) -> None:
    units = {"min": 60, "h": 3600, "days": 86400}
    told = sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+) (min|h|days)", left_text(seconds)))
    assert told == pytest.approx(seconds, rel=0.34)
