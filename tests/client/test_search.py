"""Searching as a script does: tables of pandas with MLflow's columns, lists, and which experiments are meant."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from pathlib import Path

import pandas
import pytest

import runfolio
from runfolio.client.tracker import close_all
from runfolio.core.clock import now_ms
from runfolio.core.errors import FilterError, InvalidValue


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[Path]:
    """A store with three runs in two experiments, read by this process."""
    folder = tmp_path / "store"
    runfolio.set_tracking_uri(folder)
    for name, loss, optimizer in (("a", 0.5, "adam"), ("b", math.nan, None), ("c", -math.inf, "sgd")):
        runfolio.set_experiment("second" if name == "c" else "first")
        with runfolio.start_run(run_name=name):
            runfolio.log_metric("loss", 9.0, step=0)
            runfolio.log_metric("loss", loss, step=1)
            if optimizer:
                runfolio.log_params({"optimizer": optimizer, "lr": 0.1})
            runfolio.set_tag("team/x", "é")
        ended = now_ms()
        while now_ms() == ended:
            pass  # the next run starts a millisecond later, so that their order is known
    yield folder
    close_all()
    runfolio.set_tracking_uri(None)


def names(found: pandas.DataFrame) -> list[str]:
    return found["tags.mlflow.runName"].tolist()


def test_a_table_has_mlflows_columns(store: Path) -> None:
    found = runfolio.search_runs(experiment_names=["first"], order_by=["start_time ASC"])
    assert found.columns.tolist()[:6] == ["run_id", "experiment_id", "status", "artifact_uri", "start_time", "end_time"]
    assert found.columns.tolist()[6:9] == ["metrics.loss", "params.lr", "params.optimizer"]
    assert all(name.startswith("tags.") for name in found.columns[9:])
    assert names(found) == ["a", "b"]
    row = found.iloc[0]
    assert row["status"] == "FINISHED" and row["params.optimizer"] == "adam" and row["tags.team/x"] == "é"
    experiment = runfolio.get_experiment_by_name("first")
    assert experiment is not None and row["experiment_id"] == experiment.experiment_id
    assert Path(row["artifact_uri"]) == store / "artifacts" / row["run_id"]
    assert row["metrics.loss"] == 0.5 and math.isnan(found.iloc[1]["metrics.loss"])
    assert found["params.lr"].tolist() == ["0.1", None] and found["params.lr"].dtype == object
    run = runfolio.get_run(row["run_id"])
    assert str(found["start_time"].dt.tz) == "UTC" == str(found["end_time"].dt.tz)
    assert row["start_time"] == pandas.Timestamp(run.info.start_time, unit="ms", tz="UTC")
    assert run.info.end_time is not None
    assert row["end_time"] == pandas.Timestamp(run.info.end_time, unit="ms", tz="UTC")


def test_a_run_that_goes_on_has_no_end() -> None:
    runfolio.set_experiment("third")
    with runfolio.start_run(run_name="open"):
        found = runfolio.search_runs()
    assert names(found) == ["open"] and found["status"].tolist() == ["RUNNING"]
    assert found["end_time"].isna().all() and str(found["end_time"].dt.tz) == "UTC"


def test_an_empty_table_has_the_columns_of_runs_alone() -> None:
    found = runfolio.search_runs(filter_string="metrics.loss > 100", search_all_experiments=True)
    assert found.empty
    assert found.columns.tolist() == ["run_id", "experiment_id", "status", "artifact_uri", "start_time", "end_time"]


def test_a_list_holds_the_same_runs() -> None:
    table = runfolio.search_runs(search_all_experiments=True)
    found = runfolio.search_runs(search_all_experiments=True, output_format="list")
    assert [run.info.run_id for run in found] == table["run_id"].tolist()
    assert [run.data.tags["mlflow.runName"] for run in found] == names(table) == ["c", "b", "a"]
    assert found[0].data.metrics == {"loss": -math.inf} and found[0].data.params["optimizer"] == "sgd"


def test_the_experiments_that_are_meant(caplog: pytest.LogCaptureFixture) -> None:
    first, second = (runfolio.get_experiment_by_name(name) for name in ("first", "second"))
    assert first is not None and second is not None
    assert names(runfolio.search_runs()) == ["c"]  # the active one
    assert names(runfolio.search_runs([first.experiment_id])) == ["b", "a"]
    assert names(runfolio.search_runs([first.experiment_id, second.experiment_id])) == ["c", "b", "a"]
    assert names(runfolio.search_runs(experiment_names=["first", "second"])) == ["c", "b", "a"]
    assert names(runfolio.search_runs(search_all_experiments=True)) == ["c", "b", "a"]
    with caplog.at_level(logging.WARNING, "runfolio"):
        assert runfolio.search_runs(experiment_names=["nope"]).empty
    assert "nope" in caplog.text
    with pytest.raises(InvalidValue, match="either by id or by name"):
        runfolio.search_runs([first.experiment_id], experiment_names=["second"])
    runfolio.delete_experiment(first.experiment_id)
    assert names(runfolio.search_runs(search_all_experiments=True, run_view_type=3)) == ["c"]
    assert names(runfolio.search_runs([first.experiment_id], run_view_type=2)) == ["b", "a"]
    assert runfolio.search_runs([first.experiment_id]).empty


def test_filters_orders_and_limits() -> None:
    def found(text: str = "", **how: object) -> list[str]:
        return names(runfolio.search_runs(filter_string=text, search_all_experiments=True, **how))  # type: ignore[call-overload]

    assert found("metrics.loss < 1 and params.optimizer = 'adam'") == ["a"]
    assert found("metrics.loss.max = 9 or params.lr > 5") == ["c", "b", "a"]
    assert found("", order_by=["metrics.loss ASC"]) == ["c", "a", "b"]
    assert found("", order_by=["metrics.loss DESC"], max_results=2) == ["a", "c"]
    assert found("", order_by=["params.lr", "run_name DESC"]) == ["c", "a", "b"]


def test_a_deleted_run_is_in_its_view_alone() -> None:
    gone = runfolio.search_runs(experiment_names=["first"], filter_string="run_name = 'a'")["run_id"][0]
    runfolio.delete_run(gone)
    views = {view: runfolio.search_runs(experiment_names=["first"], run_view_type=view) for view in (1, 2, 3)}
    assert {view: names(table) for view, table in views.items()} == {1: ["b"], 2: ["a"], 3: ["b", "a"]}


def test_wrong_calls_are_refused_naming_the_rule() -> None:
    with pytest.raises(FilterError, match="character 16"):
        runfolio.search_runs(filter_string="metrics.loss = 'x'")
    with pytest.raises(FilterError, match="a text, not int"):
        runfolio.search_runs(filter_string=5)  # type: ignore[call-overload]
    with pytest.raises(FilterError, match="no attribute"):
        runfolio.search_runs(order_by=["loss DESC"])
    with pytest.raises(InvalidValue, match="'csv'"):
        runfolio.search_runs(output_format="csv")  # type: ignore[call-overload]
    with pytest.raises(InvalidValue, match="max_results"):
        runfolio.search_runs(max_results=-1)
    with pytest.raises(InvalidValue, match="id is a number"):
        runfolio.search_runs(["first"])


def test_a_run_that_is_renamed_has_its_new_name_in_its_tags_too() -> None:
    client = runfolio.MlflowClient()
    run = runfolio.search_runs(output_format="list")[0]
    runfolio.MlflowClient().set_tag(run.info.run_id, "mlflow.runName", "second name")
    client.update_run(run.info.run_id, name="third name")
    assert names(runfolio.search_runs()) == ["third name"]
    assert client.get_run(run.info.run_id).data.tags["mlflow.runName"] == "third name"


def test_experiments_are_found() -> None:
    def found(**how: object) -> list[str]:
        return [one.name for one in runfolio.search_experiments(**how)]  # type: ignore[arg-type]

    assert found(filter_string="name ILIKE 'F%'") == ["first"]
    assert found(order_by=["name ASC"], max_results=1, filter_string="name != 'Default'") == ["first"]
    assert set(found()) >= {"first", "second"}
    runfolio.set_experiment("second")
    runfolio.set_experiment_tag("team", "x")
    assert found(filter_string="tags.team = 'x'") == ["second"]
    with pytest.raises(FilterError):
        found(filter_string="metrics.loss < 1")


def test_who_asks_for_findings_is_told_once_of_runs_not_looked_at(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "runfolio")
    told = "3 runs not looked at by the health checks yet, which an open window does."
    for _ in range(2):
        assert runfolio.search_runs(filter_string="check:nan", search_all_experiments=True).empty
        assert [record.getMessage() for record in caplog.records] == [told]
    runfolio.search_runs(filter_string="tags.x = 'check'", search_all_experiments=True)
    runfolio.MlflowClient().search_runs(["1", "2"], "has(checks.any)")
    assert [record.getMessage() for record in caplog.records] == [told]
