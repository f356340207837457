"""The graph of where versions come from, and where its nodes are drawn."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.entities import Dataset, DatasetInput, Run
from runfolio.core.registry.lineage import Kind, Lineage, Node, lineage, places, source_version
from runfolio.core.registry.records import ModelFacts, ModelVersion
from runfolio.core.states import LifecycleStage, RunStatus

FACTS = ModelFacts(flavors=("python_function", "sklearn"))


def run(number: int, parent: int | None = None) -> Run:
    return Run(
        number,
        f"uuid{number}",
        1,
        "churn",
        f"run-{number}",
        RunStatus.FINISHED,
        0,
        0,
        0,
        LifecycleStage.ACTIVE,
        parent,
        "me",
    )


def version(number: int, of: int | None, source: str = "", name: str = "churn", stage: str = "None") -> ModelVersion:
    uuid = f"uuid{of}" if of is not None else ""
    return ModelVersion(
        number, 1, name, number, stage, 0, "", 0, 0, "me", source or f"runs:/{uuid}/model", uuid, of, "", "", 2_100_000,
        "ab" * 32, FACTS,
    )  # fmt: skip


def titles(graph: Lineage) -> set[tuple[str, str]]:
    return {(graph.nodes[first].title, graph.nodes[second].title) for first, second in graph.edges}


def test_data_leads_to_runs_to_files_to_versions_to_stages() -> None:
    data = {7: [DatasetInput(Dataset("churn.csv", "4b1e99aa", "local", "{}"), {"mlflow.data.context": "training"})]}
    graph = lineage([version(6, 7, stage="Staging")], {7: run(7, 3), 3: run(3)}, data)
    assert titles(graph) == {
        ("churn.csv", "run-7"),
        ("run-3", "run-7"),
        ("run-7", "model/"),
        ("model/", "churn v6"),
        ("churn v6", "Staging"),
    }
    told = {node.kind: node.detail for node in graph.nodes.values()}
    assert told[Kind.DATASET] == "training · digest 4b1e99a" and told[Kind.ARTIFACT] == "sklearn · 2.1 MB"


def test_a_copy_leads_to_the_version_it_was_made_of_whichever_is_told_first() -> None:
    copy, first = version(1, None, "models:/churn/6", "ranker"), replace(version(6, 7), aliases=("champion",))
    graph = lineage([copy, first], {7: run(7)}, {})
    assert ("churn v6", "ranker v1") in titles(graph)
    assert graph.nodes["version churn/6"].detail == "@champion"
    assert source_version("models:/churn/6") == ("churn", 6)
    assert source_version("models:/churn/Production") is source_version("runs:/a/6") is None


def test_a_run_that_is_gone_is_told_and_files_of_no_run_are() -> None:
    gone = replace(version(1, 9), run=None)
    graph = lineage([gone, version(2, None, "/data/exported/")], {}, {})
    assert titles(graph) >= {("uuid9", "model/"), ("model/", "churn v1"), ("exported", "churn v2")}


def test_runs_that_are_each_others_parents_end_too() -> None:
    graph = lineage([version(1, 1)], {1: run(1, 2), 2: run(2, 1)}, {})
    assert places(graph).keys() == graph.nodes.keys()


@given(st.sets(st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda edge: edge[0] < edge[1])))
def test_no_two_nodes_are_drawn_over_each_other_and_all_lead_to_the_right(edges: set[tuple[int, int]]) -> None:
    nodes = {f"{at}": Node(f"{at}", Kind.VERSION if at % 3 else Kind.RUN, str(at)) for edge in edges for at in edge}
    joined = {one for edge in edges for one in edge if one % 3}
    edges = {edge for edge in edges if edge[0] in joined or edge[1] in joined}
    nodes = {key: node for key, node in nodes.items() if any(int(key) in edge for edge in edges)}
    graph = Lineage(nodes, tuple((f"{first}", f"{second}") for first, second in sorted(edges)))
    found = places(graph)
    assert all(found[first][0] < found[second][0] for first, second in graph.edges)
    for one in nodes:
        for other in nodes:
            if one < other and found[one][0] == found[other][0]:
                assert abs(found[one][1] - found[other][1]) > 0.999
