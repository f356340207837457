"""Patterns that many runs are named by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import InvalidValue
from runfolio.core.name_patterns import read_pattern


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{name}-v2", "otter-v2"),
        ("{params.optimizer} {number}", "adam 7"),
        ("{tags.a b}/{params.x.y}", "c d/1"),
        ("  {params.none}  plain ", "plain"),
        ("{{{name}}}", "{otter}"),
    ],
)
def test_a_pattern_is_filled(pattern: str, name: str) -> None:
    assert read_pattern(pattern).fill("otter", 7, {"optimizer": "adam", "x.y": "1"}, {"a b": "c d"}) == name


@pytest.mark.parametrize("pattern", ["", "  ", "{", "a}", "{}", "{what}", "{params.}", "{metrics.loss}", "x" * 501])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidValue):
        read_pattern(pattern)


@given(st.text(min_size=1, max_size=60))
def test_a_text_without_braces_means_itself(text: str) -> None:
    if text.strip():
        doubled = text.replace("{", "{{").replace("}", "}}")
        assert read_pattern(doubled).fill("", 1, {}, {}) == " ".join(text.split())
