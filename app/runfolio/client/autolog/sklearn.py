"""scikit-learn: `fit` of every estimator, wrapped as each of its modules is imported."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from types import ModuleType
from typing import Any

from runfolio.client import files
from runfolio.client.autolog import sklearn_later, sklearn_scores, sklearn_search
from runfolio.client.autolog.datasets import TRAINING, note_data
from runfolio.client.autolog.importance import log_importance
from runfolio.client.autolog.models import log_trained, sample_rows
from runfolio.client.autolog.patching import Patch, patch
from runfolio.client.autolog.registry import recorder
from runfolio.client.autolog.session import Call, Session, number

METHODS = ("fit", "fit_transform", "fit_predict")
# What prepares data is a part of a model, and no model: as in MLflow, fitting it alone is not logged.
PREPARING = (
    "sklearn.preprocessing.",
    "sklearn.impute.",
    "sklearn.feature_extraction.",
    "sklearn.feature_selection.",
    "sklearn.compose._column_transformer.",
)
# What some estimators learned, iteration by iteration.
CURVES = ("loss_curve_", "validation_scores_", "train_score_", "validation_score_")

# What says in which format a library's estimators are logged, and which that is if nobody said so.
FORMATS = {"sklearn": ("serialization_format", "cloudpickle"), "xgboost": ("model_format", "ubj")}


def attach(module: ModuleType) -> Iterator[Patch | None]:
    """Wrap the estimators that a module defines."""
    base: Any = getattr(sys.modules.get("sklearn.base"), "BaseEstimator", ())
    yield from sklearn_later.attach(module)
    for kind in list(vars(module).values()):
        if isinstance(kind, type) and kind.__module__ == module.__name__ and issubclass(kind, base):
            for name in METHODS:
                if name in vars(kind):
                    yield patch(kind, name, recorder("sklearn", "estimator", plan, is_model))


def is_model(estimator: Any, *_args: Any, **_kwargs: Any) -> bool:
    """Whether fitting this is a training of its own."""
    return not class_name(estimator).startswith(PREPARING)


def class_name(estimator: Any) -> str:
    """The full name of an estimator's class."""
    return f"{type(estimator).__module__}.{type(estimator).__name__}"


def plan(call: Call, session: Session) -> Generator[None, Any, None]:
    """What any estimator has, and how much each feature counts to it."""
    yield from estimator_plan(call, session)
    with session.step("feature importance"):
        fitted = getattr(call.args[0], "best_estimator_", call.args[0])
        values = getattr(fitted, "feature_importances_", None)
        log_importance(session, "feature_importance", values, getattr(fitted, "feature_names_in_", None))


def estimator_plan(call: Call, session: Session) -> Generator[None, Any, None]:
    """Params before; scores, figures and learning curves after. For all that has scikit-learn's interface."""
    estimator = call.args[0]
    with session.step("params"):
        session.run.set_tags({"estimator_name": type(estimator).__name__, "estimator_class": class_name(estimator)})
        session.add_params(estimator.get_params(deep=not sklearn_search.is_search(estimator)))
    features, target, weights, rows = None, None, None, None
    with session.step("data"):
        features, target, weights = training_data(call.named())
        rows = sample_rows(session, features)
        note_data(session, features, target, TRAINING)
    yield
    with session.step("training metrics"):
        sklearn_scores.log_scores(session, estimator, features, target, weights)
    with session.step("later metrics"):
        sklearn_later.remember(session, estimator)
    with session.step("learning curves"):
        log_curves(session, estimator)
    with session.step("diagram"):
        log_diagram(session, estimator)
    log_models(session, estimator, rows)
    if sklearn_search.is_search(estimator):
        with session.step("search"):
            sklearn_search.log_search(session, estimator)


def log_models(session: Session, estimator: Any, rows: Any) -> None:
    """The estimator, and of a search the best one by itself."""
    argument, otherwise = FORMATS.get(session.library, ("", ""))
    options = {argument: session.settings.options.get(argument, otherwise)} if argument else {}
    found = {"model": estimator, "best_estimator": getattr(estimator, "best_estimator_", None)}
    for name, one in found.items():
        if one is not None:
            log_trained(session, session.library, one, rows, sklearn_scores.undisturbed(one), name, **options)


def training_data(arguments: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Features, target and weights of a call of `fit`."""
    target = arguments.get("y", arguments.get("Y"))
    return arguments.get("X"), target, arguments.get("sample_weight")


def log_curves(session: Session, estimator: Any) -> None:
    """What the estimator kept of each iteration, such as the loss of a multi-layer perceptron."""
    for name in CURVES:
        values = getattr(estimator, name, None)
        for step, value in enumerate(() if values is None else values):
            if (found := number(value)) is not None:
                session.run.log_metric(name.rstrip("_"), found, step)


def log_diagram(session: Session, estimator: Any) -> None:
    """scikit-learn's own drawing of the estimator."""
    from sklearn.utils import estimator_html_repr

    page = f"<!doctype html>\n<meta charset=utf-8>\n<title>{type(estimator).__name__}</title>\n"
    files.log_text(session.run, page + estimator_html_repr(estimator), "estimator.html")
