"""Starting what works at the queue: a process of its own (`runfolio queue work`), which outlives the window."""

from __future__ import annotations

import logging
import sys

from runfolio.core.environment import is_on
from runfolio.core.queue.records import AT_WORK, JobState
from runfolio.store import detached
from runfolio.store.connection import Store
from runfolio.store.queue.reading import queue_state, waiting_jobs
from runfolio.store.queue.working import alone_working, left_jobs

log = logging.getLogger("runfolio")


def is_due(store: Store) -> bool:
    """Whether there is something to be done: jobs wait and may begin, or were left by a process that is gone."""
    state = queue_state(store)
    at_work = any(state.counts.get(one) for one in AT_WORK)
    waits = not state.paused and bool(state.counts.get(JobState.WAITING))
    return (at_work and bool(left_jobs(store))) or (waits and bool(waiting_jobs(store, 1)))


def start_if_due(store: Store) -> bool:
    """Start that process if there is something to be done and none is at it; whether one was started."""
    return not store.read_only and is_due(store) and start_worker(store)


def start_worker(store: Store) -> bool:
    """Start a process that works at the queue, unless one does. Nothing waits for it, and nothing fails by it.

    `RUNFOLIO_QUEUE=0` starts none.
    """
    if not is_on("QUEUE") or not sys.executable:
        return False
    with alone_working(store) as alone:
        if not alone:  # who is at it looks once more when it has let go
            return False
    try:
        detached.start(store, ("queue", "work"), "worker")
    except OSError as error:
        log.warning("Nobody works at the queue yet: %s. `runfolio queue work` does it.", error)
        return False
    return True
