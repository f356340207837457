"""Which way a metric is better, told from its name, until a user says otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence

LOWER = frozenset(
    "loss losses error errors err mse rmse mae mape rmsle logloss nll bce kl perplexity ppl latency time seconds ms "
    "duration wer cer fid regret cost distance divergence violations misses brier ece".split()
)
HELD_OUT = re.compile(r"(?<![a-z])(val|valid|validation|test|eval|dev)(?![a-z])")
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def lower_is_better(key: str) -> bool:
    """True for a metric such as `val/loss` or `testError`, of which the least value is the best one."""
    return any(word.lower() in LOWER for word in WORDS.findall(key))


def headline(keys: Sequence[str]) -> str | None:
    """The metric that a run is judged by: on held-out data before training, a score before a loss; None of none."""
    return min(keys, key=lambda key: (not HELD_OUT.search(key), lower_is_better(key)), default=None)
