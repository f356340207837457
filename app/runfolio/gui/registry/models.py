"""The registered models as Qt's item model, for the navigator."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt

from runfolio.core.numbers import counted
from runfolio.core.registry.records import RegisteredModel
from runfolio.gui.aliases import Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.navigator.searched_list import SearchedList

#: How many versions there are.
COUNT_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class ModelsModel(SearchedList[RegisteredModel]):
    """One row for each model that is searched for, by name."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda model: model.name, lambda model: model.name, parent)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        model = self.thing_at(index)
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
