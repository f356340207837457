"""A parent run with one child for each learning rate; the best is found by a search."""

import mlflow

experiment = mlflow.set_experiment("nested/sweep")

with mlflow.start_run(run_name="parent", tags={"kind": "sweep"}, description="Tries **three** rates.") as parent:
    mlflow.log_param("rates", 3)
    for rate in (0.1, 0.01, 0.001):
        with mlflow.start_run(run_name=f"rate {rate}", nested=True) as child:
            mlflow.log_param("rate", rate)
            for step in range(5):
                mlflow.log_metric("loss", 1 / (1 + step) + rate, step=step)
            assert mlflow.active_run().info.run_id == child.info.run_id
    assert mlflow.active_run().info.run_id == parent.info.run_id

children = mlflow.search_runs(
    experiment_ids=[experiment.experiment_id],
    filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}'",
    order_by=["metrics.loss ASC"],
)
assert len(children) == 3
assert children.iloc[0]["params.rate"] == "0.001"
assert list(children["tags.mlflow.runName"]) == ["rate 0.001", "rate 0.01", "rate 0.1"]
found = mlflow.get_parent_run(children.iloc[0].run_id)
assert found.info.run_id == parent.info.run_id
assert found.data.tags["mlflow.note.content"] == "Tries **three** rates."

runs = mlflow.search_runs(experiment_names=["nested/sweep"], filter_string="params.rate = '0.1'", output_format="list")
assert [run.info.run_name for run in runs] == ["rate 0.1"]
assert mlflow.search_runs(search_all_experiments=True, filter_string="attributes.status = 'FAILED'").empty
