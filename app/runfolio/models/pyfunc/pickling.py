"""Python models as pickles that Runfolio and MLflow load, each where the other is not installed."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import cloudpickle

from runfolio.core.errors import InvalidValue
from runfolio.models.pyfunc import origin, python_model

#: What stands here for names that MLflow's pickles have.
OURS = {
    ("mlflow.pyfunc.model", "PythonModel"): ("runfolio.models.pyfunc.python_model", "PythonModel"),
    ("mlflow.pyfunc.model", "_FunctionPythonModel"): ("runfolio.models.pyfunc.python_model", "FunctionModel"),
    ("mlflow.pyfunc.model", "PythonModelContext"): ("runfolio.models.pyfunc.python_model", "PythonModelContext"),
    ("mlflow.models.signature", "_TypeHints"): ("runfolio.models.pyfunc.python_model", "TypeHints"),
    ("mlflow.models.signature", "ModelSignature"): ("runfolio.models.schema.signature", "ModelSignature"),
    ("mlflow.pyfunc.utils.data_validation", "FuncInfo"): ("runfolio.models.pyfunc.of_mlflow", "FuncInfo"),
    ("mlflow.pyfunc.utils.data_validation", "_validate_model_input"): (
        "runfolio.models.pyfunc.of_mlflow",
        "as_it_is",
    ),
    ("mlflow.exceptions", "MlflowException"): ("runfolio.core.errors", "UserError"),
    ("cloudpickle.cloudpickle", "subimport"): ("runfolio.models.pyfunc.of_mlflow", "subimport"),
}
_RESOLVERS = {python_model.PythonModel: origin.python_model, python_model.FunctionModel: origin.function_model}


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    """Writes our own base classes as calls of functions that find them, or MLflow's."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, type) and obj in _RESOLVERS:
            return _RESOLVERS[obj], ()
        return super().reducer_override(obj)


class _Unpickler(pickle.Unpickler):
    """Reads MLflow's classes as ours, so that MLflow need not be there."""

    def find_class(self, module: str, name: str) -> Any:
        module, name = OURS.get((module, name), (module, name))
        return super().find_class(module, name)


def dump(model: Any, file: Path) -> None:
    """Write a Python model. Raises InvalidValue where it cannot be pickled."""
    with _by_value(), file.open("wb") as stream:
        try:
            _Pickler(stream, protocol=pickle.DEFAULT_PROTOCOL).dump(model)
        except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
            raise InvalidValue(
                f"The Python model {type(model).__name__} cannot be pickled: {error}.",
                "Put it into a file that tells its model by set_model(), and give the path of that file.",
            ) from error


def load(file: Path, compression: str | None = None) -> Any:
    """Read a Python model; this runs what the pickle says. Raises InvalidValue."""
    with _opened(file, compression) as stream:
        return _Unpickler(stream).load()


def _opened(file: Path, compression: str | None) -> Any:
    """A file, unpacked as MLflow's `MLFLOW_LOG_MODEL_COMPRESSION` packed it."""
    modules = {"lzma": "lzma", "bzip2": "bz2", "gzip": "gzip"}
    if compression in modules:
        return import_module(modules[compression]).open(file, "rb")
    return file.open("rb")


@contextmanager
def _by_value() -> Iterator[None]:
    """Have the functions of `origin` pickled by their code."""
    cloudpickle.register_pickle_by_value(origin)
    try:
        yield
    finally:
        cloudpickle.unregister_pickle_by_value(origin)
