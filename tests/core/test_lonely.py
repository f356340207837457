"""Runs that share their settings with no other run: which settings keep them apart."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.lonely import ALONE, TOGETHER, are_alone, keeping_apart


def sweep(repeats: int) -> list[dict[str, str]]:
    """Two optimizers and three rates, repeated; a text with the seed in it too, and layers that are drawn."""
    chance = random.Random(3)
    return [
        {"lr": lr, "optimizer": one, "epochs": "3", "layers": str(chance.randint(1, 8)), "config": f"{lr} {one} {seed}"}
        for lr in ("0.1", "0.01", "0.001")
        for one in ("adam", "sgd")
        for seed in range(repeats)
    ]


def test_what_holds_the_seed_and_what_is_drawn_keep_runs_apart_and_what_was_chosen_does_not() -> None:
    assert keeping_apart(sweep(5)) == ("config", "layers")
    assert keeping_apart([{name: own[name] for name in ("lr", "optimizer", "config")} for own in sweep(5)]) == (
        "config",
    )


def test_where_nothing_would_be_left_nothing_is_said() -> None:
    assert keeping_apart([{"lr": str(at)} for at in range(9)]) == ()
    assert keeping_apart([{}, {}]) == () and keeping_apart([]) == ()


def test_runs_are_alone_if_most_have_no_company() -> None:
    assert are_alone([1, 1, 1, 1]) and are_alone([1] * 9 + [2]) and not are_alone([5, 5, 1])
    assert not are_alone([1]) and not are_alone([]) and 0 < ALONE < 1


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.sampled_from("xyz")), max_size=12))
def test_without_what_keeps_them_apart_runs_have_company(settings: list[dict[str, str]]) -> None:
    out = keeping_apart(settings)
    kept = {tuple(sorted((name, own[name]) for name in own if name not in out)) for own in settings}
    if out:
        assert len(kept) * TOGETHER <= len(settings) and set(out) < {name for own in settings for name in own}
