"""MLflow's `mlflow.pyfunc`: models as functions, and models that are a user's own code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runfolio.models.mlmodel import PYFUNC as FLAVOR_NAME
from runfolio.models.mlmodel import ModelInfo
from runfolio.models.model import Model
from runfolio.models.pyfunc.model import PyFuncModel
from runfolio.models.pyfunc.python_model import PythonModel, PythonModelContext

if TYPE_CHECKING:
    from runfolio.models.schema.signature import ModelSignature

__all__ = [
    "FLAVOR_NAME",
    "PyFuncModel",
    "PythonModel",
    "PythonModelContext",
    "add_to_model",
    "get_default_pip_requirements",
    "get_model_dependencies",
    "load_model",
    "log_model",
    "save_model",
]


def load_model(
    model_uri: str | Path,
    suppress_warnings: bool = False,
    dst_path: str | None = None,
    model_config: str | Path | Mapping[str, Any] | None = None,
) -> PyFuncModel:
    """A model as a function, whatever it was made with.

    Args:
        model_uri: a path, `runs:/<run id>/<path>`, `models:/m-<id>`, or of the registry such as `models:/name/3`.
        suppress_warnings: say nothing of packages that are here in another version than it was saved with.
        dst_path: a folder that its files are copied to first.
        model_config: values in place of those of its configuration: a dictionary or the path of a YAML file.

    Raises:
        NotFound: there is no model, or it is no function.
        EnvironmentProblem: a library that it needs is not installed.
    """
    from runfolio.models.loading import load_function

    return load_function(model_uri, suppress_warnings, dst_path, model_config)


def save_model(
    path: str | Path,
    loader_module: str | None = None,
    data_path: str | Path | None = None,
    code_paths: list[str] | None = None,
    infer_code_paths: bool = False,
    conda_env: Any = None,
    mlflow_model: Model | None = None,
    python_model: Any = None,
    artifacts: Mapping[str, str] | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    metadata: dict[str, Any] | None = None,
    model_config: str | Path | Mapping[str, Any] | None = None,
    streamable: bool | None = None,
    resources: Any = None,
    auth_policy: Any = None,
    uv_project_path: str | Path | None = None,
    uv_groups: list[str] | None = None,
    uv_extras: list[str] | None = None,
) -> None:
    """Save a Python model, a function, a script that tells of one, or data with the module that loads it.

    MLflow's `resources`, `auth_policy`, `infer_code_paths` and those with `uv_` are taken and not used.

    Args:
        path: a folder that is not there yet, or is empty.
        loader_module: a module with `_load_pyfunc(data_path)`, which makes the model; for `data_path`.
        data_path: a file or folder that is the model.
        code_paths: files and folders of code that is found first when the model is loaded.
        python_model: an object of a class derived from `PythonModel`, a function of one argument, or the path of a
            script that calls `runfolio.models.set_model`.
        artifacts: by name, the path or address of each file that it needs.
        signature: what it takes and gives; inferred from `input_example`, if that is given; none, if False.
        pip_requirements, extra_pip_requirements, conda_env: what it needs; at most one of them.
        model_config: a dictionary or the path of a YAML file, for the model's context.

    Raises:
        AlreadyExists: there is something in the folder.
        InvalidValue, NotFound: an argument cannot be used.
    """
    arguments = locals()
    from runfolio.core.errors import InvalidValue
    from runfolio.models.configuration import config_given
    from runfolio.models.pyfunc import python_models
    from runfolio.models.saving import packing, save

    by_loader, by_model = (loader_module, data_path), (python_model, artifacts)
    if any(one is not None for one in by_loader) and any(one is not None for one in by_model):
        raise InvalidValue("loader_module and data_path do not go with python_model and artifacts.", "Give one pair.")
    if loader_module is None and python_model is None:
        raise InvalidValue("A model is given as python_model, or by its loader_module.")
    config = config_given(model_config)
    if loader_module is not None:
        writer = python_models.loader_writer(loader_module, data_path, config, bool(streamable))
    else:
        writer = python_models.writer(python_model, artifacts, config, streamable)
    save(path, writer, packing(arguments))


def log_model(
    artifact_path: str | None = None,
    loader_module: str | None = None,
    data_path: str | Path | None = None,
    code_paths: list[str] | None = None,
    infer_code_paths: bool = False,
    conda_env: Any = None,
    python_model: Any = None,
    artifacts: Mapping[str, str] | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    metadata: dict[str, Any] | None = None,
    model_config: str | Path | Mapping[str, Any] | None = None,
    streamable: bool | None = None,
    resources: Any = None,
    auth_policy: Any = None,
    uv_project_path: str | Path | None = None,
    uv_groups: list[str] | None = None,
    uv_extras: list[str] | None = None,
    prompts: list[Any] | None = None,
    name: str | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
) -> ModelInfo:
    """Log such a model to the active run, which is started if there is none.

    The arguments are those of `save_model` and of `runfolio.models.logging.log_model`. Raises as these do.
    """
    arguments = locals()
    from runfolio.models.logging import log_model as log

    return log(save_model, **arguments)


def add_to_model(
    model: Model,
    loader_module: str,
    data: str | None = None,
    code: str | None = None,
    conda_env: str | None = None,
    python_env: str | None = None,
    model_config: Mapping[str, Any] | None = None,
    model_code_path: str | None = None,
    **kwargs: Any,
) -> Model:
    """For a flavor of one's own: say in an MLmodel file how its model becomes a function."""
    from runfolio.models.environment.files import python_version

    given = {"data": data, "code": code, "config": model_config, "model_code_path": model_code_path}
    env = {key: value for key, value in (("conda", conda_env), ("virtualenv", python_env)) if value}
    entries = {key: value for key, value in given.items() if value} | ({"env": env} if env else {})
    return model.add_flavor(
        FLAVOR_NAME, **kwargs, **entries, loader_module=loader_module, python_version=python_version()
    )


def get_model_dependencies(model_uri: str | Path, format: str = "pip") -> str:
    """The path of a model's requirements.txt, or, as `conda`, of its conda.yaml. Raises NotFound, InvalidValue."""
    from runfolio.core.errors import InvalidValue, NotFound
    from runfolio.models.uris import model_folder

    names = {"pip": "requirements.txt", "conda": "conda.yaml"}
    if format not in names:
        raise InvalidValue(f"{format!r} is not a format of requirements.", f"Use one of {', '.join(names)}.")
    file = model_folder(model_uri) / names[format]
    if not file.is_file():
        raise NotFound(f"The model {str(model_uri)!r} has no file {file.name}.")
    return str(file)


def get_default_pip_requirements() -> list[str]:
    """What any Python model needs."""
    from runfolio.models.environment.requirements import pinned

    return [pinned("cloudpickle")]


def pyfunc(function: Callable[..., Any]) -> Callable[..., Any]:
    """MLflow's decorator of functions that predict: their data is checked by the signature here, with or without it."""
    return function
