"""Which features a model goes by: what it loses when one of them is shuffled, and what SHAP says if it is there."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from runfolio.models.evaluation import drawing
from runfolio.models.evaluation.examples import Examples
from runfolio.models.evaluation.findings import Findings

if TYPE_CHECKING:
    import pandas

MOST_ROWS = 2_000
MOST_FEATURES = 200
REPEATS = 5
# Rows that SHAP explains, and those that it takes for what is usual.
EXPLAINED, USUAL = 200, 100


def permutation(
    examples: Examples, score: Callable[[Any, Any], float], what: str, found: Findings, most_rows: int = MOST_ROWS
) -> None:
    """How much a score falls when the values of a feature change places, several times over; always the same places.

    Args:
        score: the score of features, for the rows of these numbers.
        what: the name of the score.
    """
    import numpy as np
    import pandas as pd

    features = examples.features
    if len(getattr(features, "shape", ())) != 2 or hasattr(features, "tocsr"):
        found.note("There are no importances: the features are no table.")
        return
    names = [str(name) for name in (features.columns if hasattr(features, "columns") else examples.frame.columns)]
    if len(names) > MOST_FEATURES:
        found.note(f"There are no importances: of {len(names):,} features they would take too long.")
        return
    chance = np.random.default_rng(0)
    rows = np.sort(chance.choice(len(examples), min(most_rows, len(examples)), replace=False))
    base = score(_rows(features, rows), rows)
    lines = []
    for number, name in enumerate(names):
        falls = []
        for _ in range(REPEATS):
            shuffled = _shuffled(_rows(features, rows), number, chance.permutation(len(rows)))
            falls.append(base - score(shuffled, rows))
        lines.append({"feature": name, "importance": np.mean(falls), "deviation": np.std(falls, ddof=1)})
    table = pd.DataFrame(lines).sort_values("importance", ascending=False, kind="stable", ignore_index=True)
    found.tables["permutation_importance_plot"] = table
    label = f"Loss of {what} when shuffled"
    found.pictures["permutation_importance_plot"] = lambda: drawing.bars(table, "Importance of features", label)


def _rows(features: Any, rows: Any) -> Any:
    """A copy of some rows."""
    return features.iloc[rows].copy() if hasattr(features, "iloc") else features[rows].copy()


def _shuffled(features: Any, number: int, order: Any) -> Any:
    if hasattr(features, "iloc"):
        column = features.columns[number]
        features[column] = features[column].array[order]
    else:
        features[:, number] = features[order, number]
    return features


def shap_installed() -> bool:
    """Whether SHAP is there."""
    return importlib.util.find_spec("shap") is not None


def shap_values(examples: Examples, predict: Callable[[Any], Any], found: Findings, algorithm: str | None) -> None:
    """The mean size of SHAP's values of each feature, over some rows."""
    import numpy as np

    frame = examples.features if hasattr(examples.features, "iloc") else examples.frame
    if frame.shape[1] > MOST_FEATURES or not all(kind.kind in "iufb" for kind in map(np.dtype, _kinds(frame))):
        found.note("There are no SHAP values: they are of up to 200 features that are numbers.")
        return
    try:
        table = _explained(frame, predict, algorithm or "permutation")
    except Exception as error:  # SHAP raises whatever the model does with its rows
        found.note(f"There are no SHAP values: {' '.join(str(error).split())[:300]}")
        return
    found.tables["shap_feature_importance_plot"] = table
    found.pictures["shap_feature_importance_plot"] = lambda: drawing.bars(table, "SHAP", "Mean size of SHAP values")


def _kinds(frame: Any) -> list[Any]:
    return [kind if hasattr(kind, "kind") and kind.kind != "O" else "O" for kind in frame.dtypes]


def _explained(frame: Any, predict: Callable[[Any], Any], algorithm: str) -> pandas.DataFrame:
    import numpy as np
    import pandas as pd
    import shap

    usual = frame.sample(min(USUAL, len(frame)), random_state=0)
    rows = frame.sample(min(EXPLAINED, len(frame)), random_state=1)
    explainer = shap.Explainer(lambda x: predict(pd.DataFrame(x, columns=frame.columns)), usual, algorithm=algorithm)
    values = np.abs(explainer(rows, silent=True).values)
    mean = values.mean(axis=tuple(axis for axis in range(values.ndim) if axis != 1))
    table = pd.DataFrame({"feature": [str(name) for name in frame.columns], "importance": mean})
    return table.sort_values("importance", ascending=False, kind="stable", ignore_index=True)
