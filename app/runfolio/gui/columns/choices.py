"""The list of the column chooser: what is shown, in its order, and below by groups what else there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, Qt

from runfolio.core.columns import ATTRIBUTES, MORE, Column, Source, formula, headings, metric
from runfolio.core.views import View, columns_in_order
from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.runs.model import GROUPS

COLUMN_ROLE = int(Qt.ItemDataRole.UserRole) + 1
PINNED_ROLE = COLUMN_ROLE + 1
MIME = "application/x-runfolio-column"
SHOWN = "SHOWN"


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the list: a heading, or a column that is shown or not."""

    title: str = ""
    column: Column | None = None
    shown: bool = False
    pinned: bool = False


def choices(
    view: View, natural: Sequence[Column], tags: Iterable[Column], statistic: str, search: str
) -> Iterator[Choice]:
    """The lines for a view: the columns with all words of `search` in their names; metrics by one statistic."""
    shown = columns_in_order(view, natural)
    words = search.lower().split()

    def fits(column: Column) -> bool:
        return all(word in f"{column.heading} {column.id}".lower() for word in words)

    names = headings(shown)
    found = [Choice(names[one], one, True, one in view.pinned) for one in shown if fits(one)]
    if found:
        yield Choice(SHOWN)
        yield from found
    metrics = [metric(key, statistic) for key in sorted({c.key for c in natural if c.source is Source.METRIC})]
    computed = (formula(one.name, one.text) for one in view.formulas)
    others = [*ATTRIBUTES, *MORE, *computed, *(c for c in natural if c.source is not Source.METRIC), *metrics, *tags]
    left = [one for one in dict.fromkeys(others) if one not in shown and fits(one)]
    for title in GROUPS.values():
        group = [Choice(one.heading, one) for one in left if _group(one) == title]
        if group:
            yield Choice(title)
            yield from group


def _group(column: Column) -> str:
    return GROUPS[Source.ATTRIBUTE] if column in MORE else GROUPS[column.source]


class ChoiceModel(QAbstractListModel):
    """The lines, to be checked and dragged.

    `toggled` is called with a column that was checked or not; `moved` with one of those shown and the one before which
    it was dropped, None for the end.
    """

    def __init__(
        self,
        toggled: Callable[[Column], None],
        moved: Callable[[Column, Column | None], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._toggled = toggled
        self._moved = moved
        self._choices: list[Choice] = []

    def set_choices(self, found: Iterable[Choice]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self._choices = list(found)
        self.endResetModel()

    def choice(self, row: int) -> Choice:
        """A line."""
        return self._choices[row]

    def row_of(self, column: Column) -> int:
        """The line of a column; -1 if there is none."""
        return next((row for row, one in enumerate(self._choices) if one.column == column), -1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many lines there are."""
        return 0 if parent.isValid() else len(self._choices)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """A name and whether it is checked."""
        if not index.isValid():
            return None
        one = self._choices[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one.title
        if role == Qt.ItemDataRole.CheckStateRole and one.column is not None:
            return Qt.CheckState.Checked if one.shown else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole and one.column is not None:
            return one.column.id
        return {COLUMN_ROLE: one.column, PINNED_ROLE: one.pinned}.get(role)

    def setData(self, index: Index, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        """Check a line or not."""
        column = self._choices[index.row()].column if index.isValid() else None
        if role != Qt.ItemDataRole.CheckStateRole or column is None:
            return False
        self._toggled(column)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings are only read; what is shown can be dragged, and something dropped between."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        one = self._choices[index.row()]
        if one.column is None:
            return Qt.ItemFlag.ItemNeverHasChildren | Qt.ItemFlag.ItemIsEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemNeverHasChildren | (Qt.ItemFlag.ItemIsDragEnabled if one.shown else flags)

    # Dragging

    def supportedDropActions(self) -> Qt.DropAction:
        """A column is moved."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Nothing but lines of this list."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The line that is dragged, by its number."""
        data = QMimeData()
        data.setData(MIME, str(indexes[0].row()).encode() if indexes else b"")
        return data

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, _column: int, parent: Index) -> bool:
        """Tell of the move; the view moves the line by changing."""
        row = parent.row() if parent.isValid() else row
        text = bytes(data.data(MIME).data()).decode()
        if not text.isdigit() or int(text) >= len(self._choices):
            return False
        column = self._choices[int(text)].column
        below = self._choices[row] if 0 <= row < len(self._choices) else Choice()
        if column is not None:
            self._moved(column, below.column if below.shown else None)
        return False
