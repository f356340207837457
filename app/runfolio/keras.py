"""`runfolio.keras`: autologging of Keras, and its callback."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


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

    Of MLflow's arguments, `log_models`, `log_model_signatures`, `log_input_examples`, `registered_model_name`,
    `save_exported_model`, `save_model_kwargs` and `disable_for_unsupported_versions`
    are taken and change nothing so far.

    Args:
        log_datasets: note what data a model was trained on.
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
