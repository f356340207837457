"""The model that was trained, logged to the run of its training."""

from __future__ import annotations

import copy
from collections.abc import Callable
from importlib import import_module
from typing import Any

from runfolio.client.autolog.session import Session

#: Rows of the training's data that stand for all, as in MLflow.
ROWS = 5
#: Packages stand above the client, which does not import them: this one is known by its name.
LOGGER = "runfolio.models.autologging"


def sample_rows(session: Session, features: Any) -> Any:
    """The first rows of a table or an array, as they are before the training; None of data of another kind."""
    if not is_wanted(session) or not hasattr(features, "__len__") or not hasattr(features, "shape"):
        return None
    rows = features.iloc[:ROWS] if hasattr(features, "iloc") else features[:ROWS]
    return copy.deepcopy(rows)


def is_wanted(session: Session) -> bool:
    """Whether the model of this training is to be logged by itself."""
    return bool(session.settings.options.get("log_models")) and not session.inner


def log_trained(
    session: Session,
    flavor: str,
    model: Any,
    rows: Any = None,
    predict: Callable[[Any], Any] | None = None,
    name: str = "model",
    **options: Any,
) -> None:
    """Log a model, if that was asked for.

    Args:
        rows, predict: the first rows of the data, and what answers them, for the signature and the input example.
        options: arguments of the flavor's `save_model`.
    """
    if not is_wanted(session):
        return
    asked, signature = session.settings.options, None
    if rows is not None and predict is not None and asked.get("log_model_signatures", True):
        with session.step("signature"):
            signature = import_module(LOGGER).signature_of(rows, predict)
    if rows is not None and asked.get("log_input_examples"):
        options["input_example"] = rows
    with session.step("model"):
        log: Callable[..., None] = import_module(LOGGER).log_trained_model
        log(session.run, flavor, model, signature, asked, {"name": name, **options})
