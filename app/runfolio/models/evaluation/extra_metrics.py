"""Metrics that a user defines, by MLflow's conventions: which arguments they are given, and what they may return."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runfolio.core.errors import InvalidValue
from runfolio.models.evaluation.findings import Findings

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class MetricValue:
    """What a metric may return.

    Attributes:
        scores: one for each row.
        justifications: why, likewise.
        aggregate_results: numbers of all rows, by name.
    """

    scores: Sequence[Any] | None = None
    justifications: Sequence[str] | None = None
    aggregate_results: Mapping[str, float] | None = None


@dataclass(frozen=True)
class EvaluationMetric:
    """A metric of a user; `make_metric` makes one of a function."""

    eval_fn: Callable[..., Any]
    name: str
    greater_is_better: bool
    long_name: str | None = None
    version: str | None = None
    metric_details: str | None = None
    metric_metadata: Mapping[str, Any] | None = None

    def __call__(self, **given: Any) -> Any:
        """What the function returns."""
        return self.eval_fn(**given)


def make_metric(
    *,
    eval_fn: Callable[..., Any],
    greater_is_better: bool,
    name: str | None = None,
    long_name: str | None = None,
    version: str | None = None,
    metric_details: str | None = None,
    metric_metadata: Mapping[str, Any] | None = None,
) -> EvaluationMetric:
    """A metric for `evaluate(extra_metrics=[...])`.

    Args:
        eval_fn: its parameters say what it is given: `predictions`, `targets`, `metrics` (those so far), a column of
            the data, an entry of `evaluator_config` or another metric, by their names. With two parameters of other
            names it is given a table with the columns `prediction` and `target`, and the metrics so far. It returns
            a number, a number for each row, or a `MetricValue`.
        greater_is_better: whether more is better.
        name: what it is called; the function's name unless given.

    Raises:
        InvalidValue: the function has no name, or the name has a slash.
    """
    found = name if name is not None else getattr(eval_fn, "__name__", "<lambda>")
    if found == "<lambda>":
        raise InvalidValue("The metric has no name.", "Give one: make_metric(name='...').")
    if "/" in found:
        raise InvalidValue(f"The name of a metric has no slash, which {found!r} has.")
    return EvaluationMetric(eval_fn, found, greater_is_better, long_name, version, metric_details, metric_metadata)


@dataclass(frozen=True, slots=True)
class Known:
    """What metrics can ask for.

    Attributes:
        table: with the columns `prediction` and, where it is known, `target`.
        columns: the other columns of the data.
        config: the evaluator's configuration.
        aliases: parameters by what they mean.
    """

    table: pandas.DataFrame
    columns: pandas.DataFrame
    config: Mapping[str, Any]
    aliases: Mapping[str, Any]


def compute(metrics: Sequence[Any], known: Known, found: Findings) -> dict[str, Sequence[Any]]:
    """Compute a user's metrics; one that asks for another comes after it.

    Returns:
        What there is for each row, by the names of columns.

    Raises:
        InvalidValue: one is no metric, asks for what is not there, or returns no number.
    """
    left = [_metric(one) for one in metrics]
    values = {name: MetricValue(aggregate_results={name: value}) for name, value in found.metrics.items()}
    columns: dict[str, Sequence[Any]] = {}
    while left:
        ready = next((one for one in left if not _lacking(one, known, values)), None)
        if ready is None:
            raise InvalidValue(
                f"The metric {left[0].name!r} asks for {_lacking(left[0], known, values)[0]!r}, which is not there.",
                "It can have predictions, targets, metrics, columns, evaluator_config's entries and other metrics.",
            )
        left.remove(ready)
        value = _value(ready, ready.eval_fn(*_arguments(ready, known, values, found)), len(known.table))
        name = f"{ready.name}/{ready.version}" if ready.version else ready.name
        values[ready.name] = value
        for part, number in (value.aggregate_results or {}).items():
            found.metrics[name if part == ready.name else f"{name}/{part}"] = float(number)
        columns |= {f"{name}/score": value.scores} if value.scores is not None else {}
        columns |= {f"{name}/justification": value.justifications} if value.justifications is not None else {}
    return columns


def _metric(given: Any) -> Any:
    if hasattr(given, "eval_fn"):
        return given
    if not callable(given):
        raise InvalidValue(f"A metric is a function or what make_metric makes, not {type(given).__name__}.")
    return make_metric(eval_fn=given, greater_is_better=True)


def _parameters(metric: Any) -> list[inspect.Parameter]:
    return list(inspect.signature(metric.eval_fn).parameters.values())


def _of_old(metric: Any) -> bool:
    """Whether it takes a table and the metrics, as MLflow's metrics did at first."""
    names = [one.name for one in _parameters(metric)]
    return len(names) == 2 and names[0] != "predictions" and names[1] != "targets"


_ABSENT = object()


def _argument(one: inspect.Parameter, known: Known, values: Mapping[str, MetricValue]) -> Any:
    wanted = known.aliases.get(one.name, one.name)
    if not isinstance(wanted, str):
        return wanted
    if wanted == "predictions":
        return known.table["prediction"].copy()
    if wanted == "targets" and "target" in known.table:
        return known.table["target"].copy()
    if wanted == "metrics":
        return copy.deepcopy(dict(values))
    for place in (known.columns, known.config, values):
        if wanted in place:
            return place[wanted]
    return one.default if one.default is not inspect.Parameter.empty else _ABSENT


def _lacking(metric: Any, known: Known, values: Mapping[str, MetricValue]) -> list[str]:
    if _of_old(metric):
        return []
    return [
        one.name
        for one in _parameters(metric)
        if one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL) and _argument(one, known, values) is _ABSENT
    ]


def _arguments(metric: Any, known: Known, values: Mapping[str, MetricValue], found: Findings) -> list[Any]:
    if _of_old(metric):
        return [known.table.copy(), dict(found.metrics)]
    named = [one for one in _parameters(metric) if one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)]
    return [_argument(one, known, values) for one in named]


def _value(metric: Any, given: Any, rows: int) -> MetricValue:
    import numpy as np

    if hasattr(given, "aggregate_results"):
        return MetricValue(given.scores, given.justifications, given.aggregate_results)
    if np.ndim(given) == 1 and len(given) == rows and not isinstance(given, str):
        scores = np.asarray(given, dtype=float)
        means = {"mean": scores.mean(), "variance": scores.var(), "p90": np.percentile(scores, 90)}
        return MetricValue(scores=scores.tolist(), aggregate_results={key: float(one) for key, one in means.items()})
    try:
        return MetricValue(aggregate_results={metric.name: float(given)})
    except (TypeError, ValueError) as error:
        raise InvalidValue(
            f"The metric {metric.name!r} gave {type(given).__name__}, not a number.",
            "A metric returns a number, one for each row, or a MetricValue.",
        ) from error
