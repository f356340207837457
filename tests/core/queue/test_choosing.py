"""Which jobs can begin."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.queue.choosing import Held, held_by, never, startable
from runfolio.core.queue.records import Job, JobKind, JobState, Slots


def job(number: int, **needs: Any) -> Job:
    return Job(number, JobKind.RUN, f"job {number}", JobState.WAITING, {"needs": needs}, float(number), 0)


def numbers(waiting: list[Job], at_work: list[Held], slots: Slots, cards: int = 0) -> list[int]:
    return [one.id for one in startable(waiting, at_work, slots, cards)]


def test_as_many_begin_as_there_are_places() -> None:
    assert numbers([job(1), job(2), job(3)], [], Slots(jobs=2)) == [1, 2]
    assert numbers([job(1), job(2)], [Held()], Slots(jobs=2)) == [1]


def test_who_needs_no_card_passes_who_waits_for_one() -> None:
    slots = Slots(jobs=3, gpu=1)
    assert numbers([job(1, gpu=1), job(2)], [Held(gpu=1)], slots) == [2]


def test_nobody_takes_what_the_one_before_waits_for() -> None:
    slots = Slots(jobs=4, memory_gb=16)
    assert numbers([job(1, memory_gb=12), job(2, memory_gb=2)], [Held(memory_gb=8)], slots) == []


def test_a_sweep_holds_what_its_trials_hold() -> None:
    request = {"sweep": {"parallel": 3}, "run": {"needs": {"cpu": 2.0, "gpu": 1}}}
    sweep = Job(1, JobKind.SWEEP, "", JobState.WAITING, request, 1.0, 0)
    assert held_by(sweep, Slots(jobs=2)) == Held(2, 4.0, 0.0, 2)
    assert held_by(sweep, Slots(jobs=8)) == Held(3, 6.0, 0.0, 3)


def test_what_can_never_begin_is_told() -> None:
    assert never(job(1, gpu=2), Slots(), cards=1) == "It needs 2 graphics cards, and the queue has 1."
    assert never(job(1, gpu=1), Slots(), cards=1) == ""
    assert never(job(1, cpu=64), Slots(), cards=0) == "", "no limit was chosen"


NEEDS = st.fixed_dictionaries({"cpu": st.sampled_from([0.5, 1, 2]), "gpu": st.integers(0, 2)})


@given(st.lists(NEEDS, max_size=8), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
def test_what_begins_fits_and_the_first_one_begins_if_it_can(
    needs: list[dict[str, Any]], jobs: int, cpu: int, gpu: int
) -> None:
    slots = Slots(jobs, cpu, 0.0, gpu)
    waiting = [job(number, **one) for number, one in enumerate(needs)]
    begun = startable(waiting, [], slots, 0)
    held = [held_by(one, slots) for one in begun]
    assert len(held) <= jobs and sum(one.cpu for one in held) <= cpu and sum(one.gpu for one in held) <= gpu
    able = [one for one in waiting if not never(one, slots, 0)]
    if waiting and able and able[0] is waiting[0]:
        assert begun[0] is waiting[0]
