"""How far a value lies from the baseline's, in text and in judgement."""

from __future__ import annotations

import math

import pytest

from runfolio.core.columns import DURATION, Column, metric, param, trend
from runfolio.core.deltas import delta_of
from runfolio.core.numbers import NumberFormat

ACC, LOSS, LR = metric("acc"), metric("loss"), param("lr", numeric=True)


@pytest.mark.parametrize(
    ("column", "value", "base", "text", "percentage", "better"),
    [
        (ACC, 0.95, 0.90, "▲0.05", "+5.56 %", True),
        (ACC, 0.81, 0.90, "▼0.09", "−10 %", False),
        (LOSS, 0.5, 1.0, "▼0.5", "−50 %", True),
        (LOSS, 1.5, 1.0, "▲0.5", "+50 %", False),
        (metric("loss", "count"), 20, 10, "▲10", "+100 %", None),
        (LR, 0.01, 0.001, "▲0.009", "+900 %", None),
        (ACC, -1.0, -2.0, "▲1", "+50 %", True),
        (ACC, 1.0, 0.0, "▲1", "", True),
    ],
)
def test_deltas(column: Column, value: float, base: float, text: str, percentage: str, better: bool | None) -> None:
    delta = delta_of(column, value, base, {})
    assert delta is not None
    assert (delta.text(), delta.percentage, delta.better) == (text, percentage, better)


def test_a_direction_that_was_chosen_counts() -> None:
    delta = delta_of(ACC, 0.95, 0.90, {"acc": True})
    assert delta is not None and delta.better is False
    assert delta.text(NumberFormat(3)) == "▲0.0500"


@pytest.mark.parametrize(
    ("column", "value", "base"),
    [
        (ACC, 0.9, 0.9),
        (ACC, None, 0.9),
        (ACC, 0.9, None),
        (ACC, math.nan, 0.9),
        (ACC, math.inf, 0.9),
        (param("kind"), "a", "b"),
        (LR, 0.1, "a text"),
        (DURATION, 5, 3),
        (trend("acc"), 0.1, 0.2),
    ],
)
def test_nothing_to_tell(column: Column, value: object, base: object) -> None:
    assert delta_of(column, value, base, {}) is None
