"""What is nested, taken apart: each value has a path of its own, and nothing takes for ever."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.leaves import DEEPEST, MOST, TooNested, file_leaves, leaves, nested_settings

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
nested = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
)


def test_paths_read_as_they_would_be_typed() -> None:
    value = {"optimizer": {"betas": [0.9, 0.99], "name": "adam"}, "a.b": {"": None}, "empty": {}, "none": []}
    assert leaves(value) == {
        "optimizer.betas[0]": "0.9",
        "optimizer.betas[1]": "0.99",
        "optimizer.name": "adam",
        '["a.b"][""]': "null",
        "empty": "{}",
        "none": "[]",
    }


def number_of(value: object) -> int:
    if isinstance(value, (dict, list)) and value:
        return sum(number_of(one) for one in (value.values() if isinstance(value, dict) else value))
    return 1


@given(nested)
def test_no_two_leaves_share_a_path(value: object) -> None:
    assert len(leaves(value)) == number_of(value)


def test_what_is_too_deep_or_has_too_many_leaves_is_told() -> None:
    deep: list[object] = []
    for _ in range(DEEPEST + 1):
        deep = [deep]
    with pytest.raises(TooNested, match="deep"):
        leaves(deep)
    with pytest.raises(TooNested, match="20,000"):
        leaves([0] * (MOST + 1))
    itself: list[object] = []
    itself.append(itself)
    with pytest.raises(TooNested, match="deep"):
        leaves(itself)


@pytest.mark.parametrize("write", [json.dumps, repr])
def test_settings_that_are_dictionaries_are_taken_apart(write: object) -> None:
    assert callable(write)
    params = {"config": write({"lr": 0.1, "net": {"depth": 3}}), "units": "[1, 2]", "seed": "0"}
    assert nested_settings(params) == {"config.lr": "0.1", "config.net.depth": "3", "units": "[1, 2]", "seed": "0"}


def test_settings_that_only_look_so_stay_as_they_are() -> None:
    params = {"a": "{", "b": "{}", "c": "{1, 2}", "d": "{x: 1}", "e": "{" * 2000, "f": '{"x": ' * 5000}
    assert nested_settings(params) == params
    mixed = {"a": '{"b": 1}', "a.b": "2"}
    assert nested_settings(mixed) == mixed, "two would have the same name"


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20) | nested.map(json.dumps), max_size=5))
def test_no_setting_is_lost(params: dict[str, str]) -> None:
    assert len(nested_settings(params)) >= len(params)


def test_numbers_of_files_are_as_they_are_written() -> None:
    text = '{"id": 12345678901234567890, "lr": 1.10, "none": null, "big": 1e999, "inf": Infinity}'
    assert file_leaves("json", [text]) == [
        {"id": "12345678901234567890", "lr": "1.10", "none": "null", "big": "1e999", "inf": "inf"}
    ]
    assert file_leaves("yaml", ["a: {b: [1, x]}"]) == [{"a.b[0]": "1", "a.b[1]": "x"}]
    assert file_leaves("toml", ["[a]\nb = 2026-01-02"]) == [{"a.b": "2026-01-02"}]


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("suffix", "text", "why"),
    [
        ("json", "{", "JSON"),
        ("json", "[" * 100_000, "JSON"),
        ("yaml", "a: [", "YAML"),
        ("yaml", "!!python/object/apply:os.system ['true']", "YAML"),
        ("yaml", BOMB, "20,000"),
        ("yaml", "a: &a [*a]", "deep"),
        ("toml", "=", "TOML"),
    ],
)
def test_files_that_are_not_what_their_names_say(suffix: str, text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        file_leaves(suffix, [text])


@given(st.sampled_from(["json", "yaml", "toml"]), st.lists(st.text(max_size=40), min_size=1, max_size=2))
def test_any_text_is_read_or_refused_in_a_sentence(suffix: str, texts: list[str]) -> None:
    try:
        assert len(file_leaves(suffix, texts)) == len(texts)
    except ValueError as error:
        assert str(error).startswith("It ")


MERGES = "a0: &a0 {x: 1, y: 2}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 40))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 250_000,
        MERGES,
        "- 1\n" * 60_000 * 4,
        "a: " + "9" * 5000,
        "2001-99-99",
        "!!bool x",
        "!!int ''",
        "? [1]\n: 2",
    ],
    ids=["deep", "merges", "long", "large", "day", "truth", "nothing", "key"],
)
def test_yaml_that_does_harm_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="YAML"):
        file_leaves("yaml", [text])
