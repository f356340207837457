"""What autologging does with a model that was trained: it is logged with signature and example, as was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from runfolio.client.active_run import ActiveRun
from runfolio.models.environment.writing import unrecorded
from runfolio.models.flavors.table import FLAVORS
from runfolio.models.logging import log_model
from runfolio.models.shown import signature_of

if TYPE_CHECKING:
    from runfolio.models.schema.signature import ModelSignature

__all__ = ["log_trained_model", "signature_of"]


def log_trained_model(
    run: ActiveRun,
    flavor: str,
    model: Any,
    signature: ModelSignature | None,
    asked: Mapping[str, Any],
    arguments: Mapping[str, Any],
) -> None:
    """Log a model to a run. What it imports is not looked at: that takes a process, and as long as many trainings do.

    Args:
        asked: the arguments of `autolog`.
        arguments: of the flavor's `save_model`, and the name.
    """
    if flavor not in FLAVORS:
        return
    save: Callable[..., None] = import_module(f"runfolio.{flavor}").save_model
    with unrecorded():
        log_model(
            lambda **given: save(model, **given),
            run=run,
            registered_model_name=asked.get("registered_model_name"),
            signature=signature or False,
            **arguments,
        )
