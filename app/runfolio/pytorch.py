"""`runfolio.pytorch`: autologging of PyTorch Lightning, its callback and its logger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def autolog(
    log_every_n_epoch: int = 1,
    log_every_n_step: int | None = None,
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    extra_tags: Mapping[str, Any] | None = None,
    checkpoint: bool = True,
    checkpoint_monitor: str = "val_loss",
    checkpoint_mode: str = "min",
    checkpoint_save_best_only: bool = True,
    checkpoint_save_weights_only: bool = False,
    checkpoint_save_freq: str | int = "epoch",
    log_model_signatures: bool = True,
    log_input_examples: bool = False,
) -> None:
    """Log what Lightning's trainer fits: optimizer, hyperparameters, layers and the metrics of each epoch.

    Of MLflow's arguments, `log_models`, `log_model_signatures`, `log_input_examples`, `registered_model_name`,
    those about checkpoints and `disable_for_unsupported_versions`
    are taken and change nothing so far.

    Args:
        log_datasets: note what data a model was trained on.
        disable: turn it off again.
        exclusive: log nothing while a run is active that was started by hand.
        silent: keep warnings of autologging to itself.
        log_every_n_epoch: log the metrics of every so many epochs.
        log_every_n_step: log those of every so many steps, too.
        extra_tags: tags for each run that autologging starts.

    Raises:
        EnvironmentProblem: lightning is not installed.
        InvalidValue: an argument that breaks a rule.
    """
    from runfolio.client.autolog.registry import turn
    from runfolio.client.autolog.settings import make_settings, natural

    settings = make_settings(
        disable=disable,
        exclusive=exclusive,
        silent=silent,
        log_datasets=log_datasets,
        extra_tags=extra_tags,
        log_models=log_models,
        log_model_signatures=log_model_signatures,
        log_input_examples=log_input_examples,
        log_every_n_epoch=natural("log_every_n_epoch", log_every_n_epoch),
        log_every_n_step=natural("log_every_n_step", log_every_n_step),
        registered_model_name=registered_model_name,
    )
    turn("pytorch", settings)


def __getattr__(name: str) -> Any:
    """The callback and the logger, made when they are asked for: they need the library."""
    if name == "RunfolioCallback":
        from runfolio.client.autolog.lightning_callback import callback_class, preferred

        return callback_class(preferred())
    if name in ("RunfolioLogger", "MLFlowLogger"):
        from runfolio.client.autolog.lightning_logger import RunfolioLogger

        return RunfolioLogger
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
