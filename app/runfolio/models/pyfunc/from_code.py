"""Models from code: a script that makes a model and tells it by `set_model`."""

from __future__ import annotations

import importlib.util
import sys
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue, NotFound
from runfolio.models.bytecode import compile_anew
from runfolio.models.pyfunc.of_mlflow import imports

_told: ContextVar[list[Any] | None] = ContextVar("told", default=None)
_config: ContextVar[Mapping[str, Any] | None] = ContextVar("config", default=None)


def set_model(model: Any) -> None:
    """In a script that is a model: say which object it is; also where MLflow runs the script. Elsewhere, it is idle."""
    told = _told.get()
    if told is not None:
        told.append(model)
    elif (loader := sys.modules.get("mlflow.models.model")) is not None:
        loader.__mlflow_model__ = model  # type: ignore[attr-defined] # its own set_model refuses classes not of MLflow


class ModelConfig:
    """In a script that is a model: its configuration.

    While the script is developed, it is what `development_config` says: a dictionary or the path of a YAML file.
    """

    def __init__(self, *, development_config: Any = None) -> None:
        from runfolio.models.configuration import config_given

        self._values = _config.get() if _told.get() is not None else config_given(_of_mlflow())
        if self._values is None:
            self._values = config_given(development_config)
        if self._values is None:
            raise NotFound("There is no configuration.", "Give one to save_model, or as development_config.")

    def get(self, key: str) -> Any:
        """The value of a key. Raises NotFound."""
        if key not in self.to_dict():
            raise NotFound(f"The configuration of the model has no {key!r}.", f"It has {', '.join(self.to_dict())}.")
        return self.to_dict()[key]

    def to_dict(self) -> dict[str, Any]:
        """All of it."""
        return dict(self._values or {})


def _of_mlflow() -> Any:
    """The configuration that MLflow gives to the script that it runs; None if it runs none."""
    return getattr(sys.modules.get("mlflow.models.model_config"), "__mlflow_model_config__", None)


def run(script: Path, config: Mapping[str, Any] | None) -> Any:
    """Run a script and return the model that it told of.

    Raises:
        NotFound: there is no such script.
        InvalidValue: it told of none.
    """
    if not script.is_file():
        raise NotFound(f"There is no script {script}.")
    name = f"runfolio_model_{uuid.uuid4().hex}"
    compile_anew(script)
    spec = importlib.util.spec_from_file_location(name, script)
    if spec is None or spec.loader is None or script.suffix != ".py":
        raise InvalidValue(f"{script} is not Python.", "A model from code is a file with the ending .py.")
    told: list[Any] = []
    marks = _told.set(told), _config.set(config)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # the model's classes are found by it
    try:
        with imports():
            spec.loader.exec_module(module)
    finally:
        _told.reset(marks[0])
        _config.reset(marks[1])
    if not told:
        raise InvalidValue(f"{script.name} tells of no model.", "Call set_model(<the model>) in it.")
    return told[-1]
