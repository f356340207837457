"""Asks of a file what it can also be shown without: why there is none is an answer then."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from runfolio.core.errors import CannotShow
from runfolio.gui.jobs import Job
from runfolio.gui.viewers.viewer import Viewer
from runfolio.previews.records import Question

T = TypeVar("T")


def ask_aside(viewer: Viewer, question: Question[T], done: Callable[[T | CannotShow], None], part: str) -> Job:
    """Ask the process that reads files; `done` gets the answer, or the reason why there is none."""

    def asked(job: Job) -> T | CannotShow:
        try:
            return viewer.session.previews.ask(question, lambda: job.cancelled)
        except CannotShow as error:
            return error

    return viewer.read(asked, done, part)
