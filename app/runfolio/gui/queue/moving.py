"""Jobs that wait are moved by places, as keys and menus have it; each is an operation on the store."""

from __future__ import annotations

from collections.abc import Sequence

from runfolio.core.errors import RunStateError
from runfolio.core.queue.records import JobState
from runfolio.store import Store
from runfolio.store.operations import Outcome
from runfolio.store.queue.changing import move
from runfolio.store.queue.reading import job_ids


def move_up(store: Store, jobs: Sequence[int]) -> Outcome:
    """One place up, the first of them before the one that was before it."""
    order, moved = _order(store, jobs)
    at = min(place for place, number in enumerate(order) if number in moved)
    left = [number for number in order[: max(at - 1, 0)] if number not in moved]
    return move(store, jobs, _behind(order, moved, len(left)))


def move_down(store: Store, jobs: Sequence[int]) -> Outcome:
    """One place down, the last of them behind the one that was behind it."""
    order, moved = _order(store, jobs)
    at = max(place for place, number in enumerate(order) if number in moved)
    left = [number for number in order[: at + 2] if number not in moved]
    return move(store, jobs, _behind(order, moved, len(left)))


def move_to_top(store: Store, jobs: Sequence[int]) -> Outcome:
    """Before all others that wait."""
    order, moved = _order(store, jobs)
    return move(store, jobs, _behind(order, moved, 0))


def move_to_end(store: Store, jobs: Sequence[int]) -> Outcome:
    """Behind all others."""
    return move(store, jobs, None)


def _order(store: Store, jobs: Sequence[int]) -> tuple[list[int], set[int]]:
    order, moved = job_ids(store, (JobState.WAITING,)).tolist(), set(jobs)
    if not moved.intersection(order):
        raise RunStateError("These jobs wait no more.", "Only jobs that wait can be moved.")
    return order, moved


def _behind(order: Sequence[int], moved: set[int], number: int) -> int | None:
    """The job that is behind so many of the others."""
    others = [one for one in order if one not in moved]
    return others[number] if number < len(others) else None
