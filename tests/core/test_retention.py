"""Rules of retention: which files are kept, and why."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import InvalidValue
from runfolio.core.retention import DAY_MS, Candidate, Rule, plan, steps_in, unit_of

NOW = 100 * DAY_MS


def candidate(path: str, time: int, value: float | None = None, group: str = "a", held: str = "") -> Candidate:
    return Candidate("run", path, (path,), 10, time, group, value, held)


def reasons(rule: Rule, *those: Candidate) -> dict[str, str]:
    found = plan(rule, those, NOW)
    assert found.bytes == 10 * len(found.going)
    kept = {one.path: reason for one, reason in found.kept}
    assert len(kept) + len(found.going) == len(those)
    return kept


LOSSES = (candidate("1", 1, 0.3), candidate("2", 2, 0.1), candidate("3", 3, 0.2), candidate("4", 4, 0.4))


def test_the_best_and_the_last_stay() -> None:
    assert reasons(Rule(metric="loss", lower=True), *LOSSES) == {"2": "the best: 0.1", "4": "the last"}
    assert reasons(Rule(metric="acc"), *LOSSES) == {"4": "the best: 0.4"}
    kept = reasons(Rule(metric="loss", lower=True, best=2, last=0), *LOSSES)
    assert kept == {"2": "of the best 2: 0.1", "3": "of the best 2: 0.2"}
    assert reasons(Rule(last=3), *LOSSES) == dict.fromkeys("432", "of the last 3")


def test_each_group_has_its_own() -> None:
    other = candidate("5", 0, 0.9, group="b")
    assert reasons(Rule(metric="loss", lower=True), *LOSSES, other) == {
        "2": "the best: 0.1",
        "4": "the last",
        "5": "the best: 0.9",
    }


def test_where_nobody_knows_which_is_the_best_all_stay() -> None:
    unknown = (candidate("1", 1), candidate("2", 2, float("nan")))
    assert reasons(Rule(metric="loss"), *unknown) == dict.fromkeys("12", "no value of loss")


def test_what_is_young_or_held_stays() -> None:
    those = (candidate("old", 1), candidate("young", NOW - DAY_MS), candidate("held", 2, held="a registered version"))
    assert reasons(Rule(last=0, days=7), *those) == {"young": "newer than 7 days", "held": "a registered version"}


@pytest.mark.parametrize("rule", [Rule(pattern=" , "), Rule(per="params."), Rule(per="x"), Rule(best=-1)])
def test_a_rule_that_says_nothing_is_refused(rule: Rule) -> None:
    with pytest.raises(InvalidValue):
        plan(rule, LOSSES, NOW)


@pytest.mark.parametrize(
    ("path", "globs", "unit"),
    [
        ("a/b/model.pt", ["*.pt"], "a/b/model.pt"),
        ("checkpoint-500/model/weights.bin", ["checkpoint-*"], "checkpoint-500"),
        ("out/checkpoint-500/weights.bin", ["checkpoint-*"], "out/checkpoint-500"),
        ("out/checkpoint-500/weights.bin", ["out/*"], "out/checkpoint-500"),
        ("out/a/b.txt", ["out/*.txt"], None),
        ("out/a/b.txt", ["out/**.txt"], "out/a/b.txt"),
        ("b.txt", ["**/b.txt"], "b.txt"),
        ("model.ptx", ["*.pt"], None),
        ("a+b.pt", ["a+b.p?"], "a+b.pt"),
        ("runfolio/console.log", ["*.log", "**"], None),
    ],
)
def test_what_a_pattern_fits(path: str, globs: list[str], unit: str | None) -> None:
    assert unit_of(path, globs) == unit


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("epoch=3-step=1200.ckpt", [1200, 3]),
        ("checkpoint-500/model.bin", [500]),
        ("model_ckpt_7.pt", [7]),
        ("weights.pt", []),
        ("footstep3.pt", []),
    ],
)
def test_the_steps_that_a_name_tells(path: str, steps: list[int]) -> None:
    assert steps_in(path) == steps


@given(
    st.lists(st.tuples(st.integers(0, 5), st.none() | st.floats(), st.sampled_from("ab")), max_size=12),
    st.integers(0, 3),
    st.integers(0, 3),
    st.booleans(),
)
def test_no_rule_takes_more_than_it_may(
    given: list[tuple[int, float | None, str]], best: int, last: int, lower: bool
) -> None:
    those = [candidate(str(at), time, value, group) for at, (time, value, group) in enumerate(given)]
    found = plan(Rule(metric="m", best=best, last=last, lower=lower), those, NOW)
    assert sorted([*found.going, *(one for one, _ in found.kept)], key=id) == sorted(those, key=id)
    for group in "ab":
        of_group = [one for one in those if one.group == group]
        kept = [one for one, _ in found.kept if one.group == group]
        judged = [one for one in of_group if one.value is not None and math.isfinite(one.value)]
        assert len(kept) >= min(len(of_group), last) and len(kept) >= min(len(judged), best)
        assert judged or not best or kept == of_group
