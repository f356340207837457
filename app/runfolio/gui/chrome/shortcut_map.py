"""The page of all shortcuts, made from the list of actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from runfolio.gui.actions import Action, shortcuts
from runfolio.gui.chrome.labels import heading, muted, plain_label, section_label


class ShortcutMap(QDialog):
    """Every command by menu, with its keys; what has none is found in the palette."""

    def __init__(self, actions: Sequence[Action], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page = QWidget()
        grid = QGridLayout(page)
        grid.setColumnStretch(0, 1)
        grid.setHorizontalSpacing(32)
        for menu in dict.fromkeys(action.menu for action in actions):
            grid.addWidget(section_label(menu), grid.rowCount(), 0, 1, 2)
            for action in actions:
                if action.menu == menu:
                    _add_row(grid, action)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        # As wide as the longest line: nobody looks for keys to the right of the edge.
        area.setMinimumWidth(page.sizeHint().width() + area.verticalScrollBar().sizeHint().width() + 2)
        layout = QVBoxLayout(self)
        layout.addWidget(heading("Keyboard shortcuts"))
        layout.addWidget(muted("Everything is in the command palette too: Ctrl+K"))
        layout.addWidget(area)
        self.resize(self.fontMetrics().averageCharWidth() * 80, self.fontMetrics().height() * 36)


def _add_row(grid: QGridLayout, action: Action) -> None:
    row = grid.rowCount()
    keys = (key.toString(QKeySequence.SequenceFormat.NativeText) for key in shortcuts(action))
    grid.addWidget(plain_label(action.title), row, 0)
    grid.addWidget(muted("   ".join(keys)), row, 1)
