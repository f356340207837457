"""The projects of the list as Qt's item model, for the navigator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.navigator.tree import matches
from runfolio.gui.projects.addresses import kind_of
from runfolio.store.projects.listing import ListedProject

#: What kind of address it is; whether it is pinned.
KIND_ROLE, PINNED_ROLE = (int(Qt.ItemDataRole.UserRole) + number for number in (1, 2))


class ProjectsModel(QAbstractListModel):
    """One row for each project that is searched for: the pinned ones first, then those used last.

    Attributes:
        everything: all of them, as last read.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.everything: Sequence[ListedProject] = ()
        self._rows: list[ListedProject] = []
        self._words: list[str] = []

    def show_projects(self, projects: Sequence[ListedProject]) -> None:
        """Show these; where only what is told of them is other, the rows stay."""
        self.everything = projects
        self._follow()

    def set_filter(self, text: str) -> None:
        """Show those whose titles have all of these words."""
        self._words = text.lower().split()
        self._follow()

    def _follow(self) -> None:
        rows = [one for one in self.everything if matches(one.title, self._words)]
        if [one.id for one in rows] != [one.id for one in self._rows]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        elif rows != self._rows:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def project_at(self, index: Index) -> ListedProject | None:
        """The project of a row."""
        return self._rows[index.row()] if index.isValid() else None

    def find(self, uri: str) -> QModelIndex:
        """The row of a project; an invalid one if it is not there."""
        return next((self.index(row) for row, one in enumerate(self._rows) if one.uri == uri), QModelIndex())

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        project = self.project_at(index)
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
