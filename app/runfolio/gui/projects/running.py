"""Puts what a form asks for into the queue, and has somebody work at that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from runfolio.core.projects.request import RunRequest
from runfolio.core.queue.records import JobKind
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.operations import Outcome
from runfolio.store.projects.listing import note_project
from runfolio.store.queue.changing import enqueue
from runfolio.store.queue.starting import start_worker


def run(session: Session, title: str, request: RunRequest) -> None:
    """Put a run of a project into the queue; the message that tells of it leads there."""
    put(session, JobKind.RUN, _named(title, request), request.written(), (request.uri, title))


def put(
    session: Session,
    kind: JobKind,
    name: str,
    written: Mapping[str, object],
    project: tuple[str, str] | None = None,
    then: Callable[[int], object] | None = None,
) -> None:
    """Put a job into the queue.

    Args:
        project: the address and title of what the list of projects is to have.
        then: gets the number of the job, once it is there.
    """
    numbers: list[int] = []
    work = partial(_put, kind=kind, name=name, written=written, project=project, numbers=numbers)

    def done(is_there: bool) -> None:
        if is_there and then is not None and len(numbers) == 1:
            then(numbers.pop())

    session.run(work, done, show=session.queue.wanted.emit)


def _put(
    store: Store,
    kind: JobKind,
    name: str,
    written: Mapping[str, object],
    project: tuple[str, str] | None,
    numbers: list[int],
) -> Outcome:
    number, outcome = enqueue(store, kind, name, written)
    numbers.append(number)
    if project is not None:
        note_project(store, *project)
    start_worker(store)
    return outcome


def _named(title: str, request: RunRequest) -> str:
    """What people call the job."""
    return request.run_name or f"{title} {request.entry_point}".strip()
