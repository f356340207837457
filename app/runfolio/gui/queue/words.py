"""What jobs are called in the window: their states with shape and colour, their needs, and what one would type."""

from __future__ import annotations

import shlex

from runfolio.core.numbers import counted, short
from runfolio.core.projects.request import EnvManager, Needs, RunRequest, read_request
from runfolio.core.queue.records import Job, JobKind, JobState, Slots

SHAPES = {
    JobState.WAITING: "○",
    JobState.PREPARING: "◐",
    JobState.RUNNING: "●",
    JobState.FINISHED: "✓",
    JobState.FAILED: "✕",
    JobState.CANCELLED: "■",
}
#: The colour of a state, as the theme calls it.
ROLES = {
    JobState.WAITING: "muted",
    JobState.PREPARING: "accent",
    JobState.RUNNING: "accent",
    JobState.FINISHED: "ok",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "warn",
}
ENDING = "◌ ending"
DEFAULT = "Default"


def state_text(job: Job) -> str:
    """How far a job is, so that colour is never the only sign: `● running`."""
    return ENDING if job.cancelling else f"{SHAPES[job.state]} {job.state}"


def request_of(job: Job) -> RunRequest:
    """The run that a job asks for; of a sweep, what each of its trials is made of. Nothing is told of one that this
    version cannot read: who works at the queue says why it fails."""
    written = job.request if job.kind is JobKind.RUN else job.request.get("run", {})
    try:
        return read_request({"uri": "", **written})
    except (TypeError, ValueError):
        return RunRequest("")


def experiment_of(request: RunRequest) -> str:
    """Where its runs go."""
    return request.experiment or DEFAULT


def needs_text(needs: Needs) -> str:
    """What a job holds while it runs: `2 CPU · 4 GB · 1 GPU`."""
    parts = [f"{short(needs.cpu)} CPU"] if needs.cpu else []
    parts += [f"{short(needs.memory_gb)} GB"] if needs.memory_gb else []
    parts += [f"{needs.gpu} GPU"] if needs.gpu else []
    return " · ".join(parts)


def slots_text(slots: Slots) -> str:
    """What jobs may hold together: `2 jobs at once`, with limits of the machine where there are any."""
    limits = needs_text(Needs(slots.cpu, slots.memory_gb, slots.gpu))
    return " · ".join(filter(None, [f"{counted(slots.jobs, 'job')} at once", limits]))


def as_typed(request: RunRequest) -> str:
    """The command that would run the same, for a POSIX shell."""
    words = ["runfolio", "run", request.uri or "."]
    for option, value in (
        ("-e", request.entry_point),
        ("-v", request.version),
        ("--experiment-name", request.experiment),
        ("--run-name", request.run_name),
        ("--env-manager", "" if request.env_manager is EnvManager.AUTO else str(request.env_manager)),
    ):
        words += [option, value] if value else []
    for name, value in request.parameters.items():
        words += ["-P", f"{name}={value}"]
    return shlex.join(words)
