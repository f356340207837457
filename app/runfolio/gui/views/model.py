"""The saved views as Qt's item model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QObject, Qt

from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.store.views import StoredView

#: Empty, or what is to be said beside the name.
NOTE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
APPLIED_ROLE = int(Qt.ItemDataRole.UserRole) + 2
MODIFIED = "modified"


class SavedViewsModel(QAbstractListModel):
    """One row for each view.

    Attributes:
        rename: called with a view's number and its new name when the user has typed one; None if nobody may.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rename: Callable[[int, str], None] | None = None
        self._views: list[StoredView] = []
        self._applied: int | None = None
        self._modified = False

    def show_views(self, views: Sequence[StoredView], applied: int | None, modified: bool) -> None:
        """Show these; one may be applied, and changed since."""
        if [view.id for view in views] != [view.id for view in self._views]:
            self.beginResetModel()
            self._views, self._applied, self._modified = list(views), applied, modified
            self.endResetModel()
        elif (list(views), applied, modified) != (self._views, self._applied, self._modified):
            self._views, self._applied, self._modified = list(views), applied, modified
            self.dataChanged.emit(self.index(0), self.index(max(len(views) - 1, 0)))

    def view_at(self, index: Index) -> StoredView | None:
        """The view of a row."""
        return self._views[index.row()] if index.isValid() else None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._views)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        view = self.view_at(index)
        if view is None:
            return None
        note = MODIFIED if self._modified and view.id == self._applied else ""
        answers: dict[int, Any] = {
            int(Qt.ItemDataRole.DisplayRole): view.name,
            int(Qt.ItemDataRole.EditRole): view.name,
            int(Qt.ItemDataRole.ToolTipRole): tool_tip(f"{view.name}, {note}" if note else view.name),
            int(Qt.ItemDataRole.AccessibleTextRole): ", ".join(self._told(view, note)),
            NOTE_ROLE: note,
            APPLIED_ROLE: view.id == self._applied,
        }
        return answers.get(role)

    def _told(self, view: StoredView, note: str) -> list[str]:
        return [f"View {view.name}", *(["applied"] if view.id == self._applied else []), *([note] if note else [])]

    def setData(self, index: Index, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        view = self.view_at(index)
        if role == Qt.ItemDataRole.EditRole and view is not None and self.rename and str(value).strip() != view.name:
            self.rename(view.id, str(value))
        return False  # the new name shows once the store has it

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return usual | Qt.ItemFlag.ItemIsEditable if self.rename is not None else usual
