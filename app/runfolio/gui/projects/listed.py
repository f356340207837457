"""The projects of the list as Qt's item model, for the navigator."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt

from runfolio.gui.aliases import Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.navigator.searched_list import SearchedList
from runfolio.gui.projects.addresses import kind_of
from runfolio.store.projects.listing import ListedProject

#: What kind of address it is; whether it is pinned.
KIND_ROLE, PINNED_ROLE = (int(Qt.ItemDataRole.UserRole) + number for number in (1, 2))


class ProjectsModel(SearchedList[ListedProject]):
    """One row for each project that is searched for: the pinned ones first, then those used last."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda project: project.uri, lambda project: project.title, parent)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        project = self.thing_at(index)
        if project is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return project.title
        if role == KIND_ROLE:
            return kind_of(project.uri)
        if role == PINNED_ROLE:
            return project.pinned
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"Project {project.title}, {kind_of(project.uri)}{', pinned' if project.pinned else ''}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(f"{project.title}\n{project.uri}")
        return None
