"""What a classifier was asked and what it said: true and predicted labels, and probabilities in the order of labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runfolio.core.errors import InvalidValue
from runfolio.models.evaluation.examples import Examples, no_gaps
from runfolio.models.evaluation.findings import Findings
from runfolio.models.evaluation.predicting import Asked, features_of, predicted

if TYPE_CHECKING:
    import numpy as np

HALF = 0.5
# How far the probabilities of a row may be from 1 together.
ROUNDING = 1e-3


@dataclass(frozen=True, eq=False, slots=True)
class Labelled:
    """Rows with their labels.

    Attributes:
        truth: the true label of each row.
        predicted: the predicted one.
        chances: the probability of each label, rows x labels; None if the model gives none.
        labels: all labels, sorted; of two, the positive one is the last.
        weights: how much each row counts; None if all count the same.
    """

    truth: np.ndarray[Any, Any]
    predicted: np.ndarray[Any, Any]
    chances: np.ndarray[Any, Any] | None
    labels: list[Any]
    weights: np.ndarray[Any, Any] | None

    @property
    def binary(self) -> bool:
        """Whether there are two labels."""
        return len(self.labels) == 2

    @property
    def positive(self) -> Any:
        """The label that counts as positive, of two."""
        return self.labels[-1]


def read_labels(
    examples: Examples,
    asked: Asked | None,
    found: Findings,
    *,
    name: str | None = None,
    probabilities: Any = None,
    label_list: Sequence[Any] | None = None,
    pos_label: Any = None,
) -> Labelled:
    """Ask a model for labels, or take those that are given.

    Args:
        name: the column of the model's answer with predictions.
        probabilities: what a model said long ago: of each row the probability of the positive label, or of each label.

    Raises:
        InvalidValue: labels are of two kinds, there are fewer than two, or the probabilities do not fit them.
    """
    truth = _one_label(examples.targets, "targets")
    answer, chances, classes = _answer(examples, asked, name, probabilities)
    known = list(label_list) if label_list is not None else classes
    if answer.ndim == 2 or _are_chances(answer, truth, known):
        chances, answer = answer, None
    labels = _labels(truth, answer, known, closed=label_list is not None, pos_label=pos_label)
    ordered = None if chances is None else _in_order(chances, labels, known)
    if answer is None:
        assert ordered is not None
        if asked is not None and asked.chances is None:
            found.note("What the model predicts was taken for probabilities: the most probable label is predicted.")
        answer = _most_probable(ordered, labels, truth)
    if ordered is not None and abs(ordered.sum(axis=1) - 1).max() > ROUNDING:
        found.note("The probabilities of some rows do not add up to 1.")
    if ordered is None:
        found.note("The model gives no probabilities, so there are no curves and no metrics of probabilities.")
    return Labelled(truth, answer, ordered, labels, examples.weights)


def _answer(examples: Examples, asked: Asked | None, name: str | None, probabilities: Any) -> tuple[Any, Any, Any]:
    if asked is None:
        if examples.predictions is None and probabilities is None:
            raise InvalidValue("There is neither a model nor a column of predictions.", "Give model or predictions.")
        said = examples.predictions if examples.predictions is not None else probabilities
        return said, probabilities, None
    answer = predicted(asked, examples, name)
    chances = None if asked.chances is None else asked.chances(features_of(examples))
    if isinstance(chances, list):
        raise InvalidValue("The model predicts several labels for each row.", "Evaluate each of them by itself.")
    return answer, chances, asked.classes


def _one_label(values: Any, what: str) -> Any:
    if values is None:
        raise InvalidValue("A classifier is evaluated against targets.", "Give targets.")
    if values.ndim != 1:
        raise InvalidValue(f"There are {values.shape[1]} labels for each row of {what}.", "Evaluate each by itself.")
    if values.dtype.kind == "f" and (values != values.round()).any():
        raise InvalidValue("The targets are fractions, not labels.", "Use model_type='regressor'.")
    return values


def _are_chances(answer: Any, truth: Any, known: list[Any] | None) -> bool:
    """Whether a column of numbers is of probabilities: fractions between 0 and 1, and there are two labels."""
    if answer.dtype.kind != "f" or len(known if known is not None else set(truth.tolist())) > 2:
        return False
    between = bool((answer >= 0).all() and (answer <= 1).all())
    return between and bool((answer != answer.round()).any())


def _labels(truth: Any, answer: Any, known: list[Any] | None, *, closed: bool, pos_label: Any) -> list[Any]:
    import numpy as np

    parts = [truth.tolist(), [] if answer is None else answer.tolist(), [] if known is None else list(known)]
    kinds = {_kind(one) for part in parts for one in part}
    if len(kinds) > 1:
        raise InvalidValue(
            f"Labels are of several kinds: {' and '.join(sorted(kinds))}.",
            "Targets, predictions and labels must be of the same kind.",
        )
    labels: list[Any] = np.unique(np.array([one for part in parts for one in part], dtype=object)).tolist()
    if closed and (stranger := next((one for one in labels if one not in (known or [])), None)) is not None:
        raise InvalidValue(f"The label {stranger!r} is not in label_list.", "Give all labels.")
    if len(labels) < 2:
        raise InvalidValue(
            f"All rows have the label {labels[0]!r}, so that there is nothing to tell apart.",
            "Give all labels: evaluator_config={'label_list': [...]}.",
        )
    if pos_label is not None and pos_label not in labels:
        raise InvalidValue(f"The positive label {pos_label!r} is none of the labels.", f"They are {labels[:20]}.")
    if pos_label is not None and len(labels) == 2:
        labels.sort(key=lambda one: one == pos_label)
    return labels


def _kind(label: Any) -> str:
    if isinstance(label, str):
        return "texts"
    return "numbers" if isinstance(label, (int, float)) or hasattr(label, "dtype") else type(label).__name__


def _in_order(chances: Any, labels: list[Any], classes: list[Any] | None) -> Any:
    """Probabilities with one column for each label, in the order of labels."""
    import numpy as np

    given = np.asarray(chances, dtype=float)
    no_gaps(given, "probabilities")
    if given.ndim == 1 or given.shape[1] == 1:
        if len(labels) != 2:
            raise InvalidValue(
                f"There is one probability for each row, but {len(labels)} labels.", "Give one for each label."
            )
        positive = given.reshape(-1)
        return np.column_stack([1 - positive, positive])
    columns = sorted(labels) if classes is None else list(classes)
    if given.shape[1] != len(columns):
        raise InvalidValue(
            f"There are probabilities of {given.shape[1]} labels, but {len(columns)} labels.",
            "Give all labels in the order of the probabilities: evaluator_config={'label_list': [...]}.",
        )
    ordered = np.zeros((len(given), len(labels)))
    for number, label in enumerate(labels):
        if label in columns:
            ordered[:, number] = given[:, columns.index(label)]
    return ordered


def _most_probable(chances: Any, labels: list[Any], truth: Any) -> Any:
    import numpy as np

    best = chances[:, 1] >= HALF if len(labels) == 2 else chances.argmax(axis=1)
    return np.array(labels, dtype=truth.dtype if truth.dtype.kind != "U" else object)[np.asarray(best, dtype=int)]
