"""Each check says what it asks for and what it found, passing, failing, and where nothing is known."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from runfolio.core.registry.check_kinds import CHECKS
from runfolio.core.registry.gates import Check, Evidence, Gate, Holder, WhenFailing, judge
from runfolio.core.registry.holder_checks import BETTER, HIGHER, LOWER, BesideHolder
from runfolio.core.registry.limit_checks import AtLeast, AtMost
from runfolio.core.registry.model_checks import Environment, InputExample, Signature
from runfolio.core.registry.people_checks import Description, SignOff, Tagged
from runfolio.core.registry.run_checks import CleanGit, RunsInGroup

NOW, DAY = 1_790_000_000_000, 86_400_000
PASSED, FAILED = "passed", "failed"


def known(**facts: Any) -> Evidence:
    """Evidence of a move to Production."""
    return Evidence("Production", now=NOW, **facts)


def auc(value: float) -> Evidence:
    """Evidence of a metric alone."""
    return known(metrics={"auc": value})


def beside(value: float | None, holder: float | None, key: str = "auc") -> Evidence:
    """Evidence of a metric and of that of the holder."""
    mine = {} if value is None else {key: value}
    return known(metrics=mine, holder=Holder(4, {} if holder is None else {key: holder}))


WITHIN = BesideHolder("auc", tolerance=0.002)
CASES: list[tuple[Check, Evidence, str, str]] = [
    (AtLeast("auc", 0.93), auc(0.947), PASSED, "auc ≥ 0.93 (0.947)"),
    (AtLeast("auc", 0.93), auc(0.93), PASSED, "auc ≥ 0.93 (0.93)"),
    (AtLeast("auc", 0.93), auc(0.9), FAILED, "auc ≥ 0.93 (0.9)"),
    (AtLeast("auc", 0.93), auc(0.92999999), FAILED, "auc ≥ 0.93 (0.92999999)"),
    (AtLeast("auc", 0.12345678), auc(0.2), PASSED, "auc ≥ 0.12345678 (0.2)"),
    (AtLeast("auc", 0.93), auc(math.nan), FAILED, "auc ≥ 0.93 (NaN)"),
    (AtLeast("auc", 0.93), auc(math.inf), FAILED, "auc ≥ 0.93 (∞)"),
    (AtLeast("auc", 0.93), known(), FAILED, "auc ≥ 0.93 (missing)"),
    (AtMost("auc", 0.2), auc(0.1), PASSED, "auc ≤ 0.2 (0.1)"),
    (AtMost("auc", 0.2), auc(0.2), PASSED, "auc ≤ 0.2 (0.2)"),
    (AtMost("auc", 0.2), auc(0.3), FAILED, "auc ≤ 0.2 (0.3)"),
    (AtMost("auc", 0.2), auc(-math.inf), FAILED, "auc ≤ 0.2 (−∞)"),
    (AtMost("auc", -3), auc(math.nan), FAILED, "auc ≤ −3 (NaN)"),
    (AtMost("auc", 0.2), known(), FAILED, "auc ≤ 0.2 (missing)"),
    (BesideHolder("auc"), beside(0.947, 0.936), PASSED, "auc ≥ the holder's (0.947, v4 has 0.936)"),
    (BesideHolder("auc"), beside(0.936, 0.936), PASSED, "auc ≥ the holder's (0.936, v4 has 0.936)"),
    (BesideHolder("auc"), beside(0.9, 0.936), FAILED, "auc ≥ the holder's (0.9, v4 has 0.936)"),
    (BesideHolder("auc"), beside(0.93599999, 0.936), FAILED, "auc ≥ the holder's (0.93599999, v4 has 0.936)"),
    (WITHIN, beside(0.934, 0.936), PASSED, "auc ≥ the holder's − 0.002 (0.934, v4 has 0.936)"),
    (WITHIN, beside(0.9339, 0.936), FAILED, "auc ≥ the holder's − 0.002 (0.9339, v4 has 0.936)"),
    (WITHIN, beside(None, 0.936), FAILED, "auc ≥ the holder's − 0.002 (missing)"),
    (WITHIN, beside(math.nan, 0.936), FAILED, "auc ≥ the holder's − 0.002 (NaN)"),
    (WITHIN, beside(0.9, None), FAILED, "auc ≥ the holder's − 0.002 (0.9, v4 has none)"),
    (WITHIN, beside(0.9, math.nan), FAILED, "auc ≥ the holder's − 0.002 (0.9, v4 has NaN)"),
    (WITHIN, beside(0.9, -math.inf), PASSED, "auc ≥ the holder's − 0.002 (0.9, v4 has −∞)"),
    (WITHIN, auc(0.5), PASSED, "auc ≥ the holder's − 0.002 (nobody is in Production yet)"),
    (WITHIN, known(), FAILED, "auc ≥ the holder's − 0.002 (missing)"),
    (BesideHolder("loss"), beside(0.1, 0.2, "loss"), PASSED, "loss ≤ the holder's (0.1, v4 has 0.2)"),
    (BesideHolder("loss"), beside(0.3, 0.2, "loss"), FAILED, "loss ≤ the holder's (0.3, v4 has 0.2)"),
    (BesideHolder("loss", tolerance=1), beside(1, 0, "loss"), PASSED, "loss ≤ the holder's + 1 (1, v4 has 0)"),
    (BesideHolder("auc", BETTER), beside(0.95, 0.94), PASSED, "auc > the holder's (0.95, v4 has 0.94)"),
    (BesideHolder("auc", BETTER), beside(0.94, 0.94), FAILED, "auc > the holder's (0.94, v4 has 0.94)"),
    (BesideHolder("loss", BETTER), beside(2, 2, "loss"), FAILED, "loss < the holder's (2, v4 has 2)"),
    (BesideHolder("auc", direction=LOWER), beside(0.1, 0.2), PASSED, "auc ≤ the holder's (0.1, v4 has 0.2)"),
    (
        BesideHolder("loss", BETTER, 0, HIGHER),
        beside(0.3, 0.2, "loss"),
        PASSED,
        "loss > the holder's (0.3, v4 has 0.2)",
    ),
    (Signature(), known(has_signature=True), PASSED, "has a signature"),
    (Signature(), known(), FAILED, "no signature"),
    (InputExample(), known(has_input_example=True), PASSED, "has an input example"),
    (InputExample(), known(), FAILED, "no input example"),
    (Description(), known(description="Good."), PASSED, "description written"),
    (Description(), known(description=" \n"), FAILED, "no description"),
    (
        Environment(),
        known(environment=True, environment_time=NOW - 2 * DAY),
        PASSED,
        "environment rebuilt and predicts (2 d ago)",
    ),
    (Environment(), known(environment=True), PASSED, "environment rebuilt and predicts"),
    (
        Environment(),
        known(environment=False, environment_time=NOW),
        FAILED,
        "environment rebuilt and predicts (failed just now)",
    ),
    (Environment(), known(), FAILED, "environment rebuilt and predicts (never checked)"),
    (CleanGit(), known(git_clean=True, git_commit="8c2f1d" * 6), PASSED, "git state clean (8c2f1d)"),
    (CleanGit(), known(git_clean=False, git_commit="8c2f1d" * 6), FAILED, "git state clean (8c2f1d with changes)"),
    (CleanGit(), known(git_commit="8c2f1d" * 6), FAILED, "git state clean (not known)"),
    (Tagged("ok", "yes"), known(tags={"ok": "yes"}), PASSED, "tag ok = yes"),
    (Tagged("ok", "yes"), known(tags={"ok": "Yes"}), FAILED, "tag ok = yes (Yes)"),
    (Tagged("ok", "yes"), known(), FAILED, "tag ok = yes (not set)"),
    (Tagged("ok"), known(tags={"ok": "no"}), PASSED, "tag ok (no)"),
    (Tagged("ok"), known(), FAILED, "tag ok (not set)"),
    (Tagged("ok"), known(tags={"ok": "line\nline"}), PASSED, "tag ok (line line)"),
    (Tagged("ok", "y" * 50), known(tags={"ok": "x" * 41}), FAILED, f"tag ok = {'y' * 39}… ({'x' * 39}…)"),
    (RunsInGroup(3), known(runs_in_group=3), PASSED, "3 runs in its group (3)"),
    (RunsInGroup(3), known(runs_in_group=2), FAILED, "3 runs in its group (2)"),
    (RunsInGroup(1), known(), FAILED, "1 run in its group (it is of no run)"),
    (SignOff(), known(signed_off_by="anna"), PASSED, "signed off by anna"),
    (SignOff(), known(), FAILED, "signed off (not yet)"),
    (SignOff(("anna", "bert")), known(signed_off_by="bert"), PASSED, "signed off by bert"),
    (SignOff(("anna", "bert")), known(signed_off_by="carl"), FAILED, "signed off by anna or bert (carl)"),
    (SignOff(("anna", "bert")), known(), FAILED, "signed off by anna or bert (not yet)"),
]


@pytest.mark.parametrize(("check", "evidence", "verdict", "line"), CASES, ids=[f"{one[2]} {one[3]}" for one in CASES])
def test_a_check_says_what_it_asks_for_and_what_it_found(
    check: Check, evidence: Evidence, verdict: str, line: str
) -> None:
    judged = check.judge(evidence)
    assert (PASSED if judged.passed else FAILED, str(judged)) == (verdict, line)


def test_every_kind_of_check_is_tried_passing_and_failing() -> None:
    assert {(type(check), verdict) for check, _, verdict, _ in CASES} == {
        (kind, verdict) for kind in CHECKS.values() for verdict in (PASSED, FAILED)
    }


@pytest.mark.parametrize("kind", CHECKS.values(), ids=CHECKS)
def test_what_a_check_asks_for_is_said_without_evidence(kind: type[Check]) -> None:
    texts = {check.text for check, _, _, _ in CASES if type(check) is kind}
    assert texts and all(texts)


NUMBERS = st.floats(-1e6, 1e6)


@given(NUMBERS, NUMBERS, st.floats(0, 1e3))
def test_less_and_more_are_mirrored(value: float, other: float, tolerance: float) -> None:
    higher = BesideHolder("auc", tolerance=tolerance, direction=HIGHER).judge(beside(value, other))
    lower = BesideHolder("auc", tolerance=tolerance, direction=LOWER).judge(beside(-value, -other))
    assert higher.passed is lower.passed
    assert BesideHolder("auc", direction=HIGHER).judge(beside(value, other)).passed is (value >= other)
    assert BesideHolder("auc", BETTER, 0, LOWER).judge(beside(value, other)).passed is (value < other)


@given(NUMBERS, NUMBERS)
def test_two_numbers_that_differ_are_never_written_alike(value: float, limit: float) -> None:
    assume(value != limit)
    judged = AtLeast("auc", limit).judge(auc(value))
    assert judged.text != f"auc ≥ {judged.found}"


def test_a_gate_blocks_or_asks_for_a_reason_and_is_summed_up() -> None:
    checks = (AtLeast("auc", 0.93), Signature(), Description(), SignOff())
    good = known(metrics={"auc": 0.947}, has_signature=True, description="Good.", signed_off_by="anna")
    passing = judge(Gate(checks), good)
    assert [one.passed for one in passing.checks] == [True] * 4
    assert (passing.passed, passing.blocked, passing.needs_reason) == (True, False, False)
    assert passing.summary == "4 of 4 gates"
    one = judge(Gate(checks), known(metrics={"auc": 0.947}, description="Good.", signed_off_by="anna"))
    assert (one.passed, one.blocked, one.needs_reason) == (False, True, False)
    assert one.summary == "1 gate fails: no signature"
    more = judge(Gate(checks, WhenFailing.REASON), known(metrics={"auc": 0.9}, has_signature=True, description="x"))
    assert (more.passed, more.blocked, more.needs_reason) == (False, False, True)
    assert more.summary == "2 gates fail: auc ≥ 0.93 (0.9), signed off (not yet)"


def test_a_gate_that_asks_for_nothing_lets_everything_pass() -> None:
    judgement = judge(Gate(), known())
    assert (judgement.passed, judgement.checks, judgement.summary) == (True, (), "")
    assert judge(Gate((Signature(),)), known(has_signature=True)).summary == "1 of 1 gate"
