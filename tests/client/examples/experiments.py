"""Experiments: made, tagged, found, chosen by name."""

import mlflow
from mlflow.entities import ViewType

number = mlflow.create_experiment("fruit/apples", tags={"season": "autumn"})
mlflow.set_experiment(experiment_id=number)
mlflow.set_experiment_tag("owner", "ada")
mlflow.set_experiment_tags({"a": "1", "b": "2"})
experiment = mlflow.get_experiment(number)
assert experiment.name == "fruit/apples" and experiment.lifecycle_stage == "active"
assert {"season": "autumn", "owner": "ada", "a": "1", "b": "2"}.items() <= experiment.tags.items()

mlflow.set_experiment("fruit/pears")
found = mlflow.search_experiments(filter_string="name LIKE 'fruit/%'", order_by=["name ASC"])
assert [one.name for one in found] == ["fruit/apples", "fruit/pears"]
assert [one.name for one in mlflow.search_experiments(filter_string="tags.season = 'autumn'")] == ["fruit/apples"]
mlflow.delete_experiment(number)
gone = mlflow.search_experiments(view_type=ViewType.DELETED_ONLY)
assert [one.name for one in gone] == ["fruit/apples"]

with mlflow.start_run():
    mlflow.log_metric("weight", 1.5)
    assert mlflow.active_run().info.experiment_id == mlflow.get_experiment_by_name("fruit/pears").experiment_id
last = mlflow.last_active_run()
assert last.data.metrics == {"weight": 1.5} and last.info.status == "FINISHED"
