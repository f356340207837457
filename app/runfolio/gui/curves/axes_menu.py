"""The button above the charts that says how the axes are."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from runfolio.gui.curves.options import Options, XAxis

SWITCHES = {"log_x": "Logarithmic x"}


class AxesMenu(QToolButton):
    """A button with a menu.

    Signals:
        chosen(Options): the user wants other axes.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = Options()
        self.setText("Axes ▾")
        self.setAccessibleName("How axes are drawn")
        self.setAutoRaise(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self._switches = {name: self._switch(menu, title, name) for name, title in SWITCHES.items()}
        self.setMenu(menu)
        self.show_options(self._options)

    def _switch(self, menu: QMenu, text: str, name: str) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.triggered.connect(lambda on: self.chosen.emit(replace(self._options, **{name: on})))
        return action

    def show_options(self, options: Options) -> None:
        """Mark what is chosen."""
        self._options = options
        for name, action in self._switches.items():
            action.setChecked(getattr(options, name))
        self._switches["log_x"].setEnabled(options.x is not XAxis.TIME)
        told = [title for name, title in SWITCHES.items() if getattr(options, name)]
        self.setToolTip("\n".join(told) or "Axes are linear, and show all that there is")
