"""MLflow's `mlflow.tracking`: the client class, and the functions that choose the store."""

from __future__ import annotations

from runfolio.client.active_runs import get_tracking_uri, is_tracking_uri_set, set_tracking_uri
from runfolio.client.client import Client as MlflowClient

__all__ = ["MlflowClient", "get_tracking_uri", "is_tracking_uri_set", "set_tracking_uri"]
