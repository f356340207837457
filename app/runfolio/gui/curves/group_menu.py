"""The button above the charts that says how groups are drawn: as a line each, of what, and with which band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from runfolio.core.bands import title
from runfolio.core.statistics import Band, Statistic
from runfolio.gui.curves.options import Options

LINES = {
    Statistic.MEAN: "Line: Mean",
    Statistic.MEDIAN: "Line: Median",
    Statistic.LEAST: "Line: Minimum",
    Statistic.GREATEST: "Line: Maximum",
}
BANDS = {
    Band.DEVIATION: "Band: Mean ± Standard Deviation",
    Band.ERROR: "Band: Mean ± Standard Error",
    Band.INTERVAL: "Band: 95 % Confidence Interval of the Mean",
    Band.RANGE: "Band: Minimum to Maximum",
    Band.NONE: "No Band",
}


class GroupMenu(QToolButton):
    """A button with a menu.

    Signals:
        chosen(Options): the user wants groups to be drawn otherwise.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = Options()
        self.setText("Groups ▾")
        self.setAccessibleName("How groups are drawn")
        self.setAutoRaise(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self._groups = self._switch(menu, "A Line for Each Group", "groups")
        menu.addSeparator()
        self._lines = self._choices(menu, LINES, "line")
        menu.addSeparator()
        self._bands = self._choices(menu, BANDS, "band")
        menu.addSeparator()
        self._members = self._switch(menu, "Show Members Faintly Behind", "members")
        self.setMenu(menu)
        self.show_options(self._options)

    def _switch(self, menu: QMenu, text: str, name: str) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.triggered.connect(lambda on: self._choose(name, on))
        return action

    def _choices(self, menu: QMenu, titles: Mapping[Statistic, str] | Mapping[Band, str], name: str) -> QActionGroup:
        group = QActionGroup(self)
        for value, text in titles.items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setData(value)
            group.addAction(action)
        group.triggered.connect(lambda action: self._choose(name, type(value)(action.data())))
        return group

    def _choose(self, name: str, value: Any) -> None:
        self.chosen.emit(replace(self._options, **{name: value}))

    def show_options(self, options: Options) -> None:
        """Mark what is chosen."""
        self._options = options
        self._groups.setChecked(options.groups)
        for group, value in ((self._lines, options.line), (self._bands, options.band)):
            group.setEnabled(options.groups)
            for action in group.actions():
                action.setChecked(action.data() == value)
        self._members.setEnabled(options.groups)
        self._members.setChecked(options.members)
        how = f"A line for each group: {title(options.line, options.band)}"
        self.setToolTip(how if options.groups else "A line for each run, not for each group")
