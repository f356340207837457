"""MLflow's `mlflow.keras`: saving and loading of models of Keras, and autologging."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runfolio.models.mlmodel import ModelInfo
    from runfolio.models.model import Model
    from runfolio.models.schema.signature import ModelSignature


def save_model(
    model: Any,
    path: str | Path,
    save_exported_model: bool = False,
    conda_env: Any = None,
    mlflow_model: Model | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    save_model_kwargs: dict[str, Any] | None = None,
    metadata: dict[str, Any] | None = None,
) -> None:
    """Save a model of Keras.

    Args:
        path: a folder that is not there yet, or is empty.
        save_exported_model: as a SavedModel of TensorFlow, which can be called but not trained.
        signature: what it takes and gives; inferred from `input_example`, if that is given; none, if False.
        pip_requirements: what it needs to run. At most one of `conda_env`, `pip_requirements` and
            `extra_pip_requirements` is given.
        save_model_kwargs: of the model's own `save`.

    Raises:
        AlreadyExists: there is something in the folder.
        InvalidValue, NotFound: an argument cannot be used.
    """
    arguments = locals()
    from runfolio.models.flavors import keras
    from runfolio.models.saving import packing, save

    save(path, keras.writer(model, save_exported_model, save_model_kwargs), packing(arguments))


def log_model(
    model: Any,
    artifact_path: str | None = None,
    save_exported_model: bool = False,
    conda_env: Any = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    registered_model_name: str | None = None,
    await_registration_for: int | None = 300,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    save_model_kwargs: dict[str, Any] | None = None,
    metadata: dict[str, Any] | None = None,
    name: str | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
) -> ModelInfo:
    """Log a model of Keras to the active run, which is started if there is none.

    The arguments are those of `save_model` and of `runfolio.models.logging.log_model`. Raises as these do.
    """
    arguments = locals()
    from runfolio.models.logging import log_model as log

    return log(save_model, **arguments)


def load_model(
    model_uri: str | Path,
    dst_path: str | None = None,
    custom_objects: dict[str, Any] | None = None,
    load_model_kwargs: dict[str, Any] | None = None,
) -> Any:
    """The model of Keras. Raises NotFound, EnvironmentProblem."""
    from runfolio.models.loading import load_native

    return load_native("keras", model_uri, dst_path, custom_objects=custom_objects, load_model_kwargs=load_model_kwargs)


def autolog(
    log_every_epoch: bool = True,
    log_every_n_steps: int | None = None,
    log_models: bool = True,
    log_model_signatures: bool = True,
    save_exported_model: bool = False,
    log_datasets: bool = True,
    log_input_examples: bool = False,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    save_model_kwargs: Mapping[str, Any] | None = None,
    extra_tags: Mapping[str, Any] | None = None,
) -> None:
    """Log what Keras models are fitted with, their layers and the metrics of each epoch.

    Of MLflow's arguments, `save_exported_model`, `save_model_kwargs` and `disable_for_unsupported_versions` are taken
    and change nothing so far.

    Args:
        log_models: log the model that was trained, as `model`; one of the same run that has this name is replaced.
        log_model_signatures: with what it takes and gives, where the data of the training show that.
        log_input_examples: with the first rows of that data.
        log_datasets: note what data a model was trained on.
        registered_model_name: the model of the registry whose next version each one that is logged becomes.
        disable: turn it off again.
        exclusive: log nothing while a run is active that was started by hand.
        silent: keep warnings of autologging to itself.
        log_every_epoch: log metrics at the end of each epoch.
        log_every_n_steps: log them every so many steps instead.
        extra_tags: tags for each run that autologging starts.

    Raises:
        EnvironmentProblem: Keras is not installed.
        InvalidValue: an argument that breaks a rule.
    """
    from runfolio.client.autolog.registry import turn
    from runfolio.client.autolog.settings import make_settings, natural
    from runfolio.core.errors import InvalidValue

    if log_every_epoch == (natural("log_every_n_steps", log_every_n_steps) is not None):
        raise InvalidValue("Give log_every_n_steps with log_every_epoch=False, and not otherwise.")
    settings = make_settings(
        disable=disable,
        exclusive=exclusive,
        silent=silent,
        log_datasets=log_datasets,
        extra_tags=extra_tags,
        log_models=log_models,
        log_model_signatures=log_model_signatures,
        log_input_examples=log_input_examples,
        log_every_epoch=log_every_epoch,
        log_every_n_steps=log_every_n_steps,
        registered_model_name=registered_model_name,
    )
    turn("keras", settings)


def __getattr__(name: str) -> Any:
    """The callback, loaded when it is asked for: it needs the library."""
    if name in ("RunfolioCallback", "MlflowCallback", "MLflowCallback"):
        from runfolio.client.autolog.keras_callback import RunfolioCallback

        return RunfolioCallback
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
