"""What the window's commands for views and for several runs do; each is given the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runfolio.gui.messages import Message

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
