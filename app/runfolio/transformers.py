"""`runfolio.transformers`: autologging of Hugging Face's trainer, and its callback."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def autolog(
    log_input_examples: bool = False,
    log_model_signatures: bool = False,
    log_models: bool = False,
    log_datasets: bool = False,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    extra_tags: Mapping[str, Any] | None = None,
) -> None:
    """Log what Hugging Face's trainer trains: its arguments, the model's configuration, all metrics it reports.

    Of MLflow's arguments, `log_models`, `log_model_signatures`, `log_input_examples` and
    `disable_for_unsupported_versions` are taken and change nothing so far.

    Args:
        log_datasets: note what data a model was trained on.
        disable: turn it off again.
        exclusive: log nothing while a run is active that was started by hand.
        silent: keep warnings of autologging to itself.
        extra_tags: tags for each run that autologging starts.

    Raises:
        EnvironmentProblem: transformers is not installed.
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
    )
    turn("transformers", settings)


def __getattr__(name: str) -> Any:
    """The callback, made when it is asked for, for it needs the library; `report_to="runfolio"` works from then on."""
    if name in ("RunfolioCallback", "MLflowCallback"):
        from transformers.integrations import integration_utils

        from runfolio.client.autolog.transformers import register
        from runfolio.client.autolog.transformers_callback import RunfolioCallback

        register(integration_utils)
        return RunfolioCallback
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
