"""The bar above everything: menu, store, the way into the command palette, theme."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from runfolio.gui.chrome.labels import scaled
from runfolio.gui.icons import icon
from runfolio.gui.theme import Theme


class TopBar(QWidget):
    """Holds buttons for actions of the window; does nothing itself."""

    def __init__(self, theme: Theme, actions: dict[str, QAction], menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._store = _button("", "Open another store", actions["store.open"])
        self._store.setProperty("kind", "button")
        self._theme_button = _button("", "Switch dark and light", actions["view.theme"])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.setSpacing(8)
        layout.addWidget(_menu_button(menu))
        layout.addWidget(self._store)
        layout.addStretch(2)
        layout.addWidget(_search(actions["view.palette"]), 3)
        layout.addStretch(2)
        layout.addWidget(self._theme_button)
        theme.theme_changed.connect(self._show_theme)
        self._show_theme()

    def set_store(self, name: str, place: str, read_only: bool) -> None:
        """Name the store that is open; its folder is in the tool tip."""
        self._store.setText(f"{name}  ·  {'read-only' if read_only else 'local'}")
        self._store.setToolTip(place)

    def _show_theme(self) -> None:
        self._theme_button.setIcon(icon("sun" if self._theme.dark else "moon", "muted"))


def _menu_button(menu: QMenu) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon("logo", "accent"))
    button.setText("Runfolio")
    button.setAccessibleName("Runfolio menu")
    button.setToolTip("Menu")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFont(scaled(button.font(), 1.0, button.font().Weight.Bold))
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setMenu(menu)
    return button


def _button(text: str, name: str, action: QAction) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.clicked.connect(action.trigger)
    return button


def _search(action: QAction) -> QPushButton:
    button = QPushButton()
    button.setObjectName("paletteButton")
    button.setAccessibleName("Search, or run a command")
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    button.setMaximumWidth(button.fontMetrics().averageCharWidth() * 70)
    layout = QHBoxLayout(button)
    layout.setContentsMargins(10, 0, 8, 0)
    hint = QLabel("Search runs and experiments, or run a command")
    hint.setProperty("role", "muted")
    key = QLabel("Ctrl K")
    key.setFont(scaled(key.font(), 11 / 13))
    key.setProperty("role", "key")
    # A button takes its height from its own text, which it has none of.
    button.setMinimumHeight(hint.sizeHint().height() + 14)
    for label in (hint, key):
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    layout.addWidget(hint)
    layout.addStretch()
    layout.addWidget(key)
    button.clicked.connect(action.trigger)
    return button
