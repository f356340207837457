"""Runfolio: experiments, runs, metrics and artifacts in one folder on your own disk.

    import runfolio

    with runfolio.start_run():
        runfolio.log_param("lr", 0.001)
        runfolio.log_metric("loss", 0.25, step=1)

The names are MLflow's, so `import runfolio as mlflow` serves a tracking script. Importing this module loads the
standard library alone; everything else is loaded where it is used.
"""

from __future__ import annotations

# The name is what type checkers look for; importing it from `typing` would cost more than all the rest here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__version__ = "0.1.0"

# Where each public name is: loaded on first use.
_PUBLIC = {
    "runfolio.client.active_run": ("ActiveRun",),
    "runfolio.client.active_runs": ("active_run", "end_run", "start_run"),
    "runfolio.client.autolog": ("autolog",),
    "runfolio.client.capture.switches": ("configure_capture",),
    "runfolio.client.capture.system_metrics": (
        "disable_system_metrics_logging",
        "enable_system_metrics_logging",
        "set_system_metrics_node_id",
        "set_system_metrics_samples_before_logging",
        "set_system_metrics_sampling_interval",
    ),
    "runfolio.client.configuration": ("doctor", "get_registry_uri", "set_registry_uri"),
    "runfolio.client.client": ("Client", "MlflowClient"),
    "runfolio.client.destination": ("get_tracking_uri", "is_tracking_uri_set", "set_experiment", "set_tracking_uri"),
    "runfolio.client.fluent": (
        "delete_tag",
        "flush",
        "flush_artifact_async_logging",
        "flush_async_logging",
        "get_artifact_uri",
        "load_table",
        "log_artifact",
        "log_artifacts",
        "log_dict",
        "log_figure",
        "log_image",
        "log_metric",
        "log_metrics",
        "log_param",
        "log_params",
        "log_stream",
        "log_table",
        "log_text",
        "set_tag",
        "set_tags",
    ),
    "runfolio.client.inputs": ("log_input", "log_inputs"),
    "runfolio.client.lookup": (
        "create_experiment",
        "delete_experiment",
        "delete_experiment_tag",
        "delete_run",
        "get_experiment",
        "get_experiment_by_name",
        "get_parent_run",
        "get_run",
        "last_active_run",
        "restore_experiment",
        "restore_run",
        "set_experiment_tag",
        "set_experiment_tags",
    ),
    "runfolio.client.media": ("Image",),
    "runfolio.client.registration": (
        "register_model",
        "search_model_versions",
        "search_registered_models",
        "set_model_version_tag",
    ),
    "runfolio.client.search": ("search_experiments", "search_runs"),
    "runfolio.core.errors": ("MlflowException",),
    "runfolio.models.evaluation.evaluate": ("evaluate",),
    "runfolio.models.evaluation.thresholds": ("validate_evaluation_results",),
    "runfolio.projects.submitting": ("run",),
}
# Modules that are attributes too: `runfolio.entities.Metric` needs no import of its own.
_NAMESPACES = (
    "artifacts",
    "catboost",
    "config",
    "data",
    "entities",
    "exceptions",
    "keras",
    "lightgbm",
    "models",
    "onnx",
    "projects",
    "pyfunc",
    "pytorch",
    "sklearn",
    "tensorflow",
    "tracking",
    "transformers",
    "types",
    "utils",
    "xgboost",
)
_MODULES = {name: module for module, names in _PUBLIC.items() for name in names}
__all__ = ["__version__", *_MODULES, *_NAMESPACES]

if TYPE_CHECKING:
    from runfolio import artifacts as artifacts
    from runfolio import catboost as catboost
    from runfolio import config as config
    from runfolio import data as data
    from runfolio import entities as entities
    from runfolio import exceptions as exceptions
    from runfolio import keras as keras
    from runfolio import lightgbm as lightgbm
    from runfolio import models as models
    from runfolio import onnx as onnx
    from runfolio import projects as projects
    from runfolio import pyfunc as pyfunc
    from runfolio import pytorch as pytorch
    from runfolio import sklearn as sklearn
    from runfolio import tensorflow as tensorflow
    from runfolio import tracking as tracking
    from runfolio import transformers as transformers
    from runfolio import types as types
    from runfolio import utils as utils
    from runfolio import xgboost as xgboost
    from runfolio.client.active_run import ActiveRun as ActiveRun
    from runfolio.client.active_runs import active_run as active_run
    from runfolio.client.active_runs import end_run as end_run
    from runfolio.client.active_runs import start_run as start_run
    from runfolio.client.autolog import autolog as autolog
    from runfolio.client.capture.switches import configure_capture as configure_capture
    from runfolio.client.capture.system_metrics import disable_system_metrics_logging as disable_system_metrics_logging
    from runfolio.client.capture.system_metrics import enable_system_metrics_logging as enable_system_metrics_logging
    from runfolio.client.capture.system_metrics import set_system_metrics_node_id as set_system_metrics_node_id
    from runfolio.client.capture.system_metrics import (
        set_system_metrics_samples_before_logging as set_system_metrics_samples_before_logging,
    )
    from runfolio.client.capture.system_metrics import (
        set_system_metrics_sampling_interval as set_system_metrics_sampling_interval,
    )
    from runfolio.client.client import Client as Client
    from runfolio.client.client import MlflowClient as MlflowClient
    from runfolio.client.configuration import doctor as doctor
    from runfolio.client.configuration import get_registry_uri as get_registry_uri
    from runfolio.client.configuration import set_registry_uri as set_registry_uri
    from runfolio.client.destination import get_tracking_uri as get_tracking_uri
    from runfolio.client.destination import is_tracking_uri_set as is_tracking_uri_set
    from runfolio.client.destination import set_experiment as set_experiment
    from runfolio.client.destination import set_tracking_uri as set_tracking_uri
    from runfolio.client.fluent import delete_tag as delete_tag
    from runfolio.client.fluent import flush as flush
    from runfolio.client.fluent import flush_artifact_async_logging as flush_artifact_async_logging
    from runfolio.client.fluent import flush_async_logging as flush_async_logging
    from runfolio.client.fluent import get_artifact_uri as get_artifact_uri
    from runfolio.client.fluent import load_table as load_table
    from runfolio.client.fluent import log_artifact as log_artifact
    from runfolio.client.fluent import log_artifacts as log_artifacts
    from runfolio.client.fluent import log_dict as log_dict
    from runfolio.client.fluent import log_figure as log_figure
    from runfolio.client.fluent import log_image as log_image
    from runfolio.client.fluent import log_metric as log_metric
    from runfolio.client.fluent import log_metrics as log_metrics
    from runfolio.client.fluent import log_param as log_param
    from runfolio.client.fluent import log_params as log_params
    from runfolio.client.fluent import log_stream as log_stream
    from runfolio.client.fluent import log_table as log_table
    from runfolio.client.fluent import log_text as log_text
    from runfolio.client.fluent import set_tag as set_tag
    from runfolio.client.fluent import set_tags as set_tags
    from runfolio.client.inputs import log_input as log_input
    from runfolio.client.inputs import log_inputs as log_inputs
    from runfolio.client.lookup import create_experiment as create_experiment
    from runfolio.client.lookup import delete_experiment as delete_experiment
    from runfolio.client.lookup import delete_experiment_tag as delete_experiment_tag
    from runfolio.client.lookup import delete_run as delete_run
    from runfolio.client.lookup import get_experiment as get_experiment
    from runfolio.client.lookup import get_experiment_by_name as get_experiment_by_name
    from runfolio.client.lookup import get_parent_run as get_parent_run
    from runfolio.client.lookup import get_run as get_run
    from runfolio.client.lookup import last_active_run as last_active_run
    from runfolio.client.lookup import restore_experiment as restore_experiment
    from runfolio.client.lookup import restore_run as restore_run
    from runfolio.client.lookup import set_experiment_tag as set_experiment_tag
    from runfolio.client.lookup import set_experiment_tags as set_experiment_tags
    from runfolio.client.media import Image as Image
    from runfolio.client.registration import register_model as register_model
    from runfolio.client.registration import search_model_versions as search_model_versions
    from runfolio.client.registration import search_registered_models as search_registered_models
    from runfolio.client.registration import set_model_version_tag as set_model_version_tag
    from runfolio.client.search import search_experiments as search_experiments
    from runfolio.client.search import search_runs as search_runs
    from runfolio.core.errors import MlflowException as MlflowException
    from runfolio.models.evaluation.evaluate import evaluate as evaluate
    from runfolio.models.evaluation.thresholds import validate_evaluation_results as validate_evaluation_results
    from runfolio.projects.submitting import run as run


def __getattr__(name: str) -> Any:
    """Load a public name on first use and keep it here, so that the next use costs nothing."""
    from importlib import import_module

    if name in _NAMESPACES:
        return import_module(f"runfolio.{name}")
    if name not in _MODULES:
        has = "of MLflow's API it has tracking, autologging, models, evaluation and the registry"
        raise AttributeError(f"module 'runfolio' has no attribute {name!r}: {has}.")
    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
