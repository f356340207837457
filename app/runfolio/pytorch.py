"""MLflow's `mlflow.pytorch`: saving and loading of models of PyTorch, and autologging."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runfolio.models.mlmodel import ModelInfo
    from runfolio.models.model import Model
    from runfolio.models.schema.signature import ModelSignature


def save_model(
    pytorch_model: Any,
    path: str | Path,
    conda_env: Any = None,
    mlflow_model: Model | None = None,
    code_paths: list[str] | None = None,
    pickle_module: Any = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    extra_files: list[str] | None = None,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    metadata: dict[str, Any] | None = None,
    export_model: bool = False,
    serialization_format: str | None = None,
    **kwargs: Any,
) -> None:
    """Save a module.

    Args:
        path: a folder that is not there yet, or is empty.
        code_paths: files and folders of code that is found first when the model is loaded.
        pickle_module: what pickles it; cloudpickle by default.
        signature: what it takes and gives; inferred from `input_example`, if that is given; none, if False.
        pip_requirements: what it needs to run. At most one of `conda_env`, `pip_requirements` and
            `extra_pip_requirements` is given.
        export_model: MLflow's older word for `pt2`.
        serialization_format: `pt2`, an exported program, or `pickle`. Without one it is the first, where an input
            example is given and PyTorch can export the module by it, else the second, with a warning.
        kwargs: PyTorch's own, of `torch.save`.

    Raises:
        AlreadyExists: there is something in the folder.
        InvalidValue, NotFound: an argument cannot be used.
    """
    arguments = locals()
    from runfolio.models.flavors import pytorch
    from runfolio.models.saving import packing, save

    form = "pt2" if export_model else serialization_format
    save(path, pytorch.writer(pytorch_model, input_example, form, pickle_module, kwargs), packing(arguments))


def log_model(
    pytorch_model: Any,
    artifact_path: str | None = None,
    conda_env: Any = None,
    code_paths: list[str] | None = None,
    pickle_module: Any = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    extra_files: list[str] | None = None,
    pip_requirements: Any = None,
    extra_pip_requirements: Any = None,
    metadata: dict[str, Any] | None = None,
    name: str | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
    export_model: bool = False,
    serialization_format: str | None = None,
    **kwargs: Any,
) -> ModelInfo:
    """Log a module to the active run, which is started if there is none.

    The arguments are those of `save_model` and of `runfolio.models.logging.log_model`. Raises as these do.
    """
    arguments = locals()
    from runfolio.models.logging import log_model as log

    return log(save_model, **arguments.pop("kwargs"), **arguments)


def load_model(model_uri: str | Path, dst_path: str | None = None, **kwargs: Any) -> Any:
    """The module of a model, ready to predict; `kwargs` are `torch.load`'s. Raises NotFound, EnvironmentProblem."""
    from runfolio.models.loading import load_native

    return load_native("pytorch", model_uri, dst_path, **kwargs)


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

    Of MLflow's arguments, `log_model_signatures`, `log_input_examples`, those about checkpoints and
    `disable_for_unsupported_versions` are taken and change nothing so far.

    Args:
        log_models: log the model that was trained, as `model`; one of the same run that has this name is replaced.
        log_datasets: note what data a model was trained on.
        registered_model_name: the model of the registry whose next version each one that is logged becomes.
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
