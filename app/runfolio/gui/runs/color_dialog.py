"""Choosing a colour for runs: the ten hues, and the same ones dashed."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QDialog, QGridLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from runfolio.core.numbers import counted
from runfolio.gui.chrome.labels import muted
from runfolio.gui.run_colors import HUES, NAMES, run_pen

SWATCH = QSize(30, 22)


class ColorDialog(QDialog):
    """A grid of colours; Return takes the one with the keyboard.

    Attributes:
        swatches: the buttons, by the colours' numbers.
        usual: gives the runs back the colours that they have by their numbers.

    Signals:
        chosen(object): the number of a colour, or None for the usual one.
    """

    chosen = Signal(object)

    def __init__(self, runs: int, dark: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Colour of {counted(runs, 'run')}")
        self.swatches = [self._swatch(number, dark) for number in range(2 * HUES)]
        self.usual = QPushButton("By the Run's Number")
        self.usual.clicked.connect(lambda: self._choose(None))
        grid = QGridLayout()
        grid.setSpacing(4)
        for number, button in enumerate(self.swatches):
            grid.addWidget(button, number // HUES, number % HUES)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(muted("The colour is the same in the table, in all charts and after every start."))
        layout.addLayout(grid)
        layout.addWidget(self.usual, 0, Qt.AlignmentFlag.AlignLeft)
        self.swatches[0].setFocus()

    def _swatch(self, number: int, dark: bool) -> QToolButton:
        button = QToolButton()
        name = f"{NAMES[number % HUES]}{', dashed' if number >= HUES else ''}"
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setIcon(_picture(number, dark, self.devicePixelRatioF()))
        button.setIconSize(SWATCH)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self._choose(number))
        return button

    def _choose(self, number: int | None) -> None:
        self.chosen.emit(number)
        self.accept()


def _picture(number: int, dark: bool, ratio: float) -> QIcon:
    """A line as charts draw it."""
    picture = QPixmap(SWATCH * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = run_pen(number, dark, 4.0)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if number >= HUES:
        pen.setDashPattern([1.8, 0.9])
    painter.setPen(pen)
    middle = SWATCH.height() / 2
    painter.drawLine(QPointF(2, middle), QPointF(SWATCH.width() - 2, middle))
    painter.end()
    return QIcon(picture)
