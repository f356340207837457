"""Runs made up of curves, as health checks see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from runfolio.core.checks import Facts
from runfolio.core.curves import Floats, Points
from runfolio.core.entities import MetricSummary, Run
from runfolio.core.packages import Lock
from runfolio.core.states import LifecycleStage, RunStatus

Series = Mapping[str, Sequence[float] | Floats]
LOCK = Lock("3.11", {"numpy": "2.0", "torch": "2.4"})
RUN = Run(
    1, "r1", 1, "e", "a run", RunStatus.FINISHED, 0, 9_000_000, 9_000_000, LifecycleStage.ACTIVE, None, "",
    tags={"mlflow.source.git.commit": "abc", "mlflow.source.git.dirty": "False"},
)  # fmt: skip


def facts_of(series: Series, every: int = 1, run: Run = RUN, **others: object) -> Facts:
    """A finished run that has logged these values, one each so many steps."""
    points = {key: points_of(values, every) for key, values in series.items()}
    metrics = {key: _summary(key, one) for key, one in points.items() if len(one)}
    return Facts(replace(run, metrics=metrics), lambda key, _: points[key], **{"lock": LOCK, **others})  # type: ignore[arg-type]


def points_of(values: Sequence[float] | Floats, every: int = 1) -> Points:
    """Values at the steps 0, `every`, ..."""
    steps = np.arange(len(values), dtype=np.int64) * every
    return Points(steps, steps * 1000, np.asarray(values, np.float64))


def _summary(key: str, points: Points) -> MetricSummary:
    steps, values = points.steps.tolist(), points.values.tolist()
    finite = [value for value in values if np.isfinite(value)]
    return MetricSummary(
        key, len(values), values[0], steps[0], values[-1], steps[-1], 0,
        min(finite, default=None), 0, max(finite, default=None), 0, None, len(values) - len(finite),
    )  # fmt: skip
