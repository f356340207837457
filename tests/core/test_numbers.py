"""Numbers are written with the digits that matter, and never with ones that are not there."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core import numbers
from runfolio.core.numbers import NumberFormat, Written, column_format


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([0.9567, 0.9493, 0.8961], ["0.9567", "0.9493", "0.8961"]),
        ([0.19, 0.203, 0.32], ["0.1900", "0.2030", "0.3200"]),
        ([0.99951, 0.99958], ["0.999510", "0.999580"]),
        ([128.0, 256.0], ["128", "256"]),
        ([12.3456, 1.5], ["12.35", "1.50"]),
        ([1234567.0, 2.0], ["1,234,567", "2"]),
        ([3.2e-5, 1.5e-4], ["3.200e-05", "1.500e-04"]),
        ([2.3, -0.5], ["2.300", "\N{MINUS SIGN}0.500"]),
        ([0.0, 0.0], ["0", "0"]),
        ([2.5e12, 1.0], ["2.500e+12", "1.000e+00"]),
        ([7.0, 2.1, 0.2, 1e9], ["7.000", "2.100", "0.200", "1.000e+09"]),
        ([7.0, 14.0, 1002.0, 1.2345e19], ["7", "14", "1,002", "1.234e+19"]),
        ([0.5, 0.25, 0.125, -3e7], ["0.5000", "0.2500", "0.1250", "\N{MINUS SIGN}3.000e+07"]),
        ([2.5, 1.25, 0.5, 1e-5], ["2.500", "1.250", "0.500", "1.0e-05"]),
        ([0.0, 0.0, 0.0, 2e-5], ["0", "0", "0", "2.000e-05"]),
    ],
)
def test_a_column_has_one_format(values: list[float], texts: list[str]) -> None:
    chosen = column_format(values)
    assert [chosen.text(v) for v in values] == texts


def test_what_would_vanish_gets_an_exponent() -> None:
    assert NumberFormat(3).text(0.00004) == "4.0e-05"
    assert NumberFormat(3).text(0.0) == "0.000"


def test_values_far_below_the_largest_of_a_column_can_be_told_apart() -> None:
    chosen = column_format([190.0, 0.1])
    assert [chosen.text(v) for v in (190.0, 0.113, 0.108, 7.0)] == ["190.0", "0.113", "0.108", "7.00"]


def test_values_that_are_not_finite_are_shown_and_do_not_count() -> None:
    chosen = column_format([math.nan, math.inf, 0.5])
    assert chosen == column_format([0.5])
    assert [chosen.text(v) for v in (math.nan, math.inf, -math.inf)] == ["NaN", "∞", "\N{MINUS SIGN}∞"]


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=8))
def test_every_column_can_be_written(values: list[float]) -> None:
    chosen = column_format(values)
    assert all(0 < len(chosen.text(v)) < 24 for v in values)
    assert all(numbers.short(v) and numbers.exact(v) for v in values)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_exact_text_reads_back(value: float) -> None:
    text = numbers.exact(value)
    assert float(text) == value and not text.endswith(".0")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0.0014285714285714286", "0.00142857"),
        ("-3.3333333333333335e-05", "-3.33333e-05"),
        ("12345.678901234567", "12345.7"),
        ("0.123456789", "0.123456789"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("0.9999999912345", "0.9999999912345"),
        ("1234567.8901234567", "1234567.8901234567"),
        ("123456.78901234567", "123456.78901234567"),
        ("12345678901234567890", "12345678901234567890"),
        ("9007199254740993.0", "9007199254740993.0"),
        ("00.00142857142857142", "00.00142857142857142"),
        ("0.12345678901234567890", "0.12345678901234567890"),
        ("1.10", "1.10"),
        ("1e400", "1e400"),
        ("٣.1234567890123", "٣.1234567890123"),
    ],
)
def test_only_fractions_that_a_computation_made_are_shortened(text: str, shown: str) -> None:
    assert numbers.setting(text) == shown


@given(st.floats(allow_nan=False, allow_infinity=False).map(repr) | st.text(max_size=30))
def test_a_shortened_setting_is_the_same_to_six_digits_and_still_a_fraction(text: str) -> None:
    shown = numbers.setting(text)
    assert shown == text or ("." in shown and math.isclose(float(shown), float(text), rel_tol=1e-5))


def test_a_number_as_it_was_written_is_a_number_but_equal_only_if_written_alike() -> None:
    version = Written("1.10", 1.1)
    assert version == 1.1 and version < 1.2 and version + 1 == 2.1 and hash(version) == hash(1.1)
    assert version != Written("1.1", 1.1) and version == Written("1.10", 1.1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.001, "0.001"),
        (0.0003, "0.0003"),
        (1e-5, "1e-5"),
        (128.0, "128"),
        (0.05, "0.05"),
        (1 / 3, "0.333333"),
        (-0.5, "\N{MINUS SIGN}0.5"),
        (2.5e9, "2.5e9"),
        (math.nan, "NaN"),
    ],
)
def test_settings_are_written_as_people_write_them(value: float, text: str) -> None:
    assert numbers.short(value) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (1940, "1,940"),
        (9999, "9,999"),
        (10_000, "10k"),
        (38_400, "38.4k"),
        (999_949, "1M"),
        (1_200_000, "1.2M"),
        (123_456_789, "123M"),
        (-12_000, "\N{MINUS SIGN}12k"),
    ],
)
def test_counts(number: int, text: str) -> None:
    assert numbers.count(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 B"), (999, "999 B"), (1_000, "1 kB"), (46_000_000, "46 MB"), (1_400_000_000, "1.4 GB")],
)
def test_sizes(number: int, text: str) -> None:
    assert numbers.size(number) == text


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (-5, "0ms"),
        (850, "850ms"),
        (4_250, "4.2s"),
        (59_999, "59s"),
        (60_000, "1m 00s"),
        (778_000, "12m 58s"),
        (3_600_000 * 3 + 7 * 60_000, "3h 07m"),
        (86_400_000 * 2 + 4 * 3_600_000, "2d 04h"),
    ],
)
def test_durations(milliseconds: int, text: str) -> None:
    assert numbers.duration(milliseconds) == text


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (-60_000, "just now"),
        (3_000, "just now"),
        (40_000, "40 s ago"),
        (125_000, "2 min ago"),
        (72 * 60_000, "72 min ago"),
        (5 * 3_600_000, "5 h ago"),
        (3 * 86_400_000, "3 d ago"),
    ],
)
def test_ages(passed: int, text: str) -> None:
    assert numbers.age(1_700_000_000_000 - passed, 1_700_000_000_000) == text


def test_long_ago_is_a_date() -> None:
    moment = 1_700_000_000_000
    assert numbers.age(moment, moment + 30 * numbers.DAY) == numbers.date(moment)
    assert numbers.date(moment).startswith("2023-11-1")
    assert numbers.full_time(moment).startswith(numbers.date(moment))
