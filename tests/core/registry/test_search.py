"""Searching registered models and versions: filters and orders agree with plain Python, errors name the nearest."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.clock import now_ms
from runfolio.core.errors import FilterError
from runfolio.core.filter import MODEL_VERSIONS, REGISTERED_MODELS, filter_text, parse_filter
from runfolio.core.filter.tree import Entity, Field, Node, OrderKey, Presence, Words
from runfolio.core.registry.records import ModelVersion, RegisteredModel
from runfolio.core.registry.search import MODELS, VERSIONS, is_like, name_in
from tests.core.filters import comparisons, order_text, trees
from tests.store.evaluate import Known, matches, sorted_runs

TEXTS = ("", "a", "A", "é", "É", "1", "1.0", "0.5", "-3e2", "nan", "50%", "a_b", "a\nb", "it's", "9007199254740993")
VALUES = (0.0, 1.0, 0.5, -300.0, 1e300, math.inf, -math.inf, math.nan)
KEYS = ("a", "b/c", "loss.min")


def version(number: int = 1, **given: Any) -> ModelVersion:
    """A version with what is given, and the least of all else."""
    least: dict[str, Any] = {
        "id": number, "model_id": 1, "name": "churn", "version": number, "stage": "None", "stage_time": 0,
        "description": "", "creation_time": 0, "last_update_time": 0, "user": "", "source": "", "run_id": "",
        "run": None, "run_name": "", "run_link": "", "size": 0, "digest": "",
    }  # fmt: skip
    return ModelVersion(**{**least, **given})


def some(values: tuple[Any, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(KEYS), st.sampled_from(values))


TEXT = st.sampled_from(TEXTS)
TIME = st.integers(0, 2) | st.integers(1_600_000_000_000, 1_600_000_000_002)
VERSION = st.builds(
    version,
    st.integers(1, 3),
    name=st.sampled_from(["churn", "other", "Churn"]),
    stage=st.sampled_from(["None", "Production"]),
    stage_time=TIME,
    creation_time=TIME,
    last_update_time=TIME,
    description=TEXT,
    run_id=TEXT,
    user=TEXT,
    tags=some(TEXTS),
    params=some(TEXTS),
    metrics=some(VALUES),
    size=st.integers(0, 2),
)


def known(one: ModelVersion, place: int) -> Known:
    """The same as a run, of which plain Python says what filters mean."""
    texts = {name: getattr(one, name) or None for name in ("description", "run_id", "run_name", "source", "user")}
    attributes = {name: getattr(one, name) for name in ("name", "stage", "version", "size", "stage_time")} | texts
    attributes |= {"creation_timestamp": one.creation_time, "last_updated_timestamp": one.last_update_time}
    metrics = {key: [value] for key, value in one.metrics.items()}
    return Known(place, f"{place:02}", attributes, dict(one.params), dict(one.tags), metrics)


ATTRIBUTES = st.sampled_from(sorted(MODEL_VERSIONS.attributes.keys() - {"alias"}))  # those of one value
NAMED = st.builds(Field, st.sampled_from([Entity.METRIC, Entity.PARAM, Entity.TAG]), st.sampled_from(KEYS))
FIELDS = st.builds(Field, st.just(Entity.ATTRIBUTE), ATTRIBUTES) | NAMED
LEAVES: st.SearchStrategy[Node] = comparisons(FIELDS, MODEL_VERSIONS, TEXT, st.sampled_from(VALUES)) | st.builds(
    Presence, FIELDS, st.booleans()
)
ORDERS = st.lists(
    st.builds(OrderKey, FIELDS, st.booleans(), st.booleans()), max_size=2, unique_by=lambda key: key.field
)


@given(st.lists(VERSION, max_size=6), trees(LEAVES))
def test_a_filter_lets_pass_what_plain_python_does(versions: list[ModelVersion], node: Node) -> None:
    found = VERSIONS.found(versions, filter_text(node))
    expected = [one for one in versions if matches(node, known(one, 0), now_ms(), set())]
    assert sorted(found, key=repr) == sorted(expected, key=repr)


@given(st.lists(VERSION, max_size=6), ORDERS)
def test_an_order_is_that_of_runs(versions: list[ModelVersion], order: list[OrderKey]) -> None:
    found = VERSIONS.found(versions, "", [order_text(key) for key in order])
    natural = VERSIONS.found(versions, "")
    expected = sorted_runs([known(one, place) for place, one in enumerate(natural)], order, set())
    assert list(map(repr, found)) == [repr(natural[one.number]) for one in expected]


@given(st.text("ab%_\n", max_size=7), st.text("ab%_", max_size=7))
def test_like_is_what_a_slow_reading_says(text: str, pattern: str) -> None:
    def fits(text: str, pattern: str) -> bool:
        if not pattern:
            return not text
        if pattern[0] == "%":
            return any(fits(text[at:], pattern[1:]) for at in range(len(text) + 1))
        return bool(text) and pattern[0] in ("_", text[0]) and fits(text[1:], pattern[1:])

    assert is_like(text, pattern) == fits(text, pattern)


def test_a_pattern_of_many_wildcards_takes_no_time() -> None:
    assert not is_like("a" * 20_000, "%a" * 500 + "%b")


CHURN = [
    version(1, stage="Archived", tags={"team": "a"}, metrics={"auc": 0.9}, run_id="r1"),
    version(2, stage="Production", aliases=("champion", "blue"), metrics={"auc": 0.95}, last_update_time=5),
    version(3, description="The best yet.", metrics={"auc": math.nan}, params={"lr": "0.1"}, source="runs:/x/model"),
]


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("", {1, 2, 3}),
        ("name = 'churn'", {1, 2, 3}),
        ("name LIKE 'ch%'", {1, 2, 3}),
        ("name = 'Churn'", set()),
        ("run_id IN ('r1', 'r2')", {1}),
        ("run_id is null", {2, 3}),
        ("source_path = 'runs:/x/model'", {3}),
        ("version_number > 1", {2, 3}),
        ("version in (1, 3)", {1, 3}),
        ("tags.team = 'a'", {1}),
        ("tag.team != 'a'", set()),
        ("current_stage = 'Production' or stage = 'Archived'", {1, 2}),
        ("alias = 'blue'", {2}),
        ("aliases != 'blue'", {2}),
        ("not aliases = 'blue'", {1, 3}),
        ("has(alias)", {2}),
        ("description ~ 'best'", {3}),
        ("description is null", {1, 2}),
        ("metrics.auc >= 0.9", {1, 2}),
        ("metrics.auc != 0.9", {2, 3}),
        ("params.lr = 0.10", {3}),
        ("created < 2020-01-01", {1, 2, 3}),
        ("last_updated_timestamp > now - 1h", set()),
        ("champion", {2}),
        ("'0.1'", {3}),
    ],
)
def test_what_filters_of_versions_find(filter: str, found: set[int]) -> None:
    assert {one.version for one in VERSIONS.found(CHURN, filter)} == found


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("name = 'churn'", {"churn"}),
        ("name ILIKE 'CH%'", {"churn"}),
        ("alias = 'champion'", {"churn"}),
        ("stage = 'Production' and versions > 2", {"churn"}),
        ("tags.team = 'b' or description is not null", {"other"}),
        ("not has(alias)", {"other"}),
        ("last_updated_timestamp >= 7", {"other"}),
    ],
)
def test_what_filters_of_models_find(filter: str, found: set[str]) -> None:
    models = [
        RegisteredModel(1, "churn", "", 1, 2, 3, holders={"Production": 2}, aliases={"champion": 2}),
        RegisteredModel(2, "other", "No more.", 3, 7, tags={"team": "b"}),
    ]
    assert {one.name for one in MODELS.found(models, filter)} == found


def test_versions_are_in_order_by_the_last_change_unless_told_otherwise() -> None:
    assert [one.version for one in VERSIONS.found(CHURN, "")] == [2, 3, 1]
    assert [one.version for one in VERSIONS.found(CHURN, "", ["version"])] == [1, 2, 3]
    assert [one.version for one in VERSIONS.found(CHURN, "", ["metrics.auc DESC"])] == [2, 1, 3]
    assert [one.version for one in VERSIONS.found(CHURN, "", ["tags.team nulls first", "version desc"])] == [3, 2, 1]


@pytest.mark.parametrize(
    ("filter", "message", "place"),
    [
        (
            "name = 'a' and stge = 'x'",
            "no attribute 'stge' (at character 16). Did you mean stage?",
            15,
        ),
        ("datasets.name = 'x'", "Model versions have no datasets", 0),
        ("version = 'x'", "compared with a number", 10),
        ("stage > 'a'", "there is no '>'", 6),
        ("metrics.auc @ 3 > 1", "Of their metrics model versions have the last value alone", 12),
        ("metrics.`auc`.min > 1", "Of their metrics model versions have the last value alone", 0),
        ("lr = 1", "Params, metrics and tags have a prefix: params.lr", 0),
    ],
)
def test_what_cannot_be_asked_is_told_with_its_place(filter: str, message: str, place: int) -> None:
    with pytest.raises(FilterError) as raised:
        VERSIONS.found(CHURN, filter)
    assert message in str(raised.value) and raised.value.position == place


def test_models_have_no_metrics() -> None:
    with pytest.raises(FilterError, match="Registered models have no metrics"):
        MODELS.found([], "metrics.auc > 1")
    assert parse_filter("name = 'x'", REGISTERED_MODELS)


def test_an_order_that_cannot_be_read_is_told() -> None:
    with pytest.raises(FilterError, match="twice"):
        VERSIONS.found(CHURN, "", ["version", "version_number DESC"])
    with pytest.raises(FilterError, match="no attribute 'vers'"):
        VERSIONS.found(CHURN, "", ["vers"])


def test_an_expression_that_never_ends_is_told() -> None:
    slow = [version(1, description="a" * 5000 + "b")]
    with pytest.raises(FilterError, match="takes too long"):
        VERSIONS.found(slow, "description ~ '(a+)+$'")


def test_the_name_that_all_must_have_is_known() -> None:
    for filter, name in (
        ("name = 'x'", "x"),
        ("version > 1 and name = 'x'", "x"),
        ("name = 'x' or version > 1", None),
        ("not name = 'x'", None),
        ("name != 'x'", None),
        ("", None),
    ):
        assert name_in(parse_filter(filter, MODEL_VERSIONS)) == name, filter


def test_words_are_found_in_texts_of_a_version_whatever_their_case() -> None:
    assert [one.version for one in VERSIONS.found(CHURN, filter_text(Words("BEST")))] == [3]
