"""The configuration of a model: given when it is saved, and changed when it is loaded."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.mlmodel import read_yaml

log = logging.getLogger("runfolio")
#: MLflow's variable with values of a model's configuration, as JSON.
VARIABLE = "MLFLOW_PYFUNC_INFERENCE_CONFIG"


def config_given(given: Any) -> Mapping[str, Any] | None:
    """What `model_config` was given: a dictionary, or the path of a YAML file. Raises InvalidValue, NotFound."""
    if given is None or isinstance(given, Mapping):
        return given
    if isinstance(given, (str, os.PathLike)):
        return read_yaml(Path(given))
    raise InvalidValue(f"model_config is a dictionary or the path of a YAML file, not {type(given).__name__}.")


def configured(saved: Mapping[str, Any] | None, given: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The saved configuration with the caller's values; only keys that it has can be given. Raises InvalidValue."""
    changes = {**_of_environment(), **(given or {})}
    if unknown := sorted(set(changes) - set(saved or {})):
        log.warning("The model's configuration has no %s, so that they change nothing.", ", ".join(unknown))
    return {key: changes.get(key, value) for key, value in saved.items()} if saved else None


def _of_environment() -> Mapping[str, Any]:
    """What MLflow's variable says of the configuration. Raises InvalidValue."""
    text = os.environ.get(VARIABLE) or "{}"
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InvalidValue(f"{VARIABLE} is not a JSON object: {text:.60}.", 'Such as {"temperature": 0.5}.')
    return found
