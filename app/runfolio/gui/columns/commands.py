"""What the window's commands for columns and for the baseline do; each is given the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from runfolio.core.entities import Run
from runfolio.core.view_edits import reset_columns
from runfolio.gui import going
from runfolio.gui.columns.chooser import open_chooser
from runfolio.gui.columns.menu import ColumnMenu, open_menu
from runfolio.gui.columns.vary import show_varying
from runfolio.gui.messages import Message
from runfolio.gui.views.bar import Place
from runfolio.store.runs import get_run

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow
    from runfolio.gui.session import Session


# What the palette finds of a column's menu: a name, a title, what the menu calls it, and its symbol.
OF_COLUMN = (
    ("ascending", "Sort by the Column, Ascending", ("Sort Ascending",), "chevron-up"),
    ("descending", "Sort by the Column, Descending", ("Sort Descending",), "chevron-down"),
    ("filter", "Filter the Column…", ("Filter…",), "filter"),
    ("pin", "Pin or Unpin the Column", ("Pin", "Unpin"), "pin"),
    ("hide", "Hide the Column", ("Hide",), ""),
    ("heat", "Heat Colours of the Column", ("Heat Colours",), ""),
    ("formats", "Formats of the Column…", ("Formats…",), ""),
)


def choose_columns(window: MainWindow) -> None:
    """Open the column chooser under its button."""
    window.middle.go_to_runs()
    open_chooser(window.session, window.runs.feed, window.page.bar.button(Place.COLUMNS))


def column_menu(window: MainWindow) -> None:
    """Open the menu of the column that the keyboard is in."""
    table = window.runs.view
    going.to_table(window)
    show_menu(window, max(table.currentIndex().column(), 0), None)


def show_menu(window: MainWindow, section: int, place: QPoint | None) -> None:
    """Open the menu of a section of the run table's header."""
    if section < window.runs.feed.model.columnCount():
        open_menu(window.runs.view, window.session, section, place, window.actions_by_id["view.columns"])


def of_column(window: MainWindow, titles: Sequence[str]) -> None:
    """Do what an entry of the menu of the column does that the keyboard is in."""
    table = window.runs.view
    going.to_table(window)
    section = max(table.currentIndex().column(), 0)
    if section >= window.runs.feed.model.columnCount():
        return
    menu = ColumnMenu(table, window.session, section, window.actions_by_id["view.columns"])
    found = next((one for one in menu.actions() if one.text() in titles), None)
    if found is not None:
        found.trigger()
    else:
        window.session.message.emit(Message(f"The column {menu.column.heading} has no {titles[0].rstrip('…')}."))
    menu.deleteLater()


def add_varying(window: MainWindow) -> None:
    """Show the params and tags in which the runs that are listed differ."""
    show_varying(window.session, window.runs.feed, only=False)


def only_varying(window: MainWindow) -> None:
    """Show these, and hide those that are the same everywhere."""
    show_varying(window.session, window.runs.feed, only=True)


def reset(window: MainWindow) -> None:
    """Show the columns that the runs have by themselves."""
    window.session.set_view(reset_columns(window.session.view), "Reset Columns")


def set_row_height(window: MainWindow, height: str) -> None:
    """Give the rows of all tables another height, from now on."""
    window.session.preferences.set("row_height", height)


def make_baseline(window: MainWindow) -> None:
    """Compare all runs with the current one."""
    session, current = window.session, window.session.selection.current
    if current is not None:
        session.read_here(partial(get_run, session.store, current), partial(_compare_with, session))


def _compare_with(session: Session, run: Run) -> None:
    session.set_view(replace(session.view, baseline=run.run_id), "Make Baseline")


def clear_baseline(window: MainWindow) -> None:
    """Compare the runs with none any more."""
    window.session.set_view(replace(window.session.view, baseline=""), "Clear Baseline")


def go_to_baseline(window: MainWindow) -> None:
    """Select the run that the others are compared with."""
    window.runs.view.looking.go_to_baseline()


def has_baseline(window: MainWindow) -> bool:
    """Enabled while the runs are compared with one."""
    return bool(window.session.view.baseline)
