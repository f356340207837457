"""Stores to measure on, filled as training scripts fill them."""

from __future__ import annotations

import math
import random
from pathlib import Path

from runfolio.client.active_run import ActiveRun, RunInfo, new_run_id
from runfolio.client.experiment import ExperimentHandle
from runfolio.client.tracker import Tracker
from runfolio.core.states import RunStatus

EXPERIMENT = "vision/cifar10-resnet"
BATCH = 1000
OPTIMIZERS = ("adamw", "lion", "sgd")


def begin_run(tracker: Tracker, name: str, experiment: str = EXPERIMENT) -> ActiveRun:
    """Start a run in a journal of its own, apart from the fluent API's."""
    handle = ExperimentHandle(tracker.folder, experiment)
    run = ActiveRun(tracker, RunInfo(new_run_id(), name, handle, tracker.folder))
    run.start(parent=None, user="", source="", experiment=experiment)
    return run


def fill(folder: Path, runs: int, points: int = 20, seed: int = 0) -> None:
    """Make a store of finished runs, each with three params, four metrics and learning curves of `points` steps."""
    chance = random.Random(seed)
    tracker = Tracker(folder)
    try:
        for number in range(runs):
            run = begin_run(tracker, f"run-{number:05}")
            run.log_params({"lr": 10 ** chance.uniform(-4, -1), "optimizer": chance.choice(OPTIMIZERS), "seed": number})
            floor, pace = chance.uniform(0.05, 0.3), chance.uniform(3, 8) / points
            for step in range(points):
                loss = floor + math.exp(-pace * step) + chance.gauss(0, 0.01)
                run.log_metrics({"train/loss": loss, "val/loss": loss * 1.1, "val/acc": 1 - loss / 2}, step)
            run.log_metric("test/acc", 1 - floor, points)
            run.end(RunStatus.FINISHED)
            if (number % BATCH == BATCH - 1 or number == runs - 1) and not tracker.flush():
                raise RuntimeError("The store was not filled in time.")
    finally:
        tracker.close()
