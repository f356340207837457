"""Commands that run a run again, and show what has changed since."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from runfolio.core.entities import Run
from runfolio.core.projects.tags import REPRODUCES
from runfolio.gui import going
from runfolio.gui.messages import Message
from runfolio.store import Store
from runfolio.store.runs import find_run, get_run

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow


def reproduce(window: MainWindow) -> None:
    """Ask how the run of the inspector is to be run again."""
    from runfolio.gui.projects.reproducing.dialog import ReproduceDialog  # not before it is wanted

    run = window.session.selection.current
    if run is not None:
        ReproduceDialog(window.session, run, window).open()


def what_changed(window: MainWindow) -> None:
    """Show what is other than in the run that this one was to do again."""
    run = window.session.selection.current
    if run is not None:
        work = partial(_pair_of, window.session.store, run)
        window.session.jobs.read(work, partial(_show, window))


def show_changes(window: MainWindow, old: str, new: str) -> None:
    """Show what differs between two runs, by their ids."""

    def work() -> tuple[Run, Run] | None:
        numbers = find_run(window.session.store, old), find_run(window.session.store, new)
        return _runs(window.session.store, *numbers)

    window.session.jobs.read(work, partial(_show, window))


def _pair_of(store: Store, run: int) -> tuple[Run, Run] | None:
    old = get_run(store, run).tags.get(REPRODUCES, "")
    return _runs(store, find_run(store, old) if old else None, run)


def _runs(store: Store, old: int | None, new: int | None) -> tuple[Run, Run] | None:
    return None if old is None or new is None else (get_run(store, old), get_run(store, new))


def _show(window: MainWindow, pair: tuple[Run, Run] | None) -> None:
    if pair is None:
        window.session.message.emit(Message("This run does no other one again."))
        return
    old, new = pair
    window.session.select_experiments(sorted({old.experiment, new.experiment}))
    window.session.select_runs([old.id, new.id], new.id)
    going.to_compare(window)
