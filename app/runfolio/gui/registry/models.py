"""The registered models as Qt's item model, for the navigator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from runfolio.core.numbers import counted
from runfolio.core.registry.records import RegisteredModel
from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.navigator.tree import matches

#: How many versions there are.
COUNT_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class ModelsModel(QAbstractListModel):
    """One row for each model that is searched for.

    Attributes:
        everything: all models by name, as last read.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.everything: Sequence[RegisteredModel] = ()
        self._rows: list[RegisteredModel] = []
        self._words: list[str] = []

    def show_models(self, models: Sequence[RegisteredModel]) -> None:
        """Show these; where only what is told of them is other, the rows stay."""
        self.everything = models
        self._follow()

    def set_filter(self, text: str) -> None:
        """Show those whose names have all of these words."""
        self._words = text.lower().split()
        self._follow()

    def _follow(self) -> None:
        rows = [one for one in self.everything if matches(one.name, self._words)]
        if [one.name for one in rows] != [one.name for one in self._rows]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        elif rows != self._rows:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def model_at(self, index: Index) -> RegisteredModel | None:
        """The model of a row."""
        return self._rows[index.row()] if index.isValid() else None

    def find(self, name: str) -> QModelIndex:
        """The row of a model; an invalid one if it is not there."""
        return next((self.index(row) for row, one in enumerate(self._rows) if one.name == name), QModelIndex())

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        model = self.model_at(index)
        if model is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return model.name
        if role == COUNT_ROLE:
            return model.versions
        told = counted(model.versions, "version")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"Registered model {model.name}, {told}"
        if role == Qt.ItemDataRole.ToolTipRole:
            held = "\n".join(f"{stage}: v{number}" for stage, number in model.holders.items() if stage != "None")
            return tool_tip("\n".join(part for part in (f"{model.name}, {told}", held) if part))
        return None
