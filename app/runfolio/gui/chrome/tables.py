"""What all tables have in common: how they look and take the keyboard, and what their headings say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def set_up_table(table: QTableView, title: str) -> None:
    """Rows of one height and one line, without grid, numbers and frame; Tab leaves the table.

    `title` is what assistive tools call it.
    """
    table.setAccessibleName(title)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setCornerButtonEnabled(False)
    table.setFrameShape(QTableView.Shape.NoFrame)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.horizontalHeader().setHighlightSections(False)


def set_up_rows(table: QTableView, title: str, *, several: bool = False) -> None:
    """The same for a table of which whole rows are selected, one or several, as in the table of runs."""
    set_up_table(table, title)
    modes = QAbstractItemView.SelectionMode
    table.setObjectName("runTable")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.verticalHeader().setDefaultSectionSize(max(28, table.fontMetrics().height() + 10))
    table.horizontalHeader().setStretchLastSection(True)


def heading(
    titles: Sequence[str], section: int, orientation: Qt.Orientation, role: int, right: Collection[int] = ()
) -> Any:
    """What a model says of a section of its header; those of `right` stand at the right."""
    if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(titles):
        return None
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return RIGHT if section in right else LEFT
    return titles[section] if role == Qt.ItemDataRole.DisplayRole else None
