"""The values under the crosshair, as a small label in the corner of a chart that the mouse is not in."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QWidget

from runfolio.gui.curves.look import Look

INSET = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of the readout."""

    color: QColor
    name: str
    value: str
    bold: bool = False


def rich_text(heading: str, readings: Sequence[Reading], muted: QColor) -> str:
    """The readout as a table: a coloured dot, the run's name, its value."""
    rows = "".join(
        f"<tr><td style='color:{reading.color.name()}'>●&nbsp;</td>"
        f"<td style='font-weight:{600 if reading.bold else 400}'>{html.escape(reading.name)}&nbsp;&nbsp;</td>"
        f"<td align='right'>{reading.value}</td></tr>"
        for reading in readings
    )
    top = f"<div style='color:{muted.name()}'>{html.escape(heading)}</div>" if heading else ""
    return f"{top}<table cellspacing='0' cellpadding='0'>{rows}</table>"


class Readout(QLabel):
    """A label over the plot that never takes the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.hide()

    def set_look(self, look: Look) -> None:
        """Take the colours of a theme."""
        self._muted = look.muted
        raised = look.raised
        self.setStyleSheet(
            f"QLabel {{ background: rgba({raised.red()},{raised.green()},{raised.blue()},225); color: {look.text.name()};"
            f" border: 1px solid {look.line.name()}; border-radius: 6px; padding: 3px 6px; }}"
        )

    def show_readings(self, heading: str, readings: Sequence[Reading], room: QRect, mouse: QPoint | None) -> None:
        """Show the values in the upper corner of the room that is farther from the mouse; nothing hides it."""
        if not readings:
            self.hide()
            return
        self.setText(rich_text(heading, readings, self._muted))
        self.adjustSize()
        left = mouse is not None and mouse.x() > room.center().x()
        x = room.left() + INSET if left else room.right() - self.width() - INSET
        self.move(max(0, x), room.top() + INSET)
        self.show()
