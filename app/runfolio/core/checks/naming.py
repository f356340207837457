"""What the names of metrics tell: losses and scores, on held-out data or in training, and which belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

HELD_OUT = frozenset("val valid validation test testing eval evaluation dev holdout heldout oof cv".split())
TRAINING = frozenset("train training trn tr fit".split())
LOSSES = frozenset(
    "loss losses error err mse rmse mae mape rmsle logloss nll bce crossentropy perplexity ppl wer cer brier".split()
)
SCORES = frozenset(
    "acc accuracy f1 fbeta auc auroc auprc map iou miou dice r2 precision recall bleu rouge ndcg mrr top1 top5 psnr "
    "ssim score kappa mcc".split()
)
#: Losses of games between networks and of agents: they need not fall, and often rise.
CONTESTED = frozenset(
    "g d gen generator disc discriminator adv adversarial gan policy value critic actor entropy kl reg td q".split()
)
AGENT = frozenset("reward rewards return returns episode ep".split())
# How a value was taken; `train_loss_epoch` is the train loss.
MANNER = frozenset("epoch step avg mean running batch".split())
BUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(4096)
def words(key: str) -> frozenset[str]:
    """The words of a metric's name in lower case: `val/topAcc` is val, top and acc."""
    return frozenset(re.findall(r"[a-z]+\d*", BUMP.sub(" ", key).lower()))


def is_held_out(key: str) -> bool:
    """Whether it was measured on data that the model was not trained on."""
    return bool(words(key) & HELD_OUT)


def is_loss(key: str) -> bool:
    """Whether it is a loss or an error, which training makes less."""
    return bool(words(key) & LOSSES)


def is_score(key: str) -> bool:
    """Whether it is a score, of which more is better."""
    return bool(words(key) & SCORES) and not is_loss(key)


def must_fall(key: str) -> bool:
    """Whether a loss in training has to fall for the training to be sound."""
    return is_loss(key) and not is_held_out(key) and not words(key) & CONTESTED


def counterpart(key: str, others: Iterable[str]) -> str | None:
    """The metric of the training that a held-out one belongs to: `train/loss` or `loss` for `val_loss`."""
    stem = words(key) - HELD_OUT - MANNER
    same = [one for one in others if not is_held_out(one) and words(one) - TRAINING - MANNER == stem]
    return min(same, key=lambda one: (not words(one) & TRAINING, "epoch" not in words(one)), default=None)
