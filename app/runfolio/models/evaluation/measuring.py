"""Measuring a model as its type asks for, for the model and for what it is compared with alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.evaluation import classifier, importance, regressor
from runfolio.models.evaluation import slices as parts
from runfolio.models.evaluation.examples import Examples
from runfolio.models.evaluation.findings import Findings
from runfolio.models.evaluation.labels import Labelled, read_labels
from runfolio.models.evaluation.predicting import Asked, predicted
from runfolio.models.evaluation.regressor import Measured, read_numbers

CLASSIFIER, REGRESSOR = "classifier", "regressor"


@dataclass(frozen=True, slots=True)
class Measuring:
    """What is measured, and how.

    Attributes:
        model_type: "classifier", "regressor", or None to predict only.
        name: the column of the model's answer with predictions.
        probabilities: what a model said long ago.
        config: the evaluator's options.
        slices: parts of the data that are measured by themselves.
    """

    examples: Examples
    model_type: str | None
    name: str | None
    probabilities: Any
    config: Mapping[str, Any]
    slices: parts.Slices | None

    def measure(self, asked: Asked | None, *, whole: bool = True) -> tuple[Findings, Any]:
        """What is found, and a table of predictions and targets. Not `whole`: no slices and importances."""
        found = Findings()
        if self.model_type == CLASSIFIER:
            labelled = self._labels(asked, found)
            average, most = self.config.get("average", "weighted"), self.config.get("max_classes_for_multiclass_roc_pr")
            classifier.find(labelled, found, average=average, most_curves=most or classifier.MOST_CURVES)
            truth, said, scores = labelled.truth, labelled.predicted, parts.label_scores(labelled)
        elif self.model_type == REGRESSOR:
            measured = read_numbers(self.examples, asked, self.name)
            regressor.find(measured, found)
            truth, said, scores = measured.truth, measured.predicted, parts.number_scores(measured)
        else:
            return found, _table(self.examples.targets, self._bare(asked))
        self._score(asked, found)
        if whole:
            if self.slices and truth.ndim > 1:
                raise InvalidValue("Slices of several outputs are not measured.", "Evaluate each output by itself.")
            if self.slices:
                parts.find(self.examples.frame, self.slices, scores, found)
            if asked is not None and self.config.get("log_model_explainability", True):
                self._explain(asked, found)
        return found, _table(truth, said)

    def _labels(self, asked: Asked | None, found: Findings) -> Labelled:
        return read_labels(
            self.examples,
            asked,
            found,
            name=self.name,
            probabilities=self.probabilities,
            label_list=self.config.get("label_list"),
            pos_label=self.config.get("pos_label"),
        )

    def _bare(self, asked: Asked | None) -> Any:
        if asked is not None:
            return predicted(asked, self.examples, self.name)
        if self.examples.predictions is None:
            raise InvalidValue("There is neither a model nor a column of predictions.", "Give model or predictions.")
        return self.examples.predictions

    def _score(self, asked: Asked | None, found: Findings) -> None:
        """scikit-learn's own score, as MLflow has it."""
        estimator: Any = None if asked is None else asked.estimator
        if not hasattr(estimator, "score") or not hasattr(estimator, "get_params"):
            return
        weights = {} if self.examples.weights is None else {"sample_weight": self.examples.weights}
        try:
            found.measure("score", lambda: estimator.score(self.examples.features, self.examples.targets, **weights))
        except TypeError:  # an estimator of a user whose score takes no weights
            found.note("The model's own score takes no weights.")

    def _explain(self, asked: Asked, found: Findings) -> None:
        rows = int(self.config.get("explainability_nsamples", importance.MOST_ROWS))
        seconds = float(self.config.get("explainability_seconds", importance.SECONDS))
        if self.model_type == CLASSIFIER:
            what, score = "accuracy", self._accuracy(asked)
        else:
            what, score = "R²", self._explained(asked)
        found.attempt(
            "Importances of features", lambda: importance.permutation(self.examples, score, what, found, rows, seconds)
        )
        if importance.shap_installed():
            importance.shap_values(
                self.examples,
                asked.chances or asked.predict,
                found,
                self.config.get("explainability_algorithm"),
                seconds,
            )

    def _accuracy(self, asked: Asked) -> Any:
        truth = self.examples.targets
        assert truth is not None

        def score(features: Any, rows: Any) -> float:
            some = _some(self.examples, features, rows)
            said = read_labels(
                some, Asked(asked.predict, None, asked.classes), Findings(), name=self.name,
                label_list=self.config.get("label_list") or sorted(set(truth.tolist()) | set(asked.classes or ())),
                pos_label=self.config.get("pos_label"),
            )  # fmt: skip
            return float((said.truth == said.predicted).mean())

        return score

    def _explained(self, asked: Asked) -> Any:
        def score(features: Any, rows: Any) -> float:
            from sklearn.metrics import r2_score

            measured: Measured = read_numbers(_some(self.examples, features, rows), asked, self.name)
            return float(r2_score(measured.truth, measured.predicted))

        return score


def _some(examples: Examples, features: Any, rows: Any) -> Examples:
    """Some of the rows, with other features."""
    assert examples.targets is not None
    frame = examples.frame.iloc[rows]
    return Examples(features, frame, examples.targets[rows], None, None, examples.target_names, None)


def _table(truth: Any, said: Any) -> Any:
    import pandas as pd

    columns = {"prediction": said if said.ndim == 1 else list(said)}
    if truth is not None:
        columns["target"] = truth if truth.ndim == 1 else list(truth)
    return pd.DataFrame(columns)
