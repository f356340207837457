"""The queue as it is worked at: by a process of its own, which may be told to stop, be killed, or find nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from runfolio.client.tracker import close_all, tracker
from runfolio.core.errors import StoreBusy
from runfolio.core.projects.request import Needs, RunRequest
from runfolio.core.queue.records import Job, JobKind, JobState, Slots
from runfolio.core.states import RunStatus
from runfolio.projects.worker import job
from runfolio.projects.worker import work as worker
from runfolio.projects.worker.work import Worker
from runfolio.store import Store, open_store
from runfolio.store.bulk import read_runs
from runfolio.store.queue import changing, reading, starting, working
from runfolio.store.recover import recover
from runfolio.store.search import find_runs
from tests.other_processes import PATIENCE, lives, until
from tests.projects.conftest import MakeProject

SHELL = "entry_points: {main: {parameters: {c: string}, command: 'python shell.py {c}'}}"
SCRIPT = 'import os, sys; os.execvp("bash", ["bash", "-c", sys.argv[1]])'


@pytest.fixture
def queue(tmp_path: Path, make_project: MakeProject) -> Callable[..., int]:
    """Puts a command into the queue of the store; returns its number."""
    folder = make_project(SHELL, shell=SCRIPT)
    store = open_store(tmp_path / "store")
    store.close()

    def put(command: str, **details: object) -> int:
        request = RunRequest(str(folder), parameters={"c": command}, **details)  # type: ignore[arg-type]
        opened = open_store(tmp_path / "store")
        try:
            return changing.enqueue(opened, JobKind.RUN, command, request.written())[0]
        finally:
            opened.close()

    return put


@pytest.fixture
def store_of_queue(tmp_path: Path, queue: Callable[..., int]) -> Iterator[Store]:
    """The store, opened beside the one who works at it."""
    opened = open_store(tmp_path / "store")
    yield opened
    opened.close()


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts what works at the queue."""
    begun: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "runfolio", "queue", "work", "--store", str(tmp_path / "store")]
        variables = {**os.environ, "RUNFOLIO_WORK": str(tmp_path / "work")}
        begun.append(subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL))
        return begun[-1]

    yield start
    for one in begun:
        one.kill()
        one.wait()


def test_jobs_run_in_their_order_and_the_process_ends_when_none_is_left(
    queue: Callable[..., int], store_of_queue: Store, work: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    changing.set_slots(store_of_queue, Slots(jobs=1))
    numbers = [queue(f"echo {number} >> {tmp_path}/order; exit {number}") for number in range(3)]
    assert work().wait(PATIENCE) == 0
    assert (tmp_path / "order").read_text() == "0\n1\n2\n"
    jobs = reading.jobs_of(store_of_queue, numbers)
    states = [(jobs[number].state, jobs[number].exit_code) for number in numbers]
    assert states == [(JobState.FINISHED, 0), (JobState.FAILED, 1), (JobState.FAILED, 2)]
    assert jobs[numbers[1]].reason == "It ended with exit code 1"
    found = {run.run_id: run.status for run in read_runs(store_of_queue, find_runs(store_of_queue))}
    assert [found[jobs[number].run_uuid] for number in numbers] == [
        RunStatus.FINISHED,
        RunStatus.FAILED,
        RunStatus.FAILED,
    ]


def test_what_waits_is_begun_be_it_that_nothing_is_committed_after_that(
    queue: Callable[..., int], store_of_queue: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("runfolio.store.watch.Watch.poll", lambda self: False)
    monkeypatch.setenv("RUNFOLIO_WORK", str(tmp_path / "work"))
    number = queue("true")
    Worker(store_of_queue, tracker(store_of_queue.path), lambda _: None).work()
    close_all()
    assert reading.get_job(store_of_queue, number).state == JobState.FINISHED


def test_as_many_run_at_one_time_as_there_are_places(
    queue: Callable[..., int], store_of_queue: Store, work: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    """Each waits for the other one: with fewer places neither would end, and the third comes after them."""
    changing.set_slots(store_of_queue, Slots(jobs=2))
    for mine, other in ("ab", "ba"):
        queue(f"touch {tmp_path}/{mine}; until [ -e {tmp_path}/{other} ]; do sleep 0.05; done; test ! -e {tmp_path}/c")
    queue(f"touch {tmp_path}/c")
    assert work().wait(PATIENCE) == 0
    assert reading.queue_state(store_of_queue).counts == {JobState.FINISHED: 3}


def test_a_job_that_is_cancelled_ends_and_one_that_waits_never_begins(
    queue: Callable[..., int], store_of_queue: Store, work: Callable[[], subprocess.Popen[bytes]]
) -> None:
    changing.set_slots(store_of_queue, Slots(jobs=1))
    first, second = queue("sleep 600"), queue("sleep 600")
    process = work()
    until(lambda: reading.get_job(store_of_queue, first).state == JobState.RUNNING)
    changing.cancel(store_of_queue, [first, second])
    assert process.wait(PATIENCE) == 0
    jobs = [reading.get_job(store_of_queue, number) for number in (first, second)]
    assert [job.state for job in jobs] == [JobState.CANCELLED, JobState.CANCELLED]
    assert [job.run_uuid != "" for job in jobs] == [True, False]


def test_nothing_begins_while_the_queue_is_paused(
    queue: Callable[..., int], store_of_queue: Store, work: Callable[[], subprocess.Popen[bytes]]
) -> None:
    number = queue("true")
    changing.pause(store_of_queue, True)
    assert work().wait(PATIENCE) == 0
    assert reading.get_job(store_of_queue, number).state == JobState.WAITING
    assert not starting.is_due(store_of_queue)


def test_what_can_never_run_fails_with_the_reason(
    queue: Callable[..., int], store_of_queue: Store, work: Callable[[], subprocess.Popen[bytes]]
) -> None:
    number = queue("true", needs=Needs(gpu=64))
    assert work().wait(PATIENCE) == 0
    job = reading.get_job(store_of_queue, number)
    assert job.state == JobState.FAILED and "64 graphics cards" in job.reason


def test_a_wrong_request_fails_without_a_run(
    queue: Callable[..., int], store_of_queue: Store, work: Callable[[], subprocess.Popen[bytes]]
) -> None:
    number = queue("true", entry_point="mian")
    assert work().wait(PATIENCE) == 0
    job = reading.get_job(store_of_queue, number)
    assert (job.state, job.run_uuid) == (JobState.FAILED, "") and "'main'" in job.reason


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_job_that_was_interrupted_is_run_again_and_nothing_of_it_lives_on(
    queue: Callable[..., int],
    store_of_queue: Store,
    work: Callable[[], subprocess.Popen[bytes]],
    tmp_path: Path,
    how: signal.Signals,
) -> None:
    mark = tmp_path / "pid"
    number = queue(f"if [ -e {mark} ]; then exit 0; fi; echo $$ > {mark}; sleep 600")
    process = work()
    until(lambda: mark.exists() and mark.read_text().strip() != "")
    until(lambda: reading.get_job(store_of_queue, number).state == JobState.RUNNING)
    process.send_signal(how)
    process.wait(PATIENCE)
    left: Job = reading.get_job(store_of_queue, number)
    assert left.state == (JobState.WAITING if how == signal.SIGTERM else JobState.RUNNING)
    assert starting.is_due(store_of_queue)
    assert work().wait(PATIENCE) == 0
    job = reading.get_job(store_of_queue, number)
    assert (job.state, job.attempts) == (JobState.FINISHED, 2)
    assert not lives(int(mark.read_text()))
    recover(store_of_queue)
    found = {run.run_id: run.status for run in read_runs(store_of_queue, find_runs(store_of_queue))}
    assert found == {left.run_uuid or min(found.keys() - {job.run_uuid}): RunStatus.KILLED, job.run_uuid: "FINISHED"}


def test_a_request_that_nobody_can_read_fails_and_the_others_run(
    store_of_queue: Store, queue: Callable[..., int], work: Callable[[], subprocess.Popen[bytes]]
) -> None:
    """As a newer version may have written it."""
    requests: list[Mapping[str, Any]] = [
        {"uri": "a", "needs": {"cpu": "all"}},
        {"uri": "a", "needs": None},
        {"uri": "a", "retries": "often"},
    ]
    wrong = changing.enqueue_many(store_of_queue, [(JobKind.RUN, "wrong", one) for one in requests])[0]
    right = queue("true")
    assert work().wait(PATIENCE) == 0
    jobs = reading.jobs_of(store_of_queue, [*wrong, right])
    assert [jobs[one].state for one in (*wrong, right)] == [JobState.FAILED] * 3 + [JobState.FINISHED]
    assert all("cannot be read" in jobs[one].reason for one in wrong)


def test_a_store_that_is_busy_ends_no_job_and_forgets_none(
    store_of_queue: Store, queue: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = queue("sleep 1; exit 3")
    told: list[str] = []

    def busy_at_first(module: object, name: str, times: int) -> None:
        real, left = getattr(module, name), [times]

        def call(*given: Any, **named: Any) -> Any:
            if left[0]:
                left[0] -= 1
                raise StoreBusy("Another process writes to the store.")
            return real(*given, **named)

        monkeypatch.setattr(module, name, call)

    monkeypatch.setattr(job, "RETRY", 0.05)
    monkeypatch.setenv("RUNFOLIO_WORK", str(tmp_path / "work"))
    for name, times in (("note_job", 4), ("end_job", 2)):
        busy_at_first(job, name, times)
    busy_at_first(worker, "queue_state", 2)
    try:
        assert worker.work_at(tmp_path / "store", told.append)
    finally:
        close_all()
    found = reading.get_job(store_of_queue, number)
    assert (found.state, found.exit_code, found.attempts) == (JobState.FAILED, 3, 1)
    assert len([one for one in told if "tried again" in one]) == 2
    [run] = read_runs(store_of_queue, find_runs(store_of_queue))
    assert run.run_id == found.run_uuid, "which was noted when the store had time"


def test_one_process_works_at_a_time_and_the_other_one_says_so(
    store_of_queue: Store, work: Callable[[], subprocess.Popen[bytes]]
) -> None:
    with working.alone_working(store_of_queue) as alone:
        assert alone
        assert work().wait(PATIENCE) == 1


def test_putting_something_into_the_queue_starts_who_works_at_it(
    queue: Callable[..., int], store_of_queue: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNFOLIO_QUEUE", "1")
    number = queue("true")
    assert starting.start_if_due(store_of_queue)
    until(lambda: reading.get_job(store_of_queue, number).state == JobState.FINISHED)

    def nobody_is_at_it() -> bool:
        with working.alone_working(store_of_queue) as alone:
            return alone

    until(nobody_is_at_it)
    assert not starting.start_if_due(store_of_queue), "nothing is left to be done"
