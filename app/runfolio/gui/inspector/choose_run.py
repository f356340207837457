"""Choosing the run to compare with: by typing its name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from runfolio.core.entities import Run
from runfolio.gui.chrome.palette import Entry, Palette
from runfolio.gui.session import Session
from runfolio.store.run_query import RunQuery
from runfolio.store.runs import find_run
from runfolio.store.table import named_runs

MOST = 60
Chosen = Callable[[int | None], None]


def choose_run(session: Session, run: Run, window: QWidget, chosen: Chosen) -> Palette:
    """Ask for a run of the same experiment; `chosen` gets it, or None for the previous run of the script."""
    palette = Palette(_fixed(session, chosen), session.theme.color("muted"), window)
    palette.field.setPlaceholderText("Type the name of the run to compare with")
    palette.field.setAccessibleName("Run to compare with")
    palette.asked.connect(partial(_find, session, run, palette, chosen))
    palette.open_over(window)
    return palette


def _fixed(session: Session, chosen: Chosen) -> list[Entry]:
    entries = [Entry("The previous run of this script", "default", "run", partial(chosen, None))]
    if session.view.baseline:
        entries.append(Entry("The baseline", "", "run", partial(_baseline, session, chosen)))
    return entries


def _baseline(session: Session, chosen: Chosen) -> None:
    session.jobs.read(partial(find_run, session.store, session.view.baseline), chosen)


def _find(session: Session, run: Run, palette: Palette, chosen: Chosen, text: str) -> None:
    query = RunQuery((run.experiment,), text=text)
    work, done = partial(named_runs, session.store, query, MOST), partial(_offer, run, palette, chosen)
    session.jobs.read(work, done, channel="choose_run", until=palette.finished)


def _offer(run: Run, palette: Palette, chosen: Chosen, found: list[tuple[int, int, str]]) -> None:
    palette.add([Entry(name, "run", "run", partial(chosen, number)) for number, _, name in found if number != run.id])
