"""Autologging: trainings of the usual libraries are logged without a line of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def autolog(
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_models: bool = True,
    log_datasets: bool = True,
    log_traces: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    extra_tags: Mapping[str, Any] | None = None,
    exclude_flavors: Sequence[str] | None = None,
) -> None:
    """Log the trainings of every supported library, whether it is imported already or later.

    A training logs to the active run; where there is none, it has a run of its own. What a library's own `autolog`
    was told stays. `log_traces` and `disable_for_unsupported_versions` are taken for MLflow's sake and change nothing
    so far.

    Args:
        log_models: log the model that was trained, as `model`; one of the same run that has this name is replaced.
        log_model_signatures: with what it takes and gives, where the data of the training show that.
        log_input_examples: with the first rows of that data.
        log_datasets: note what data a model was trained on.
        disable: turn it off again.
        exclusive: log nothing while a run is active that was started by hand.
        silent: keep warnings of autologging to itself.
        extra_tags: tags for each run that autologging starts.
        exclude_flavors: libraries to leave out, by their names here: `sklearn`, `xgboost`, `lightgbm`, `keras`,
            `pytorch`, `transformers`. Unknown ones are passed over.

    Raises:
        InvalidValue: a tag that breaks a rule.
    """
    from runfolio.client.autolog.registry import LIBRARIES, turn
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
    left_out = {"keras" if name == "tensorflow" else name for name in exclude_flavors or ()}
    for library in LIBRARIES:
        if library not in left_out:
            turn(library, settings, explicit=False)
