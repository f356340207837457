"""Which features a model goes by: what it loses when one of them is shuffled, and what SHAP says if it is there."""

from __future__ import annotations

import importlib.util
import math
import time
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
FEWEST_REPEATS, FEWEST_ROWS = 2, 100
# Rows that are explained, and those that are taken for what is usual.
EXPLAINED, USUAL = 200, 50
# Of up to so many features all combinations are tried here, 2^n, for SHAP compiles itself for many seconds and asks for
# one row after the other; of more, SHAP tries so many orders of them, where its own choice is 500 evaluations a row.
FEW_FEATURES, ORDERS = 5, 4
# What each of the two may take, about.
SECONDS = 5.0


def permutation(
    examples: Examples,
    score: Callable[[Any, Any], float],
    what: str,
    found: Findings,
    most_rows: int = MOST_ROWS,
    seconds: float = SECONDS,
) -> None:
    """How much a score falls when the values of a feature change places, several times over; always the same places.

    Args:
        score: the score of features, for the rows of these numbers.
        what: the name of the score.
        seconds: of a slow model, there are fewer rows and shuffles, so that it takes about so long; this is noted.
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
    began = time.monotonic()
    base = score(_rows(features, rows), rows)
    share = seconds / max((time.monotonic() - began) * len(names), 1e-9)
    repeats = min(REPEATS, max(FEWEST_REPEATS, int(share)))
    if share < repeats and len(rows) > FEWEST_ROWS:
        some = max(FEWEST_ROWS, int(len(rows) * share / repeats))
        rows = np.sort(chance.choice(rows, some, replace=False))
        base = score(_rows(features, rows), rows)
    if repeats < REPEATS:
        found.note(f"The model is slow: importances are of {len(rows):,} rows, shuffled {repeats} times.")
    lines = []
    for number, name in enumerate(names):
        falls = []
        for _ in range(repeats):
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


def shap_values(
    examples: Examples,
    predict: Callable[[Any], Any],
    found: Findings,
    algorithm: str | None = None,
    seconds: float = SECONDS,
) -> None:
    """The mean size of SHAP's values of each feature, over as many rows as are explained in some seconds."""
    import numpy as np

    frame = examples.features if hasattr(examples.features, "iloc") else examples.frame
    if frame.shape[1] > MOST_FEATURES or not all(kind.kind in "iufb" for kind in map(np.dtype, _kinds(frame))):
        found.note("There are no SHAP values: they are of up to 200 features that are numbers.")
        return
    try:
        table, count = _explained(frame, predict, algorithm, seconds)
    except Exception as error:  # SHAP raises whatever the model does with its rows
        found.note(f"There are no SHAP values: {' '.join(str(error).split())[:300]}")
        return
    if count < min(EXPLAINED, len(frame)):
        found.note(
            f"SHAP values are of {count:,} rows, which took {seconds:g} seconds; explainability_seconds gives it more."
        )
    found.tables["shap_feature_importance_plot"] = table
    found.pictures["shap_feature_importance_plot"] = lambda: drawing.bars(table, "SHAP", "Mean size of SHAP values")


def _kinds(frame: Any) -> list[Any]:
    return [kind if hasattr(kind, "kind") and kind.kind != "O" else "O" for kind in frame.dtypes]


def _explained(
    frame: Any, predict: Callable[[Any], Any], algorithm: str | None, seconds: float
) -> tuple[pandas.DataFrame, int]:
    """The mean size of each feature's values, and the count of rows that it is of."""
    import numpy as np
    import pandas as pd

    def asked(x: Any) -> Any:
        return np.asarray(predict(pd.DataFrame(x, columns=frame.columns)))

    usual = frame.sample(min(USUAL, len(frame)), random_state=0)
    rows = frame.sample(min(EXPLAINED, len(frame)), random_state=1)
    exact = algorithm is None and frame.shape[1] <= FEW_FEATURES
    explain = _combined(asked, usual) if exact else _by_shap(asked, usual, algorithm or "permutation")
    parts, count = [np.abs(explain(rows.iloc[:1]))], 1  # the first by itself, for it has SHAP compile itself
    end = time.monotonic() + seconds
    while count < len(rows) and time.monotonic() < end:
        parts.append(np.abs(explain(rows.iloc[count : 2 * count])))
        count = min(2 * count, len(rows))
    values = np.concatenate(parts)
    mean = values.mean(axis=tuple(axis for axis in range(values.ndim) if axis != 1))
    table = pd.DataFrame({"feature": [str(name) for name in frame.columns], "importance": mean})
    return table.sort_values("importance", ascending=False, kind="stable", ignore_index=True), count


def _by_shap(asked: Callable[[Any], Any], usual: Any, algorithm: str) -> Callable[[Any], Any]:
    import shap

    options = {"max_evals": ORDERS * (2 * usual.shape[1] + 1)} if algorithm == "permutation" else {}
    explainer = shap.Explainer(asked, usual, algorithm=algorithm)
    return lambda rows: explainer(rows, silent=True, **options).values


def _combined(asked: Callable[[Any], Any], usual: Any) -> Callable[[Any], Any]:
    """Shapley's values, rows x features x outputs, by his formula: a feature that is left out has the usual values."""
    import numpy as np

    width = usual.shape[1]

    def explain(rows: Any) -> Any:
        own = rows.iloc[np.repeat(np.arange(len(rows)), len(usual))].reset_index(drop=True)
        others = usual.iloc[np.tile(np.arange(len(usual)), len(rows))]
        worth = []
        for known in range(2**width):
            mixed = own.copy()
            for feature in (one for one in range(width) if not known >> one & 1):
                mixed[mixed.columns[feature]] = others.iloc[:, feature].to_numpy()
            worth.append(asked(mixed).reshape(len(rows), len(usual), -1).mean(axis=1))
        values = np.zeros((len(rows), width, worth[0].shape[1]))
        for known in range(2**width):
            weight = 1 / (width * math.comb(width - 1, known.bit_count())) if known.bit_count() < width else 0.0
            for feature in (one for one in range(width) if not known >> one & 1):
                values[:, feature] += weight * (worth[known | 1 << feature] - worth[known])
        return values

    return explain
