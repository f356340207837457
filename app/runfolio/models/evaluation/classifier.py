"""Metrics, tables and curves of a classifier, by MLflow's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from runfolio.models.evaluation import curves, drawing
from runfolio.models.evaluation.findings import Findings
from runfolio.models.evaluation.labels import Labelled

if TYPE_CHECKING:
    import pandas

# With more labels, curves of each cannot be told apart.
MOST_CURVES = 10
Curve = Callable[[Any, Any, Any], Any]


def find(rows: Labelled, found: Findings, *, average: str = "weighted", most_curves: int = MOST_CURVES) -> None:
    """All that can be said of the rows.

    Args:
        average: how metrics of several labels are put together: weighted, macro or micro; not of two labels.
        most_curves: with more labels than these, there are no curves.
    """
    found.metrics["example_count"] = float(len(rows.truth))
    _counts(rows, found)
    _of_labels(rows, found, average)
    if rows.chances is not None:
        _of_chances(rows, found, average)
        if len(rows.labels) <= most_curves:
            _curves(rows, found)
        else:
            found.note(
                f"With {len(rows.labels)} labels there are no curves; max_classes_for_multiclass_roc_pr says so."
            )
    found.tables["per_class_metrics"] = _per_class(rows, found)
    _confusion(rows, found)


def _counts(rows: Labelled, found: Findings) -> None:
    if rows.binary:
        true, said = rows.truth == rows.positive, rows.predicted == rows.positive
        counts = {
            "true_negatives": ~true & ~said,
            "false_positives": ~true & said,
            "false_negatives": true & ~said,
            "true_positives": true & said,
        }
        found.metrics.update({name: float(which.sum()) for name, which in counts.items()})


def _of_labels(rows: Labelled, found: Findings, average: str) -> None:
    from sklearn import metrics

    truth, predicted = _plain(rows)
    given: dict[str, Any] = {"sample_weight": rows.weights}
    found.measure("accuracy_score", lambda: metrics.accuracy_score(truth, predicted, **given))
    mean: dict[str, Any] = {"average": "binary", "pos_label": 1} if rows.binary else {"average": average}
    for name in ("recall_score", "precision_score", "f1_score"):
        score = getattr(metrics, name)
        found.measure(name, lambda score=score: score(truth, predicted, **mean, **given))  # type: ignore[misc]
    found.measure("matthews_corrcoef", lambda: metrics.matthews_corrcoef(truth, predicted, **given))


def _plain(rows: Labelled) -> tuple[Any, Any]:
    """True and predicted labels by their numbers, so that no library has to make sense of them."""
    import numpy as np

    numbers = {label: number for number, label in enumerate(rows.labels)}
    truth, predicted = ([numbers[label] for label in column.tolist()] for column in (rows.truth, rows.predicted))
    return np.array(truth), np.array(predicted)


def _of_chances(rows: Labelled, found: Findings, average: str) -> None:
    import numpy as np
    from sklearn import metrics

    chances, weights = rows.chances, rows.weights
    assert chances is not None
    truth, _ = _plain(rows)
    every = list(range(len(rows.labels)))
    found.measure("log_loss", lambda: metrics.log_loss(truth, chances, labels=every, sample_weight=weights))
    hits = np.eye(len(every))[truth]
    distance = (chances - hits) ** 2
    each = distance[:, 1] if rows.binary else distance.sum(axis=1)
    found.measure("brier_score_loss", lambda: np.average(each, weights=weights))
    for name, score in (("roc_auc", metrics.roc_auc_score), ("precision_recall_auc", metrics.average_precision_score)):
        if rows.binary:
            found.measure(name, lambda score=score: score(hits[:, 1], chances[:, 1], sample_weight=weights))  # type: ignore[misc]
        else:
            _mean_of_labels(name, score, rows, found, average)


def _mean_of_labels(name: str, score: Curve, rows: Labelled, found: Findings, average: str) -> None:
    """The mean of each label against the others, of those that some rows have and others have not."""
    import numpy as np

    if average not in ("weighted", "macro"):
        found.note(f"{name} of several labels is put together with average 'weighted' or 'macro' only.")
        return
    each = np.ones(len(rows.truth)) if rows.weights is None else rows.weights
    values, counts = [], []
    for number, label in enumerate(rows.labels):
        truth = rows.truth == label
        if truth.all() or not truth.any():
            found.note(f"{name} leaves out the label {label!r}, which all rows have, or none.")
            continue
        assert rows.chances is not None
        values.append(score(truth, rows.chances[:, number], sample_weight=rows.weights))  # type: ignore[call-arg]
        counts.append((each * truth).sum() if average == "weighted" else 1.0)
    if sum(counts):
        found.measure(name, lambda: np.average(values, weights=counts))


def _per_class(rows: Labelled, found: Findings) -> pandas.DataFrame:
    import pandas as pd
    from sklearn import metrics

    table = []
    for number, label in enumerate(rows.labels):
        truth, said = rows.truth == label, rows.predicted == label
        given: dict[str, Any] = {"sample_weight": rows.weights}
        line: dict[str, Any] = {
            "positive_class": label,
            "true_negatives": int((~truth & ~said).sum()),
            "false_positives": int((~truth & said).sum()),
            "false_negatives": int((truth & ~said).sum()),
            "true_positives": int((truth & said).sum()),
            "example_count": len(truth),
            "accuracy_score": metrics.accuracy_score(truth, said, **given),
            "recall_score": metrics.recall_score(truth, said, zero_division=0, **given),
            "precision_score": metrics.precision_score(truth, said, zero_division=0, **given),
            "f1_score": metrics.f1_score(truth, said, zero_division=0, **given),
        }
        if rows.chances is not None and truth.any() and not truth.all():
            chance = rows.chances[:, number]
            line["roc_auc"] = metrics.roc_auc_score(truth, chance, **given)
            line["precision_recall_auc"] = metrics.average_precision_score(truth, chance, **given)
        table.append(line)
    return pd.DataFrame(table)


def _confusion(rows: Labelled, found: Findings) -> None:
    """A line for each true label with the share of its rows that each label was predicted for, and how many rows."""
    import pandas as pd
    from sklearn.metrics import confusion_matrix

    truth, predicted = _plain(rows)
    every = list(range(len(rows.labels)))
    counts = confusion_matrix(truth, predicted, labels=every, sample_weight=rows.weights)
    sums = counts.sum(axis=1, keepdims=True)
    shares = counts / sums.clip(min=1e-300)
    names = [str(label) for label in rows.labels]
    table = pd.DataFrame(counts, columns=names)
    table.insert(0, "true_label", names)
    found.tables["confusion_matrix"] = table
    found.pictures["confusion_matrix"] = lambda: drawing.matrix(shares, counts, names)


def _curves(rows: Labelled, found: Findings) -> None:
    kinds: list[tuple[str, str, Curve]] = [
        ("roc_curve_plot", "ROC curve", curves.roc),
        ("precision_recall_curve_plot", "Precision and recall", curves.precision_recall),
        ("lift_curve_plot", "Lift", curves.lift),
        ("calibration_curve_plot", "Calibration", curves.calibration),
    ]
    shown = [len(rows.labels) - 1] if rows.binary else list(range(len(rows.labels)))
    for name, title, compute in kinds:
        table = found.attempt(title, lambda compute=compute: _table(rows, shown, compute))  # type: ignore[misc]
        if table is not None and len(table):
            found.tables[name] = table
            found.pictures[name] = lambda table=table, name=name, title=title: drawing.curves(table, name, title)  # type: ignore[misc]


def _table(rows: Labelled, shown: list[int], compute: Curve) -> pandas.DataFrame | None:
    import pandas as pd

    assert rows.chances is not None
    parts = []
    for number in shown:
        truth = rows.truth == rows.labels[number]
        if truth.any() and not truth.all():
            part = compute(truth.astype(int), rows.chances[:, number], rows.weights)
            part.insert(0, "label", str(rows.labels[number]))
            parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else None
