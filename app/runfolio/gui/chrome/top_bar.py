"""The bar above everything: menu, store, the way into the command palette, theme."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from runfolio.gui.chrome.labels import SMALL, as_caption, plain_label, scaled, tool_tip
from runfolio.gui.icons import icon
from runfolio.gui.theme import Theme


class TopBar(QWidget):
    """Holds buttons for menus and actions of the window; does nothing itself."""

    def __init__(
        self, theme: Theme, actions: dict[str, QAction], menu: QMenu, stores: QMenu, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._store = _menu_button("chevron-down", "muted", "Stores", stores)
        self._store.setProperty("kind", "button")
        self._theme_button = _theme_button(actions["view.theme"])
        layout = QGridLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.setSpacing(8)
        layout.addLayout(self._left(menu), 0, 0)
        layout.addWidget(_search(actions["view.palette"]), 0, 1)
        layout.addLayout(self._right(actions["project.choose"]), 0, 2)
        # Equal sides keep the search in the middle of the window.
        for column, stretch in enumerate((3, 2, 3)):
            layout.setColumnStretch(column, stretch)
        theme.theme_changed.connect(self._show_theme)
        self._show_theme()

    def set_store(self, name: str, place: str, read_only: bool) -> None:
        """Name the store that is open; its folder is in the tool tip."""
        self._store.setText(as_caption(f"{name} · {'read-only' if read_only else 'local'}"))
        self._store.setToolTip(tool_tip(place))

    def _left(self, menu: QMenu) -> QHBoxLayout:
        name = _menu_button("logo", "accent", "Runfolio menu", menu)
        name.setText("Runfolio")
        name.setFont(scaled(name.font(), 1.0, QFont.Weight.Bold))
        name.setToolTip("Menu")
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(name)
        row.addWidget(self._store)
        row.addStretch()
        return row

    def _right(self, run: QAction) -> QHBoxLayout:
        button = QPushButton(run.icon(), "Run project…")
        button.setToolTip(f"Choose a project to run ({run.shortcut().toString()})")
        button.clicked.connect(run.trigger)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        row.addWidget(button)
        row.addWidget(self._theme_button)
        return row

    def _show_theme(self) -> None:
        self._theme_button.setIcon(icon("sun" if self._theme.dark else "moon", "muted"))


class _Face(QPushButton):
    """A button whose face is made of labels."""

    def __init__(self, name: str, action: QAction) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(action.trigger)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 8, 6)

    def put(self, text: str, role: str) -> QLabel:
        """Add a label, which lets the mouse through."""
        label = plain_label(text, self)
        label.setProperty("role", role)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        label.setMinimumWidth(1)
        self._row.addWidget(label, 0 if role == "key" else 1)
        return label

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()


def _search(action: QAction) -> QPushButton:
    button = _Face("Search, or run a command", action)
    button.put("Search runs and experiments, or run a command", "muted")
    key = button.put(action.shortcut().toString(), "key")
    key.setFont(scaled(key.font(), SMALL))
    key.setMinimumWidth(key.sizeHint().width())
    return button


def _menu_button(symbol: str, role: str, name: str, menu: QMenu) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(symbol, role))
    button.setAccessibleName(name)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setMenu(menu)
    return button


def _theme_button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "button")
    button.setAccessibleName(action.text())
    button.setToolTip(f"{action.text()} ({action.shortcut().toString()})")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(action.trigger)
    return button
