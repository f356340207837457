"""Where versions come from, read from a store; and what gates that nobody has saved say of a model."""

from __future__ import annotations

from collections.abc import Callable

from runfolio.core.folder import ARTIFACTS
from runfolio.core.registry.lineage import Kind
from runfolio.core.registry.policy_text import parse_policy
from runfolio.store import Store
from runfolio.store.registry.drafts import judge_draft
from runfolio.store.registry.lineage import MOST, lineage_of
from runfolio.store.registry.models import create_model
from runfolio.store.registry.reading import folder_of
from runfolio.store.registry.registering import Registered, Source, of_run, register
from runfolio.store.registry.transitions import transition
from tests.store.registry.conftest import write_model
from tests.store.script import Script

DATA = {"name": "churn-q3.parquet", "digest": "4b1e99aa", "source_type": "local", "source": "{}"}


def edges(store: Store, name: str, version: int | None = None) -> set[tuple[str, str]]:
    graph = lineage_of(store, name, version)
    return {(graph.nodes[first].title, graph.nodes[second].title) for first, second in graph.edges}


def test_data_parents_and_stages_are_read(store: Store) -> None:
    with Script(store) as script:
        parent = script.start(name="sweep")
        child = script.start(name="heron", parent=parent)
        script.event("inputs", child, inputs=[{**DATA, "tags": {"mlflow.data.context": "training"}}])
        script.take()
        write_model(store.path / ARTIFACTS / child / "model")
        register(store, "churn", of_run(store, child, "model"))
    transition(store, "churn", 1, "Staging")
    assert edges(store, "churn", 1) == {
        ("sweep", "heron"),
        ("churn-q3.parquet", "heron"),
        ("heron", "model/"),
        ("model/", "churn v1"),
        ("churn v1", "Staging"),
    }


def test_a_copy_leads_to_what_it_was_copied_of_and_further(store: Store, registered: Callable[..., Registered]) -> None:
    registered("churn")
    register(store, "ranker", Source(folder_of(store, "churn", 1), "models:/churn/1"))
    assert {("model/", "churn v1"), ("churn v1", "ranker v1"), ("calm-heron-17", "model/")} <= edges(store, "ranker")


def test_of_many_versions_the_newest_are_told_and_the_rest_counted(
    store: Store, registered: Callable[..., Registered]
) -> None:
    for _ in range(MOST + 3):
        registered("churn")
    graph = lineage_of(store, "churn")
    versions = [node.version for node in graph.nodes.values() if node.kind is Kind.VERSION]
    assert graph.left_out == 3 and min(versions) == 4 and len(versions) == MOST


def test_a_draft_judges_the_newest_version_and_changes_nothing(
    store: Store, registered: Callable[..., Registered]
) -> None:
    registered("churn")
    registered("churn", description="better")
    policy = parse_policy("gates: {Production: {checks: [description, {metric: val_auc, at_least: 0.99}]}}")
    found = judge_draft(store, "churn", policy)
    assert found.version == 2
    assert [(one.text, one.passed) for one in found.by_stage["Production"].checks] == [
        ("description written", True),
        ("val_auc ≥ 0.99", False),
    ]
    create_model(store, "empty")
    assert judge_draft(store, "empty", policy).version is None
