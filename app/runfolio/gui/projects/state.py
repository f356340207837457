"""Which project is looked at, and what was filled into its forms."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from runfolio.core.projects.request import RunRequest


class ProjectsState(QObject):
    """Shared by the page, the navigator and the commands of a window.

    Attributes:
        uri: the project that is shown, as it is in the list; empty for none.
        filled: what a form held when it was left, by the project and the entry point.
        entries: the entry point that was looked at last, by project.

    Signals:
        project_changed(str): another project is shown.
        wanted(): the user wants to see the page, whatever is shown in the middle now.
        changes_wanted(str, str): the user wants to see what differs between two runs, the older one first; their ids.
    """

    project_changed = Signal(str)
    wanted = Signal()
    changes_wanted = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.uri = ""
        self.filled: dict[tuple[str, str], RunRequest] = {}
        self.entries: dict[str, str] = {}

    def show_project(self, uri: str) -> None:
        """Look at a project."""
        if uri != self.uri:
            self.uri = uri
            self.project_changed.emit(uri)

    def go_to(self, uri: str) -> None:
        """Show the page with a project."""
        self.show_project(uri)
        self.wanted.emit()
