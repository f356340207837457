"""`runfolio.xgboost`: autologging of XGBoost, and its callback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


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

    Of MLflow's arguments, `log_models`, `log_model_signatures`, `log_input_examples`, `registered_model_name`,
    `model_format` and `disable_for_unsupported_versions`
    are taken and change nothing so far.

    Args:
        importance_types: kinds of importance to log, by XGBoost's names; `weight` if None.
        log_datasets: note what data a model was trained on.
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
