"""The buttons of the bar, which do what actions of the window do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction

from runfolio.core.numbers import count
from runfolio.gui.actions import ACTIONS
from runfolio.gui.columns.commands import show_menu
from runfolio.gui.groups.commands import show_caption
from runfolio.gui.views.bar import Bar, BarButton, Place
from runfolio.gui.views.files import ask_and_export
from runfolio.gui.views.section import SavedViewsSection

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow
    from runfolio.gui.selection import Selection


NOT_TWO = "Select two runs or more to compare them. All are compared on the page Compare."


def add_buttons(window: MainWindow) -> None:
    """Put the buttons into the bar of a window."""
    for action in ACTIONS:
        if action.local:
            local = window.actions_by_id[action.id]
            local.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            window.runs.view.addAction(local)
    bar = window.page.bar
    group = action_button(window.actions_by_id["group.choose"], "Group by ▾", "group")
    bar.add(group, Place.GROUP)
    window.session.view_changed.connect(partial(show_caption, bar, group))
    bar.add(action_button(window.actions_by_id["view.columns"], "Columns ▾", "columns"), Place.COLUMNS)
    window.runs.view.header.menu_asked.connect(partial(show_menu, window))
    save = action_button(window.actions_by_id["view.save"], "Save view", "star")
    bar.add(save, Place.SAVE)
    compare = action_button(window.actions_by_id["run.compare"], "Compare", "compare", primary=True)
    bar.add(compare, Place.COMPARE)
    window.session.selection_changed.connect(partial(_count, bar, compare))
    _count(bar, compare, window.session.selection)
    _add_section(window)


def _add_section(window: MainWindow) -> None:
    """Put the saved views below the experiments."""
    views = window.page.views
    section = SavedViewsSection(views, window.session.theme, writable=not window.session.store.read_only)
    section.save_asked.connect(window.actions_by_id["view.save_as"].trigger)
    section.export_asked.connect(lambda view: ask_and_export(view.text, view.name, window.session, window))
    window.navigator.add_section(section)


def action_button(action: QAction, caption: str, symbol: str, *, primary: bool = False) -> BarButton:
    """A button that does what an action does, whenever it can be done."""
    button = BarButton(caption, symbol, f"{action.text()} ({action.shortcut().toString()})", primary=primary)
    button.setEnabled(action.isEnabled())
    action.enabledChanged.connect(button.setEnabled)
    button.clicked.connect(action.trigger)
    return button


def _count(bar: Bar, button: BarButton, selection: Selection) -> None:
    number = count(len(selection.ids)) if len(selection.ids) > 1 else ""
    button.set_caption(f"Compare {number}" if number else "Compare", number, "" if number else NOT_TWO)
    bar.fit()
