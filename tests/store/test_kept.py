"""What was read last is found again at once, and never when it is not true any more."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.core.columns import CHECKS, DURATION, MORE, NAME, STATUS, Column, Kind, SortKey, Source, metric, param
from runfolio.core.errors import UserError
from runfolio.core.states import RunStatus
from runfolio.store import Store, checks, garbage, moving, open_store, operations, ranks, trash
from runfolio.store.kept import MOST, Kept
from runfolio.store.run_order import run_ids
from runfolio.store.run_query import RunQuery
from tests.store.script import Script, new_store


def test_an_answer_is_found_once_and_the_last_few_are_kept() -> None:
    kept, asked = Kept(), []

    def find(question: int) -> Callable[[], int]:
        return lambda: asked.append(question) or question  # type: ignore[func-returns-value]

    questions = [*range(MOST), 0, MOST, 0, 1]
    assert [kept.answer(one, find(one)) for one in questions] == questions
    assert asked == [*range(MOST), MOST, 1], "what was asked for longest ago has to go"


def test_what_cannot_be_found_is_looked_for_again() -> None:
    kept = Kept()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            kept.answer("", lambda: 1 // 0)
    assert kept.answer("", lambda: 1) == 1


def test_who_asks_meanwhile_waits_for_the_same_answer() -> None:
    kept, begun, go_on = Kept(), Event(), Event()

    def find() -> object:
        begun.set()
        assert go_on.wait(10)
        return object()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(kept.answer, "", find)
        assert begun.wait(10)
        second = pool.submit(kept.answer, "", object)
        go_on.set()
        assert first.result() is second.result()


def test_an_order_is_read_once_and_none_may_change_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with Script(store) as script:
        for value in (1.0, 3.0, 2.0):
            script.log(script.start(), "loss", [value])
        script.take()
    queries = [RunQuery(sort=(SortKey(metric("loss"), down),), filter="metrics.loss > 1") for down in (False, True)]
    assert [run_ids(store, one).tolist() for one in queries] == [[3, 2], [2, 3]]
    monkeypatch.setattr(ranks, "gathered", None)
    monkeypatch.setattr("runfolio.store.run_order.gathered", None)
    for one in queries:
        ids = run_ids(store, one)
        with pytest.raises(ValueError, match="read-only"):
            ids[0] = 7


LOSS, LR, NOTE = metric("loss"), param("lr", numeric=True), Column(Source.TAG, "note", Kind.TEXT)
SORTS = (*(SortKey(one) for one in (LOSS, LR, NOTE, NAME, STATUS, DURATION, CHECKS, *MORE)), SortKey(LOSS, True, True))
FILTERS = (
    "",
    "metrics.loss > 1",
    'tags.note = "b"',
    "a",
    "check:any",
    "duration < 3s",
    "created > now - 7d",
    "parent = ''",
)
QUERIES = st.builds(
    lambda sort, text, places: RunQuery(places, sort, filter=text),
    st.lists(st.sampled_from(SORTS), max_size=2).map(tuple),
    st.sampled_from(FILTERS),
    st.sampled_from([(), (1,), (2,)]),
)
RUN = st.integers(1, 6)
CHANGES = st.one_of(
    st.tuples(st.sampled_from(["log"]), RUN, st.sampled_from([1.0, 2.0, float("nan")])),
    st.tuples(st.sampled_from(["param"]), RUN, st.sampled_from(["1", "2", "auto"])),
    st.tuples(st.sampled_from(["tag", "rename"]), RUN, st.sampled_from(["a", "b"])),
    st.tuples(st.sampled_from(["end", "trash", "restore", "remove", "move", "check", "mute"]), RUN, st.none()),
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(CHANGES, st.lists(QUERIES, min_size=1, max_size=4)), max_size=6))
def test_every_change_to_runs_is_seen(steps: list[tuple[tuple[str, int, object], list[RunQuery]]]) -> None:
    with new_store() as store, Script(store) as script:
        operations.create_experiment(store, "other")
        uuids = [
            script.start(experiment="Default" if number % 2 else "other", name="ab"[number % 2]) for number in range(6)
        ]
        script.take()
        for (what, run, value), queries in steps:
            for one in queries:
                run_ids(store, one)
            with suppress(UserError):  # a run may be in the trash already, or gone
                _change(store, script, uuids[run - 1], what, run, value)
            other = open_store(store.path)
            for one in queries:
                assert np.array_equal(run_ids(store, one), run_ids(other, one)), one
            other.close()


def _change(store: Store, script: Script, uuid: str, what: str, run: int, value: object) -> None:
    match what, value:
        case "log", float(number):
            script.log(uuid, "loss", [number])
        case "param", str(text):
            script.params(uuid, {"lr": text})
        case "end", _:
            script.end(uuid, RunStatus.FAILED)
        case "check", _:
            looked = checks.look(store, run)
            checks.keep(store, [looked] if looked else [])
        case "mute", _:
            checks.mute(store, run, "divergence")
        case "trash", _:
            trash.delete_runs(store, [run])
        case "restore", _:
            trash.restore_runs(store, [run])
        case "remove", _:
            garbage.collect_garbage(store)
        case "move", _:
            moving.move_runs(store, [run], 2)
        case "tag", str(text):
            operations.set_tag(store, run, "note", text)
        case "rename", str(text):
            operations.rename_run(store, run, text)
    script.take()
