"""MLflow's `mlflow.config`: the functions that choose where and how is logged."""

from __future__ import annotations

from runfolio.client.capture.system_metrics import (
    disable_system_metrics_logging,
    enable_system_metrics_logging,
    set_system_metrics_node_id,
    set_system_metrics_samples_before_logging,
    set_system_metrics_sampling_interval,
)
from runfolio.client.configuration import enable_async_logging, get_registry_uri, set_registry_uri
from runfolio.client.destination import get_tracking_uri, is_tracking_uri_set, set_tracking_uri

__all__ = [
    "disable_system_metrics_logging",
    "enable_async_logging",
    "enable_system_metrics_logging",
    "get_registry_uri",
    "get_tracking_uri",
    "is_tracking_uri_set",
    "set_registry_uri",
    "set_system_metrics_node_id",
    "set_system_metrics_samples_before_logging",
    "set_system_metrics_sampling_interval",
    "set_tracking_uri",
]
