"""The page of settings, made from their declarations; every choice is in force at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from runfolio.core.settings import SETTINGS, Setting, settings_file
from runfolio.gui.chrome.labels import heading, muted, plain_label, section_label
from runfolio.gui.preferences import Preferences


class SettingsPage(QDialog):
    """Every setting that has a page, with what it does. There is nothing to confirm.

    Attributes:
        controls: the control of each setting, by its key.
    """

    def __init__(self, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.controls: dict[str, QWidget] = {}
        self._preferences = preferences
        self._showing: dict[str, Callable[[], None]] = {}
        page = QWidget()
        grid = QGridLayout(page)
        grid.setColumnStretch(0, 1)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(2)
        shown = [setting for setting in SETTINGS if setting.page]
        for title in dict.fromkeys(setting.page for setting in shown):
            section = section_label(title)
            section.setContentsMargins(0, 12, 0, 6)
            grid.addWidget(section, grid.rowCount(), 0, 1, 2)
            for setting in shown:
                if setting.page == title:
                    self._add(grid, setting)
        grid.setRowStretch(grid.rowCount(), 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        file = muted(f"Kept in {settings_file()}")
        file.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        file.setMinimumWidth(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(heading("Settings"))
        layout.addWidget(area, 1)
        layout.addWidget(file)
        self.resize(self.fontMetrics().averageCharWidth() * 96, self.fontMetrics().height() * 44)
        preferences.changed.connect(self._on_changed)

    def go_to(self, key: str) -> None:
        """Give the keyboard to a setting."""
        self.controls[key].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _add(self, grid: QGridLayout, setting: Setting) -> None:
        control = self._switch(setting) if isinstance(setting.default, bool) else self._choice(setting)
        control.setAccessibleName(setting.title)
        control.setAccessibleDescription(setting.help)
        title, told = plain_label(setting.title), muted(setting.help)
        title.setBuddy(control)
        told.setWordWrap(True)
        row = grid.rowCount()
        grid.addWidget(title, row, 0)
        grid.addWidget(told, row + 1, 0)
        grid.addWidget(control, row, 1, 2, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.setRowMinimumHeight(row + 2, 8)
        self.controls[setting.key] = control
        self._showing[setting.key]()

    def _switch(self, setting: Setting) -> QWidget:
        box = QCheckBox()
        box.toggled.connect(partial(self._preferences.set, setting.key))
        self._showing[setting.key] = lambda: box.setChecked(self._preferences[setting.key])
        return box

    def _choice(self, setting: Setting) -> QWidget:
        box = QComboBox()
        for value, title in setting.choices.items():
            box.addItem(title, value)
        box.activated.connect(lambda row: self._preferences.set(setting.key, box.itemData(row)))
        self._showing[setting.key] = lambda: box.setCurrentIndex(box.findData(self._preferences[setting.key]))
        return box

    def _on_changed(self, key: str) -> None:
        if key in self._showing:
            self._showing[key]()
