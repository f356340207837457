"""Runs that are seen together have titles of their own, whatever their names are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.run_titles import run_titles


def test_runs_of_one_name_are_told_apart_by_as_much_of_their_ids_as_it_takes() -> None:
    assert run_titles(["a", "b"], ["1111aa", "1111ab"]) == ["a", "b"]
    assert run_titles(["a", "b", "a"], ["1111aa", "2222", "3333bb"]) == ["a · 1111", "b", "a · 3333"]
    assert run_titles(["a", "a"], ["1111aa", "1111ab"]) == ["a · 1111aa", "a · 1111ab"]
    assert run_titles(["", "a"], ["1111aa", "2222bb"]) == ["1111", "a"], "a run without a name has its id"
    assert run_titles([], []) == []


@given(st.dictionaries(st.text("0123456789abcdef", min_size=6, max_size=8), st.sampled_from(["", "run", "other"])))
def test_no_two_have_the_same_title(names: dict[str, str]) -> None:
    titles = run_titles(list(names.values()), list(names))
    assert len(set(titles)) == len(titles) and all(titles)
    assert all(title.startswith(name) for title, name in zip(titles, names.values(), strict=True))
