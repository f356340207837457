"""The buttons of the bar, which do what actions of the window do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from runfolio.gui.views.bar import Bar, BarButton, Place

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow
    from runfolio.gui.session import Selection


def add_buttons(window: MainWindow) -> None:
    """Put the buttons into the bar of a window."""
    bar = window.page.bar
    compare = action_button(window.actions_by_id["run.compare"], "Compare", "compare", primary=True)
    bar.add(compare, Place.COMPARE)
    window.session.selection_changed.connect(partial(_count, bar, compare))


def action_button(action: QAction, caption: str, symbol: str, *, primary: bool = False) -> BarButton:
    """A button that does what an action does, whenever it can be done."""
    button = BarButton(caption, symbol, f"{action.text()} ({action.shortcut().toString()})", primary=primary)
    button.setEnabled(action.isEnabled())
    action.enabledChanged.connect(button.setEnabled)
    button.clicked.connect(action.trigger)
    return button


def _count(bar: Bar, button: BarButton, selection: Selection) -> None:
    number = len(selection.runs)
    button.set_caption(f"Compare {number:,}" if number > 1 else "Compare", f"{number:,}" if number > 1 else "")
    bar.fit()
