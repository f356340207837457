"""MLflow's tags that are columns of a run here, so that filters and tables find them by MLflow's names too."""

from __future__ import annotations

#: The attribute of a run that stands for a tag, unless the tag itself was set.
SYSTEM_TAGS = {
    "mlflow.runName": "run_name",
    "mlflow.user": "user_id",
    "mlflow.source.name": "source_name",
    "mlflow.parentRunId": "parent",
}
