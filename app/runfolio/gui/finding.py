"""What the command palette finds in a window: commands, experiments, and runs by their names."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from runfolio.gui.actions import ACTIONS
from runfolio.gui.chrome.palette import Entry, Palette
from runfolio.store.table import RunQuery, named_runs

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow

FOUND_RUNS = 40


def open_palette(window: MainWindow) -> Palette:
    """Open the palette; it is given the runs of the typed name as soon as they are read."""
    palette = Palette([*_commands(window), *_experiments(window)], window.session.theme.color("muted"), window)
    palette.asked.connect(partial(_find_runs, window, palette))
    palette.open_over(window)
    return palette


def _commands(window: MainWindow) -> list[Entry]:
    """Those that make sense now."""
    made = [(action, window.actions_by_id[action.id]) for action in ACTIONS]
    return [
        Entry(action.title, action.shortcut.split(", ")[0], action.icon, item.trigger)
        for action, item in made
        if item.isEnabled()
    ]


def _experiments(window: MainWindow) -> list[Entry]:
    choose = window.session.select_experiments
    return [
        Entry(one.name, "experiment", "experiment", partial(choose, [one.id])) for one in window.navigator.experiments
    ]


def _find_runs(window: MainWindow, palette: Palette, text: str) -> None:
    work = partial(named_runs, window.session.store, RunQuery(text=text), FOUND_RUNS)
    job = window.session.jobs.read(work, lambda found: palette.add(_runs(window, found)), channel="palette")
    palette.finished.connect(job.cancel)


def _runs(window: MainWindow, found: list[tuple[int, int, str]]) -> list[Entry]:
    return [Entry(name, "run", "run", partial(_go_to_run, window, run, experiment)) for run, experiment, name in found]


def _go_to_run(window: MainWindow, run: int, experiment: int) -> None:
    window.session.select_experiments([experiment])
    window.session.select_runs([run], run)
    window.runs.setFocus()
