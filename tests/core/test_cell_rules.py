"""Conditional formats: which values are marked, and what a user may type."""

from __future__ import annotations

import math

import pytest

from runfolio.core.cell_rules import CellRule, Comparison, Tone, rule_of, tone_of, typed_value
from runfolio.core.columns import DURATION, metric, param
from runfolio.core.errors import InvalidValue

ACC, KIND = metric("acc"), param("kind")


@pytest.mark.parametrize(
    ("comparison", "typed", "value", "fits"),
    [
        (">", "0.9", 0.91, True),
        (">", "0.9", 0.9, False),
        (">=", "0.9", 0.9, True),
        ("<", "\N{MINUS SIGN}1", -2.0, True),
        ("<=", "0.9", math.nan, False),
        ("<", "1", "a text", False),
        (">", "0", None, False),
        ("=", "1", 1.0, True),
        ("=", "Adam", "adam", True),
        ("!=", "adam", "sgd", True),
        ("!=", "adam", None, False),
        ("contains", "DAM", "AdamW", True),
        ("contains", "1", 10, True),
    ],
)
def test_which_values_fit(comparison: str, typed: str, value: object, fits: bool) -> None:
    assert rule_of(ACC, Comparison(comparison), typed, Tone.OK).fits(value) is fits


@pytest.mark.parametrize(
    ("typed", "again"), [("5", "5s"), ("2h30m", "150m"), ("0.5", "500ms"), ("0", "0"), ("-1", "-1")]
)
def test_a_duration_is_compared_with_seconds_or_a_span(typed: str, again: str) -> None:
    rule = rule_of(DURATION, Comparison.AT_LEAST, typed, Tone.BAD)
    assert typed_value(rule) == again and rule_of(DURATION, Comparison.AT_LEAST, again, Tone.BAD) == rule
    seconds = {"5": 5, "2h30m": 9000, "0.5": 0.5, "0": 0, "-1": -1}[typed]
    assert rule.fits(round(seconds * 1000)) and not rule.fits(round(seconds * 1000) - 1)
    with pytest.raises(InvalidValue, match="no span of time"):
        rule_of(DURATION, Comparison.AT_LEAST, "long", Tone.BAD)


@pytest.mark.parametrize("typed", ["", "much", "0,9"])
def test_less_and_greater_want_a_number(typed: str) -> None:
    with pytest.raises(InvalidValue, match="no number"):
        rule_of(ACC, Comparison.LESS, typed, Tone.BAD)


def test_the_first_rule_of_the_column_that_fits_counts() -> None:
    rules = (
        CellRule(KIND, Comparison.CONTAINS, "", Tone.OK),
        CellRule(ACC, Comparison.LESS, 0.5, Tone.BAD),
        CellRule(ACC, Comparison.LESS, 0.9, Tone.WARN),
    )
    assert [tone_of(rules, ACC, value) for value in (0.1, 0.6, 0.95, None)] == [Tone.BAD, Tone.WARN, None, None]
    assert len({tone.shape for tone in Tone}) == len(Tone)
