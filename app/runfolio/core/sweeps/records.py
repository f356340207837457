"""A sweep as it is specified, and its trials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Method(StrEnum):
    """How values are chosen."""

    GRID = "grid"
    RANDOM = "random"
    LATIN_HYPERCUBE = "lhs"
    TPE = "tpe"


class TrialState(StrEnum):
    """How far a trial is."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    PRUNED = "pruned"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A parameter and the values it may take.

    Attributes:
        values: a choice among these, as text; else it is a number between `low` and `high`, both included.
        log: whether it is even in the logarithm.
        step: between two values; None for any number.
        whole: whether it takes whole numbers only.
    """

    name: str
    values: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    step: float | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class StopRules:
    """When a sweep is over before all trials; 0 or None: never.

    Attributes:
        seconds: since it was started.
        target: once the metric is as good as that.
        patience: once so many trials in a row were no better than the best.
        failures: once so many trials have failed.
    """

    seconds: float = 0.0
    target: float | None = None
    patience: int = 0
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Pruning:
    """Ending trials that will not be among the best, by their metric so far.

    Attributes:
        method: `median`, `hyperband` or `percentile`; "" for none.
        warmup_steps: steps of a trial that are waited for. warmup_trials: trials that are run whole first.
    """

    method: str = ""
    warmup_steps: int = 0
    warmup_trials: int = 5


@dataclass(frozen=True, slots=True)
class Sweep:
    """What is searched, and how.

    Attributes:
        metric: what trials are judged by: its last value, or its best one with `take` = "best".
        goal: `minimize` or `maximize`.
        trials: how many at most; 0: all of a grid.
        parallel: how many at one time.
        seed: of what is drawn.
        fixed: values of parameters that all trials have.
    """

    space: tuple[Dimension, ...]
    metric: str
    goal: str = "minimize"
    method: Method = Method.RANDOM
    trials: int = 20
    parallel: int = 2
    seed: int = 0
    take: str = "last"
    fixed: Mapping[str, str] = field(default_factory=dict)
    stop: StopRules = field(default_factory=StopRules)
    pruning: Pruning = field(default_factory=Pruning)


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of a sweep.

    Attributes:
        number: from 0, in the order in which they were begun.
        value: of the metric, as the sweep takes it; None if there is none.
        run_uuid: its run, or "".
        attempts: how often it was begun: more than once after a crash.
        started, ended: epoch milliseconds.
    """

    number: int
    parameters: Mapping[str, str]
    state: TrialState
    value: float | None = None
    run_uuid: str = ""
    reason: str = ""
    attempts: int = 1
    started: int = 0
    ended: int | None = None
