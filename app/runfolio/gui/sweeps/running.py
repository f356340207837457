"""A run with the parameters of a trial: put into the queue as it is. Who offers a form first changes this one place."""

from __future__ import annotations

from dataclasses import replace

from runfolio.core.projects.request import RunRequest
from runfolio.core.queue.records import JobKind
from runfolio.core.sweeps.records import Trial
from runfolio.gui.projects.running import put
from runfolio.gui.session import Session
from runfolio.gui.sweeps.reading import SweepFacts


def request_with(facts: SweepFacts, trial: Trial) -> RunRequest:
    """What a trial has run, as a run of its own."""
    return replace(facts.request, parameters={**facts.request.parameters, **trial.parameters}, parent="", run_name="")


def run_with(session: Session, facts: SweepFacts, trial: Trial) -> None:
    """Have it run; it can be undone as long as it waits."""
    put(session, JobKind.RUN, f"{facts.name} · trial {trial.number} again", request_with(facts, trial).written())
