"""MLflow's functions about where things are kept and what is installed, beside the store's own address."""

from __future__ import annotations

import logging
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from runfolio.client.destination import get_tracking_uri
from runfolio.core.paths import is_folder_uri, store_path
from runfolio.core.secrets import MASK, masked

log = logging.getLogger("runfolio")
#: What a report about trouble needs to know the versions of.
LIBRARIES = ("SQLAlchemy", "numpy", "pandas", "pyarrow", "psutil", "PyYAML")


def set_registry_uri(uri: str | os.PathLike[str] | None) -> None:
    """Taken for MLflow's sake: models are registered in the store that runs are in, so there is nothing to choose."""
    if uri and not (is_folder_uri(uri) and str(store_path(uri)) == get_tracking_uri()):
        log.warning("Models are registered in the store of the runs, %s, not in %s.", get_tracking_uri(), uri)


def get_registry_uri() -> str:
    """The folder of the store that models are registered in: that of the runs."""
    return get_tracking_uri()


def enable_async_logging(enable: bool = True) -> None:
    """Taken for MLflow's sake: calls never wait for the tables, and those told to be `synchronous` always do."""


def doctor(mask_envs: bool = False) -> None:
    """Print what a report about trouble should say: versions, the store, variables that are set.

    Args:
        mask_envs: whether to leave all values of variables out; secrets never show.
    """
    import runfolio

    ours = {name: value for name, value in os.environ.items() if name.startswith(("RUNFOLIO_", "MLFLOW_"))}
    shown = [f"{name}={MASK}" if mask_envs else masked(f"{name}={ours[name]}") for name in sorted(ours)]
    lines = [
        f"Runfolio {runfolio.__version__} on Python {platform.python_version()}, {platform.platform()}",
        f"Store: {get_tracking_uri()}",
        f"Libraries: {', '.join(f'{name} {_version(name)}' for name in LIBRARIES)}",
        f"Variables: {', '.join(shown) or 'none'}",
    ]
    sys.stdout.write("\n".join([*lines, ""]))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
