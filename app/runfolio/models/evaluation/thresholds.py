"""Whether a model is good enough: thresholds of metrics, also against another model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from runfolio.core.errors import InvalidValue, UserError

# What a metric must be better by where the baseline is 0, so that no share of it can be told.
LEAST = 1e-10


class Evaluated(Protocol):
    """Anything with metrics."""

    @property
    def metrics(self) -> Mapping[str, float]:
        """Numbers by name."""


class ModelValidationFailedException(UserError):
    """A model is not good enough; each line of the message is of one metric."""

    error_code = "BAD_REQUEST"


class MetricThreshold:
    """What a metric must reach.

    Args:
        threshold: the least value, or the greatest if less is better.
        min_absolute_change: by how much it must be better than the baseline's.
        min_relative_change: likewise, as a share of the size of the baseline's, from 0 to 1.
        greater_is_better: whether more is better; must be given.

    Raises:
        InvalidValue: a value breaks its rule, or nothing is asked for.
    """

    def __init__(
        self,
        threshold: float | None = None,
        min_absolute_change: float | None = None,
        min_relative_change: float | None = None,
        greater_is_better: bool | None = None,
    ) -> None:
        if threshold is not None and type(threshold) not in (int, float):
            raise InvalidValue("threshold must be a number.")
        if min_absolute_change is not None and (
            type(min_absolute_change) not in (int, float) or min_absolute_change <= 0
        ):
            raise InvalidValue("min_absolute_change must be a number above 0.")
        if min_relative_change is not None and (
            not isinstance(min_relative_change, float) or not 0 <= min_relative_change <= 1
        ):
            raise InvalidValue("min_relative_change must be a fraction from 0.0 to 1.0.")
        if not isinstance(greater_is_better, bool):
            raise InvalidValue("greater_is_better must be True or False.")
        if threshold is None and min_absolute_change is None and min_relative_change is None:
            raise InvalidValue("A threshold asks for something.", "Give threshold or one of the changes.")
        self.threshold = threshold
        self.min_absolute_change = min_absolute_change
        self.min_relative_change = min_relative_change
        self.greater_is_better = greater_is_better

    def __str__(self) -> str:
        parts = [
            ("Threshold", self.threshold),
            ("Minimum absolute change", self.min_absolute_change),
            ("Minimum relative change", self.min_relative_change),
        ]
        told = "".join(f"{name}: {value}. " for name, value in parts if value is not None)
        return f"{told}{'Greater' if self.greater_is_better else 'Lower'} value is better."


def validate_evaluation_results(
    validation_thresholds: Mapping[str, MetricThreshold],
    candidate_result: Evaluated,
    baseline_result: Evaluated | None = None,
) -> None:
    """Hold what `evaluate` found to thresholds.

    Args:
        validation_thresholds: a `MetricThreshold` for each metric that counts.
        candidate_result: of the model in question.
        baseline_result: of the model that it is compared with; needed where a threshold asks for a change.

    Raises:
        ModelValidationFailedException: the model is not good enough; the message names each metric and both values.
        InvalidValue: the thresholds are no mapping from names to thresholds.
    """
    if not isinstance(validation_thresholds, Mapping) or not all(
        isinstance(name, str) and isinstance(one, MetricThreshold) for name, one in validation_thresholds.items()
    ):
        raise InvalidValue("Thresholds are a dictionary from names of metrics to MetricThreshold.")
    baseline = baseline_result.metrics if baseline_result is not None else {}
    failed = [
        line
        for name, one in validation_thresholds.items()
        for line in _failures(name, one, candidate_result.metrics, baseline)
    ]
    if failed:
        raise ModelValidationFailedException("\n".join(failed))


def _failures(
    name: str, wanted: MetricThreshold, candidate: Mapping[str, float], baseline: Mapping[str, float]
) -> Iterator[str]:
    if name not in candidate:
        yield f"{name} was not measured of the model."
        return
    value = candidate[name]
    sign = 1 if wanted.greater_is_better else -1
    side = "at least" if wanted.greater_is_better else "at most"
    if wanted.threshold is not None and not sign * value >= sign * wanted.threshold:
        yield f"{name} is {value:.6g} and must be {side} {wanted.threshold:.6g}."
    if wanted.min_absolute_change is None and wanted.min_relative_change is None:
        return
    if name not in baseline:
        yield f"{name} was not measured of the baseline model."
        return
    for what, change in _changes(wanted, baseline[name]):
        least = baseline[name] + sign * change
        if not sign * value >= sign * least:
            yield f"{name} is {value:.6g}, of the baseline {baseline[name]:.6g}: {what} means {side} {least:.6g}."


def _changes(wanted: MetricThreshold, baseline: float) -> Iterator[tuple[str, Any]]:
    if wanted.min_absolute_change is not None:
        yield f"better by {wanted.min_absolute_change:.6g}", wanted.min_absolute_change
    if wanted.min_relative_change is not None:
        share = wanted.min_relative_change * abs(baseline) if baseline else LEAST
        yield f"better by {wanted.min_relative_change:.2%}", share
