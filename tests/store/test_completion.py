"""What filters are completed with: the names and values that runs have."""

from __future__ import annotations

import pytest

from runfolio.core.filter.parse import parse_order
from runfolio.store import Store
from runfolio.store.completion import doubts_about, known_names, known_values
from tests.store.script import Script


@pytest.fixture(autouse=True)
def runs(store: Store) -> None:
    with Script(store) as script:
        for name, optimizer in (("a", "sgd"), ("b", "adam"), ("c", "adam")):
            run = script.start(name=name)
            script.params(run, {"optimizer": optimizer})
            script.tags(run, {"team": "vision"})
            script.log(run, "loss", [1.0])
            script.end(run)
        script.finish()


def test_names_are_told_apart_by_what_they_are_of(store: Store) -> None:
    known = known_names(store)
    assert (known.metrics, known.params) == (["loss"], ["optimizer"])
    assert "team" in known.tags and "optimizer" not in known.tags


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("params.optimizer", ["adam", "sgd"]),
        ("tags.team", ["vision"]),
        ("tags.nothing", []),
        ("status", ["FINISHED"]),
        ("run_name", ["a", "b", "c"]),
        ("experiment_name", ["Default"]),
        ("metrics.loss", []),
        ("start_time", []),
    ],
)
def test_values_the_commonest_first(store: Store, field: str, values: list[str]) -> None:
    assert known_values(store, parse_order(field).field) == values


@pytest.mark.parametrize(
    ("filter", "told"),
    [
        (
            "metrics.loss.min < 1 and note is null and tags.mlflow.none = 'a' and has(tags.team)",
            [],
        ),
        ("status in ('finished', 'KILLED')", ["No status is written 'finished': did you mean 'FINISHED'?"]),
        (
            "not status != 'done'",
            ["No status is written 'done': there are SCHEDULED, RUNNING, FINISHED, FAILED, KILLED."],
        ),
        ("status like 'fail%' and start_time > 1", []),
        ("has(params.Optimizer)", ["No run has the param 'Optimizer'. Did you mean params.optimizer?"]),
        ("metrics.`a b` @ 3 > 1", ["No run has the metric 'a b'."]),
        ("tags.tem = 'vision'", ["No run has the tag 'tem'. Did you mean tags.team?"]),
        (
            " or ".join(f"metrics.none{number} > 1" for number in range(9)),
            [f"No run has the metric 'none{n}'." for n in range(3)],
        ),
        ("", []),
    ],
)
def test_what_may_be_a_slip_in_a_filter(store: Store, filter: str, told: list[str]) -> None:
    assert doubts_about(store, filter) == told


def test_there_are_never_more_than_asked_for(store: Store) -> None:
    assert known_values(store, parse_order("run_name").field, limit=2) == ["a", "b"]
