"""MLflow's `mlflow.xgboost`: saving and loading of models of XGBoost, and autologging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runfolio.models.mlmodel import ModelInfo
    from runfolio.models.model import Model
    from runfolio.models.schema.signature import ModelSignature


def save_model(
    xgb_model: Any,
    path: str | Path,
    conda_env: Any = None,
    code_paths: list[str] | None = None,
    mlflow_model: Model | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    model_format: str = "ubj",
    metadata: dict[str, Any] | None = None,
    extra_files: list[str] | None = None,
    **kwargs: Any,
) -> None:
    """Save a booster or an estimator of XGBoost.

    Args:
        path: a folder that is not there yet, or is empty.
        code_paths: files and folders of code that is found first when the model is loaded.
        signature: what it takes and gives; inferred from `input_example`, if that is given; none, if False.
        pip_requirements: what it needs to run. At most one of `conda_env`, `pip_requirements` and
            `extra_pip_requirements` is given.
        model_format: the ending of the file: `ubj`, `json` or, of old versions, `xgb`.
        kwargs: XGBoost's own, of `save_model`.

    Raises:
        AlreadyExists: there is something in the folder.
        InvalidValue, NotFound: an argument cannot be used.
    """
    arguments = locals()
    from runfolio.models.flavors import xgboost
    from runfolio.models.saving import packing, save

    save(path, xgboost.writer(xgb_model, model_format, kwargs), packing(arguments))


def log_model(
    xgb_model: Any,
    artifact_path: str | None = None,
    conda_env: Any = None,
    code_paths: list[str] | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    model_format: str = "ubj",
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
    """Log a booster or an estimator of XGBoost to the active run, which is started if there is none.

    The arguments are those of `save_model` and of `runfolio.models.logging.log_model`. Raises as these do.
    """
    arguments = locals()
    from runfolio.models.logging import log_model as log

    return log(save_model, **arguments.pop("kwargs"), **arguments)


def load_model(model_uri: str | Path, dst_path: str | None = None) -> Any:
    """The booster or estimator of a model. Raises NotFound, EnvironmentProblem."""
    from runfolio.models.loading import load_native

    return load_native("xgboost", model_uri, dst_path)


def autolog(
    importance_types: Sequence[str] | None = None,
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    model_format: str = "ubj",
    extra_tags: Mapping[str, Any] | None = None,
) -> None:
    """Log what XGBoost trains: params, metrics of each round, the best round, how much each feature counts.

    MLflow's `disable_for_unsupported_versions` is taken and changes nothing so far.

    Args:
        log_models: log the model that was trained, as `model`; one of the same run that has this name is replaced.
        log_model_signatures: with what it takes and gives, where the data of the training show that.
        log_input_examples: with the first rows of that data.
        model_format: of the model: `ubj` or `json`.
        importance_types: kinds of importance to log, by XGBoost's names; `weight` if None.
        log_datasets: note what data a model was trained on.
        registered_model_name: the model of the registry whose next version each one that is logged becomes.
        disable: turn it off again.
        exclusive: log nothing while a run is active that was started by hand.
        silent: keep warnings of autologging to itself.
        extra_tags: tags for each run that autologging starts.

    Raises:
        EnvironmentProblem: XGBoost is not installed.
        InvalidValue: an argument that breaks a rule.
    """
    from runfolio.client.autolog.registry import turn
    from runfolio.client.autolog.settings import make_settings

    settings = make_settings(
        disable=disable,
        exclusive=exclusive,
        silent=silent,
        log_datasets=log_datasets,
        extra_tags=extra_tags,
        log_models=log_models,
        log_model_signatures=log_model_signatures,
        log_input_examples=log_input_examples,
        importance_types=None if importance_types is None else list(importance_types),
        registered_model_name=registered_model_name,
        model_format=model_format,
    )
    turn("xgboost", settings)


def __getattr__(name: str) -> Any:
    """The callback, loaded when it is asked for: it needs the library."""
    if name == "RunfolioCallback":
        from runfolio.client.autolog.xgboost_callback import RunfolioCallback

        return RunfolioCallback
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
