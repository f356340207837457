"""Asking a model, whatever kind of thing it is: for predictions and, where it has them, for probabilities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any

from runfolio.core.errors import InvalidValue
from runfolio.models.evaluation.examples import Examples, no_gaps, plain

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Asked:
    """A model that can be asked.

    Attributes:
        predict: its answer to features.
        chances: the probabilities of its classes, rows x classes; None if it has none.
        classes: its classes in the order of the probabilities; None if they are not known.
        estimator: the library's own model; None if there is none.
    """

    predict: Callable[[Any], Any]
    chances: Callable[[Any], Any] | None = None
    classes: list[Any] | None = None
    estimator: Any = None


def ask(model: Any, model_config: Mapping[str, Any] | None = None) -> Asked | None:
    """A model of an address, a loaded one, an estimator or a function; None of None.

    Raises:
        InvalidValue: it is none of these.
        NotFound: there is no model at the address.
    """
    if model is None:
        return None
    if isinstance(model, (str, PathLike)):
        from runfolio.models.loading import load_function

        model = load_function(str(model), model_config=model_config)
    elif model_config is not None:
        raise InvalidValue("model_config is for models that are given by their address.", "Load it with model_config.")
    if callable(getattr(model, "predict", None)):
        return _with_methods(model)
    if callable(model):
        return Asked(model)
    raise InvalidValue(
        f"A model is an address, a loaded model, an estimator or a function, not {type(model).__name__}."
    )


def _with_methods(model: Any) -> Asked:
    own = _library_model(model)
    asked = own if own is not None else model
    classes = getattr(asked, "classes_", None)
    known = list(classes) if classes is not None and not isinstance(classes, list) else classes
    return Asked(model.predict, getattr(asked, "predict_proba", None), known, own if own is not None else model)


def _library_model(model: Any) -> Any:
    """What is inside of a loaded model."""
    if not hasattr(model, "get_raw_model"):
        return None
    try:
        return model.get_raw_model()
    except (NotImplementedError, AttributeError):  # a function that somebody wrote, or one of MLflow's older ones
        return None


def features_of(examples: Examples) -> Any:
    """The features, copied, for the model may write into them."""
    return examples.features.copy() if hasattr(examples.features, "copy") else examples.features


def predicted(asked: Asked, examples: Examples, name: str | None) -> np.ndarray[Any, Any]:
    """A model's answer to all rows, as `column` has it. Raises InvalidValue, or what the model raises."""
    return column(asked.predict(features_of(examples)), name, len(examples))


def column(answer: Any, name: str | None, rows: int) -> np.ndarray[Any, Any]:
    """A model's answer as an array with one entry, or one row, for each row of data.

    Args:
        name: the column of predictions, if the answer is a table of several.

    Raises:
        InvalidValue: the column is missing or has to be named, or there are more or fewer predictions than rows.
    """
    if isinstance(answer, Mapping):
        answer = _chosen(dict(answer), list(answer), name)
    elif hasattr(answer, "columns"):
        answer = _chosen(answer, list(answer.columns), name)
    found = plain(answer.detach().cpu().numpy() if hasattr(answer, "detach") else answer)
    if not found.ndim or len(found) != rows:
        count = len(found) if found.ndim else 1
        raise InvalidValue(f"The model gave {count:,} predictions for {rows:,} rows.", "It must give one for each.")
    no_gaps(found, "predictions")
    return found


def _chosen(table: Any, names: list[Any], name: str | None) -> Any:
    if name is not None:
        if name not in names:
            has = ", ".join(map(str, names[:20]))
            raise InvalidValue(f"The model's answer has no column {name!r}.", f"It has {has}.")
        return table[name]
    if len(names) == 1:
        return table[names[0]]
    has = ", ".join(map(str, names[:20]))
    raise InvalidValue(
        f"The model's answer has several columns: {has}.", "Name the one with predictions: predictions='...'."
    )
