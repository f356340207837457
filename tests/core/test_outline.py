"""Rows that open and close, against a tree that is walked."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.outline import EVERYTHING, Folds, Outline, flat, nested

#: For each run the run that it is nested in, maybe one that comes later, itself, or one that is not there.
families = st.lists(st.none() | st.integers(1, 14), max_size=12)
few_rows = st.frozensets(st.integers(1, 12), max_size=5)


def outline_of(parents: list[int | None]) -> Outline:
    runs = np.arange(len(parents), 0, -1)
    links = [(child, parent) for child, parent in enumerate(parents, 1) if parent is not None]
    children, above = (np.array([link[at] for link in links], np.int64) for at in (0, 1))
    return nested(runs, children, above)


def walked(parents: list[int | None], run: int | None, folds: Folds) -> list[int]:
    """The rows beneath a run that are shown, the newest first; `parents` without circles."""
    rows = []
    for child in range(len(parents), 0, -1):
        if parents[child - 1] == run:
            below = walked(parents, child, Folds(EVERYTHING))
            shut = child not in folds.opened and (child in folds.closed or len(below) > folds.most)
            rows += [child, *([] if shut else walked(parents, child, folds))]
    return rows


def without_circles(parents: list[int | None]) -> list[int | None]:
    """A run is nested in an earlier one at most."""
    return [parent if parent is not None and parent < child else None for child, parent in enumerate(parents, 1)]


@given(families, few_rows, few_rows, st.sampled_from([0, 1, 3, EVERYTHING]))
def test_shown_rows(parents: list[int | None], opened: frozenset[int], closed: frozenset[int], most: int) -> None:
    parents = without_circles(parents)
    outline, folds = outline_of(parents), Folds(most, opened, closed - opened)
    assert outline.ids.tolist() == walked(parents, None, Folds(EVERYTHING))
    assert outline.shown(folds).tolist() == walked(parents, None, folds)
    for run in outline.ids.tolist():
        assert outline.shown_beneath(run, folds).tolist() == walked(parents, run, folds)
        assert outline.parent(run) == parents[run - 1]
        assert outline.depth_of(run) == len(outline.path(run))


@given(families)
def test_every_run_stands_in_one_place_however_they_are_nested(parents: list[int | None]) -> None:
    outline = outline_of(parents)
    assert sorted(outline.ids.tolist()) == list(range(1, len(parents) + 1))
    assert outline.depth.max(initial=0) <= 12
    assert (outline.beneath[outline.depth > 0] < len(parents)).all()


def test_a_chain_that_is_too_deep_is_broken() -> None:
    outline = outline_of([None, *range(1, 40)])
    assert sorted(outline.ids.tolist()) == list(range(1, 41))


def test_a_row_that_is_not_there() -> None:
    outline = flat(np.array([3, 2, 1]))
    assert (outline.place(9), outline.place(2), outline.depth_of(9), outline.size_of(9)) == (-1, 1, 0, 0)
    assert outline.parent(9) is None and outline.shown_beneath(9, Folds()).tolist() == []


def test_folds_remember_what_was_chosen_last() -> None:
    folds = Folds().with_row(4, opened=True).with_row(4, opened=False)
    assert folds == Folds(0, frozenset(), frozenset([4]))
    assert folds.with_row(4, opened=True) == Folds(0, frozenset([4]))
