"""Tags of runs that projects have made; MLflow's names where it has such a tag."""

from __future__ import annotations

SOURCE_TYPE, PROJECT_TYPE = "mlflow.source.type", "PROJECT"
ENTRY_POINT, BACKEND, ENV = "mlflow.project.entryPoint", "mlflow.project.backend", "mlflow.project.env"
VERSION = "mlflow.project.version"
#: What was asked for, as JSON (`core.projects.request.RunRequest`).
REQUEST = "runfolio.project.request"
#: The run that this one does again.
REPRODUCES = "runfolio.reproduces"
#: The run that has failed and that this one tries again.
RETRIES = "runfolio.retries"
#: What the process ended with; minus the signal that has ended it.
EXIT_CODE = "runfolio.exit_code"
