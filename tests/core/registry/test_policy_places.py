"""Errors of policies have their lines, and checks are added without losing what people wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import InvalidValue
from runfolio.core.registry.check_kinds import CHECKS
from runfolio.core.registry.policy_places import check_policy, with_check
from runfolio.core.registry.policy_text import parse_policy

TEXT = """\
# Ours
stages: [Staging, Canary]
gates:
  Canary:
    checks:
    - {metric: auc, at_least: 0.9}
    - signature   # always
events:
- {on: [Canary], command: [ls]}
"""


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("at_least: 0.9", "at_least: high", 5),
        ("- signature", "- signatur", 6),
        ("  Canary:", "  Canaries:", 3),
        ("events:", "event:", 7),
        ("[ls]", "ls", 8),
        ("stages: [Staging, Canary]", "stages: [Staging, Canary", 2),
        ("# Ours", "card: [auc\n# Ours", 2),
        ("events:", "gates:", 7),
    ],
)
def test_what_is_wrong_is_shown_where_it_stands(old: str, new: str, line: int) -> None:
    found = check_policy(TEXT.replace(old, new))
    assert found.policy is None and found.trouble
    assert found.line == line


def test_a_policy_without_a_slip_is_read() -> None:
    found = check_policy(TEXT)
    assert found.policy == parse_policy(TEXT) and found.trouble == "" and found.line is None


def test_a_check_is_added_below_the_others_and_comments_stay() -> None:
    found = with_check(TEXT, "Canary", "description")
    assert found == TEXT.replace("# always\n", "# always\n    - description\n")


def test_a_check_is_added_to_a_stage_that_has_none_and_to_no_policy_at_all() -> None:
    for text, stage in (
        (TEXT, "Staging"),
        ("", "Production"),
        ("gates: {Production: {checks: [signature]}}", "Production"),
    ):
        before, after = parse_policy(text).gate(stage).checks, parse_policy(with_check(text, stage, "description"))
        assert after.gate(stage).checks == (*before, CHECKS["description"]())


@pytest.mark.parametrize("kind", CHECKS.values(), ids=str)
def test_the_example_of_each_kind_can_be_added(kind: type) -> None:
    example = kind.EXAMPLE  # type: ignore[attr-defined]
    for text in (TEXT, ""):
        stage = "Canary" if text else "Staging"
        found = parse_policy(with_check(text, stage, example)).gate(stage).checks[-1]
        assert isinstance(found, kind)


def test_nothing_is_added_to_a_policy_that_cannot_be_read() -> None:
    with pytest.raises(InvalidValue):
        with_check("gates: 3", "Staging", "description")


@given(st.text(alphabet="gates:\n -[]{}#'\"&*1aS", max_size=60))
def test_whatever_is_typed_is_answered(text: str) -> None:
    found = check_policy(text)
    assert (found.policy is None) == bool(found.trouble)
    assert found.line is None or 0 <= found.line <= text.count("\n") + 1
