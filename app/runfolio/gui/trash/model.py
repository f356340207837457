"""What is in the trash as a table. Knows no widgets and no store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from runfolio.core import numbers
from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.chrome.tables import RIGHT, heading
from runfolio.gui.icons import icon
from runfolio.store.trashed import Kind, Trashed

NAME, FROM, DELETED, RUNS, BYTES = range(5)
ICONS = {
    Kind.RUN: "run",
    Kind.EXPERIMENT: "experiment",
    Kind.FILES: "artifact",
    Kind.MODEL: "model",
    Kind.VERSION: "model",
}
HEADINGS = ("Name", "From", "Deleted", "Runs", "Files")


class TrashModel(QAbstractTableModel):
    """Rows in the order that they are given in.

    Attributes:
        now: what the ages are reckoned from, in epoch milliseconds.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = 0
        self._rows: Sequence[Trashed] = ()

    @property
    def rows(self) -> Sequence[Trashed]:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: Sequence[Trashed], now: int) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows, self.now = rows, now
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return heading(HEADINGS, section, orientation, role, right=(RUNS, BYTES))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text_of(one, index.column(), self.now)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == NAME:
            return icon(ICONS[one.kind], "muted")
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in (RUNS, BYTES):
            return RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(numbers.full_time(one.time) if index.column() == DELETED else name_of(one))
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == NAME:
            return f"{one.kind.capitalize()} {name_of(one)}"
        return None


def name_of(one: Trashed) -> str:
    """A run's name, or an experiment's without its folder; of single files their name, or how many they are."""
    if one.model:
        return f"{one.model} v{one.version}" if one.version else one.model
    if one.files:
        return one.path if one.files == 1 else f"{one.path} and {numbers.counted(one.files - 1, 'file')} more"
    return one.run or one.experiment.rpartition("/")[2]


def text_of(one: Trashed, column: int, now: int) -> str:
    """What a cell says."""
    if column == NAME:
        return name_of(one)
    if column == FROM and one.model:
        return "the registry"
    if column == FROM and one.files:
        return f"{one.experiment} / {one.run}" if one.experiment else one.run
    if column == FROM:
        return one.experiment if one.run else one.experiment.rpartition("/")[0] or "the top"
    if column == DELETED:
        return numbers.age(one.time, now)
    if column == RUNS:
        return f"{one.runs:,}" if one.runs else ""
    return numbers.size(one.bytes) if one.bytes else ""


def arranged(rows: Sequence[Trashed], text: str, column: int, *, descending: bool) -> list[Trashed]:
    """Those whose name or place has all words of a text, in the order of a column; equals stay in theirs."""
    words = text.lower().split()
    found = [
        one
        for one in rows
        if all(word in f"{one.run} {one.experiment} {one.path} {one.model}".lower() for word in words)
    ]
    keys = {
        NAME: lambda one: name_of(one).lower(),
        FROM: lambda one: text_of(one, FROM, 0).lower(),
        DELETED: lambda one: one.time,
        RUNS: lambda one: one.runs,
        BYTES: lambda one: one.bytes,
    }
    return sorted(found, key=keys[column], reverse=descending)
