"""Metrics, tables and pictures of a regressor, by MLflow's names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runfolio.core.errors import InvalidValue
from runfolio.models.evaluation import drawing
from runfolio.models.evaluation.examples import Examples
from runfolio.models.evaluation.findings import Findings
from runfolio.models.evaluation.predicting import Asked, predicted

if TYPE_CHECKING:
    import numpy as np
    import pandas

# Rows in a picture; of more, some are drawn by lot.
MOST_POINTS = 5_000


@dataclass(frozen=True, eq=False, slots=True)
class Measured:
    """Rows with what is true and what was predicted: one number each, or rows x outputs."""

    truth: np.ndarray[Any, Any]
    predicted: np.ndarray[Any, Any]
    weights: np.ndarray[Any, Any] | None
    outputs: tuple[str, ...]


def read_numbers(examples: Examples, asked: Asked | None, name: str | None = None) -> Measured:
    """Ask a model for numbers, or take those that are given. Raises InvalidValue."""
    if examples.targets is None:
        raise InvalidValue("A regressor is evaluated against targets.", "Give targets.")
    if asked is None and examples.predictions is None:
        raise InvalidValue("There is neither a model nor a column of predictions.", "Give model or predictions.")
    answer = examples.predictions if asked is None else predicted(asked, examples, name)
    truth, said = _numbers(examples.targets, "targets"), _numbers(answer, "predictions")
    if truth.shape != said.shape:
        raise InvalidValue(
            f"Targets have the shape {truth.shape}, predictions {said.shape}.", "There must be one for each target."
        )
    return Measured(truth, said, examples.weights, examples.target_names)


def _numbers(values: Any, what: str) -> np.ndarray[Any, Any]:
    import numpy as np

    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidValue(
            f"The {what} of a regressor are numbers, not {values.flat[0]!r:.60}.",
            "For labels use model_type='classifier'.",
        ) from error


def find(rows: Measured, found: Findings) -> None:
    """All that can be said of the rows."""
    found.metrics["example_count"] = float(len(rows.truth))
    measured = _metrics(rows.truth, rows.predicted, rows.weights)
    for name, compute in measured.items():
        found.measure(name, compute)
    if rows.truth.ndim > 1:
        _by_output(rows, found)
    else:
        _pictures(rows, found)


def _metrics(truth: Any, predicted: Any, weights: Any) -> dict[str, Any]:
    import numpy as np
    from sklearn import metrics

    given: dict[str, Any] = {"sample_weight": weights}
    each = np.ones(len(truth)) if weights is None else weights
    sums = (truth.T * each).T.sum()
    return {
        "mean_absolute_error": lambda: metrics.mean_absolute_error(truth, predicted, **given),
        "mean_squared_error": lambda: metrics.mean_squared_error(truth, predicted, **given),
        "root_mean_squared_error": lambda: metrics.root_mean_squared_error(truth, predicted, **given),
        "sum_on_target": lambda: sums,
        # As MLflow has it: over the number of rows, also where these have weights.
        "mean_on_target": lambda: sums / truth.size,
        "r2_score": lambda: metrics.r2_score(truth, predicted, **given),
        "max_error": lambda: np.abs(truth - predicted).max(),
        "mean_absolute_percentage_error": lambda: metrics.mean_absolute_percentage_error(truth, predicted, **given),
        "median_absolute_error": lambda: metrics.median_absolute_error(truth, predicted, **given),
    }


def _by_output(rows: Measured, found: Findings) -> None:
    import pandas as pd

    table = []
    for number, name in enumerate(rows.outputs):
        own = Findings()
        for metric, compute in _metrics(rows.truth[:, number], rows.predicted[:, number], rows.weights).items():
            own.measure(metric, compute)
        table.append({"output": name, **own.metrics})
    found.tables["per_output_metrics"] = pd.DataFrame(table)


def _pictures(rows: Measured, found: Findings) -> None:
    table = _sample(rows, found)
    found.tables["predicted_vs_true_plot"] = table[["true", "predicted"]]
    found.pictures["predicted_vs_true_plot"] = lambda: drawing.predicted_vs_true(table)
    found.tables["residuals_plot"] = table[["predicted", "residual"]]
    found.pictures["residuals_plot"] = lambda: drawing.residuals(table)


def _sample(rows: Measured, found: Findings) -> pandas.DataFrame:
    import pandas as pd

    table = pd.DataFrame({"true": rows.truth, "predicted": rows.predicted, "residual": rows.truth - rows.predicted})
    if len(table) > MOST_POINTS:
        found.note(f"Pictures show {MOST_POINTS:,} rows, drawn by lot; metrics are of all {len(table):,}.")
        return table.sample(MOST_POINTS, random_state=0).sort_index()
    return table
