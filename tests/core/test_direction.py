"""The better direction of a metric is told from its name."""

from __future__ import annotations

import pytest

from runfolio.core.direction import lower_is_better


@pytest.mark.parametrize("key", ["loss", "val/loss", "train_loss", "valLoss", "test error", "MSE", "eval/RMSE", "WER"])
def test_lower(key: str) -> None:
    assert lower_is_better(key)


@pytest.mark.parametrize("key", ["val/acc", "accuracy", "f1", "auc", "lossless_ratio_score", "reward", "mAP"])
def test_higher(key: str) -> None:
    assert not lower_is_better(key)
