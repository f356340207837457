"""Searching runs and experiments: every filter and order agrees with plain Python, MLflow's own rules hold."""

from __future__ import annotations

import cProfile
import itertools
import math
import pstats
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from runfolio.core import patterns
from runfolio.core.clock import now_ms
from runfolio.core.columns import Column, SortKey, Source, formula, param, typed
from runfolio.core.columns import Kind as Shown
from runfolio.core.errors import FilterError
from runfolio.core.filter import filter_text, parse_filter
from runfolio.core.filter.fields import DATASET_KEYS, LISTS, ORDERING, PATTERN, RUNS, Kind, kind_of, operators_of
from runfolio.core.filter.tree import Comparison, Entity, Field, OrderKey, Presence, Statistic, Words
from runfolio.core.filter.write import field_text, quoted
from runfolio.core.folder import ARTIFACTS
from runfolio.core.states import LifecycleStage, RunStatus, ViewType
from runfolio.store import Store, open_store, schema
from runfolio.store.bulk import read_runs
from runfolio.store.column_choice import varying
from runfolio.store.formulas import column_numbers
from runfolio.store.operations import rename_run, set_experiment_tag
from runfolio.store.run_order import run_ids
from runfolio.store.run_query import RunQuery
from runfolio.store.runs import public_ids
from runfolio.store.search import find_experiments, find_runs
from runfolio.store.words import FEW_VALUES
from tests.core.filters import comparisons, order_text, trees
from tests.store.evaluate import Known, matches, sorted_runs
from tests.store.script import Script

NAMES = ("a run", "Résumé", "résumé 2", "50% off", "x'; drop table runs; --", 'quote"d', "back`tick", "a_b", "a\\b")
TEXTS = ("", "a", "A", "é", "É", "1", "1.0", "0.5", "-3e2", "nan", "50%", "a_b", "a\nb", "it's", "' or '1'='1")
VALUES = (0.0, 1.0, 0.5, -300.0, 1e300, math.inf, -math.inf, math.nan)
KEYS = ("a", "b/c", "d e", "mlflow.runName")
COUNT = 80


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[Known]]]:
    """A store, and what plain Python knows of its runs."""
    store = open_store(tmp_path_factory.mktemp("search") / "store")
    with Script(store) as script:
        yield store, _written(store, script, random.Random(0))
    store.close()


def _written(store: Store, script: Script, chance: random.Random) -> list[Known]:
    made = [_logged(script, chance, []) for _ in range(COUNT)]
    made += [_logged(script, chance, made) for _ in range(COUNT // 4)]
    script.take()
    for run in made:
        run.number = script.number(run.run_id)
        run.attributes["children"] = sum(other.attributes["parent"] == run.run_id for other in made)
    # What ingest says of the last sign of life is not what is tested here.
    with store.writing() as transaction:
        for run in made:
            seen = (
                update(schema.runs).where(schema.runs.c.id == run.number).values(last_seen=run.attributes["last_seen"])
            )
            transaction.connection.execute(seen)
        rows = transaction.connection.execute(schema.experiments.select()).all()
    ids = {row.name: str(row.id) for row in rows}
    for run in made:
        run.attributes["experiment_id"] = ids[run.attributes["experiment_name"]]
        run.attributes["artifact_uri"] = str(store.path / ARTIFACTS / run.run_id)
    return made


def _logged(script: Script, chance: random.Random, parents: list[Known]) -> Known:
    def some(values: tuple[str, ...]) -> dict[str, str]:
        return {key: chance.choice(values) for key in KEYS if chance.random() < 0.5}

    run = Known()
    name, experiment = chance.choice(NAMES), chance.choice(["Default", "folder/other"])
    parent = chance.choice(parents).run_id if parents else None
    run.run_id = script.start(name=name, experiment=experiment, parent=parent)
    start, end = script.now, None
    run.params = some(TEXTS)
    run.tags = {key: value for key, value in some(TEXTS).items() if key != "mlflow.runName"}
    script.params(run.run_id, run.params)
    script.tags(run.run_id, run.tags)
    for key in ("a", "b/c", "loss", "loss.max", "acc"):
        if chance.random() < 0.6:
            run.metrics[key] = [chance.choice(VALUES) for _ in range(chance.randint(1, 3))]
            script.log(run.run_id, key, run.metrics[key])
    for _ in range(chance.choice([0, 0, 1, 2])):
        context = chance.choice(["", "train", "test"])
        one = {"name": chance.choice(TEXTS), "digest": chance.choice("ab")}
        run.datasets.append(one | ({"context": context} if context else {}))
        tags = {"mlflow.data.context": context} if context else {}
        script.event("inputs", run.run_id, inputs=[{**one, "source_type": "local", "source": "{}", "tags": tags}])
    status = chance.choice([RunStatus.RUNNING, RunStatus.FINISHED, RunStatus.FAILED, RunStatus.KILLED])
    if status.ended:
        script.end(run.run_id, status)
        end = script.now
    if chance.random() < 0.3:
        script.now = start - 1000  # so that two runs start at one time
    seen = end or start + 5000
    run.attributes = {
        "run_id": run.run_id,
        "run_name": name,
        "status": status,
        "user_id": "me",
        "start_time": start,
        "end_time": end,
        "last_seen": seen,
        "duration": None if end is None else end - start,
        "experiment_name": experiment,
        "source_name": "train.py",
        "parent": parent,
    }
    return run


# What a running run has taken by now is compared apart.
ATTRIBUTES = sorted(set(RUNS.attributes) - {"duration"})
FIELDS = (
    st.builds(Field, st.just(Entity.ATTRIBUTE), st.sampled_from(ATTRIBUTES))
    | st.builds(Field, st.sampled_from([Entity.PARAM, Entity.TAG]), st.sampled_from([*KEYS, "never"]))
    | st.builds(
        Field, st.just(Entity.METRIC), st.sampled_from(["a", "b/c", "loss", "acc", "never"]), st.sampled_from(Statistic)
    )
    | st.builds(Field, st.just(Entity.METRIC), st.just("loss"), st.sampled_from(Statistic), st.just(True))
    | st.builds(
        lambda key, step: Field(Entity.METRIC, key, step=step),
        st.sampled_from(["a", "b/c", "loss", "loss.max", "never"]),
        st.integers(-1, 3),
    )
)
DATASETS = st.builds(Field, st.just(Entity.DATASET), st.sampled_from(DATASET_KEYS))
SOUGHT = st.sampled_from([*TEXTS, *NAMES, "%", "a%", "%a%", "_", "É%", "me", "FINISHED", "run1", "1", "Default"])
NUMBERS = st.sampled_from([*VALUES, 1_600_000_100_000.0, 2.0, 5000.0])
LEAVES = (
    comparisons(FIELDS | DATASETS, RUNS, SOUGHT, NUMBERS)
    | st.builds(Presence, FIELDS | DATASETS, st.booleans())
    | st.builds(Words, SOUGHT)
)
METRICS = {"a", "b/c", "loss", "loss.max", "acc"}


@settings(max_examples=150, deadline=None)
@given(tree=trees(LEAVES))
def test_a_filter_finds_what_plain_python_finds(known: tuple[Store, list[Known]], tree: object) -> None:
    store, runs = known
    text = filter_text(tree)  # type: ignore[arg-type]
    now = now_ms()
    expected = {run.number for run in runs if matches(parse_filter(text), run, now, METRICS)}
    assert set(find_runs(store, filter=text)) == expected, text


EVERY_FIELD = (
    *(Field(entity, "a") for entity in (Entity.PARAM, Entity.TAG, Entity.METRIC)),
    *(Field(Entity.METRIC, "loss", statistic) for statistic in Statistic),
    *(Field(Entity.METRIC, "loss", step=step) for step in (-1, 0, 1, 2)),
    *(Field(Entity.ATTRIBUTE, key) for key in ("run_name", "status", "start_time", "end_time", "children", "parent")),
    Field(Entity.TAG, "mlflow.runName"),
    *(Field(Entity.DATASET, key) for key in DATASET_KEYS),
)


@pytest.mark.parametrize("field", EVERY_FIELD, ids=map(field_text, EVERY_FIELD))
def test_every_comparison_with_every_value_does(known: tuple[Store, list[Known]], field: Field) -> None:
    store, runs = known
    kind = kind_of(RUNS, field)
    texts = [*TEXTS, "%", "a%", "%A%", "_", *NAMES, "Finished", "FINISHED"] if kind in (Kind.TEXT, Kind.EITHER) else []
    numbers = [*VALUES, 2.0, 1_600_000_100_000.0] if kind is not Kind.TEXT else []
    asked: list[Comparison] = []
    for operator in operators_of(kind):
        some = [one for one in texts if operator not in ORDERING] + [one for one in numbers if operator not in PATTERN]
        asked += [Comparison(field, operator, (one,) if operator in LISTS else one) for one in some]  # type: ignore[arg-type]
    for comparison in asked:
        found = set(find_runs(store, filter=filter_text(comparison)))
        assert found == {run.number for run in runs if matches(comparison, run, 0, METRICS)}, comparison


ORDER_FIELDS = st.lists(FIELDS, min_size=0, max_size=3, unique=True)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), some=ORDER_FIELDS)
def test_an_order_is_that_of_plain_python(
    known: tuple[Store, list[Known]], data: st.DataObject, some: list[Field]
) -> None:
    store, runs = known
    order = [OrderKey(one, data.draw(st.booleans()), data.draw(st.booleans())) for one in some]
    if any(key.field.key == "experiment_id" for key in order):
        order = [key for key in order if key.field.key != "experiment_id"]  # ordered as the numbers they are
    texts = [order_text(key) for key in order]
    expected = [run.number for run in sorted_runs(runs, order, METRICS)]
    assert find_runs(store, order_by=texts) == expected
    offset, limit = data.draw(st.integers(0, len(runs) + 5)), data.draw(st.integers(0, len(runs) + 5))
    assert find_runs(store, order_by=texts, limit=limit, offset=offset) == expected[offset : offset + limit]
    assert find_runs(store, order_by=texts, offset=offset) == expected[offset:]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "store")
    yield store
    store.close()


def ids_of(store: Store, text: str, **more: object) -> list[str]:
    """The public ids that a filter finds, in order of their starts."""
    numbers = find_runs(store, filter=text, order_by=["start_time"], **more)  # type: ignore[arg-type]
    return [run.run_id for run in read_runs(store, numbers)]


MLFLOW_RULES = [
    ("metrics.m != 1", ["two", "nan", "inf"]),
    ("metrics.m < 5", ["one", "two"]),
    ("metrics.m > 1e300", ["inf"]),
    ("metrics.m >= 1 and metrics.m <= 2", ["one", "two"]),
    ("metrics.gone != 1", []),
    ("params.p != 'x'", ["two"]),
    ("params.p LIKE 'X'", []),
    ("params.p ILIKE 'X'", ["one"]),
    ("params.p LIKE '50\\%'", []),
    ("params.p LIKE '50%'", ["two"]),
    ("params.p IS NULL", ["nan", "inf"]),
    ("params.p IS NOT NULL", ["one", "two"]),
    ("params.never IS NULL", ["one", "two", "nan", "inf"]),
    ("tags.t = 'y' AND params.p = 'x'", ["one"]),
    ("tags.t = 'y' params.p = 'x'", ["one"]),
    ("status = 'FINISHED'", ["one"]),
    ("status = 'finished'", []),
    ("status != 'FINISHED'", ["two", "nan", "inf"]),
    ("run_id IN ('one', 'inf', 'no such')", ["one", "inf"]),
    ("run_id NOT IN ('one', 'inf')", ["two", "nan"]),
    ("attributes.`Run name` = 'name of two'", ["two"]),
    ("tags.mlflow.runName = 'name of two'", ["two"]),
    ("tags.mlflow.parentRunId = 'one'", ["two"]),
    ("tags.mlflow.user = 'me' and tags.mlflow.source.name LIKE '%.py'", ["one", "two", "nan", "inf"]),
    ("end_time > 0", ["one"]),
    ("end_time != 0", ["one"]),
    ("start_time >= 0", ["one", "two", "nan", "inf"]),
]


def test_mlflows_rules_hold(store: Store) -> None:
    values = {"one": [9.0, 1.0], "two": [2.0], "nan": [math.nan], "inf": [math.inf]}
    with Script(store) as script:
        for run, logged in values.items():
            script.start(run_id=run, name=f"name of {run}", parent="one" if run == "two" else None)
            script.log(run, "m", logged)
        script.params("one", {"p": "x"})
        script.params("two", {"p": "50% off"})
        script.tags("one", {"t": "y"})
        script.end("one")
        script.take()
    for text, expected in MLFLOW_RULES:
        assert ids_of(store, text) == expected, text
    by_metric = [find_runs(store, order_by=[f"metrics.m {way}"]) for way in ("ASC", "DESC")]
    numbers = {run: script.number(run) for run in values}
    assert by_metric[0] == [numbers[run] for run in ("one", "two", "inf", "nan")]
    assert by_metric[1] == [numbers[run] for run in ("inf", "two", "one", "nan")]


def test_a_tag_set_by_hand_goes_before_the_column_it_stands_for(store: Store) -> None:
    with Script(store) as script:
        script.start(run_id="one")
        script.tags("one", {"mlflow.user": "somebody else"})
        script.take()
    assert ids_of(store, "tags.mlflow.user = 'somebody else'") == ["one"]
    assert ids_of(store, "tags.mlflow.user = 'me'") == []
    assert ids_of(store, "user_id = 'me'") == ["one"]


def test_a_run_that_is_renamed_is_found_by_its_new_name_alone(store: Store) -> None:
    with Script(store) as script:
        script.start(run_id="one", name="first")
        script.tags("one", {"mlflow.runName": "second"})
        script.take()
        rename_run(store, script.number("one"), "third")
    for field in ("run_name", "tags.mlflow.runName"):
        assert [ids_of(store, f"{field} = '{name}'") for name in ("first", "second", "third")] == [[], [], ["one"]]


def test_a_long_value_is_searched_to_its_end(store: Store) -> None:
    with Script(store) as script:
        for run, end in (("one", "!"), ("two", "?")):
            script.start(run_id=run)
            script.params(run, {"p": "x" * 9000 + end})
            script.tags(run, {"t": "x" * 9000 + end})
        script.take()
    for field in ("params.p", "tags.t"):
        assert ids_of(store, f"{field} = '{'x' * 9000}!'") == ["one"]
        assert ids_of(store, f"{field} != '{'x' * 9000}!'") == ["two"]
        assert ids_of(store, f"{field} like '%!'") == ["one"]
        assert ids_of(store, rf"{field} ~ 'x\?$'") == ["two"]
    assert ids_of(store, "'xx!'") == ["one"]
    assert ids_of(store, "'x…'") == [], "the table shows it where it has cut the value off"


def test_a_word_is_found_in_numbers_and_in_what_looks_like_one(store: Store) -> None:
    values = {"number": "1.5E-7", "text": "1.5E-7x", "hex": "0xBEEF", "like": "50%_off", "none": "nan"}
    with Script(store) as script:
        for run, value in values.items():
            script.start(run_id=run, name="run")
            script.params(run, {"p": value})
        script.take()
    words = {"'5e-7'": {"number", "text"}, "'7x'": {"text"}, "beef": {"hex"}, "'%_'": {"like"}, "nan": {"none"}}
    for word, found in words.items():
        assert set(ids_of(store, word)) == found, word


@pytest.mark.parametrize("field", ["params.p", "tags.p"])
def test_great_numbers_and_those_without_an_end_are_equal_to_themselves_alone(store: Store, field: str) -> None:
    written = ("12345678901234567890", "12345678901234567891", "inf", "-Infinity", "nan", "1", "a", "1e20")
    with Script(store) as script:
        for value in written:
            run = script.start()
            script.params(run, {"p": value})
            script.tags(run, {"p": value})
        script.start()
        script.finish()
    for asked, found in (
        ("= 12345678901234567890", {"12345678901234567890"}),
        ("== -12345678901234567890", set()),
        ("in (12345678901234567891, 1)", {"12345678901234567891", "1"}),
        ("!= 12345678901234567890", {*written} - {"12345678901234567890", "a"}),
        ("= 100000000000000000000", {"1e20"}),
        ("= inf", {"inf"}),
        ("= -inf", {"-Infinity"}),
        ("= nan", {"nan"}),
        ("in (nan, 1)", {"nan", "1"}),
        ("not in (nan, inf)", {*written} - {"nan", "inf", "a"}),
        ("!= nan", {*written} - {"nan", "a"}),
        ("> 12345678901234000000", {"12345678901234567890", "12345678901234567891", "1e20"}),
    ):
        runs = find_runs(store, filter=f"{field} {asked}")
        assert {written[run - 1] for run in runs} == found, asked
        assert sorted(run_ids(store, RunQuery(filter=f"{field} {asked}")).tolist()) == sorted(runs)


@pytest.mark.parametrize("number", [FEW_VALUES - 1, FEW_VALUES, FEW_VALUES + 5])
def test_words_are_found_among_few_and_many_different_values(store: Store, number: int) -> None:
    """A key's values are looked at once each if there are few, and run by run if there are many."""
    with Script(store) as script:
        for place in range(number):
            run, own = script.start(run_id=f"r{place}", name="run"), f"own-{place}."
            script.params(run, {"p": own, "few": ("one", "two")[place % 2], "size": str(place)})
            script.tags(run, {"t": own.upper(), "few": ("Three", "Fourß")[place % 2]})
        script.take()
    even, odd = ({f"r{place}" for place in range(start, number, 2)} for start in (0, 1))
    last = f"'own-{number - 1}.'"
    expected = {
        "two": odd, "ONE": even, "'one' three": even, "FOURSS": set(), "fourß": odd, "not three": odd,
        last: {f"r{number - 1}"}, f"{last} or three": even | {f"r{number - 1}"}, "absent": set(),
    }  # fmt: skip
    for text, found in expected.items():
        assert set(ids_of(store, text)) == found, text
        numbers = run_ids(store, RunQuery(filter=text)).tolist()
        assert set(public_ids(store, numbers)) == found, text


@pytest.mark.parametrize("ask", [find_runs, lambda store, filter: run_ids(store, RunQuery(filter=filter)).tolist()])
def test_a_word_of_many_costs_little_more_than_to_look_for_it(store: Store, ask: Callable[..., list[int]]) -> None:
    words = [f"adam{number}" for number in range(100)]
    with Script(store) as script:
        run = script.start(name=" ".join(words))
        script.params(script.start(), {"optimizer": words[0]})
        script.finish()
    number = script.number(run)
    assert ask(store, filter=" ".join(words)) == [number]
    assert ask(store, filter=" ".join([*words, "sgd"])) == []
    assert sorted(ask(store, filter=" or ".join(words))) == [number, number + 1]
    profile = cProfile.Profile()
    profile.runcall(ask, store, filter=" ".join(words[1:]))
    assert pstats.Stats(profile).total_calls < 1000 * len(words)  # type: ignore[attr-defined]


def test_a_metric_whose_name_ends_like_a_statistic_is_meant_where_there_is_one(store: Store) -> None:
    with Script(store) as script:
        script.start(run_id="one")
        script.log("one", "loss", [3.0, 1.0, 2.0])
        script.take()
        assert ids_of(store, "metrics.loss.min = 1") == ["one"]
        script.log("one", "loss.min", [7.0])
        script.take()
    assert ids_of(store, "metrics.loss.min = 1") == []
    assert ids_of(store, "metrics.loss.min = 7") == ["one"]
    assert ids_of(store, "metrics.`loss`.min = 1") == ["one"]


def test_times_and_spans(store: Store) -> None:
    now = now_ms()
    with Script(store) as script:
        for run, started in (("old", now - 10 * 86_400_000), ("new", now - 3_600_000)):
            script.now = started
            script.start(run_id=run)
            script.now = started + 1_800_500
            script.end(run)
        script.take()
    assert ids_of(store, "created > now - 7d") == ["new"]
    assert ids_of(store, "created < now - 7d or duration > 2h") == ["old"]
    assert ids_of(store, "duration >= 30m and duration < 31m") == ["old", "new"]
    assert ids_of(store, "duration > 1800") == ids_of(store, "duration > 1800s") == ["old", "new"]
    assert ids_of(store, "duration > 1801 or duration in (5, 6s)") == []
    assert ids_of(store, "created < 2001-02-03") == []


def test_a_number_is_as_long_a_time_in_a_filter_as_in_a_formula(store: Store) -> None:
    with Script(store) as script:
        for run, seconds in (("short", 4), ("even", 5), ("long", 6)):
            script.start(run_id=run)
            script.now += (seconds - 1) * 1000
            script.end(run)
        script.take()
        runs = [script.number(run) for run in ("short", "even", "long")]
    for limit in ("5", "5s", "0.0833333333333334m"):
        with store.reading() as connection:
            over = column_numbers(connection, formula("over", f"duration > {limit}"), np.array(runs))
        assert ids_of(store, f"duration > {limit}") == ["long"] and over.tolist() == [0, 0, 1], limit


def test_views_and_experiments(store: Store) -> None:
    with Script(store) as script:
        for run, experiment in (("a1", "a"), ("a2", "a"), ("b1", "b")):
            script.start(run_id=run, experiment=experiment)
        script.take()
    deleted = update(schema.runs).where(schema.runs.c.run_uuid == "a2").values(lifecycle_stage=LifecycleStage.DELETED)
    with store.writing() as transaction:
        transaction.connection.execute(deleted)
    number = {one.name: one.id for one in find_experiments(store)}
    assert ids_of(store, "") == ["a1", "b1"]
    assert ids_of(store, "", view=ViewType.DELETED_ONLY) == ["a2"]
    assert ids_of(store, "", view=ViewType.ALL) == ["a1", "a2", "b1"]
    assert ids_of(store, "", experiments=[number["a"]], view=ViewType.ALL) == ["a1", "a2"]
    assert ids_of(store, "", experiments=list(number.values())) == ["a1", "b1"]
    assert ids_of(store, "experiment_name = 'b'") == ["b1"]
    assert ids_of(store, f"experiment_id in ('{number['a']}')") == ["a1"]


def test_the_default_order_is_the_newest_first_then_the_id(store: Store) -> None:
    with Script(store) as script:
        for run in ("c", "a", "b"):
            script.now = 1_600_000_000_000
            script.start(run_id=run)
        script.now += 5000
        script.start(run_id="z")
        script.take()
    assert find_runs(store) == [script.number(run) for run in ("z", "a", "b", "c")]


def test_an_order_that_names_a_field_twice_is_refused(store: Store) -> None:
    with pytest.raises(FilterError, match="twice"):
        find_runs(store, order_by=["metrics.a ASC", "metrics.`a` DESC"])


def test_children_and_parents(store: Store) -> None:
    with Script(store) as script:
        script.start(run_id="top")
        for child in ("c1", "c2"):
            script.start(run_id=child, parent="top")
        script.start(run_id="c11", parent="c1")
        script.take()
    assert ids_of(store, "children > 1") == ["top"]
    assert ids_of(store, "children = 0") == ["c2", "c11"]
    assert ids_of(store, "children < 2 and parent = 'top'") == ["c1", "c2"]
    assert ids_of(store, "parent is null") == ["top"]
    assert find_runs(store, order_by=["children DESC"])[:2] == [script.number("top"), script.number("c1")]


INJECTIONS = [
    "x' OR '1'='1",
    "x'; DROP TABLE runs; --",
    'x" OR "1"="1',
    "x') OR 1=1 --",
    "%' OR 1=1 --",
    ":name ?1 @x $y %s %(a)s",
    "a`b",
    "\\",
    "\\'",
    "'",
    '"',
    "'\"",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_text_of_a_user_becomes_sql(store: Store, text: str) -> None:
    """As a value, a key and a word, it finds the run that has it and no other."""
    with Script(store) as script:
        script.start(run_id="innocent")
        script.start(run_id="has it", name=text)
        script.params("has it", {"p": text})
        script.tags("has it", {text.replace("`", ""): "v"})
        script.log("has it", text.replace("`", ""), [1.0])
        script.take()
    key = text.replace("`", "")
    tag, metric = field_text(Field(Entity.TAG, key)), field_text(Field(Entity.METRIC, key))
    for question in (
        f"params.p = {quoted(text)}",
        f"run_name in ({quoted(text)})",
        f"{tag} = 'v'",
        f"{metric} = 1",
        f"has({tag})",
        quoted(text),
    ):
        assert ids_of(store, question) == ["has it"], question
    assert find_runs(store, order_by=[f"{metric} desc"])[0] == script.number("has it")
    assert len(find_runs(store)) == 2


def test_a_list_of_ids_may_be_long(store: Store) -> None:
    with Script(store) as script:
        script.start(run_id="one")
        script.take()
    many = ", ".join(f"'{number}'" for number in range(29_000))
    assert ids_of(store, f"run_id in ('one', {many})") == ["one"]
    assert ids_of(store, f"run_id not in ({many})") == ["one"]


def test_many_conditions_and_deep_ones_are_answered(store: Store) -> None:
    with Script(store) as script:
        script.start(run_id="one")
        script.take()
    assert ids_of(store, " or ".join(["status = 'x'"] * 499 + ["run_id = 'one'"])) == ["one"]
    assert ids_of(store, "not (" * 24 + "run_id = 'one'" + ")" * 24) == ["one"]
    several = itertools.chain.from_iterable((f"metrics.m{i} is null", "and") for i in range(400))
    assert ids_of(store, " ".join(several)) == ["one"]


EXPERIMENT_RULES = [
    ("", ["c/d", "B", "a"]),
    ("name = 'a'", ["a"]),
    ("name != 'a'", ["c/d", "B"]),
    ("name LIKE 'b'", []),
    ("name ILIKE 'b'", ["B"]),
    ("name IN ('a', 'B')", ["B", "a"]),
    ("name ~ '/'", ["c/d"]),
    ("not name = 'a' and name like '%/%'", ["c/d"]),
    ("creation_time > 0 and last_update_time < 5", []),
    ("created > now - 1h", []),
    ("c/", ["c/d"]),
]


def test_experiments_are_found_by_name_time_and_words(store: Store) -> None:
    with Script(store) as script:
        for name in ("a", "B", "c/d"):
            script.start(experiment=name)
        script.take()
    for text, expected in EXPERIMENT_RULES:
        assert [one.name for one in find_experiments(store, filter=text) if one.name != "Default"] == expected, text
    names = [one.name for one in find_experiments(store, order_by=["name ASC"])]
    assert names == sorted(names)
    assert [one.name for one in find_experiments(store, order_by=["name"], limit=1, offset=1)] == names[1:2]
    found = find_experiments(store, filter="name = 'a'")[0]
    assert (found.runs, found.running) == (1, 1)
    assert [one.name for one in find_experiments(store, filter=f"experiment_id = '{found.id}'")] == ["a"]
    assert find_experiments(store, view=ViewType.DELETED_ONLY) == []


def test_experiments_are_found_by_their_tags(store: Store) -> None:
    with Script(store) as script:
        for name in ("a", "b", "c"):
            script.start(experiment=name)
        script.take()
    number = {one.name: one.id for one in find_experiments(store)}
    set_experiment_tag(store, number["a"], "team", "vision")
    set_experiment_tag(store, number["b"], "team", "x" * 9000 + "!")
    for text, expected in (
        ("tags.team = 'vision'", ["a"]),
        ("tags.team != 'vision'", ["b"]),
        ("tags.team ILIKE 'VIS%' or tags.team like '%!'", ["a", "b"]),
        ("tags.team IS NOT NULL", ["a", "b"]),
        ("tags.team IS NULL", ["c"]),
        ("visio", ["a"]),
    ):
        found = find_experiments(store, filter=text, order_by=["name"])
        assert [one.name for one in found if one.name != "Default"] == expected, text
    assert find_experiments(store, filter="name = 'b'")[0].tags == {"team": "x" * 9000 + "!"}


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("nulls_first", [False, True])
def test_the_window_orders_params_as_searches_do(store: Store, descending: bool, nulls_first: bool) -> None:
    with Script(store) as script:
        for value in ("10", None, "auto", "9", "big"):
            script.params(script.start(), {} if value is None else {"size": value})
        script.finish()
    key = SortKey(param("size", numeric=True), descending, nulls_first)
    order = f"params.size {'desc' if descending else 'asc'}{' nulls first' if nulls_first else ''}"
    assert run_ids(store, RunQuery(sort=(key,))).tolist() == find_runs(store, order_by=[order])


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("nulls_first", [False, True])
@pytest.mark.parametrize("column", [typed("size"), Column(Source.TAG, "size", Shown.TEXT)])
def test_tags_are_ordered_everywhere_as_numbers_and_texts_after_them(
    store: Store, column: Column, descending: bool, nulls_first: bool
) -> None:
    values = ("10", None, "0.5", "abc", "9", "9.0", "big", "inf")
    with Script(store) as script:
        for value in values:
            script.tags(script.start(), {} if value is None else {"size": value})
        script.finish()
    order = f"tags.size {'desc' if descending else 'asc'}{' nulls first' if nulls_first else ''}"
    found = find_runs(store, order_by=[order])
    numbers, texts = ["0.5", "9", "9.0", "10"], ["abc", "big", "inf"]
    ordered = [*reversed(numbers), *reversed(texts)] if descending else [*numbers, *texts]
    assert [values[run - 1] for run in found] == ([None, *ordered] if nulls_first else [*ordered, None])
    query = RunQuery(sort=(SortKey(column, descending, nulls_first),))
    assert run_ids(store, query).tolist() == found
    some = RunQuery(sort=query.sort, filter="tags.size ~ '[0-9]'")
    assert run_ids(store, some).tolist() == [run for run in found if values[run - 1] in numbers]


def test_an_expression_without_an_end_is_told_of_and_the_store_answers_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "MOST_SECONDS", 0.05)
    with Script(store) as script:
        runs = [script.start(name=f"{'a' * 40}{end}") for end in ("!", "")]
        script.finish()
    typed = r"status = 'RUNNING' and run_name ~ '(a|aa)+$'"
    for ask in (
        lambda: find_runs(store, filter=typed),
        lambda: run_ids(store, RunQuery(filter=typed)),
        lambda: varying(store, RunQuery(filter=typed)),
    ):
        with pytest.raises(FilterError, match="takes too long") as caught:
            ask()
        assert caught.value.text == typed and typed[caught.value.position :] == caught.value.found == "'(a|aa)+$'"
    found = find_runs(store, filter="run_name ~ '^(a)+$'")
    assert public_ids(store, found) == [runs[1]]
    with store.writing() as transaction:
        name = schema.experiments.update().values(name="a" * 40 + "!")
        transaction.connection.execute(name)
    with pytest.raises(FilterError, match="takes too long"):
        find_experiments(store, filter="name ~ '(a|aa)+$'")
