"""Which columns can be added, and those in which runs differ, compared with plain Python."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.core.columns import ATTRIBUTES, MORE, Column, Kind, SortKey, Source, metric, param, trend
from runfolio.store import Store, table
from runfolio.store.column_choice import tag_columns, varying
from runfolio.store.run_order import run_ids
from runfolio.store.run_query import RunQuery
from runfolio.store.table import rows
from runfolio.store.trash import delete_runs
from tests.store.script import Script, new_store

KEYS = ("lr", "opt", "seed")
VALUES = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["1", "2", "x", "y" * 3000]))


@settings(max_examples=40)
@given(st.lists(st.tuples(VALUES, VALUES, st.booleans()), max_size=5))
def test_what_varies_among_the_runs_of_a_filter(logged: list[tuple[dict[str, str], dict[str, str], bool]]) -> None:
    with new_store() as store, Script(store) as script:
        for params, tags, fits in logged:
            run = script.start(name="fits" if fits else "else")
            script.params(run, params)
            script.tags(run, dict(tags))
        script.take()
        chosen = [(params, tags) for params, tags, fits in logged if fits]
        expected = []
        for key in KEYS:
            values = [params.get(key) for params, _ in chosen]
            if len(set(values)) > 1:
                expected.append(param(key, all(value in ("1", "2", None) for value in values)))
        for key in KEYS:
            values = [tags.get(key) for _, tags in chosen]
            if len(set(values)) > 1:
                numeric = all(value in ("1", "2", None) for value in values)
                expected.append(Column(Source.TAG, key, Kind.NUMBER if numeric else Kind.TEXT))
        found = varying(store, RunQuery(filter="name = 'fits'"))
        assert [repr(column) for column in found] == [repr(column) for column in expected]


def test_tags_of_users_can_be_columns(store: Store) -> None:
    with Script(store) as script:
        for experiment, tags in (("one", {"b": "1", "mlflow.note.content": "x"}), ("two", {"a": "1"})):
            script.tags(script.start(experiment=experiment), dict(tags))
        script.take()
    assert [column.key for column in tag_columns(store)] == ["a", "b"]
    assert [column.key for column in tag_columns(store, (1,))] == ["b"]


def test_a_tag_is_a_number_where_all_runs_of_the_experiments_have_one(store: Store) -> None:
    with Script(store) as script:
        for experiment, value in (("one", "10"), ("one", "9.5"), ("one", "-1e3"), ("two", "good"), ("two", "7")):
            run = script.start(experiment=experiment)
            script.tags(run, {"score": value, "note": f"run {value}"})
            script.end(run)
        gone = script.start(experiment="one", run_id="gone")
        script.tags(gone, {"score": "none"})
        script.take()
        delete_runs(store, [script.number("gone")])
    one = tag_columns(store, (1,))
    assert [(column.key, column.kind) for column in one] == [("note", Kind.TEXT), ("score", Kind.NUMBER)]
    assert [column.kind for column in tag_columns(store)] == [Kind.TEXT, Kind.TEXT]
    score = one[1]
    assert run_ids(store, RunQuery((1,), (SortKey(score),))).tolist() == [3, 2, 1]
    assert run_ids(store, RunQuery((1,), filter="tags.score > 9")).tolist() == [2, 1]
    assert run_ids(store, RunQuery(filter="tags.score in (7, 10)")).tolist() == [5, 1]
    assert table.column_range(store, (1,), score) == (-1000.0, 10.0) == table.column_range(store, (1, 2), score)
    assert rows(store, [2], [score])[2].cells == (9.5,)


def test_every_attribute_can_be_shown_and_sorted(store: Store) -> None:
    with Script(store) as script:
        run = script.start(name="a run", experiment="deep/one")
        script.tags(run, {"mlflow.note.content": "good", "mlflow.source.git.commit": "c0ffee"})
        script.take()
        number = script.number(run)
    cells = dict(zip(MORE, rows(store, [number], MORE)[number].cells, strict=True))
    assert [cells[column] for column in MORE[:6]] == ["good", None, "me", "deep/one", "train.py", "c0ffee"]
    assert cells[MORE[-1]] == run
    for column in (*ATTRIBUTES, *MORE):
        assert run_ids(store, RunQuery(sort=(SortKey(column),))).tolist() == [number]


def test_the_best_is_the_least_of_a_loss_and_the_greatest_of_a_score(store: Store) -> None:
    with Script(store) as script:
        runs = [script.start() for _ in range(2)]
        for run, values in zip(runs, ([3.0, 1.0, 2.0], [5.0, 0.5, 9.0]), strict=True):
            script.log(run, "loss", values)
            script.log(run, "acc", values)
        script.take()
        numbers = [script.number(run) for run in runs]
    columns = [metric("loss", "best"), metric("acc", "best"), trend("acc")]
    assert [rows(store, numbers, columns)[number].cells for number in numbers] == [(1.0, 3.0, 2.0), (0.5, 9.0, 9.0)]
    assert run_ids(store, RunQuery(sort=(SortKey(metric("loss", "best")),))).tolist() == numbers[::-1]
    assert table.column_range(store, (), metric("acc", "best")) == (3.0, 9.0)
