"""The figures of a plane of an array, as they are written; those in sight are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt

from runfolio.gui.viewers.window_model import WindowModel
from runfolio.previews.table.source import Column

#: So many columns are shown, for each has a heading of its own.
MOST_COLUMNS = 10_000


class FiguresModel(WindowModel):
    """Rows and columns are numbered from 0, as the places of an array are."""

    def show_plane(self, rows: int, columns: int) -> None:
        """Show a plane of this size, of which no figure is here yet."""
        self.begin(_Numbered(min(columns, MOST_COLUMNS)))
        self.set_rows(rows)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Numbers from 0."""
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{section:,}"
        return super().headerData(section, orientation, role) if orientation is Qt.Orientation.Horizontal else None


class _Numbered(Sequence[Column]):
    """So many columns of numbers."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(self._count))]
        if not 0 <= place < self._count:
            raise IndexError(place)
        return Column(str(place), "number")
