"""What the command palette finds in a window: commands, settings, experiments, and runs and metrics by their names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from runfolio.core.settings import SETTINGS
from runfolio.gui import going
from runfolio.gui.actions import ACTIONS
from runfolio.gui.chrome.palette import Entry, Palette
from runfolio.gui.chrome.settings_page import SettingsPage
from runfolio.store import Store
from runfolio.store.completion import known_names
from runfolio.store.run_query import RunQuery
from runfolio.store.table import named_runs

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow

FOUND_RUNS, FOUND_METRICS = 40, 20


@dataclass(frozen=True, slots=True)
class Found:
    """What the store has of a name: runs with their experiments and names, and metrics."""

    runs: list[tuple[int, int, str]]
    metrics: list[str]


def open_palette(window: MainWindow) -> Palette:
    """Open the palette; it is given what the store has of the typed name as soon as that is read."""
    entries = [*_commands(window), *_experiments(window), *_views(window), *_settings(window)]
    palette = Palette(entries, window.session.theme.color("muted"), window)
    palette.asked.connect(partial(_search, window, palette))
    palette.open_over(window)
    return palette


def open_settings(window: MainWindow, key: str = "") -> None:
    """Open the page of settings, with the keyboard on one of them."""
    page = SettingsPage(window.session.preferences, window)
    page.show()
    if key:
        page.go_to(key)


def find(store: Store, text: str) -> Found:
    """The newest runs, and the metrics, with all words of the text in their names."""
    words = text.lower().split()
    metrics = [name for name in known_names(store).metrics if all(word in name.lower() for word in words)]
    return Found(named_runs(store, RunQuery(text=text), FOUND_RUNS), metrics[:FOUND_METRICS] if words else [])


def _commands(window: MainWindow) -> list[Entry]:
    """Those that make sense now."""
    made = [(action, window.actions_by_id[action.id]) for action in ACTIONS]
    return [
        Entry(item.text().replace("&&", "&"), action.shortcut.split(", ")[0], action.icon, item.trigger)
        for action, item in made
        if item.isEnabled()
    ]


def _experiments(window: MainWindow) -> list[Entry]:
    return [
        Entry(one.name, "experiment", "experiment", partial(going.to_run, window, 0, one.id))
        for one in window.navigator.experiments
    ]


def _views(window: MainWindow) -> list[Entry]:
    views = window.page.views
    return [Entry(one.name, "view", "star", partial(views.apply, one)) for one in views.views]


def _settings(window: MainWindow) -> list[Entry]:
    return [
        Entry(f"{one.page}: {one.title}", "setting", "settings", partial(open_settings, window, one.key))
        for one in SETTINGS
        if one.page
    ]


def _search(window: MainWindow, palette: Palette, text: str) -> None:
    work = partial(find, window.session.store, text)
    window.session.jobs.read(
        work, lambda found: palette.add(_found(window, found)), channel="palette", until=palette.finished
    )


def _found(window: MainWindow, found: Found) -> list[Entry]:
    names = {one.id: f"run in {one.name}" for one in window.navigator.experiments}
    runs = [
        Entry(name, names.get(place, "run"), "run", partial(going.to_run, window, run, place))
        for run, place, name in found.runs
    ]
    return runs + [Entry(key, "metric", "metric", partial(window.page.show_chart, key)) for key in found.metrics]
