"""`runfolio.sklearn`: autologging of scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def autolog(
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    max_tuning_runs: int | None = 5,
    log_post_training_metrics: bool = True,
    serialization_format: str = "cloudpickle",
    registered_model_name: str | None = None,
    pos_label: Any = None,
    extra_tags: Mapping[str, Any] | None = None,
) -> None:
    """Log what scikit-learn's estimators are fitted with, and how well they know their training data.

    Of MLflow's arguments, `log_models`, `log_model_signatures`, `log_input_examples`, `registered_model_name`,
    `serialization_format` and `disable_for_unsupported_versions`
    are taken and change nothing so far.

    Args:
        log_datasets: note what data a model was trained on.
        disable: turn it off again.
        exclusive: log nothing while a run is active that was started by hand.
        silent: keep warnings of autologging to itself.
        max_tuning_runs: how many candidates of a search become nested runs, the best ones; all if None.
        log_post_training_metrics: log what `model.score` and `sklearn.metrics` say of a model later, too.
        pos_label: the class that counts as positive in precision, recall and F1; else they are means by support.
        extra_tags: tags for each run that autologging starts.

    Raises:
        EnvironmentProblem: scikit-learn is not installed.
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
        max_tuning_runs=natural("max_tuning_runs", max_tuning_runs),
        registered_model_name=registered_model_name,
        pos_label=pos_label,
        log_post_training_metrics=log_post_training_metrics,
        serialization_format=serialization_format,
    )
    turn("sklearn", settings)
