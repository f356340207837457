"""Our own symbols as icons that take their colour from the theme whenever they are painted."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from runfolio.core.paths import resource
from runfolio.gui.theme.tokens import DARK, LIGHT

DISABLED = "faint"


def icon(name: str, role: str = "text") -> QIcon:
    """The symbol `icons/<name>.svg` in the colour of a role of `theme.tokens`."""
    _source(name)  # a missing file shows here, not while painting
    return QIcon(_Engine(name, role))


def pixmap(name: str, color: QColor, size: int, ratio: float = 1.0) -> QPixmap:
    """The symbol as a square picture of `size` logical pixels."""
    picture = QPixmap(QSize(size, size) * ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    _renderer(name, color.name()).render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


class _Engine(QIconEngine):
    """Paints a symbol in the present colour of its role."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        # The palette tells which theme is in force, so that an icon needs no theme handed to it.
        dark = QGuiApplication.palette().window().color().lightness() < 128
        role = DISABLED if mode is QIcon.Mode.Disabled else self._role
        color = (DARK if dark else LIGHT)[role]
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        _renderer(self._name, color).render(painter, square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._role)


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", color).encode()))
