"""What the window's commands for views do; each is given the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runfolio.gui.views.files import ask_and_export, ask_and_open
from runfolio.gui.views.save_dialog import SaveDialog

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow


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
