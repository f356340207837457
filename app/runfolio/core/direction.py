"""Which way a metric is better, told from its name, until a user says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from runfolio.core.columns import TREND, Column, is_trend
from runfolio.core.entities import MetricSummary

LOWER = frozenset(
    "loss losses error errors err mse rmse mae mape rmsle logloss nll bce kl perplexity ppl latency time seconds ms "
    "duration wer cer fid regret cost distance divergence violations misses brier ece".split()
)
HIGHER = frozenset(
    "acc accuracy auc auroc auprc roc ap map iou miou dice f fbeta score scores precision recall sensitivity "
    "specificity r kappa mcc jaccard bleu rouge meteor psnr ssim reward rewards return returns gain hits mrr ndcg "
    "success wins elo correlation pearson spearman likelihood throughput speedup utility profit".split()
)
# What is logged beside results and is neither good nor bad, whichever way it goes.
NEUTRAL = frozenset(
    "epoch epochs step steps iteration iterations iter lr learning momentum decay beta weight grad gradient norm count "
    "samples tokens examples batch batches size n seed rank progress scale temperature memory utilization".split()
)
HELD_OUT = re.compile(r"(?<![a-z])(val|valid|validation|test|eval|dev)(?![a-z])")
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@lru_cache(maxsize=4096)
def words_of(key: str) -> frozenset[str]:
    """The words of a metric's name, in lower case; asked for with each cell that is painted."""
    return frozenset(word.lower() for word in WORDS.findall(key))


def lower_is_better(key: str) -> bool:
    """True for a metric such as `val/loss` or `testError`, of which the least value is the best one."""
    return bool(words_of(key) & LOWER)


def is_judged(key: str, chosen: Mapping[str, bool]) -> bool:
    """Whether more or less of a metric is better at all: of `epoch` or `lr` nobody can say, unless a user has."""
    return key in chosen or lower_is_better(key) or not words_of(key) & NEUTRAL


def is_known(key: str, chosen: Mapping[str, bool]) -> bool:
    """Whether its name or a user says which way a metric is better, so that one can speak of its best value."""
    return key in chosen or (bool(words_of(key) & (LOWER | HIGHER)) and is_judged(key, chosen))


def lower_of(key: str, chosen: Mapping[str, bool]) -> bool:
    """Whether lower is better of a metric, as a user has said it or else as its name says."""
    return chosen[key] if key in chosen else lower_is_better(key)


def stored_column(column: Column, chosen: Mapping[str, bool] | None = None) -> Column:
    """The column that a store can be asked for: the best of a metric is its least or its greatest value, and what
    stands behind a trend is the last one.
    """
    if column.statistic == TREND:
        return replace(column, statistic="last")
    if column.statistic == "best":
        return replace(column, statistic="min" if lower_of(column.key, chosen or {}) else "max")
    return column


def stored_columns(columns: Iterable[Column], chosen: Mapping[str, bool]) -> tuple[Column, ...]:
    """Columns that are shown, as a store knows them and each once: for copies and files, which hold no curves."""
    return tuple(dict.fromkeys(stored_column(column, chosen) for column in columns if not is_trend(column)))


def headline(keys: Sequence[str]) -> str | None:
    """The metric that a run is judged by: on held-out data before training, a score before a loss; None of none.

    What can be neither good nor bad comes last, after what nobody knows the direction of.
    """

    def rank(key: str) -> tuple[bool, ...]:
        return not is_judged(key, {}), not is_known(key, {}), not HELD_OUT.search(key), lower_is_better(key)

    return min(keys, key=rank, default=None)


def best_of(metric: MetricSummary, chosen: Mapping[str, bool] | None = None) -> tuple[str, float, int] | None:
    """`min` or `max`, its value and its step; None of a metric that never had a finite value.

    `chosen` has whether lower is better of metrics for which a user has said it.
    """
    if lower_of(metric.key, chosen or {}):
        name, value, step = "min", metric.minimum, metric.minimum_step
    else:
        name, value, step = "max", metric.maximum, metric.maximum_step
    return None if value is None or step is None else (name, value, step)
