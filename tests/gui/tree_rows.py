"""What stands in the tree of experiments and runs, as a user sees it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex

from runfolio.gui.main_window import MainWindow


def rows(window: MainWindow) -> list[str]:
    """The rows a user can see, indented."""
    tree, model = window.navigator.tree, window.navigator.model
    found: list[str] = []

    def walk(parent: QModelIndex, depth: int) -> None:
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            found.append("  " * depth + str(index.data()))
            if tree.isExpanded(index):
                walk(index, depth + 1)

    walk(QModelIndex(), 0)
    return found
