"""Saved views in a store: kept, changed and taken back, beside others that do the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import insert

from runfolio.core.errors import AlreadyExists, InvalidValue, NotFound, RunStateError, StoreReadOnly
from runfolio.core.saved_views import SavedView, read_saved_view
from runfolio.core.views import View
from runfolio.store import Store, open_store, schema
from runfolio.store.operations import Outcome
from runfolio.store.views import create_view, delete_view, list_views, rename_view, update_view
from runfolio.store.watch import changes_since, current_revision

TEXT = SavedView("best", View(filter="metrics.acc > 0.9"), ("vision/resnet",)).to_json()
CHANGES: list[Callable[[Store, int], Outcome]] = [
    lambda s, number: rename_view(s, number, "worst"),
    lambda s, number: update_view(s, number, SavedView("best", View()).to_json()),
    lambda s, number: delete_view(s, number),
]


def saved(store: Store, name: str = "best") -> int:
    create_view(store, name, TEXT)
    return next(view.id for view in list_views(store) if view.name == name)


def test_a_view_is_kept(store: Store) -> None:
    saved(store, "b")
    saved(store, "A")
    again = open_store(store.path)
    assert [view.name for view in list_views(again)] == ["A", "b"]
    view, problems = read_saved_view(list_views(again)[0].text)
    assert view.view.filter == "metrics.acc > 0.9" and view.experiments == ("vision/resnet",) and not problems
    again.close()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_taken_back_and_done_again(store: Store, change: Callable[[Store, int], Outcome]) -> None:
    number = saved(store)
    before = list_views(store)
    outcome = change(store, number)
    after = list_views(store)
    assert [(v.name, v.text) for v in after] != [(v.name, v.text) for v in before]
    assert outcome.inverse is not None
    back = outcome.inverse(store)
    assert list_views(store) == before
    assert back.inverse is not None
    again = back.inverse(store)
    assert len({outcome.text, back.text}) == 2 and again.text != back.text
    assert [(v.name, v.text) for v in list_views(store)] == [(v.name, v.text) for v in after]


def test_a_view_that_was_deleted_comes_back_beside_one_that_was_saved_since(store: Store) -> None:
    number = saved(store)
    outcome = delete_view(store, number)
    other = saved(store, "other")
    with pytest.raises(NotFound):
        rename_view(store, number, "worst")
    assert outcome.inverse is not None
    outcome.inverse(store)
    assert {view.name: view.id for view in list_views(store)} == {"best": number, "other": other}


def test_a_view_whose_number_is_taken_is_not_brought_back(store: Store) -> None:
    number = saved(store)
    outcome = delete_view(store, number)
    with store.writing() as transaction:  # as stores of before may have it
        row = {"id": number, "name": "other", "text": TEXT, "creation_time": 1, "last_update_time": 1}
        transaction.connection.execute(insert(schema.views).values(row))
    assert outcome.inverse is not None
    with pytest.raises(RunStateError, match="Another view has the place of best now"):
        outcome.inverse(store)
    assert [view.name for view in list_views(store)] == ["other"]


def test_saving_is_taken_back(store: Store) -> None:
    outcome = create_view(store, "best", TEXT)
    assert outcome.inverse is not None
    again = outcome.inverse(store)
    assert list_views(store) == []
    assert again.inverse is not None
    again.inverse(store)
    assert [view.name for view in list_views(store)] == ["best"]


@pytest.mark.parametrize("change", CHANGES[:2])
def test_what_others_changed_since_is_left_as_it_is(store: Store, change: Callable[[Store, int], Outcome]) -> None:
    number = saved(store)
    outcome = change(store, number)
    update_view(store, number, "{}")
    assert outcome.inverse is not None
    with pytest.raises(RunStateError, match="changed since"):
        outcome.inverse(store)
    assert list_views(store)[0].text == "{}"


@pytest.mark.parametrize("change", CHANGES)
def test_other_windows_hear_of_it(store: Store, change: Callable[[Store, int], Outcome]) -> None:
    number = saved(store)
    before = current_revision(store)
    assert not changes_since(store, before)
    change(store, number)
    assert changes_since(store, before).looks


def test_names_are_unique_and_not_blank(store: Store) -> None:
    number = saved(store)
    with pytest.raises(AlreadyExists, match="best"):
        create_view(store, " best ", TEXT)
    saved(store, "other")
    with pytest.raises(AlreadyExists):
        rename_view(store, number, "other")
    for name in ("", "  ", "x" * 251):
        with pytest.raises(InvalidValue):
            create_view(store, name, TEXT)
    with pytest.raises(NotFound):
        delete_view(store, 99)


def test_a_read_only_store_keeps_none(store: Store) -> None:
    saved(store)
    locked = open_store(store.path, read_only=True)
    assert [view.name for view in list_views(locked)] == ["best"]
    with pytest.raises(StoreReadOnly):
        create_view(locked, "other", TEXT)
    locked.close()
