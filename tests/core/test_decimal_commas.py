"""What is told of numbers with commas."""

from __future__ import annotations

import pytest

from runfolio.core.decimal_commas import comma_hint


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0,85", "0.85"),
        (" -1,5e-3 ", "-1.5e-3"),
        ("1.234,5", "1234.5"),
        ("1,234", "1.234 or 1234"),
        ("1,234,567.5", "1234567.5"),
    ],
)
def test_a_number_with_a_comma_is_told_as_it_is_to_be_written(typed: str, meant: str) -> None:
    assert comma_hint(typed) == f"{typed.strip()} is kept as a text: the number is written {meant}."


@pytest.mark.parametrize("typed", ["0.85", "", ",", "a,b", "1,2,3", "0,85 s", "1e3", "5,", "1" * 50 + ",5"])
def test_nothing_is_told_of_other_texts(typed: str) -> None:
    assert comma_hint(typed) == ""
