"""Keys that stand twice in a mapping are found, and no others."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.yaml_keys import repeated_key
from runfolio.core.yaml_text import NotYaml


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\n\na: 3", ("a", 4)),
        ("a: 1\n'a': 3", ("a", 2)),
        ("x:\n- {a: 1}\n- {b: {c: 1, c: 2}}", ("c", 3)),
        ("a: a\nb: {a: b, b: [a, a]}\nc: {a: 1}", None),
        ("{[a]: a, a: 1, b: 2}", None),
        ("a: &x 1\nb: *x\nc: *x", None),
        ("", None),
        ("a", None),
    ],
)
def test_the_first_key_that_stands_twice_is_found(text: str, expected: tuple[str, int] | None) -> None:
    assert repeated_key(text) == expected


def test_what_is_no_yaml_or_too_much_is_said() -> None:
    with pytest.raises(NotYaml):
        repeated_key("{")
    with pytest.raises(NotYaml, match="deeper than 3"):
        repeated_key("[[[[]]]]", deepest=3)


VALUES = st.recursive(
    st.integers() | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
)


@given(VALUES, st.booleans())
def test_what_was_written_from_values_has_none(value: object, flow: bool) -> None:
    assert repeated_key(yaml.safe_dump(value, default_flow_style=flow)) is None
