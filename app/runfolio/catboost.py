"""MLflow's `mlflow.catboost`: saving and loading of models of CatBoost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runfolio.models.mlmodel import ModelInfo
    from runfolio.models.model import Model
    from runfolio.models.schema.signature import ModelSignature


def save_model(
    cb_model: Any,
    path: str | Path,
    conda_env: Any = None,
    code_paths: list[str] | None = None,
    mlflow_model: Model | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    metadata: dict[str, Any] | None = None,
    extra_files: list[str] | None = None,
    **kwargs: Any,
) -> None:
    """Save a model of CatBoost.

    Args:
        path: a folder that is not there yet, or is empty.
        code_paths: files and folders of code that is found first when the model is loaded.
        signature: what it takes and gives; inferred from `input_example`, if that is given; none, if False.
        pip_requirements: what it needs to run. At most one of `conda_env`, `pip_requirements` and
            `extra_pip_requirements` is given.
        kwargs: CatBoost's own, of `save_model`.

    Raises:
        AlreadyExists: there is something in the folder.
        InvalidValue, NotFound: an argument cannot be used.
    """
    arguments = locals()
    from runfolio.models.flavors import catboost
    from runfolio.models.saving import packing, save

    save(path, catboost.writer(cb_model, kwargs), packing(arguments))


def log_model(
    cb_model: Any,
    artifact_path: str | None = None,
    conda_env: Any = None,
    code_paths: list[str] | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    metadata: dict[str, Any] | None = None,
    extra_files: list[str] | None = None,
    name: str | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
    **kwargs: Any,
) -> ModelInfo:
    """Log a model of CatBoost to the active run, which is started if there is none.

    The arguments are those of `save_model` and of `runfolio.models.logging.log_model`. Raises as these do.
    """
    arguments = locals()
    from runfolio.models.logging import log_model as log

    return log(save_model, **arguments.pop("kwargs"), **arguments)


def load_model(model_uri: str | Path, dst_path: str | None = None) -> Any:
    """The model of CatBoost. Raises NotFound, EnvironmentProblem."""
    from runfolio.models.loading import load_native

    return load_native("catboost", model_uri, dst_path)
