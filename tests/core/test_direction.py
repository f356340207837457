"""The better direction of a metric is told from its name."""

from __future__ import annotations

import pytest

from runfolio.core.columns import NAME, Column, metric, trend
from runfolio.core.direction import headline, is_judged, is_known, lower_is_better, stored_column, stored_columns


@pytest.mark.parametrize("key", ["loss", "val/loss", "train_loss", "valLoss", "test error", "MSE", "eval/RMSE", "WER"])
def test_lower(key: str) -> None:
    assert lower_is_better(key)


@pytest.mark.parametrize("key", ["val/acc", "accuracy", "f1", "auc", "lossless_ratio_score", "reward", "mAP"])
def test_higher(key: str) -> None:
    assert not lower_is_better(key)


@pytest.mark.parametrize("key", ["epoch", "lr_now", "train/learning_rate", "grad-norm", "n", "numSamples"])
def test_what_is_neither_good_nor_bad_is_so_until_a_user_says_otherwise(key: str) -> None:
    assert not is_judged(key, {}) and is_judged(key, {key: False})
    assert headline([key, "loss"]) == "loss" and headline([key]) == key


@pytest.mark.parametrize(
    ("key", "known"),
    [("huge", False), ("val/x", False), ("lr", False), ("loss", True), ("val/acc", True), ("R2", True)],
)
def test_of_which_metrics_there_is_a_best(key: str, known: bool) -> None:
    assert is_known(key, {}) is known and is_known(key, {key: True})


def test_what_is_known_to_be_better_one_way_is_what_runs_are_judged_by() -> None:
    assert headline(["huge", "loss", "val/x"]) == "loss" and headline(["epoch", "huge"]) == "huge"


@pytest.mark.parametrize("key", ["loss", "step_time", "acc", "my own score", "batch_loss"])
def test_what_is_judged(key: str) -> None:
    assert is_judged(key, {})


@pytest.mark.parametrize(
    ("column", "chosen", "asked"),
    [
        (metric("loss", "best"), {}, metric("loss", "min")),
        (metric("acc", "best"), {}, metric("acc", "max")),
        (metric("acc", "best"), {"acc": True}, metric("acc", "min")),
        (metric("loss", "best"), {"loss": False, "acc": True}, metric("loss", "max")),
        (trend("acc"), {}, metric("acc")),
        (metric("acc", "mean"), {}, metric("acc", "mean")),
        (NAME, {}, NAME),
    ],
)
def test_what_the_store_is_asked_for(column: Column, chosen: dict[str, bool], asked: Column) -> None:
    assert stored_column(column, chosen) == asked


def test_copies_hold_each_value_once_and_no_curves() -> None:
    shown = (NAME, metric("loss", "best"), metric("loss", "min"), trend("loss"), metric("acc"))
    assert stored_columns(shown, {}) == (NAME, metric("loss", "min"), metric("acc"))
