"""Which runs charts show: hidden, shown again, and only some."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.eyes import all_shown, eyes_of, only_shown, toggled
from runfolio.core.views import View, read_view

runs = st.lists(st.sampled_from("abcd"), unique=True)


def seen(view: View) -> str:
    return "".join(filter(eyes_of(view).sees, "abcd"))


def test_a_run_is_hidden_and_shown_again() -> None:
    view = toggled(View(), ["b"])
    assert seen(view) == "acd"
    assert seen(toggled(view, ["b", "c"])) == "ad", "one of them was shown"
    assert seen(toggled(view, ["b"])) == "abcd"


def test_only_some_are_shown_and_others_come_in() -> None:
    view = only_shown(toggled(View(), ["a"]), ["a", "b"])
    assert seen(view) == "ab"
    assert seen(toggled(view, ["a"])) == "b"
    assert seen(toggled(view, ["d"])) == "abd"
    assert seen(toggled(toggled(view, ["a", "b"]), ["b"])) == "b"
    assert seen(all_shown(view)) == "abcd"


@given(st.lists(st.tuples(st.booleans(), runs), max_size=8))
def test_toggling_hides_all_or_shows_all_of_them(steps: list[tuple[bool, list[str]]]) -> None:
    view = View()
    for only, chosen in steps:
        before = set(seen(view))
        view = only_shown(view, chosen) if only else toggled(view, chosen)
        after = set(seen(view))
        if only:
            assert after == (set(chosen) or set("abcd"))
        else:
            assert after == (before - set(chosen) if before & set(chosen) else before | set(chosen))
        assert read_view(view.to_json()) == (view, [])
