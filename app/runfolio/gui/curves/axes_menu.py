"""The button above the charts that says how the axes are."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from runfolio.core.numbers import exact
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.ranges_popup import RangesPopup
from runfolio.gui.curves.x_axes import X_AXES

SWITCHES = {
    "log_x": "Logarithmic x",
    "outliers": "Ignore Outliers",
    "known_total": "Room up to the Known Total of Steps",
}


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
        menu.addSeparator()
        menu.addAction("Axis Ranges…").triggered.connect(self.ask_for_ranges)
        self.setMenu(menu)
        self.show_options(self._options)

    def _switch(self, menu: QMenu, text: str, name: str) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.triggered.connect(lambda on: self.chosen.emit(replace(self._options, **{name: on})))
        return action

    @Slot()
    def ask_for_ranges(self) -> None:
        """Let the user say where the axes begin and end."""
        popup = RangesPopup(self._options, self.chosen.emit, self)
        popup.open_at(self.mapToGlobal(self.rect().bottomLeft()))
        popup.fields["y_low"].setFocus()

    def show_options(self, options: Options) -> None:
        """Mark what is chosen."""
        self._options = options
        for name, action in self._switches.items():
            action.setChecked(getattr(options, name))
        self._switches["log_x"].setEnabled(X_AXES[options.x].number)
        told = [title for name, title in SWITCHES.items() if getattr(options, name) and not getattr(Options(), name)]
        told += [_range(axis, options) for axis in ("x", "y") if _range(axis, options)]
        self.setToolTip("\n".join(told) or "Axes are linear, and show all that there is")


def _range(axis: str, options: Options) -> str:
    """Where an axis begins and ends; empty if nobody has said so."""
    low, high = (getattr(options, f"{axis}_{end}") for end in ("low", "high"))
    ends = ("" if low is None else f" from {exact(low)}", "" if high is None else f" to {exact(high)}")
    return f"{axis}{''.join(ends)}" if any(ends) else ""
