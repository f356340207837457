"""What the window's commands for selected runs do; each is given the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from runfolio.core import eyes
from runfolio.core.table_texts import Shape
from runfolio.gui.runs.color_dialog import ColorDialog
from runfolio.gui.runs.edit_runs import EditRunsDialog, Kind
from runfolio.gui.runs.eyes import with_ids
from runfolio.store.colors import set_colors
from runfolio.store.steps import InSteps

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow


def compare(window: MainWindow) -> None:
    """Show what differs between the two runs that are selected; more of them have a page of their own."""
    if len(window.session.selection.ids) > 2:
        window.page.show_compare()
        return
    runs, current = window.session.selection.ids.tolist(), window.session.selection.current
    shown = current if current in runs else runs[0]
    window.session.select_runs(runs, shown)
    if not window.inspector.isVisible():
        window.toggle("inspector")
    window.inspector.compare_with(runs[1] if shown == runs[0] else runs[0])


def add_tag(window: MainWindow) -> None:
    """Add a tag to the run of the inspector, or ask for one for all that are selected."""
    if len(window.session.selection.ids) > 1:
        edit_runs(window, Kind.SET_TAG)
    else:
        window.inspector.add_tag()


def describe(window: MainWindow) -> None:
    """Describe the run of the inspector, or all that are selected."""
    if len(window.session.selection.ids) > 1:
        edit_runs(window, Kind.DESCRIBE)
    else:
        window.inspector.edit_note()


def edit_runs(window: MainWindow, kind: Kind = Kind.SET_TAG) -> None:
    """Ask for a change to all selected runs."""
    EditRunsDialog(window.session, window.runs.selected_runs(), kind, window).open()


def copy_csv(window: MainWindow) -> None:
    """Put the selected rows on the clipboard as CSV."""
    window.runs.copy_rows(Shape.CSV)


def copy_markdown(window: MainWindow) -> None:
    """Put the selected rows on the clipboard as a table of Markdown."""
    window.runs.copy_rows(Shape.MARKDOWN)


def copy_latex(window: MainWindow) -> None:
    """Put the selected rows on the clipboard as a table of LaTeX."""
    window.runs.copy_rows(Shape.LATEX)


def toggle_eyes(window: MainWindow) -> None:
    """Have charts leave the selected runs out, or show them again; on a group, the key opens and closes it."""
    row, folding = window.runs.view.current_row(), window.runs.feed.folding
    if row is not None and row < 0:
        folding.toggle(row)
    else:
        _with_ids(window, window.runs.toggle_eyes)


def show_only(window: MainWindow) -> None:
    """Have charts show the selected runs, whatever is selected later."""
    session = window.session
    _with_ids(window, lambda ids: session.set_view(eyes.only_shown(session.view, ids), "Show Only These Runs"))


def show_all(window: MainWindow) -> None:
    """Have charts leave no run out."""
    window.session.set_view(eyes.all_shown(window.session.view), "Show All Runs")


def choose_color(window: MainWindow) -> None:
    """Ask for a colour for the selected runs."""
    runs, session = window.session.selection.ids.tolist(), window.session
    dialog = ColorDialog(len(runs), session.theme.dark, window)

    def put(color: int | None) -> None:
        session.run(InSteps(lambda store, steps: set_colors(store, runs, color, steps), "Colouring runs"))

    dialog.chosen.connect(put)
    dialog.open()


def _with_ids(window: MainWindow, done: Callable[[list[str]], None]) -> None:
    """Hand on the public ids of the selected runs."""
    with_ids(window.session, window.session.selection.ids, "selected runs", done)
