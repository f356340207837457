"""Searching the registry from scripts: page by page, and with the meaning that filters of runs have."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import runfolio
from runfolio.core.errors import FilterError, InvalidValue
from runfolio.core.filter import filter_text
from runfolio.core.filter.tree import Entity, Field, Node, Presence
from runfolio.core.registry.search import VERSIONS
from runfolio.store import Store, open_store
from runfolio.store.registry.reading import all_versions
from runfolio.store.registry.registering import Source, register
from runfolio.store.runs import public_ids
from runfolio.store.search import find_runs
from tests.core.filters import comparisons, trees
from tests.core.registry.test_search import KEYS, TEXTS, VALUES
from tests.store.script import Script


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with runs, and of each a version that has its tags."""
    place = tmp_path_factory.mktemp("registered")
    (place / "model").mkdir()
    (place / "model" / "weights").write_bytes(b"1")
    store = open_store(place / "store")
    texts, values = itertools.cycle(TEXTS), itertools.cycle(VALUES)
    with Script(store) as script:
        for number in range(20):
            run, named = script.start(), [key for place, key in enumerate(KEYS) if number >> place & 1]
            tags = {key: next(texts) for key in named}
            script.params(run, {key: next(texts) for key in KEYS[number % 3 :]})
            script.tags(run, tags)
            for key in named:
                script.log(run, key, [next(values)])
            script.take()
            register(store, "churn", Source(place / "model", "model", run), tags=tags)
    yield store
    store.close()


FIELDS = st.builds(Field, st.sampled_from([Entity.METRIC, Entity.PARAM, Entity.TAG]), st.sampled_from(KEYS))
LEAVES: st.SearchStrategy[Node] = comparisons(
    FIELDS, texts=st.sampled_from(TEXTS), numbers=st.sampled_from([*VALUES, 9007199254740993.0])
) | st.builds(Presence, FIELDS, st.booleans())


@settings(max_examples=60)
@given(node=trees(LEAVES))
def test_a_filter_of_versions_means_what_it_means_of_runs(registered: Store, node: Node) -> None:
    filter = filter_text(node)
    runs = set(public_ids(registered, find_runs(registered, filter=filter)))
    assert {one.run_id for one in VERSIONS.found(all_versions(registered), filter)} == runs


def test_versions_are_found_page_by_page(client: runfolio.Client) -> None:
    first = client.search_model_versions("name = 'churn'", 2, ["version_number ASC"])
    second = client.search_model_versions("name = 'churn'", 2, ["version_number ASC"], first.token)
    assert ([one.version for one in first], [one.version for one in second]) == ([1, 2], [3])
    assert first.token is not None and second.token is None
    with pytest.raises(InvalidValue, match="token"):
        client.search_model_versions(page_token="nonsense")
    with pytest.raises(InvalidValue, match="at least 1"):
        client.search_model_versions(max_results=0)


def test_models_are_found_with_their_newest_versions(client: runfolio.Client, folder: Path) -> None:
    runfolio.register_model(str(folder), "another")
    client.set_registered_model_alias("churn", "champion", 2)
    client.transition_model_version_stage("churn", 1, "Production")
    assert [one.name for one in client.search_registered_models()] == ["another", "churn"]
    (found,) = client.search_registered_models("alias = 'champion' and stage = 'Production'")
    assert {one.current_stage: one.version for one in found.latest_versions} == {"None": 3, "Production": 1}
    assert found.aliases == {"champion": 2}
    page = client.search_registered_models(max_results=1, order_by=["name DESC"])
    assert [one.name for one in page] == ["churn"]
    assert [one.name for one in client.search_registered_models(max_results=1, page_token=page.token)] == ["churn"]


def test_aliases_are_in_the_answer(client: runfolio.Client) -> None:
    client.set_registered_model_alias("churn", "champion", 2)
    assert [one.aliases for one in runfolio.search_model_versions(filter_string="version = 2")] == [["champion"]]


def test_the_forms_that_mlflow_knows(client: runfolio.Client, run_id: str) -> None:
    client.set_model_version_tag("churn", 1, "k", "v")
    for filter, found in (
        ("name = 'churn'", 3),
        ("name LIKE 'ch%'", 3),
        ("name ILIKE 'CH%'", 3),
        ("name IN ('churn', 'other')", 3),
        (f"run_id = '{run_id}'", 3),
        (f"run_id IN ('{run_id}', 'x')", 3),
        ("tags.k = 'v'", 1),
        ("tag.`k` LIKE 'v%'", 1),
        (f"source_path = 'runs:/{run_id}/model'", 3),
        ("version_number >= 2", 2),
        ("name = 'nobody'", 0),
        ("tags.k IS NULL", 2),
    ):
        assert len(client.search_model_versions(filter)) == found, filter
        assert len(runfolio.search_model_versions(filter_string=filter, max_results=100)) == found, filter


def test_what_is_in_the_trash_is_not_found(client: runfolio.Client) -> None:
    client.delete_model_version("churn", 2)
    assert [one.version for one in client.search_model_versions(order_by=["version"])] == [1, 3]
    client.delete_registered_model("churn")
    assert client.search_model_versions() == [] and client.search_model_versions("name = 'churn'") == []
    assert client.search_registered_models() == []


def test_a_wrong_filter_is_told(client: runfolio.Client) -> None:
    with pytest.raises(FilterError, match="no attribute 'foo'") as raised:
        client.search_model_versions("name = 'churn' and foo = 1")
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"
    with pytest.raises(FilterError, match="no metrics"):
        runfolio.search_registered_models(filter_string="metrics.a > 1")


def test_a_metric_that_is_no_number_is_read_back(store: Path, folder: Path) -> None:
    with runfolio.start_run() as run:
        runfolio.log_metric("val_loss", math.nan)
        runfolio.log_artifacts(str(folder), "model")
    runfolio.register_model(f"runs:/{run.info.run_id}/model", "churn")
    (found,) = runfolio.search_model_versions(filter_string="metrics.val_loss != 1")
    assert found.metrics is not None and math.isnan(found.metrics[0].value)
