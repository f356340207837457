"""Differences line by line: they are true, whatever the texts, and long ones take no time to speak of."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.line_diff import RETURN, diff_lines, pairs

few = st.lists(st.sampled_from("abcde"), max_size=30)
texts = st.lists(st.sampled_from(["", "a", "b", "-c", "+d", "@@ -1,2 +3,4 @@", " e"]), max_size=40).map("\n".join)


@given(few, few)
def test_pairs_are_equal_lines_in_the_order_of_both(old: list[str], new: list[str]) -> None:
    found = pairs(old, new)
    assert all(old[left] == new[right] for left, right in found)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(found))


@given(few)
def test_nothing_differs_from_itself(lines: list[str]) -> None:
    assert pairs(lines, lines) == [(at, at) for at in range(len(lines))]


@given(few, st.integers(0, 30), st.lists(st.just("z"), min_size=1, max_size=5))
def test_what_is_put_in_is_all_that_differs(lines: list[str], at: int, more: list[str]) -> None:
    new = [*lines[:at], *more, *lines[at:]]
    assert len(pairs(lines, new)) == len(lines)
    found = diff_lines("\n".join([*lines, "end"]), "\n".join([*new, "end"]))
    assert (found.added, found.removed) == (len(more), 0)


def lines_of(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def patched(lines: list[str], diff: str) -> list[str]:
    """What comes of lines that are changed as a unified difference says."""
    made: list[str] = []
    place = left = 0
    for line in diff.split("\n") if diff else []:
        if left == 0 and (head := re.fullmatch(r"@@ -(\d+),(\d+) \+(\d+),(\d+) @@", line)):
            start, count, begins, added = map(int, head.groups())
            start -= count > 0
            made += lines[place:start]
            place, left = start, count + added
            assert len(made) == begins - (added > 0), "the hunk says where it begins"
        else:
            if line[0] in " -":
                assert lines[place] == line[1:]
                place += 1
            if line[0] in " +":
                made.append(line[1:])
            left -= 2 if line[0] == " " else 1
    return [*made, *lines[place:]]


@given(texts, texts)
def test_a_text_that_is_changed_as_told_is_the_other(old: str, new: str) -> None:
    found = diff_lines(old, new)
    assert patched(lines_of(old), found.text) == lines_of(new)
    assert (found.text == "") == (lines_of(old) == lines_of(new))


def test_it_looks_as_everybody_knows_it() -> None:
    old = "\n".join("abcdefghijklmnop")
    new = old.replace("c", "C").replace("n", "N\nNN") + "\n"
    assert diff_lines(old, new).text.split("\n") == [
        *("@@ -1,6 +1,6 @@", " a", " b", "-c", "+C", " d", " e", " f"),
        *("@@ -11,6 +11,7 @@", " k", " l", " m", "-n", "+N", "+NN", " o", " p"),
    ]
    assert diff_lines("", "a\nb").text == "@@ -0,0 +1,2 @@\n+a\n+b"


def test_the_ends_of_lines_are_seen() -> None:
    assert diff_lines("a\r\nb\r\n", "a\nb\n").text == f"@@ -1,2 +1,2 @@\n-a{RETURN}\n-b{RETURN}\n+a\n+b"


def test_what_is_left_out_is_told() -> None:
    found = diff_lines("", "\n".join(map(str, range(100))), most=11)
    assert (found.text.count("\n"), found.added, found.left_out) == (10, 100, 90)


def test_long_texts_without_a_line_in_common_but_the_same_few_are_compared() -> None:
    """Nothing in them is there only once, so that nothing holds them together: quadratic time would take hours."""
    old, new = ["x", "y"] * 50_000, ["y", "z"] * 50_000
    found = diff_lines("\n".join(old), "\n".join(new))
    assert found.removed - found.added == 0 and found.text


@given(st.permutations(range(200)))
def test_lines_that_were_moved_stay_pairs_where_they_are_in_order(order: list[int]) -> None:
    found = pairs([*map(str, range(200))], [*map(str, order)])
    assert len(found) >= 14, "among n distinct numbers there is an ascending or descending row of the root of n"


def test_moved_lines() -> None:
    assert pairs("abcde", "deabc") == [(0, 2), (1, 3), (2, 4)]
