"""What workers of a cluster run in tests: functions of a module, which can be sent to them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from runfolio.core.errors import NotBuilt
from runfolio.core.sweeps.records import TrialState
from runfolio.projects.sweeps.parts import TrialResult


@dataclass(frozen=True)
class Noted:
    """A trial that leaves a file for each time it was begun; the worker of one of them ends in the middle of it."""

    folder: Path
    deadly: int = -1
    always: bool = False

    def __call__(self, number: int, parameters: Mapping[str, str], stopped: Callable[[], bool]) -> TrialResult:
        before = len(list(self.folder.glob(f"{number}-*")))
        (self.folder / f"{number}-{os.getpid()}-{before}").touch()
        if number == self.deadly and (self.always or not before):
            os.kill(os.getpid(), signal.SIGKILL)
        if parameters["x"] == "wrong":
            raise NotBuilt("No environment.")
        return TrialResult(number, TrialState.FINISHED, float(parameters["x"]))


def until_told(number: int, parameters: Mapping[str, str], stopped: Callable[[], bool]) -> TrialResult:
    """A trial that ends when it is told to, and not before."""
    while not stopped():
        time.sleep(0.01)
    return TrialResult(number, TrialState.STOPPED)
