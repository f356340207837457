"""Shows the best runs of a chart's metric in all charts, and no others."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QMenu

from runfolio.core import eyes
from runfolio.core.columns import SortKey, metric
from runfolio.core.direction import lower_of
from runfolio.core.numbers import counted
from runfolio.gui.chrome.labels import as_caption
from runfolio.gui.messages import Message
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.run_order import first_runs
from runfolio.store.run_query import RunQuery
from runfolio.store.table import rows

#: How many may be chosen in the menu, and how many the command shows.
NUMBERS, USUAL = (3, 5, 10, 20), 10


def fill_best_menu(menu: QMenu, session: Session, key: str) -> None:
    """Offer the best few runs by a metric, or all again."""
    best = menu.addMenu(as_caption(f"Show Only the Best by {key}"))
    for number in NUMBERS:
        best.addAction(f"{number} Runs").triggered.connect(partial(show_best, session, key, number))
    best.addSeparator()
    everything = best.addAction("All Runs")
    everything.setEnabled(bool(session.view.only_runs or session.view.hidden_runs))
    everything.triggered.connect(lambda: session.set_view(eyes.all_shown(session.view), "Show All Runs"))


def show_best(session: Session, key: str, number: int = USUAL, _checked: bool = False) -> None:
    """Have charts show the best of the runs that the filter lets pass, as the metric's better direction says."""
    lower = lower_of(key, session.view.directions)
    work = partial(best_runs, session.store, session.query, key, number, lower=lower)
    done = partial(_show, session, key, lower)
    session.read_here(work, done, channel="charts.best", title="Looking for the best runs")


def best_runs(store: Store, query: RunQuery, key: str, number: int, *, lower: bool) -> list[str]:
    """The public ids of the runs of a query that came to the best values of a metric, the best first."""
    column = metric(key, "min" if lower else "max")
    ids, _ = first_runs(store, replace(query, sort=(SortKey(column, descending=not lower),)), number)
    found = rows(store, ids.tolist(), (column,))
    return [found[run].run_id for run in ids.tolist() if run in found and _is_number(found[run].cells[0])]


def _is_number(value: object) -> bool:
    return isinstance(value, float) and math.isfinite(value)


def _show(session: Session, key: str, lower: bool, found: list[str]) -> None:
    if not found:
        session.message.emit(Message(f"None of these runs has a value of {key}."))
        return
    session.set_view(eyes.only_shown(session.view, found), "Show Only the Best Runs")
    most = "lowest" if lower else "highest"
    session.message.emit(Message(f"Charts show only the {counted(len(found), 'run')} with the {most} {key}."))
