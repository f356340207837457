"""The load of the machine while a process runs, and the memory that it and what it has started take, as metrics."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from runfolio.client.active_run import ActiveRun
from runfolio.client.capture.switches import is_captured


@contextmanager
def sampled(run: ActiveRun, process: int) -> Iterator[None]:
    """Log it to a run until this is left, where the load is to be captured."""
    if not is_captured("system_metrics"):
        yield
        return
    from runfolio.client.capture.system_metrics import Sampler

    steps = itertools.count()
    sampler = Sampler(lambda: [lambda sample: run.log_metrics(sample, next(steps))], process)
    sampler.start()
    try:
        yield
    finally:
        sampler.stop()
