"""What a user does to the columns of a view, checked by what is shown afterwards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core import view_edits as edits
from runfolio.core.cell_rules import CellRule, Comparison, Tone
from runfolio.core.columns import COMMIT, CREATED, DURATION, NAME, NOTE, STATUS, Column, SortKey, metric, param, trend
from runfolio.core.views import View, columns_with_folded, shown_columns

LR, BATCH = param("lr", numeric=True), param("batch", numeric=True)
ACC, LOSS, TRAIN = metric("val/acc"), metric("val/loss"), metric("train/loss")
NATURAL = (NAME, STATUS, LR, BATCH, ACC, LOSS, TRAIN)


def shown(view: View) -> tuple[Column, ...]:
    return shown_columns(view, NATURAL)


def test_what_is_hidden_is_shown_again() -> None:
    view = edits.hide(View(), (LR, ACC), NATURAL)
    assert shown(view) == (NAME, STATUS, BATCH, LOSS, TRAIN)
    assert shown(edits.show(view, LR, NATURAL)) == (NAME, STATUS, LR, BATCH, LOSS, TRAIN)
    assert edits.show(edits.show(view, LR, NATURAL), ACC, NATURAL) == View()


def test_a_param_stays_hidden_when_it_is_a_text_once() -> None:
    view = edits.hide(View(), (LR,), NATURAL)
    assert shown_columns(view, (NAME, param("lr"))) == (NAME,)


def test_an_added_column_goes_without_a_trace() -> None:
    best = metric("val/acc", "best")
    view = edits.insert_after(View(), best, ACC, NATURAL)
    assert shown(view) == (NAME, STATUS, LR, BATCH, ACC, best, LOSS, TRAIN)
    assert shown(edits.hide(view, (best,), NATURAL)) == NATURAL
    assert edits.hide(view, (best,), NATURAL).added == edits.hide(view, (best,), NATURAL).hidden == ()


def test_an_added_column_that_the_runs_have_by_now_is_hidden_at_once() -> None:
    curve = trend("val/acc")
    view = edits.show(View(), curve, NATURAL)
    assert shown_columns(edits.hide(view, (curve,), (*NATURAL, curve)), (*NATURAL, curve)) == NATURAL


def test_all_others_are_hidden_but_the_names() -> None:
    assert shown(edits.hide_others(View(pinned=(LOSS,)), ACC, NATURAL)) == (NAME, ACC)


def test_pinning_and_moving() -> None:
    view = edits.pin(View(), ACC)
    assert shown(view)[:3] == (NAME, ACC, STATUS), "the names come along"
    assert edits.pin(edits.pin(View(), NAME), ACC) == view
    assert edits.pin(edits.hide(View(), (NAME,), NATURAL), ACC).pinned == (ACC,)
    swapped = edits.move(view, ACC, -1, NATURAL)
    assert shown(swapped)[:3] == (ACC, NAME, STATUS) and swapped.pinned == (ACC, NAME)
    assert edits.move(view, ACC, 5, NATURAL).pinned == (NAME, ACC), "it stays among the pinned"
    assert shown(edits.move(view, STATUS, -1, NATURAL)) == shown(view)
    assert shown(edits.pin(view, ACC)) == NATURAL
    assert edits.pin(edits.pin(view, NAME), ACC).pinned == ()


def test_dragging_over_the_edge_of_the_pinned() -> None:
    view = View(pinned=(NAME, ACC))
    into = edits.arrange(view, (NAME, LR, ACC, STATUS, BATCH, LOSS, TRAIN), NATURAL, LR)
    assert into.pinned == (NAME, LR, ACC)
    out = edits.arrange(view, (NAME, STATUS, ACC, LR, BATCH, LOSS, TRAIN), NATURAL, ACC)
    assert out.pinned == (NAME,) and shown(out)[:3] == (NAME, STATUS, ACC)
    swapped = edits.arrange(view, (ACC, NAME, STATUS, LR, BATCH, LOSS, TRAIN), NATURAL, NAME)
    assert swapped.pinned == (ACC, NAME)
    beside = edits.arrange(view, (NAME, ACC, LOSS, STATUS, LR, BATCH, TRAIN), NATURAL, LOSS)
    assert beside.pinned == (NAME, ACC), "behind the last pinned one it is not pinned"


@given(st.permutations(NATURAL), st.sets(st.sampled_from(NATURAL)), st.sampled_from(["", "metrics", "metrics.val/"]))
def test_any_order_is_kept(order: list[Column], hidden: set[Column], folded: str) -> None:
    view = edits.hide(View(pinned=(), folded=(folded,)), tuple(hidden), NATURAL)
    wanted = tuple(one for one in order if one in shown(view))
    arranged = edits.arrange(view, wanted, NATURAL)
    assert set(shown(edits.reset_columns(arranged))) == set(NATURAL)
    if not folded:
        assert shown(arranged) == wanted


def test_folding_leaves_the_first_of_a_group() -> None:
    view = edits.fold(View(), "metrics.val/")
    assert shown(view) == (NAME, STATUS, LR, BATCH, ACC, TRAIN)
    assert columns_with_folded(view, NATURAL)[ACC] == (LOSS,)
    wider = edits.fold(view, "metrics")
    assert shown(wider) == (NAME, STATUS, LR, BATCH, ACC)
    assert shown(edits.pin(wider, LOSS)) == (NAME, LOSS, STATUS, LR, BATCH, ACC), "what is pinned is in sight"
    assert shown(edits.fold(edits.fold(wider, "metrics"), "metrics.val/")) == NATURAL


def test_the_order_of_several_keys() -> None:
    view = edits.sort(edits.sort(View(), SortKey(ACC, True)), SortKey(LR), more=True)
    assert view.order == (SortKey(ACC, True), SortKey(LR))
    view = edits.sort(view, SortKey(ACC), more=True)
    assert view.order == (SortKey(ACC), SortKey(LR)), "another direction, the same place"
    assert edits.unsort(view, ACC).order == (SortKey(LR),)
    assert edits.sort(view, SortKey(LOSS)).order == (SortKey(LOSS),)


def test_what_a_name_says_anyway_is_not_kept() -> None:
    view = edits.direct(View(), "val/loss", False)
    assert view.lower == (("val/loss", False),)
    assert edits.direct(view, "val/loss", True) == View()


def test_columns_that_vary() -> None:
    seed = Column(NOTE.source, "seed", NOTE.kind)
    added = edits.vary(View(hidden=(LR,)), [LR, seed], NATURAL)
    assert shown(added) == (*NATURAL, seed)
    only = edits.vary(View(added=(NOTE, COMMIT)), [LR], NATURAL, only=True)
    assert shown(only) == (NAME, STATUS, LR, ACC, LOSS, TRAIN, NOTE, COMMIT)


def test_reset_keeps_what_is_no_column() -> None:
    rule = CellRule(ACC, Comparison.LESS, 0.5, Tone.BAD)
    view = View(filter="x = 1", heat=(ACC,), rules=(rule,), baseline="b", hidden=(LR,), pinned=(ACC,), folded=("x",))
    assert edits.reset_columns(view) == View(filter="x = 1", heat=(ACC,), rules=(rule,), baseline="b")


def test_heat_and_rules() -> None:
    assert edits.heat(edits.heat(View(), ACC), ACC) == View()
    one, two = (CellRule(ACC, Comparison.LESS, value, Tone.BAD) for value in (1.0, 2.0))
    view = edits.with_rules(edits.with_rules(View(), ACC, [one]), ACC, [two])
    assert view.rules == (two,)
    assert edits.with_rules(view, LOSS, []) == view and edits.with_rules(view, ACC, []) == View()


@pytest.mark.parametrize("column", [trend("val/acc"), CREATED, DURATION, metric("val/acc", "best")])
def test_any_column_can_be_added(column: Column) -> None:
    assert shown(edits.show(View(automatic=False), column, NATURAL)) == (column,)
