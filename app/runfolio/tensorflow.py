"""MLflow's `mlflow.tensorflow`: saving and loading of models of TensorFlow, and autologging."""

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
    conda_env: Any = None,
    code_paths: list[str] | None = None,
    mlflow_model: Model | None = None,
    custom_objects: dict[str, Any] | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    saved_model_kwargs: dict[str, Any] | None = None,
    keras_model_kwargs: dict[str, Any] | None = None,
    metadata: dict[str, Any] | None = None,
    extra_files: list[str] | None = None,
) -> None:
    """Save a module of TensorFlow or a model of Keras.

    Args:
        path: a folder that is not there yet, or is empty.
        code_paths: files and folders of code that is found first when the model is loaded.
        custom_objects: what a model of Keras is made of besides its own, by name; pickled.
        signature: what it takes and gives; inferred from `input_example`, if that is given; none, if False.
        pip_requirements: what it needs to run. At most one of `conda_env`, `pip_requirements` and
            `extra_pip_requirements` is given.
        saved_model_kwargs: of `tf.saved_model.save`.
        keras_model_kwargs: of the model's own `save`.

    Raises:
        AlreadyExists: there is something in the folder.
        InvalidValue, NotFound: an argument cannot be used.
    """
    arguments = locals()
    from runfolio.models.flavors import tensorflow
    from runfolio.models.saving import packing, save

    save(path, tensorflow.writer(model, custom_objects, saved_model_kwargs, keras_model_kwargs), packing(arguments))


def log_model(
    model: Any,
    artifact_path: str | None = None,
    custom_objects: dict[str, Any] | None = None,
    conda_env: Any = None,
    code_paths: list[str] | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    registered_model_name: str | None = None,
    await_registration_for: int | None = 300,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    saved_model_kwargs: dict[str, Any] | None = None,
    keras_model_kwargs: dict[str, Any] | None = None,
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
    """Log a module of TensorFlow or a model of Keras to the active run, which is started if there is none.

    The arguments are those of `save_model` and of `runfolio.models.logging.log_model`. Raises as these do.
    """
    arguments = locals()
    from runfolio.models.logging import log_model as log

    return log(save_model, **arguments.pop("kwargs"), **arguments)


def load_model(
    model_uri: str | Path,
    dst_path: str | None = None,
    saved_model_kwargs: dict[str, Any] | None = None,
    keras_model_kwargs: dict[str, Any] | None = None,
) -> Any:
    """The module, or the model of Keras. Raises NotFound, EnvironmentProblem."""
    from runfolio.models.loading import load_native

    return load_native(
        "tensorflow", model_uri, dst_path, saved_model_kwargs=saved_model_kwargs, keras_model_kwargs=keras_model_kwargs
    )


def autolog(
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    saved_model_kwargs: Mapping[str, Any] | None = None,
    keras_model_kwargs: Mapping[str, Any] | None = None,
    extra_tags: Mapping[str, Any] | None = None,
    log_every_epoch: bool = True,
    log_every_n_steps: int | None = None,
    checkpoint: bool = True,
    checkpoint_monitor: str = "val_loss",
    checkpoint_mode: str = "min",
    checkpoint_save_best_only: bool = True,
    checkpoint_save_weights_only: bool = False,
    checkpoint_save_freq: str | int = "epoch",
) -> None:
    """Log what Keras models are fitted with, as `runfolio.keras.autolog` does, by the arguments of TensorFlow's.

    The arguments about checkpoints, versions and formats of models are taken and change nothing so far.

    Raises:
        EnvironmentProblem: Keras is not installed.
        InvalidValue: an argument that breaks a rule.
    """
    from runfolio import keras

    keras.autolog(
        log_every_epoch=log_every_epoch,
        log_every_n_steps=log_every_n_steps,
        log_models=log_models,
        log_model_signatures=log_model_signatures,
        log_datasets=log_datasets,
        log_input_examples=log_input_examples,
        disable=disable,
        exclusive=exclusive,
        silent=silent,
        registered_model_name=registered_model_name,
        extra_tags=extra_tags,
    )


def __getattr__(name: str) -> Any:
    """The callback, loaded when it is asked for: it needs the library."""
    if name in ("RunfolioCallback", "MlflowCallback", "MLflowCallback"):
        from runfolio.client.autolog.keras_callback import RunfolioCallback

        return RunfolioCallback
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
