"""Regular expressions of users: what they find is what Python finds, and none goes on for ever."""

from __future__ import annotations

import re
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core import patterns
from runfolio.core.patterns import TimedSearch, check

PIECES = ["a", "b", "é", ".", r"\d", r"\w", "[ab]", "[^a]", "(a|b)", "(?:ab)", "^", "$", r"\b", "(?=a)", "1", r"\."]
EXPRESSIONS = st.lists(
    st.builds(str.__add__, st.sampled_from(PIECES[:10]), st.sampled_from(["", "*", "+", "?", "{2}"]))
    | st.sampled_from(PIECES),
    min_size=1,
    max_size=5,
).map("".join)
ENDLESS = "(a|aa)+$"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "MOST_SECONDS", 0.05)


@given(EXPRESSIONS, st.text("abé1. \n", max_size=12))
def test_what_is_found_is_what_python_finds(expression: str, text: str) -> None:
    assert TimedSearch().found(text, expression) is (re.search(expression, text) is not None)


@pytest.mark.parametrize("expression", [ENDLESS, r"(\w+\s?)+:", "(a|a)(a|a)*b", "(.*)*=", r"(?:a|a)*\1?(b)"])
def test_one_without_an_end_is_given_up(hurried: None, expression: str) -> None:
    search = TimedSearch()
    try:
        search.found("a" * 60 + "!", expression)
    except TimeoutError:
        assert search.too_slow == expression


def test_time_is_counted_over_all_texts_until_it_is_started_again(hurried: None) -> None:
    search = TimedSearch()
    with pytest.raises(TimeoutError):
        search.found("a" * 60 + "!", ENDLESS)
    with pytest.raises(TimeoutError):
        search.found("aa", ENDLESS)
    assert search.found("aa", "a.a|aa"), "a harmless one is looked for still"
    search.start()
    assert not search.too_slow and search.found("aa", ENDLESS)


@pytest.mark.parametrize(
    "expression", ["(a|b)*", "(a)+", "(a|b)(c|d)", "a*b*", "(?R)", "(?:a)", "a{2}{2}", "(a{2}|b)?"]
)
def test_what_may_multiply_its_ways_is_looked_for_by_the_clock(expression: str) -> None:
    assert not patterns._is_harmless(expression)


@pytest.mark.parametrize("expression", ["^resnet(18|50)$", r"^v\d+$", "a.*b", "(?i)50%", "lr_[0-9]+", "(a|b)c?"])
def test_what_most_people_write_is_looked_for_without_it(expression: str) -> None:
    assert patterns._is_harmless(expression)


def test_very_many_texts_take_the_time_they_need(hurried: None) -> None:
    search = TimedSearch()
    began = thread_time()
    assert not any(search.found(f"lr0.1-w{number}", r"^lr.*-x\d+$") for number in range(40_000))
    assert thread_time() - began > patterns.MOST_SECONDS


@pytest.mark.parametrize("expression", ["(", "[", "*a", "(?P<a", "a{2", "\\"])
def test_what_is_no_expression_is_told(expression: str) -> None:
    try:
        re.compile(expression)
    except re.error:
        with pytest.raises(ValueError, match=" at "):
            check(expression)
    else:
        check(expression)


@pytest.mark.parametrize("expression", ["(?:(?:a{1,9999}){1,9999}){1,9999}", "(" * 400 + ")" * 400, "x{0,4000000000}"])
def test_one_that_is_large_is_read_or_refused_and_ends(hurried: None, expression: str) -> None:
    try:
        check(expression)
        TimedSearch().found("a" * 200 + "!", expression)
    except (ValueError, TimeoutError):
        pass
