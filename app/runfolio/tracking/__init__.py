"""MLflow's `mlflow.tracking`: the client class, and the functions that choose the store."""

from __future__ import annotations

from runfolio.client.client import Client as MlflowClient
from runfolio.client.configuration import get_registry_uri, set_registry_uri
from runfolio.client.destination import get_tracking_uri, is_tracking_uri_set, set_tracking_uri
from runfolio.tracking import client, fluent

__all__ = [
    "MlflowClient",
    "client",
    "fluent",
    "get_registry_uri",
    "get_tracking_uri",
    "is_tracking_uri_set",
    "set_registry_uri",
    "set_tracking_uri",
]
