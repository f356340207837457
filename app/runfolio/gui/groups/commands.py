"""What the window's commands for groups do; each is given the window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from runfolio.core import group_edits
from runfolio.core.statistics import Statistic
from runfolio.gui.groups.chooser import open_chooser
from runfolio.gui.messages import Message
from runfolio.gui.views.bar import Bar, BarButton, Place

if TYPE_CHECKING:
    from runfolio.core.views import View
    from runfolio.gui.main_window import MainWindow

# A caption that is longer would leave the filter no room.
LONGEST = 24


def is_grouped(window: MainWindow) -> bool:
    """Enabled while runs are in groups."""
    return window.session.view.grouped


def choose(window: MainWindow) -> None:
    """Open the list of what runs can be grouped by, under its button."""
    window.middle.go_to_runs()
    open_chooser(window.session, window.runs.feed, window.page.bar.button(Place.GROUP))


def all_but_seed(window: MainWindow) -> None:
    """Put runs that differ in nothing but their seed into one group."""
    found = group_edits.seeds(window.runs.feed.natural)
    if found:
        window.session.set_view(group_edits.all_but(window.session.view, found), "Group")
    else:
        window.session.message.emit(Message("None of these runs has a param that is called a seed."))


def ungroup(window: MainWindow) -> None:
    """Show runs, not groups."""
    window.session.set_view(group_edits.ungroup(window.session.view), "Ungroup")


def show_statistic(window: MainWindow, statistic: Statistic) -> None:
    """Have groups show another statistic of their runs' numbers."""
    window.session.set_view(replace(window.session.view, statistic=statistic), "Statistic of Groups")


def open_all(window: MainWindow) -> None:
    """Open all groups, or all runs that others are nested in."""
    window.runs.feed.folding.set_all(True)


def close_all(window: MainWindow) -> None:
    """Close them."""
    window.runs.feed.folding.set_all(False)


def toggle_eyes(window: MainWindow) -> None:
    """Have charts leave out the runs of the group that the keyboard is in, or show them again."""
    row, folding = window.runs.view.current_row(), window.runs.feed.folding
    group = row if row is None or row < 0 else folding.parent_of(row)
    if group is not None:
        window.runs.toggle_group_eyes(group)


def toggle_nested(window: MainWindow) -> None:
    """Show nested runs beneath their parents, or each by itself."""
    view = window.session.view
    window.session.set_view(replace(view, nested=not view.nested), "Nested Runs")
    said = "Nested runs stand by themselves." if view.nested else "Nested runs stand beneath their parents."
    window.session.message.emit(Message(said))


def show_caption(bar: Bar, button: BarButton, view: View) -> None:
    """Have the button say what the runs are grouped by."""
    by = group_edits.caption(view)
    levels = len(view.group_by) + bool(view.group_except)
    fits = f"Group by {by} ▾" if len(by) <= LONGEST else f"Group by {levels} ▾"
    button.setAccessibleDescription(by)
    button.set_caption(fits if by else "Group by ▾", f"{levels}" if levels else "")
    bar.fit()
