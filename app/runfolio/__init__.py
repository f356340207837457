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
    "runfolio.client.fluent": (
        "active_run",
        "end_run",
        "flush",
        "get_artifact_uri",
        "get_tracking_uri",
        "last_active_run",
        "log_artifact",
        "log_artifacts",
        "log_dict",
        "log_figure",
        "log_image",
        "log_metric",
        "log_metrics",
        "log_param",
        "log_params",
        "log_text",
        "set_experiment",
        "set_tag",
        "set_tags",
        "set_tracking_uri",
        "start_run",
    ),
}
_MODULES = {name: module for module, names in _PUBLIC.items() for name in names}
__all__ = ["__version__", *_MODULES]

if TYPE_CHECKING:
    from runfolio.client.active_run import ActiveRun as ActiveRun
    from runfolio.client.fluent import active_run as active_run
    from runfolio.client.fluent import end_run as end_run
    from runfolio.client.fluent import flush as flush
    from runfolio.client.fluent import get_artifact_uri as get_artifact_uri
    from runfolio.client.fluent import get_tracking_uri as get_tracking_uri
    from runfolio.client.fluent import last_active_run as last_active_run
    from runfolio.client.fluent import log_artifact as log_artifact
    from runfolio.client.fluent import log_artifacts as log_artifacts
    from runfolio.client.fluent import log_dict as log_dict
    from runfolio.client.fluent import log_figure as log_figure
    from runfolio.client.fluent import log_image as log_image
    from runfolio.client.fluent import log_metric as log_metric
    from runfolio.client.fluent import log_metrics as log_metrics
    from runfolio.client.fluent import log_param as log_param
    from runfolio.client.fluent import log_params as log_params
    from runfolio.client.fluent import log_text as log_text
    from runfolio.client.fluent import set_experiment as set_experiment
    from runfolio.client.fluent import set_tag as set_tag
    from runfolio.client.fluent import set_tags as set_tags
    from runfolio.client.fluent import set_tracking_uri as set_tracking_uri
    from runfolio.client.fluent import start_run as start_run


def __getattr__(name: str) -> Any:
    """Load a public name on first use and keep it here, so that the next use costs nothing."""
    if name not in _MODULES:
        raise AttributeError(f"module 'runfolio' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
