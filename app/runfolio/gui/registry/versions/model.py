"""Versions of a model as Qt's item model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt
from PySide6.QtGui import QBrush

from runfolio.core.columns import Column, Kind
from runfolio.core.registry.records import ModelVersion
from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.chrome.tables import LEFT, RIGHT
from runfolio.gui.registry.stages import stage_role
from runfolio.gui.registry.versions.columns import ATTRIBUTES, STAGE, formats_of, full_text, text_of
from runfolio.gui.theme import Theme

Role = Qt.ItemDataRole
#: All of a cell, for the clipboard.
FULL_ROLE = int(Role.UserRole) + 1
#: Stands before the name of a stage, in its colour.
DOT = "● "
#: The colour of a stage that is for dots, and too faint for words.
FAINT = "stage_archived"


class VersionsModel(QAbstractTableModel):
    """One row for each version.

    Attributes:
        versions, columns: what is shown.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.versions: Sequence[ModelVersion] = ()
        self.columns: Sequence[Column] = ()
        self._stages: Sequence[str] = ()
        self._formats = formats_of((), ())

    def show_versions(self, versions: Sequence[ModelVersion], columns: Sequence[Column], stages: Sequence[str]) -> None:
        """Show these; where only what is told of them is other, the rows stay."""
        same = [one.id for one in versions] == [one.id for one in self.versions] and list(columns) == list(self.columns)
        if not same:
            self.beginResetModel()
        self.versions, self.columns, self._stages = versions, columns, stages
        self._formats = formats_of(versions, columns)
        if not same:
            self.endResetModel()
        elif versions:
            self.dataChanged.emit(self.index(0, 0), self.index(len(versions) - 1, len(columns) - 1))

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.versions)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = int(Role.DisplayRole)) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Role.TextAlignmentRole:
            return int(RIGHT if column.kind is Kind.NUMBER else LEFT)
        if role == Role.ToolTipRole:
            return tool_tip(column.id)
        return column.title if role == Role.DisplayRole else None

    def data(self, index: Index, role: int = int(Role.DisplayRole)) -> Any:
        version, column = self.versions[index.row()], self.columns[index.column()]
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            text = text_of(version, column, self._formats)
            return f"{DOT}{text}" if column == ATTRIBUTES[STAGE] and role == Role.DisplayRole else text
        if role in (FULL_ROLE, Role.ToolTipRole):
            full = full_text(version, column)
            return full if role == FULL_ROLE else tool_tip(full)
        if role == Role.TextAlignmentRole:
            return int(RIGHT if column.kind is Kind.NUMBER else LEFT)
        if role == Role.ForegroundRole and column == ATTRIBUTES[STAGE]:
            color = stage_role(version.stage, self._stages)
            return QBrush(self._theme.color("muted" if color == FAINT else color))
        return None
