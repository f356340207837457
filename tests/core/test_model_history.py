"""The tag with the models of a run."""

from __future__ import annotations

import json
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.model_history import entries, with_entry

# Of each moment one model, at one of three places.
made = st.dictionaries(st.integers(0, 50), st.sampled_from("abc"), max_size=12).map(
    lambda found: [
        {"artifact_path": place, "utc_time_created": f"2026-01-01 00:00:{second:02}.5"}
        for second, place in sorted(found.items())
    ]
)


@given(made, st.randoms(use_true_random=False))
def test_models_are_there_in_the_order_of_time_however_they_came(models: list[dict[str, str]], chance: object) -> None:
    shuffled = list(models)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    text = reduce(with_entry, shuffled, "[]")
    latest = {one["artifact_path"]: one for one in models}
    assert entries(text) == sorted(latest.values(), key=lambda one: one["utc_time_created"])


@pytest.mark.parametrize("text", [None, "", "{}", "null", "[", "[1, null]", "[" * 10_000])
def test_a_tag_that_is_no_list_of_models_names_none(text: str | None) -> None:
    assert entries(text) == []
    assert json.loads(with_entry(text, {"artifact_path": "a"})) == [{"artifact_path": "a"}]


def test_entries_of_others_stay_as_they_are() -> None:
    strange = {"artifact_path": None, "utc_time_created": 7, "more": [1]}
    assert entries(with_entry(json.dumps([strange]), {"artifact_path": "a"})) == [{"artifact_path": "a"}, strange]
