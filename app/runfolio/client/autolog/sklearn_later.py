"""Scores that a script computes after a training, by `model.score` or `sklearn.metrics`, for the training's run.

The names are MLflow's: `<metric>_<data>`, from the second call on `<metric>-<call>_<data>`, where the data is the
variable that the model was given to predict from.
"""

from __future__ import annotations

import functools
import inspect
import sys
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FrameType, ModuleType
from typing import Any

from runfolio.client.active_run import ActiveRun
from runfolio.client.autolog.patching import Patch, patch, patch_everywhere
from runfolio.client.autolog.quiet import quietly
from runfolio.client.autolog.registry import settings_of
from runfolio.client.autolog.session import Session, clean_key, current, number

PREDICTING = ("predict", "predict_proba", "decision_function")
UNKNOWN = "unknown_dataset"


@dataclass(eq=False, slots=True)
class Trained:
    """A model's run, and how often each metric was computed for it."""

    run: ActiveRun
    calls: Counter[str] = field(default_factory=Counter)


@dataclass(eq=False, slots=True)
class Predicted:
    """What a model predicted: whose it is, and from which data."""

    result: weakref.ref[Any]
    model: Trained
    data: str


class _Process:
    """What was trained and predicted in this process and is still there."""

    def __init__(self) -> None:
        self.models: weakref.WeakKeyDictionary[Any, Trained] = weakref.WeakKeyDictionary()
        self.predictions: dict[int, Predicted] = {}


_process = _Process()


def remember(session: Session, estimator: Any) -> None:
    """Log what is computed of this model from now on to the session's run."""
    if session.settings.options.get("log_post_training_metrics", True):
        _process.models[estimator] = Trained(session.run)


def attach(module: ModuleType) -> Iterator[Patch | None]:
    """Wrap what predicts and scores in a module."""
    for kind in list(vars(module).values()):
        if isinstance(kind, type) and kind.__module__ == module.__name__:
            for name in PREDICTING:
                if name in vars(kind):
                    yield patch(kind, name, _predicting)
            if "score" in vars(kind):
                yield patch(kind, "score", _scoring)
    if module.__name__ == "sklearn.metrics":
        for name in module.__all__:
            function = getattr(module, name)
            if inspect.isfunction(function) and next(iter(inspect.signature(function).parameters), "") == "y_true":
                yield from patch_everywhere([sys.modules[function.__module__], module], name, _measuring)


def _predicting(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        with quietly("sklearn", "prediction"):
            model = _model(args)
            if model is not None and _by_user(frame := sys._getframe(1)):
                _keep(result, model, _name_of(args[1] if len(args) > 1 else kwargs.get("X"), frame))
        return result

    return call


def _scoring(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        with quietly("sklearn", "score"):
            model = _model(args)
            if model is not None and _by_user(frame := sys._getframe(1)):
                data = _name_of(args[1] if len(args) > 1 else kwargs.get("X"), frame)
                _log(model, f"{type(args[0]).__name__}_score", data, result)
        return result

    return call


def _measuring(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        if _process.predictions:
            with quietly("sklearn", "metric"):
                found = next((one for given in (*args, *kwargs.values()) if (one := _prediction(given))), None)
                if found is not None and _by_user(sys._getframe(1)):
                    _log(found.model, function.__name__, found.data, result)
        return result

    return call


def _model(args: tuple[Any, ...]) -> Trained | None:
    """What is known of a method's instance; nothing while something is trained."""
    if not _process.models or not args or current() is not None or settings_of("sklearn") is None:
        return None
    return _process.models.get(args[0])


def _by_user(frame: FrameType) -> bool:
    return not str(frame.f_globals.get("__name__")).startswith(("sklearn.", "joblib."))


def _name_of(data: Any, frame: FrameType) -> str:
    """The variable that holds the data where the model was called."""
    for names in (frame.f_locals, frame.f_globals):
        for name, value in list(names.items()):
            if value is data and data is not None:
                return name
    return UNKNOWN


def _keep(result: Any, model: Trained, data: str) -> None:
    """Remember a prediction; by the array it is a view of, too, for a part of it is a view of that one."""
    for one in (result, getattr(result, "base", None)):
        if type(one).__weakrefoffset__:  # what weak references can point to, as to arrays and frames
            watched = weakref.ref(one, functools.partial(_forget, id(one)))
            _process.predictions[id(one)] = Predicted(watched, model, data)


def _forget(place: int, _gone: Any) -> None:
    _process.predictions.pop(place, None)


def _prediction(given: Any) -> Predicted | None:
    """What is known of an argument, or of the array that it is a part of."""
    for one in (given, getattr(given, "base", None)):
        found = _process.predictions.get(id(one))
        if one is not None and found is not None and found.result() is one:
            return found
    return None


def _log(model: Trained, name: str, data: str, value: Any) -> None:
    measured = number(value)
    if measured is None or current() is not None or settings_of("sklearn") is None:
        return
    model.calls[f"{name}_{data}"] += 1
    call = model.calls[f"{name}_{data}"]
    key = f"{name}_{data}" if call == 1 else f"{name}-{call}_{data}"
    model.run.log_metrics({clean_key(key): measured})
