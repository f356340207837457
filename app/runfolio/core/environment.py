"""Environment variables: ours, and MLflow's of the same meaning where ours is not set."""

from __future__ import annotations

import os
from collections.abc import Mapping

# Ours is the name behind RUNFOLIO_; MLflow's that stands in for it.
FALLBACKS = {
    "STORE": "MLFLOW_TRACKING_URI",
    "EXPERIMENT_NAME": "MLFLOW_EXPERIMENT_NAME",
    "EXPERIMENT_ID": "MLFLOW_EXPERIMENT_ID",
    "RUN_ID": "MLFLOW_RUN_ID",
    "RUN_NAME": "MLFLOW_RUN_NAME",
    "RUN_CONTEXT": "MLFLOW_RUN_CONTEXT",
    "ALLOW_MODEL_CODE_EXECUTION": "MLFLOW_ALLOW_MODEL_CODE_EXECUTION",
    "ALLOW_PICKLE_DESERIALIZATION": "MLFLOW_ALLOW_PICKLE_DESERIALIZATION",
    "SYSTEM_METRICS": "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING",
    "SYSTEM_METRICS_INTERVAL": "MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL",
    "SYSTEM_METRICS_SAMPLES": "MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING",
    "SYSTEM_METRICS_NODE_ID": "MLFLOW_SYSTEM_METRICS_NODE_ID",
}
#: Beginnings of the names of what says to which run a process logs, and who watches it.
_OF_A_RUN = (
    *("RUNFOLIO_RUN_", "RUNFOLIO_EXPERIMENT_", "RUNFOLIO_VALUE_", "RUNFOLIO_WATCHED"),
    *("MLFLOW_RUN_", "MLFLOW_EXPERIMENT_"),
)


def of_no_run(variables: Mapping[str, str]) -> dict[str, str]:
    """Variables for a process that does not log to the run that this one may log to."""
    return {name: value for name, value in variables.items() if not name.startswith(_OF_A_RUN)}


def value_of(name: str) -> str:
    """The value of `RUNFOLIO_<name>`, else of what stands in for it; "" if neither is set."""
    return os.environ.get(f"RUNFOLIO_{name}") or os.environ.get(FALLBACKS.get(name, ""), "")


def is_on(name: str, default: bool = True) -> bool:
    """Whether a switch is on: `0`, `false`, `no` and `off` turn it off, in any case."""
    value = value_of(name).strip().lower()
    return value not in ("0", "false", "no", "off") if value else default
