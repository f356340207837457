"""Runs and experiments through the client class alone."""

import time

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunStatus, RunTag, ViewType
from mlflow.exceptions import MlflowException

client = MlflowClient()
experiment_id = client.create_experiment("client", tags={"team": "vision"})
client.set_experiment_tag(experiment_id, "stage", "explore")
assert client.get_experiment(experiment_id).tags["stage"] == "explore"
try:
    client.create_experiment("client")
except MlflowException as error:
    assert error.error_code == "RESOURCE_ALREADY_EXISTS"
else:
    raise AssertionError("a second experiment of the name")

run = client.create_run(experiment_id, tags={"engine": "a"}, run_name="by hand")
run_id = run.info.run_id
assert run.info.status == "RUNNING"
client.log_param(run_id, "depth", 4)
client.log_metric(run_id, "loss", 0.5, step=0)
now = int(time.time() * 1000)
client.log_batch(
    run_id,
    metrics=[Metric("loss", 0.5 / step, now + step, step) for step in range(1, 5)],
    params=[Param("width", "64")],
    tags=[RunTag("engine", "b"), RunTag("short", "lived")],
)
client.delete_tag(run_id, "short")
client.set_terminated(run_id, RunStatus.to_string(RunStatus.FINISHED))

run = client.get_run(run_id)
assert run.info.status == "FINISHED" and run.info.end_time >= run.info.start_time
assert run.data.params == {"depth": "4", "width": "64"}
assert run.data.tags["engine"] == "b" and "short" not in run.data.tags
assert run.data.metrics == {"loss": 0.125}
assert [(point.step, point.value) for point in client.get_metric_history(run_id, "loss")][-1] == (4, 0.125)
assert run.to_dictionary()["data"]["params"]["depth"] == "4"

client.update_run(run_id, name="renamed")
others = [client.create_run(experiment_id, run_name=f"other {number}").info.run_id for number in range(5)]
for other in others:
    client.set_terminated(other, "FAILED")
page = client.search_runs([experiment_id], max_results=4, order_by=["attributes.start_time DESC"])
rest = client.search_runs(
    [experiment_id], max_results=4, order_by=["attributes.start_time DESC"], page_token=page.token
)
assert len(page) == 4 and len(rest) == 2 and rest.token is None
assert {one.info.run_id for one in [*page, *rest]} == {run_id, *others}

client.delete_run(others[0])
assert len(client.search_runs([experiment_id])) == 5
assert client.get_run(others[0]).info.lifecycle_stage == "deleted"
deleted = client.search_runs([experiment_id], run_view_type=ViewType.DELETED_ONLY)
assert [one.info.run_id for one in deleted] == [others[0]]
client.restore_run(others[0])
assert len(client.search_runs([experiment_id])) == 6

client.rename_experiment(experiment_id, "client renamed")
assert mlflow.get_experiment_by_name("client renamed").experiment_id == experiment_id
client.delete_experiment(experiment_id)
assert "client renamed" not in [one.name for one in client.search_experiments()]
client.restore_experiment(experiment_id)
assert [one.name for one in client.search_experiments(filter_string="name = 'client renamed'")] == ["client renamed"]
try:
    client.get_run("f" * 32)
except MlflowException as error:
    assert error.error_code == "RESOURCE_DOES_NOT_EXIST"
