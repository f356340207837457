"""MLflow's `mlflow.sklearn`: saving and loading of scikit-learn's models, and autologging."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runfolio.models.mlmodel import ModelInfo
    from runfolio.models.model import Model
    from runfolio.models.schema.signature import ModelSignature

SERIALIZATION_FORMAT_PICKLE = "pickle"
SERIALIZATION_FORMAT_CLOUDPICKLE = "cloudpickle"
SERIALIZATION_FORMAT_SKOPS = "skops"


def save_model(
    sk_model: Any,
    path: str | Path,
    conda_env: Any = None,
    code_paths: list[str] | None = None,
    mlflow_model: Model | None = None,
    serialization_format: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    pyfunc_predict_fn: str = "predict",
    metadata: dict[str, Any] | None = None,
    skops_trusted_types: list[str] | None = None,
    extra_files: list[str] | None = None,
) -> None:
    """Save an estimator.

    Args:
        path: a folder that is not there yet, or is empty.
        code_paths: files and folders of code that is found first when the model is loaded.
        serialization_format: `skops`, `cloudpickle` or `pickle`. Without one it is skops, which runs no code when it is
            loaded, if that can hold the estimator, else cloudpickle, with a warning.
        signature: what it takes and gives; inferred from `input_example`, if that is given; none, if False.
        pip_requirements, extra_pip_requirements, conda_env: what it needs to run, in place of what is found, or
            besides it; at most one of them.
        pyfunc_predict_fn: the method that is called where the model is loaded as a function.
        skops_trusted_types: types that skops does not know and that you trust.

    Raises:
        AlreadyExists: there is something in the folder.
        InvalidValue, NotFound: an argument cannot be used, or the estimator cannot be saved in that format.
    """
    arguments = locals()
    from runfolio.models.flavors import sklearn
    from runfolio.models.saving import packing, save

    writer = sklearn.writer(sk_model, serialization_format, pyfunc_predict_fn, skops_trusted_types)
    save(path, writer, packing(arguments))


def log_model(
    sk_model: Any,
    artifact_path: str | None = None,
    conda_env: Any = None,
    code_paths: list[str] | None = None,
    serialization_format: str | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    pyfunc_predict_fn: str = "predict",
    metadata: dict[str, Any] | None = None,
    extra_files: list[str] | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
    name: str | None = None,
    skops_trusted_types: list[str] | None = None,
    **kwargs: Any,
) -> ModelInfo:
    """Log an estimator to the active run, which is started if there is none.

    The arguments are those of `save_model` and of `runfolio.models.logging.log_model`. Raises as these do.
    """
    arguments = locals()
    from runfolio.models.logging import log_model as log

    return log(save_model, **arguments.pop("kwargs"), **arguments)


def load_model(model_uri: str | Path, dst_path: str | None = None) -> Any:
    """The estimator of a model. Raises NotFound, EnvironmentProblem."""
    from runfolio.models.loading import load_native

    return load_native("sklearn", model_uri, dst_path)


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

    MLflow's `disable_for_unsupported_versions` is taken and changes nothing so far.

    Args:
        log_models: log the model that was trained, as `model`; one of the same run that has this name is replaced.
        log_model_signatures: with what it takes and gives, where the data of the training show that.
        log_input_examples: with the first rows of that data.
        serialization_format: of the model: `cloudpickle`, `pickle` or `skops`.
        log_datasets: note what data a model was trained on.
        registered_model_name: the model of the registry whose next version each one that is logged becomes.
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
