"""`runfolio.tensorflow`: autologging of TensorFlow, which trains through Keras."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


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

    The arguments about models, checkpoints and versions are taken and change nothing so far.

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
