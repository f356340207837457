"""Which way a metric is better, told from its name, until a user says otherwise."""

from __future__ import annotations

import re

LOWER = frozenset(
    "loss losses error errors err mse rmse mae mape rmsle logloss nll bce kl perplexity ppl latency time seconds ms "
    "duration wer cer fid regret cost distance divergence violations misses brier ece".split()
)
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def lower_is_better(key: str) -> bool:
    """True for a metric such as `val/loss` or `testError`, of which the least value is the best one."""
    return any(word.lower() in LOWER for word in WORDS.findall(key))
