"""Every function of MLflow's tracking API that there is here takes what MLflow's takes, in the same order."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

import runfolio

# As `inspect.signature` tells of MLflow 3.18, without types.
FLUENT = """
active_run()
autolog(log_input_examples=False, log_model_signatures=True, log_models=True, log_datasets=True, log_traces=True, \
disable=False, exclusive=False, disable_for_unsupported_versions=False, silent=False, extra_tags=None, \
exclude_flavors=None)
create_experiment(name, artifact_location=None, tags=None, trace_location=None)
delete_experiment(experiment_id)
delete_experiment_tag(key)
delete_run(run_id)
delete_tag(key)
disable_system_metrics_logging()
doctor(mask_envs=False)
enable_system_metrics_logging()
end_run(status="FINISHED")
flush_artifact_async_logging()
flush_async_logging()
get_artifact_uri(artifact_path=None)
get_experiment(experiment_id)
get_experiment_by_name(name)
get_parent_run(run_id)
get_registry_uri()
get_run(run_id)
get_tracking_uri()
is_tracking_uri_set()
last_active_run()
load_table(artifact_file, run_ids=None, extra_columns=None)
log_artifact(local_path, artifact_path=None, run_id=None)
log_artifacts(local_dir, artifact_path=None, run_id=None)
log_dict(dictionary, artifact_file, run_id=None)
log_figure(figure, artifact_file, *, save_kwargs=None)
log_image(image, artifact_file=None, key=None, step=None, timestamp=None, synchronous=False)
log_input(dataset=None, context=None, tags=None, model=None)
log_inputs(datasets=None, contexts=None, tags_list=None, models=None)
log_metric(key, value, step=None, synchronous=None, timestamp=None, run_id=None, model_id=None, dataset=None)
log_metrics(metrics, step=None, synchronous=None, run_id=None, timestamp=None, model_id=None, dataset=None)
log_param(key, value, synchronous=None)
log_params(params, synchronous=None, run_id=None)
log_stream(stream, artifact_file, run_id=None)
log_table(data, artifact_file, run_id=None)
log_text(text, artifact_file, run_id=None)
search_experiments(view_type=1, max_results=None, filter_string=None, order_by=None)
search_runs(experiment_ids=None, filter_string="", run_view_type=1, max_results=100000, order_by=None, \
output_format="pandas", search_all_experiments=False, experiment_names=None)
set_experiment(experiment_name=None, experiment_id=None, trace_location=None)
set_experiment_tag(key, value)
set_experiment_tags(tags)
set_registry_uri(uri)
set_system_metrics_node_id(node_id)
set_system_metrics_samples_before_logging(samples)
set_system_metrics_sampling_interval(interval)
set_tag(key, value, synchronous=None)
set_tags(tags, synchronous=None)
set_tracking_uri(uri)
start_run(run_id=None, experiment_id=None, run_name=None, nested=False, parent_run_id=None, tags=None, \
description=None, log_system_metrics=None)
"""
ARTIFACTS = """
download_artifacts(artifact_uri=None, run_id=None, artifact_path=None, dst_path=None, tracking_uri=None, \
registry_uri=None)
list_artifacts(artifact_uri=None, run_id=None, artifact_path=None, tracking_uri=None)
load_dict(artifact_uri)
load_image(artifact_uri)
load_text(artifact_uri)
"""
CLIENT = """
create_experiment(self, name, artifact_location=None, tags=None)
create_run(self, experiment_id, start_time=None, tags=None, run_name=None)
delete_experiment(self, experiment_id)
delete_experiment_tag(self, experiment_id, key)
delete_run(self, run_id)
delete_tag(self, run_id, key)
download_artifacts(self, run_id, path, dst_path=None)
get_experiment(self, experiment_id)
get_experiment_by_name(self, name)
get_metric_history(self, run_id, key)
get_parent_run(self, run_id)
get_run(self, run_id)
list_artifacts(self, run_id, path=None)
load_table(self, experiment_id, artifact_file, run_ids=None, extra_columns=None)
log_artifact(self, run_id, local_path, artifact_path=None)
log_artifacts(self, run_id, local_dir, artifact_path=None)
log_batch(self, run_id, metrics=(), params=(), tags=(), synchronous=None)
log_dict(self, run_id, dictionary, artifact_file)
log_figure(self, run_id, figure, artifact_file, *, save_kwargs=None)
log_image(self, run_id, image, artifact_file=None, key=None, step=None, timestamp=None, synchronous=None)
log_inputs(self, run_id, datasets=None, models=None)
log_metric(self, run_id, key, value, timestamp=None, step=None, synchronous=None, dataset_name=None, \
dataset_digest=None, model_id=None)
log_param(self, run_id, key, value, synchronous=None)
log_stream(self, run_id, stream, artifact_file)
log_table(self, run_id, data, artifact_file)
log_text(self, run_id, text, artifact_file)
rename_experiment(self, experiment_id, new_name)
restore_experiment(self, experiment_id)
restore_run(self, run_id)
search_experiments(self, view_type=1, max_results=1000, filter_string=None, order_by=None, page_token=None)
search_runs(self, experiment_ids, filter_string="", run_view_type=1, max_results=1000, order_by=None, page_token=None)
set_experiment_tag(self, experiment_id, key, value)
set_tag(self, run_id, key, value, synchronous=None)
set_terminated(self, run_id, status=None, end_time=None)
update_run(self, run_id, status=None, name=None)
"""
NAMESPACES: dict[str, tuple[Any, str]] = {"runfolio": (runfolio, FLUENT), "artifacts": (runfolio.artifacts, ARTIFACTS)}
NAMESPACES["Client"] = (runfolio.MlflowClient, CLIENT)
CASES = [(space, line) for space, (_, table) in NAMESPACES.items() for line in table.split("\n") if line]


@pytest.mark.parametrize(("space", "line"), CASES, ids=lambda value: value.partition("(")[0])
def test_a_call_for_mlflow_is_one_for_us(space: str, line: str) -> None:
    name = line.partition("(")[0]
    theirs, ours = _parameters(_declared(line)), _parameters(getattr(NAMESPACES[space][0], name))
    assert [_shape(one) for one in ours[: len(theirs)]] == [_shape(one) for one in theirs]
    assert all(one.default is not one.empty for one in ours[len(theirs) :]), "what we add can be left out"


def _declared(line: str) -> Callable[..., Any]:
    made: dict[str, Any] = {}
    exec(f"def {line}: ...", made)
    function: Callable[..., Any] = made[line.partition("(")[0]]
    return function


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    return list(inspect.signature(function).parameters.values())


def _shape(one: inspect.Parameter) -> tuple[str, Any, Any]:
    return one.name, one.kind, one.default
