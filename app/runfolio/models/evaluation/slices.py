"""How good a model is in parts of the data: by the values of a column, or where an expression holds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from runfolio.core.errors import InvalidValue
from runfolio.models.evaluation.findings import Findings
from runfolio.models.evaluation.intervals import effective_rows, mean_interval, share_interval
from runfolio.models.evaluation.labels import Labelled
from runfolio.models.evaluation.regressor import Measured

if TYPE_CHECKING:
    import pandas

# Of a column with more values, the most frequent ones are slices, and the others together are one.
MOST_VALUES = 20
# A column of numbers with more values is cut into as many parts with equally many rows.
PARTS = 4
ALL, MISSING, OTHERS = "all", "missing", "other values"

Slices = Sequence[str] | Mapping[str, Any]
Part = tuple[str, str, Any]
Scores = Callable[[Any], dict[str, float]]


def find(frame: pandas.DataFrame, slices: Slices, scores: Scores, found: Findings) -> None:
    """A line for all rows and one for each part, with the count of its rows and intervals of 95 %.

    Args:
        slices: names of columns and expressions such as "age > 60 and sex == 'f'"; or a mapping from the name of a
            slice to an expression, to booleans for each row, or to a function of the table that gives them.
        scores: what is measured of the rows that are True.

    Raises:
        InvalidValue: an expression cannot be read, or does not say yes or no for each row.
    """
    import numpy as np
    import pandas as pd

    lines = []
    for name, value, chosen in [(ALL, "", np.ones(len(frame), dtype=bool)), *_parts(frame, slices)]:
        rows = int(chosen.sum())
        line = {"slice": name, "value": value, "rows": rows, "share": rows / len(frame)}
        lines.append({**line, **(scores(chosen) if rows else {})})
    found.tables["slices"] = pd.DataFrame(lines)


def _parts(frame: pandas.DataFrame, slices: Slices) -> Iterator[Part]:
    named = slices.items() if isinstance(slices, Mapping) else [(one, one) for one in slices]
    for name, given in named:
        if isinstance(given, str) and given in frame.columns:
            yield from _by_column(str(name), frame[given])
        else:
            yield str(name), "", _where(frame, str(name), given)


def _by_column(name: str, column: pandas.Series[Any]) -> Iterator[Part]:
    import numpy as np
    import pandas as pd

    gaps = np.asarray(column.isna())
    counts = column[~gaps].value_counts()
    if pd.api.types.is_numeric_dtype(column) and len(counts) > MOST_VALUES:
        cut = pd.qcut(column, PARTS, duplicates="drop", precision=4)
        for part in cut.cat.categories:
            yield name, str(part), np.asarray(cut == part)
    else:
        for value in counts.index[:MOST_VALUES]:
            yield name, str(value), np.asarray(column == value)
        if len(counts) > MOST_VALUES:
            yield name, OTHERS, np.asarray(column.isin(counts.index[MOST_VALUES:]))
    if gaps.any():
        yield name, MISSING, gaps


def _where(frame: pandas.DataFrame, name: str, given: Any) -> Any:
    import numpy as np

    if isinstance(given, str):
        try:
            given = frame.eval(given)
        except Exception as error:  # pandas raises whatever comes to it
            has = ", ".join(map(str, frame.columns[:20]))
            raise InvalidValue(
                f"The slice {name!r} is neither a column nor an expression: {error}.", f"Columns are {has}."
            ) from error
    chosen = np.asarray(given(frame) if callable(given) else given)
    if chosen.shape != (len(frame),) or chosen.dtype != bool:
        raise InvalidValue(f"The slice {name!r} does not say yes or no for each row.", "Use a comparison.")
    return chosen


def label_scores(rows: Labelled) -> Scores:
    """What is measured of a classifier's rows."""
    import numpy as np
    from sklearn import metrics

    mean: dict[str, Any] = {"average": "binary", "pos_label": rows.positive} if rows.binary else {"average": "weighted"}

    def scores(chosen: Any) -> dict[str, float]:
        truth, said = rows.truth[chosen], rows.predicted[chosen]
        weights = None if rows.weights is None else rows.weights[chosen]
        if weights is not None and not weights.sum():
            return {}
        share = float(np.average(truth == said, weights=weights))
        low, high = share_interval(share, _effective(weights, len(truth)))
        line = {"accuracy_score": share, "accuracy_low": low, "accuracy_high": high}
        for name in ("precision_score", "recall_score", "f1_score"):
            line[name] = getattr(metrics, name)(truth, said, zero_division=0, sample_weight=weights, **mean)
        both = truth == rows.positive
        if rows.binary and rows.chances is not None:
            known = both.any() and not both.all()
            chance = rows.chances[chosen, 1]
            line["roc_auc"] = metrics.roc_auc_score(both, chance, sample_weight=weights) if known else math.nan
        return line

    return scores


def number_scores(rows: Measured) -> Scores:
    """What is measured of a regressor's rows."""
    import numpy as np

    def scores(chosen: Any) -> dict[str, float]:
        truth, said = rows.truth[chosen], rows.predicted[chosen]
        weights = None if rows.weights is None else rows.weights[chosen]
        if weights is not None and not weights.sum():
            return {}
        error = truth - said
        mean = float(np.average(abs(error), weights=weights))
        spread = float(np.average((abs(error) - mean) ** 2, weights=weights))
        count = _effective(weights, len(truth))
        deviation = math.sqrt(spread * count / (count - 1)) if count > 1 else math.nan
        low, high = mean_interval(mean, deviation, count)
        return {
            "mean_absolute_error": mean,
            "mean_absolute_error_low": max(low, 0.0),
            "mean_absolute_error_high": high,
            "root_mean_squared_error": math.sqrt(np.average(error**2, weights=weights)),
            "mean_error": float(np.average(error, weights=weights)),
        }

    return scores


def _effective(weights: Any, rows: int) -> float:
    """As how many rows they count."""
    return float(rows) if weights is None else effective_rows(weights)
