"""Logging a model to a run: its files are artifacts of the run, in one folder, all of them or none."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from runfolio.client import active_runs, folders
from runfolio.client.active_run import ActiveRun
from runfolio.core import rules
from runfolio.core.errors import UserError
from runfolio.core.paths import artifact_path as allowed_path
from runfolio.core.registry.names import model_name
from runfolio.models.mlmodel import ModelInfo, new_model_id
from runfolio.models.model import Model

log = logging.getLogger("runfolio")
DEFAULT_NAME = "model"


def log_model(
    save_model: Callable[..., Any],
    *,
    artifact_path: str | None = None,
    name: str | None = None,
    run_id: str | None = None,
    run: ActiveRun | None = None,
    registered_model_name: str | None = None,
    await_registration_for: Any = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
    prompts: list[Any] | None = None,
    **saved: Any,
) -> ModelInfo:
    """Log a model to the active run, which is started if there is none, or to that of `run_id`.

    Args:
        save_model: a flavor's function that saves it; it is given `path`, `mlflow_model` and all that is in `saved`.
        artifact_path, name: the folder of the run that it goes to; `name` is MLflow's newer word for it. A model that
            is there already is replaced.
        run: the run itself, where it is at hand.
        registered_model_name: the model of the registry whose next version it becomes; it is made if there is none.
            Trouble with that is a warning, and the model is logged.
        params, tags, model_type, step: noted with the model.
        model_id: its id; a new one, if none is given.
        await_registration_for, prompts: taken for MLflow's sake; there is nothing to wait for, and no prompts.

    Returns:
        What is known of it. Where the disk could not hold it, that was a warning, and nothing is at its address.

    Raises:
        InvalidValue, NotFound: an argument cannot be used.
    """
    place = allowed_path(name or artifact_path or DEFAULT_NAME)
    registered = None if registered_model_name is None else model_name(registered_model_name)
    texts, marks = _texts(params, "params"), _texts(tags, "tags")
    noted = {"params": texts, "tags": marks, "model_type": model_type, "step": step}
    run = active_runs.run_to_log_to(run_id) if run is None else run
    identity = model_id or new_model_id()
    with run.rewriting:
        model = Model(artifact_path=place, run_id=run.info.run_id, model_id=identity, model_uuid=identity)
        saved_anew = {**saved, "mlflow_model": model}
        stored = folders.store_folder(run, place, lambda folder: save_model(path=folder, **saved_anew))
        if stored:
            run.note_model(_entry(model, noted))
    info = model.get_model_info()
    info.params, info.tags, info.model_type, info.step = texts, marks, model_type, step
    if registered is not None and stored:
        info.registered_model_version = _register(run, info.model_uri, registered)
    return info


def _register(run: ActiveRun, uri: str, name: str) -> int | None:
    """The version that a model which was logged becomes; None, with a warning, where it cannot be registered."""
    from runfolio.client import registry, registry_sources
    from runfolio.client.registration import tell
    from runfolio.client.tracker import tracker

    try:
        target = tracker(run.store)
        made = registry.register(target, name, registry_sources.source_of(target, uri))
    except UserError as error:
        log.warning("The model was logged as %s, but not registered as %r: %s", uri, name, error)
        return None
    tell(name, made.version, made.advice)
    return made.version


def _texts(given: Mapping[str, Any] | None, what: str) -> dict[str, str]:
    return {str(key): rules.text(value) for key, value in rules.mapping(given or {}, what).items()}


def _entry(model: Model, noted: Mapping[str, Any]) -> dict[str, Any]:
    """What the tag by which MLflow, since its first versions, knows the models of a run has of this one."""
    entry = {**model.get_tags_dict(), "mlflow_version": model.mlflow_version, "model_id": model.model_id}
    return entry | {key: value for key, value in noted.items() if value}
