"""What the window's commands for views and for several runs do; each is given the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runfolio.gui.messages import Message
from runfolio.gui.views.edit_runs import EditRunsDialog, Kind
from runfolio.gui.views.files import ask_and_export, ask_and_open
from runfolio.gui.views.save_dialog import SaveDialog

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow


def compare(window: MainWindow) -> None:
    """Show what differs between the two runs that are selected."""
    runs, current = window.session.selection.runs, window.session.selection.current
    if len(runs) != 2:
        said = f"Two runs can be compared, and {len(runs)} are selected. Their curves are below the table."
        window.session.message.emit(Message(said))
        return
    shown = current if current in runs else runs[0]
    window.session.select_runs(runs, shown)
    if not window.inspector.isVisible():
        window.toggle("inspector")
    window.inspector.compare_with(runs[1] if shown == runs[0] else runs[0])


def add_tag(window: MainWindow) -> None:
    """Add a tag to the run of the inspector, or ask for one for all that are selected."""
    if len(window.session.selection.runs) > 1:
        edit_runs(window, Kind.SET_TAG)
    else:
        window.inspector.add_tag()


def describe(window: MainWindow) -> None:
    """Describe the run of the inspector, or all that are selected."""
    if len(window.session.selection.runs) > 1:
        edit_runs(window, Kind.DESCRIBE)
    else:
        window.inspector.edit_note()


def edit_runs(window: MainWindow, kind: Kind = Kind.SET_TAG) -> None:
    """Ask for a change to all selected runs."""
    EditRunsDialog(window.session, window.runs.selected_runs(), kind, window).open()


def save_view(window: MainWindow) -> None:
    """Bring the applied view up to date; if none is applied, or it says the same already, ask for a new name."""
    views = window.page.views
    if views.modified:
        views.update()
    else:
        save_view_as(window)


def save_view_as(window: MainWindow) -> None:
    """Ask for a name and save how the runs are looked at."""
    views = window.page.views
    taken = frozenset(view.name for view in views.views)
    dialog = SaveDialog("", views.present("").experiments, taken, window)
    dialog.named.connect(lambda name, everywhere: views.save_as(name, everywhere=everywhere))
    dialog.open()


def delete_view(window: MainWindow) -> None:
    """Delete the applied view; how the runs are looked at stays."""
    applied = window.page.views.applied
    if applied is not None:
        window.page.views.delete(applied.id)


def open_view(window: MainWindow) -> None:
    """Ask for a file of a view and look at the runs that way."""
    ask_and_open(window.page.views, window.session, window)


def export_view(window: MainWindow) -> None:
    """Write how the runs are looked at now into a file for others."""
    applied = window.page.views.applied
    saved = window.page.views.present(applied.name if applied is not None else "View")
    ask_and_export(saved.to_json(), saved.name, window.session, window)
