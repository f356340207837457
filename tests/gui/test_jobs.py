"""Work off the main thread: answers come back on it, old ones are dropped, errors are seen, threads end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from runfolio.gui.jobs import LONG_READERS, READERS, Job, Jobs


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    """Jobs that end with the test."""
    one = Jobs()
    yield one
    one.close()


def test_an_answer_comes_back_on_the_main_thread(qtbot: QtBot, jobs: Jobs) -> None:
    seen: list[tuple[threading.Thread, threading.Thread]] = []
    jobs.read(threading.current_thread, lambda worker: seen.append((worker, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(seen))
    ((worker, receiver),) = seen
    assert receiver is threading.main_thread() and worker is not receiver


def test_a_newer_job_of_a_channel_replaces_the_older(qtbot: QtBot, jobs: Jobs) -> None:
    gate = threading.Event()
    answers: list[Any] = []
    jobs.read(lambda: gate.wait(10) and "old", answers.append, channel="x")
    jobs.read(lambda: "other", answers.append, channel="y")
    jobs.read(lambda: "new", answers.append, channel="x")
    qtbot.waitUntil(lambda: len(answers) == 2)
    gate.set()
    qtbot.waitUntil(lambda: not jobs.running)
    assert sorted(answers) == ["new", "other"]


def test_a_cancelled_job_says_nothing(qtbot: QtBot, jobs: Jobs) -> None:
    gate = threading.Event()
    answers: list[object] = []
    job = jobs.read(lambda: gate.wait(10), answers.append)
    job.cancel()
    gate.set()
    qtbot.waitUntil(lambda: not jobs.running)
    assert answers == []


def test_long_work_sees_that_nobody_waits_and_says_how_far_it_is(qtbot: QtBot, jobs: Jobs) -> None:
    begun, seen = threading.Event(), threading.Event()
    answers: list[object] = []

    def work(job: Job) -> None:
        job.progress = 0.5
        begun.set()
        while not job.cancelled:
            seen.wait(0.01)
        seen.set()

    job = jobs.read_long(work, answers.append, title="Counting")
    assert begun.wait(10) and job.progress == 0.5
    job.cancel()
    assert seen.wait(10)
    qtbot.waitUntil(lambda: not jobs.running)
    assert answers == []


def test_nothing_waits_for_what_takes_long(qtbot: QtBot, jobs: Jobs) -> None:
    answers: list[object] = []
    over = threading.Event()
    for _ in range(READERS + LONG_READERS):
        jobs.read_long(lambda job: over.wait(10), answers.append, title="Training")
    jobs.read(lambda: "read", answers.append)
    qtbot.waitUntil(lambda: answers == ["read"])
    over.set()
    qtbot.waitUntil(lambda: not jobs.running)


def test_an_error_is_told(qtbot: QtBot, jobs: Jobs) -> None:
    def fail() -> None:
        raise OSError("no disk")

    caught: list[Exception] = []
    jobs.read(fail, lambda answer: None, failed=caught.append)
    with qtbot.waitSignal(jobs.failed) as told:
        jobs.read(fail, lambda answer: None, title="Reading")
    qtbot.waitUntil(lambda: [str(error) for error in caught] == ["no disk"])
    assert str(told.args[0]) == "no disk" and told.args[1] == "Reading"


def test_writes_follow_each_other_and_are_finished_at_the_end(qtbot: QtBot) -> None:
    jobs = Jobs()
    order: list[int] = []
    gate = threading.Event()

    def first() -> None:
        gate.wait(10)
        order.append(0)

    jobs.write(first, lambda answer: None)
    for number in range(1, 5):
        jobs.write(lambda number=number: order.append(number), lambda answer: None)  # type: ignore[misc]
    threading.Timer(0.05, gate.set).start()
    jobs.close()
    assert order == [0, 1, 2, 3, 4]
