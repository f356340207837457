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
    """How far a trial is. Those that RUNNING was said of last when a sweep broke off, and STOPPED ones, were ended
    before their time: they are run again when it is resumed."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    PRUNED = "pruned"
    STOPPED = "stopped"

    @property
    def over(self) -> bool:
        """Whether the trial counts as it is, and is not run again."""
        return self not in (TrialState.RUNNING, TrialState.STOPPED)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A parameter and the values it may take.

    Attributes:
        values: a choice among these, as text; else it is a number between `low` and `high`, both included.
        log: whether it is even in the logarithm; not together with `step`.
        step: between two values, from `low` on; None for any number.
        whole: whether it takes whole numbers only.
        points: how many numbers a grid takes of it, even between both ends; 0 for every one that there is.
    """

    name: str
    values: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    step: float | None = None
    whole: bool = False
    points: int = 0


@dataclass(frozen=True, slots=True)
class StopRules:
    """When a sweep is over before all trials; 0 or None: never.

    Attributes:
        seconds: in which trials ran; those that run at that time are ended.
        target: once the metric is as good as that.
        patience: once so many trials in a row were no better than the best; those that failed do not count.
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
        method: `median`, `percentile` or `hyperband`; "" for none.
        warmup_steps: steps of a trial that are waited for; of `hyperband` the least that any is given.
        warmup_trials: trials that are run whole first; of no meaning to `hyperband`.
        percentile: how many of a hundred go on at each step, with the method of this name.
    """

    method: str = ""
    warmup_steps: int = 0
    warmup_trials: int = 5
    percentile: float = 25.0


@dataclass(frozen=True, slots=True)
class Sweep:
    """What is searched, and how.

    Attributes:
        metric: what trials are judged by: its last value, or its best one with `take` = "best".
        goal: `minimize` or `maximize`.
        trials: how many at most; 0: all of a grid, for which alone it is.
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
