"""The numbers of a classifier's curves, of one label against all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runfolio.models.evaluation.intervals import effective_rows, share_interval

if TYPE_CHECKING:
    import pandas

# More points than these cannot be told apart in a picture.
MOST_POINTS = 1_000
BINS = 10


def roc(truth: Any, chance: Any, weights: Any) -> pandas.DataFrame:
    """The true positive rate over the false positive rate, with the threshold of each point."""
    from sklearn.metrics import roc_curve

    x, y, thresholds = roc_curve(truth, chance, sample_weight=weights)
    return _thin({"false_positive_rate": x, "true_positive_rate": y, "threshold": thresholds})


def precision_recall(truth: Any, chance: Any, weights: Any) -> pandas.DataFrame:
    """Precision over recall, with the threshold of each point; none of the last one, where nothing is positive."""
    import numpy as np
    from sklearn.metrics import precision_recall_curve

    precision, recall, thresholds = precision_recall_curve(truth, chance, sample_weight=weights)
    return _thin({"recall": recall, "precision": precision, "threshold": np.append(thresholds, np.nan)})


def lift(truth: Any, chance: Any, weights: Any) -> pandas.DataFrame:
    """How many times as many positives are among the rows with the highest chances as among all, over their share.

    Rows of the same chance come together, for in which order they stand says nothing.
    """
    import numpy as np

    order = np.argsort(-chance, kind="stable")
    each = np.ones(len(truth)) if weights is None else weights
    share = np.cumsum(each[order]) / each.sum()
    gain = np.cumsum((each * truth)[order]) / (each * truth).sum()
    last = np.append(chance[order][1:] != chance[order][:-1], True)
    counts = last & (share > 0)  # rows at the front that count nothing have no share
    return _thin({"share_of_rows": share[counts], "lift": gain[counts] / share[counts], "gain": gain[counts]})


def calibration(truth: Any, chance: Any, weights: Any, bins: int = BINS) -> pandas.DataFrame:
    """Predicted and true shares of positives, in bins of equal width, with a 95 % interval of the true share."""
    import numpy as np
    import pandas as pd

    each = np.ones(len(truth)) if weights is None else weights
    place = np.clip((chance * bins).astype(int), 0, bins - 1)
    rows = []
    for number in np.unique(place):
        inside = place == number
        total = each[inside].sum()
        if not total:
            continue
        share = float((each * truth)[inside].sum() / total)
        low, high = share_interval(share, effective_rows(each[inside]))
        mean = float((each * chance)[inside].sum() / total)
        rows.append((mean, share, low, high, int(inside.sum())))
    names = ["predicted_probability", "share_of_positives", "low", "high", "rows"]
    return pd.DataFrame(rows, columns=names)


def _thin(columns: dict[str, Any]) -> pandas.DataFrame:
    import numpy as np
    import pandas as pd

    table = pd.DataFrame(columns)
    if len(table) <= MOST_POINTS:
        return table
    return table.iloc[np.unique(np.linspace(0, len(table) - 1, MOST_POINTS).round().astype(int))]
