"""What a user does to groups, as functions of the view."""

from __future__ import annotations

import pytest

from runfolio.core import group_edits
from runfolio.core.columns import STATUS, metric, param
from runfolio.core.views import View

LR, SEED, BATCH = param("lr"), param("seed", numeric=True), param("batch")


def test_levels_are_added_moved_and_taken_away() -> None:
    view = group_edits.toggle_level(group_edits.toggle_level(View(filter="x"), LR), STATUS)
    assert view == View(filter="x", group_by=(LR, STATUS))
    assert group_edits.caption(view) == "lr, Status"
    assert group_edits.move_level(view, STATUS, -5).group_by == (STATUS, LR)
    assert group_edits.move_level(view, LR, 1).group_by == (STATUS, LR)
    assert group_edits.toggle_level(view, LR).group_by == (STATUS,)
    assert group_edits.ungroup(view) == View(filter="x")


def test_everything_but_some() -> None:
    view = group_edits.all_but(View(group_by=(LR,)), [SEED])
    assert view == View(group_except=(SEED,))
    more = group_edits.toggle_exception(view, BATCH)
    assert group_edits.caption(more) == "all but seed, batch"
    assert group_edits.toggle_exception(group_edits.toggle_exception(more, BATCH), SEED) == View()


@pytest.mark.parametrize(
    ("key", "is_seed"),
    [
        ("seed", True),
        ("model.random_state", True),
        ("SEED", True),
        ("torch_seed", True),
        ("seeds_used", False),
        ("reseeding", False),
        ("lr", False),
    ],
)
def test_params_that_are_there_to_repeat_a_run(key: str, is_seed: bool) -> None:
    assert (group_edits.seeds([param(key), metric("seed"), STATUS]) == [param(key)]) is is_seed
