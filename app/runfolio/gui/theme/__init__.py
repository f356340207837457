"""The theme in force: light, dark or as the system has it; palette and style sheet follow it at once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from runfolio.core.paths import resource
from runfolio.gui.theme.tokens import DARK, LIGHT

# Symbols that the style sheet draws by itself, each with its colour; a style sheet takes pictures from files only.
CHEVRONS = ("chevron-down", "chevron-up", "chevron-right", "chevron-left")
SYMBOLS = {"check": "accent_text", **dict.fromkeys(CHEVRONS, "muted")}


class Mode(StrEnum):
    """What the user chose."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Theme(QObject):
    """The colours in force.

    Attributes:
        mode: what the user chose.
        dark: whether the dark colours are in force.

    Signals:
        theme_changed(): the colours are others.
    """

    theme_changed = Signal()

    def __init__(self, mode: Mode = Mode.SYSTEM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.mode = mode
        self.dark = self._wanted()
        self._symbols = QTemporaryDir()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    def color(self, name: str) -> QColor:
        """A colour by its role in `tokens`; a KeyError is a bug."""
        return QColor((DARK if self.dark else LIGHT)[name])

    def set_mode(self, mode: Mode) -> None:
        """Choose, and apply it to the whole program."""
        self.mode = mode
        self._refresh()

    def toggle(self) -> None:
        """From dark to light and back."""
        self.set_mode(Mode.LIGHT if self.dark else Mode.DARK)

    def apply(self) -> None:
        """Give palette and style sheet to the application."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        tokens = DARK if self.dark else LIGHT
        application.setPalette(palette(tokens))
        application.setStyleSheet(style_sheet(tokens, Path(self._symbols.path())))

    def _wanted(self) -> bool:
        if self.mode is not Mode.SYSTEM:
            return self.mode is Mode.DARK
        return QGuiApplication.styleHints().colorScheme() is not Qt.ColorScheme.Light

    def _on_system_changed(self) -> None:
        if self.mode is Mode.SYSTEM:
            self._refresh()

    def _refresh(self) -> None:
        wanted = self._wanted()
        if wanted != self.dark:
            self.dark = wanted
            self.apply()
            self.theme_changed.emit()


def style_sheet(tokens: dict[str, str], folder: Path) -> str:
    """The style sheet with the colours filled in; the symbols that it draws are put into the folder."""
    filled = dict(tokens)
    for symbol, role in SYMBOLS.items():
        file = folder / f"{symbol}-{tokens[role][1:]}.svg"
        source = resource("icons", f"{symbol}.svg").read_text(encoding="utf-8")
        file.write_text(source.replace("currentColor", tokens[role]), encoding="utf-8")
        filled[f"icon_{symbol.replace('-', '_')}"] = file.as_posix()
    return Template(resource("resources", "style.qss").read_text(encoding="utf-8")).substitute(filled)


def palette(tokens: dict[str, str]) -> QPalette:
    """The colours for what the style sheet does not reach."""
    roles = {
        QPalette.ColorRole.Window: "window",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Base: "panel",
        QPalette.ColorRole.AlternateBase: "raised",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.PlaceholderText: "muted",
        QPalette.ColorRole.Button: "raised",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.ToolTipBase: "raised",
        QPalette.ColorRole.ToolTipText: "text",
        QPalette.ColorRole.Highlight: "selection",
        QPalette.ColorRole.HighlightedText: "text",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.Mid: "line",
    }
    result = QPalette()
    for role, name in roles.items():
        result.setColor(role, QColor(tokens[name]))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens["faint"]))
    return result
