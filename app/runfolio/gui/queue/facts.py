"""What is told of a job, as rows of names and values; no widgets."""

from __future__ import annotations

from collections.abc import Iterator

from runfolio.core import numbers
from runfolio.core.clock import now_ms
from runfolio.core.projects.request import EnvManager
from runfolio.core.queue.records import Job, JobKind
from runfolio.core.system_tags import ERROR_TAG
from runfolio.gui.inspector.facts import Details
from runfolio.gui.inspector.rows import TableRow, simple
from runfolio.gui.queue.rows import duration
from runfolio.gui.queue.words import as_typed, experiment_of, needs_text, request_of


def fact_rows(job: Job, details: Details | None) -> list[TableRow]:
    """All that is known, the most asked for first; what there is nothing to say of is left out."""
    return [simple(name, value) for name, value in _facts(job, details) if value]


def _facts(job: Job, details: Details | None) -> Iterator[tuple[str, str]]:
    request = request_of(job)
    reason = job.reason
    error = details.run.tags.get(ERROR_TAG, "") if details is not None else ""
    yield "Reason", reason
    yield "Error", error if error != reason else ""
    yield "Exit code", "" if job.exit_code is None else str(job.exit_code)
    yield "Command", as_typed(request)
    yield "Kind", {JobKind.RUN: "", JobKind.SWEEP: "sweep", JobKind.REPRODUCE: "a run once more"}[job.kind]
    yield "Run", details.run.name if details is not None else ""
    yield "Experiment", experiment_of(request)
    for name, value in request.parameters.items():
        yield f"-P {name}", value
    yield "Source", request.uri
    yield "Version", request.version
    yield "Entry point", request.entry_point or "main"
    yield "Environment", "the project's own" if request.env_manager is EnvManager.AUTO else str(request.env_manager)
    yield "Needs", needs_text(request.needs)
    yield "Time limit", numbers.duration(round(1000 * request.timeout)) if request.timeout else ""
    yield "Retries", str(request.retries) if request.retries else ""
    yield "Attempts", str(job.attempts) if job.attempts > 1 else ""
    yield "Put into the queue", numbers.full_time(job.created)
    yield "Started", numbers.full_time(job.started) if job.started is not None else ""
    yield "Ended", numbers.full_time(job.ended) if job.ended is not None else ""
    yield "Took", duration(job, now_ms()) if job.ended is not None else ""
    yield "Number", str(job.id)
