"""Leads to the run of a job or of a trial: into the table of its experiment or, of a sweep, to its page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from runfolio.core.errors import NotFound
from runfolio.gui.messages import Message
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.runs import find_run, get_run
from runfolio.store.sweeps.memory import sweep_of


@dataclass(frozen=True, slots=True)
class Place:
    """The store's numbers of a run and its experiment, and whether it is the parent of a sweep."""

    run: int
    experiment: int
    is_sweep: bool


def go_to_run(session: Session, run_uuid: str) -> None:
    """Go there, by the run's public id."""

    def go(place: Place | None) -> None:
        if place is None:
            session.message.emit(Message("The run is gone."))
        elif place.is_sweep:
            session.select_runs([place.run], place.run)
            session.queue.sweep_wanted.emit()
        else:
            session.run_wanted.emit(place.run, place.experiment)

    session.jobs.read(partial(_read, session.store, run_uuid), go)


def _read(store: Store, run_uuid: str) -> Place | None:
    number = find_run(store, run_uuid)
    if number is None:
        return None
    try:
        return Place(number, get_run(store, number).experiment, sweep_of(store, number) is not None)
    except NotFound:
        return None
