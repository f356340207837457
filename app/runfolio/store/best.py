"""The best value among the runs of some experiments, of the metric that they are judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runfolio.core.columns import metric
from runfolio.core.direction import headline, is_known, lower_of
from runfolio.store.connection import Store
from runfolio.store.table import column_range, logged_metrics


def best_value(store: Store, experiments: Sequence[int], chosen: Mapping[str, bool]) -> tuple[str, float] | None:
    """The metric and its value; None where it is not known which way a metric is better, or there is no finite value.

    `chosen` has the metrics for which a user has said whether lower is better.
    """
    key = headline(logged_metrics(store, experiments))
    if key is None or not is_known(key, chosen):
        return None
    lower = lower_of(key, chosen)
    found = column_range(store, experiments, metric(key, "min" if lower else "max"))
    return None if found is None else (key, found[0] if lower else found[1])
