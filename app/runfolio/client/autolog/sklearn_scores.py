"""Scores of an estimator on the data it was trained on, by MLflow's names."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from runfolio.client import media
from runfolio.client.autolog import figures
from runfolio.client.autolog.quiet import quietly
from runfolio.client.autolog.session import Session


def log_scores(session: Session, estimator: Any, features: Any, target: Any, weights: Any) -> None:
    """Metrics and, of a classifier, figures."""
    from sklearn.base import is_classifier, is_regressor

    with same_randomness(estimator), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such as of a class nobody predicted: the score says it
        if target is not None and is_classifier(estimator):
            predicted = estimator.predict(features)
            chances = _chances(session, estimator, features)
            _log_classifier(session, target, predicted, chances, weights)
            _log_figures(session, estimator, target, predicted, chances, weights)
        elif target is not None and is_regressor(estimator):
            session.add_metrics(_of_regressor(target, estimator.predict(features), weights))
        # Of what neither classifies nor regresses, such as a ranking, nobody knows what its score asks for.
        silent = session.settings.silent or not (is_classifier(estimator) or is_regressor(estimator))
        with quietly(session.library, "training score", silent):
            _log_score(session, estimator, features, target, weights)


@contextmanager
def same_randomness(estimator: Any) -> Iterator[None]:
    """Put random numbers back to where they were: a few estimators draw some to predict."""
    import numpy as np

    params: list[Any] = []
    with suppress(Exception):  # the step that logs the params has told
        params = list(estimator.get_params(deep=True).values())
    own = [(value, value.get_state()) for value in params if isinstance(value, np.random.RandomState)]
    shared, plain = np.random.get_state(), random.getstate()
    try:
        yield
    finally:
        np.random.set_state(shared)
        random.setstate(plain)
        for value, state in own:
            value.set_state(state)


def undisturbed(estimator: Any) -> Callable[[Any], Any] | None:
    """The estimator's `predict`, which leaves random numbers where they were; None if it has none."""
    if not hasattr(estimator, "predict"):
        return None

    def predict(features: Any) -> Any:
        with same_randomness(estimator), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return estimator.predict(features)

    return predict


def _chances(session: Session, estimator: Any, features: Any) -> Any:
    with session.step("probabilities"):
        if hasattr(estimator, "predict_proba"):
            return estimator.predict_proba(features)
    return None


def _log_classifier(session: Session, target: Any, predicted: Any, chances: Any, weights: Any) -> None:
    from sklearn import metrics

    positive = session.settings.options.get("pos_label")
    average: dict[str, Any] = (
        {"average": "weighted"} if positive is None else {"average": "binary", "pos_label": positive}
    )
    for name in ("precision_score", "recall_score", "f1_score"):
        with session.step(name):
            value = getattr(metrics, name)(target, predicted, sample_weight=weights, **average)
            session.add_metrics({f"training_{name}": value})
    with session.step("accuracy_score"):
        accuracy = metrics.accuracy_score(target, predicted, sample_weight=weights)
        session.add_metrics({"training_accuracy_score": accuracy})
    if chances is not None:
        with session.step("log_loss"):
            session.add_metrics({"training_log_loss": metrics.log_loss(target, chances, sample_weight=weights)})
        with session.step("roc_auc"):
            ranks = chances[:, 1] if chances.shape[1] == 2 else chances
            area = metrics.roc_auc_score(target, ranks, average="weighted", sample_weight=weights, multi_class="ovo")
            session.add_metrics({"training_roc_auc": area})


def _of_regressor(target: Any, predicted: Any, weights: Any) -> dict[str, float]:
    from sklearn import metrics

    squared = metrics.mean_squared_error(target, predicted, sample_weight=weights)
    return {
        "training_mean_squared_error": squared,
        "training_root_mean_squared_error": squared**0.5,
        "training_mean_absolute_error": metrics.mean_absolute_error(target, predicted, sample_weight=weights),
        "training_r2_score": metrics.r2_score(target, predicted, sample_weight=weights),
    }


def _log_score(session: Session, estimator: Any, features: Any, target: Any, weights: Any) -> None:
    if not hasattr(estimator, "score"):
        return
    from sklearn.utils.validation import has_fit_parameter

    given = {} if target is None else {"y": target}
    if weights is not None and has_fit_parameter(type(estimator), "sample_weight"):
        from inspect import signature

        given |= {"sample_weight": weights} if "sample_weight" in signature(estimator.score).parameters else {}
    session.add_metrics({"training_score": estimator.score(features, **given)})


def _log_figures(session: Session, estimator: Any, target: Any, predicted: Any, chances: Any, weights: Any) -> None:
    from sklearn import metrics

    if not figures.available():
        return
    labels = getattr(estimator, "classes_", None)
    with session.step("confusion matrix"):
        matrix = metrics.confusion_matrix(target, predicted, labels=labels, sample_weight=weights, normalize="true")
        picture = figures.matrix(matrix, [str(label) for label in labels] if labels is not None else None)
        media.log_figure(session.run, picture, "training_confusion_matrix.png")
    if chances is None or chances.shape[1] != 2 or labels is None:
        return
    positive = session.settings.options.get("pos_label", None)
    positive = labels[1] if positive is None else positive
    chance = chances[:, list(labels).index(positive)]
    with session.step("ROC curve"):
        x, y, _ = metrics.roc_curve(target, chance, pos_label=positive, sample_weight=weights)
        picture = figures.curve(x, y, "False positive rate", "True positive rate")
        media.log_figure(session.run, picture, "training_roc_curve.png")
    with session.step("precision-recall curve"):
        y, x, _ = metrics.precision_recall_curve(target, chance, pos_label=positive, sample_weight=weights)
        picture = figures.curve(x, y, "Recall", "Precision")
        media.log_figure(session.run, picture, "training_precision_recall_curve.png")
