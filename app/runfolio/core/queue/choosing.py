"""Which jobs can begin: in their order, as far as what they need is free.

Nobody overtakes a job that waits for something by taking that very thing: a job that needs no graphics card passes one
that waits for one, but of what both need nothing is taken from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from runfolio.core.errors import InvalidValue
from runfolio.core.projects.request import read_needs
from runfolio.core.queue.records import Job, JobKind, Slots

#: What a store's settings mean by "no limit".
NO_LIMIT = 0


@dataclass(frozen=True, slots=True)
class Held:
    """What a job holds while it is at work: jobs at one time, processors, gigabytes of memory, graphics cards."""

    jobs: int = 1
    cpu: float = 0.0
    memory_gb: float = 0.0
    gpu: int = 0


NAMES = ("jobs", "cpu", "memory_gb", "gpu")
_WORDS = {"jobs": "jobs at one time", "cpu": "processors", "memory_gb": "GB of memory", "gpu": "graphics cards"}


def held_by(job: Job, slots: Slots) -> Held:
    """What a job holds; a sweep as much as its trials that run at one time.

    Raises:
        InvalidValue: what it asks for cannot be read.
    """
    try:
        request = job.request if job.kind is JobKind.RUN else job.request.get("run", {})
        one = read_needs(request.get("needs", {}))
        parallel = int(job.request.get("sweep", {}).get("parallel", 1)) if job.kind is JobKind.SWEEP else 1
    except (TypeError, ValueError, AttributeError) as problem:
        raise InvalidValue(f"What it needs cannot be read: {problem}.") from problem
    times = max(1, min(parallel, slots.jobs))
    return Held(times, one.cpu * times, one.memory_gb * times, one.gpu * times)


def startable(waiting: Iterable[Job], at_work: Sequence[Held], slots: Slots, cards: int) -> list[Job]:
    """Those of the jobs that wait, in their order, that can begin now.

    Args:
        at_work: what is held already.
        cards: graphics cards of this machine, if the settings say nothing of them.
    """
    free = {name: _free(name, at_work, slots, cards) for name in NAMES}
    wanted: set[str] = set()
    found = []
    for job in waiting:
        held = held_by(job, slots)
        needed = {name for name in NAMES if getattr(held, name) > 0}
        lacking = {name for name in needed if _lacks(held, name, free[name])}
        if lacking or needed & wanted:
            wanted |= lacking
            if "jobs" in wanted:
                break
            continue
        found.append(job)
        for name in needed:
            left = free[name]
            free[name] = None if left is None else left - getattr(held, name)
    return found


def never(job: Job, slots: Slots, cards: int) -> str:
    """Why a job can never begin with these settings, in a sentence; "" if it can."""
    try:
        held = held_by(job, slots)
    except InvalidValue as problem:
        return str(problem)
    for name in NAMES:
        there = _free(name, (), slots, cards)
        if _lacks(held, name, there):
            return f"It needs {getattr(held, name):g} {_WORDS[name]}, and the queue has {there:g}."
    return ""


def _free(name: str, at_work: Sequence[Held], slots: Slots, cards: int) -> float | None:
    """How much of it is free; None for any amount."""
    all_of_it = float(getattr(slots, name))
    if all_of_it == NO_LIMIT:
        if name != "gpu":
            return None
        all_of_it = cards
    return all_of_it - sum(float(getattr(held, name)) for held in at_work)


def _lacks(held: Held, name: str, free: float | None) -> bool:
    return free is not None and float(getattr(held, name)) > free
