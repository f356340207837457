"""The head of the inspector: whose colour, which name, what state, how far."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionFrame,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.states import RunStatus
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import scaled, tool_tip
from runfolio.gui.icons import icon
from runfolio.gui.inspector.facts import Details, breakable, ending, subtitle
from runfolio.gui.run_colors import RunColors, run_color, run_pen_style
from runfolio.gui.runs.cells import status_text
from runfolio.gui.runs.look import STATUS_ROLES
from runfolio.gui.theme import Theme

DOT = 8
STEPS = (("chevron-up", "Previous run", "Up", -1), ("chevron-down", "Next run", "Down", 1))
NAME_SIZE = 15 / 13
# What Qt leaves free on either side within a line edit.
TEXT_MARGIN = 2


class Dot(QWidget):
    """A run's colour: a disc for a solid line, a ring for a dashed one."""

    def __init__(self, theme: Theme, colors: RunColors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colors = colors
        self._run = 0
        colors.changed.connect(self.update)
        self.setFixedSize(DOT + 2, DOT + 2)

    def set_run(self, run: int) -> None:
        """Show another run's colour."""
        self._run = run
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        number = self._colors.number(self._run)
        color = run_color(number, self._theme.dark)
        solid = run_pen_style(number) is Qt.PenStyle.SolidLine
        painter.setPen(Qt.PenStyle.NoPen if solid else QPen(color, 1.8))
        painter.setBrush(color if solid else Qt.BrushStyle.NoBrush)
        radius = DOT / 2 if solid else DOT / 2 - 0.9
        painter.drawEllipse(QPointF(self.width() / 2, self.height() / 2), radius, radius)


class StatusPill(QWidget):
    """A status in its colour, with its shape."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._status = RunStatus.SCHEDULED
        self.setFont(scaled(self.font(), 0.88))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_status(self, status: RunStatus) -> None:
        """Show another status."""
        self._status = status
        self.setAccessibleName(f"Status: {status.lower()}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The text with room around it."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(status_text(self._status)) + 18, metrics.height() + 5)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The pill."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._theme.color(STATUS_ROLES[self._status])
        fill = self._theme.color("accent_fill" if not self._status.ended else "raised")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(self.rect()), self.height() / 2, self.height() / 2)
        painter.setPen(color)
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), status_text(self._status))


class NameEdit(QLineEdit):
    """A name that looks like a heading until one edits it; as wide as the name.

    Signals:
        renamed(int, str): the user gave this run another name.
    """

    renamed = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run, self._name, self._refused = 0, "", ""
        self.setProperty("role", "name")
        self.setAccessibleName("Name of the run")
        self.setFont(scaled(self.font(), NAME_SIZE, QFont.Weight.DemiBold))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self.updateGeometry)
        self.editingFinished.connect(self._on_finished)

    def set_name(self, run: int, name: str) -> None:
        """Show a run's name; what is just being typed for this run is left alone."""
        if self._run and run != self._run:
            self.finish()
        self._run, self._name = run, name
        if not (self.hasFocus() and self.isModified()) and self.text() != name:
            self.setText(name)
            self.setCursorPosition(0)
        self.setToolTip(tool_tip(name))

    def finish(self) -> None:
        """Keep what was typed, as going elsewhere does, and give the keyboard back."""
        self.clearFocus()
        self._on_finished()

    def edit_again(self, run: int, name: str) -> None:
        """Go on with a name that was refused, unless another run is shown or another name is typed by now."""
        if run == self._run and not self.isModified():
            self._refused = name
            self.setText(name)
            self.setModified(True)
            self.setFocus()

    def sizeHint(self) -> QSize:
        """The text with a little room."""
        size = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self.text() or "name") + 18, size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """While it is not edited, the middle of a long name gives way: names often differ in their last part."""
        metrics = self.fontMetrics()
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        area = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        area.adjust(TEXT_MARGIN, 0, -TEXT_MARGIN, 0)
        if self.hasFocus() or metrics.horizontalAdvance(self.text()) <= area.width():
            super().paintEvent(event)
            return
        painter = QStylePainter(self)
        painter.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option)
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideMiddle, area.width())
        painter.setPen(self.palette().text().color())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)

    def minimumSizeHint(self) -> QSize:
        """A few letters; the rest is cut off."""
        return QSize(self.fontMetrics().averageCharWidth() * 8, super().minimumSizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives the old name back; in a dialog it leaves that if there is nothing to give back."""
        leaves = isinstance(self.window(), QDialog) and not self.isModified()
        if event.key() == Qt.Key.Key_Escape and not leaves:
            self._reset()
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def _on_finished(self) -> None:
        if not self.isModified():
            return
        name = self.text().strip()
        # Return asks once more for what was refused; going elsewhere does not.
        if name and name != self._name and (self.hasFocus() or name != self._refused):
            self.setModified(False)
            self.renamed.emit(self._run, name)
        else:
            self._reset()

    def _reset(self) -> None:
        self._refused = ""
        self.setText(self._name)
        self.setModified(False)
        self.setCursorPosition(0)


class Heading(QWidget):
    """Dot, name, state; below it how far and how long; and, of a run that did not finish, that.

    Signals:
        stepped(int): the user wants the next run, or with -1 the previous one.
    """

    stepped = Signal(int)

    def __init__(self, theme: Theme, colors: RunColors, editable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dot = Dot(theme, colors, self)
        self.name = NameEdit(self)
        self.name.setReadOnly(not editable)
        self.pill = StatusPill(theme, self)
        self.subtitle = ElidedLabel()
        self.subtitle.setProperty("role", "muted")
        self.subtitle.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.ending = QLabel()
        self.ending.setTextFormat(Qt.TextFormat.PlainText)
        self.ending.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.ending.setProperty("role", "alert")
        self.ending.setWordWrap(True)
        self.ending.hide()
        first = QHBoxLayout()
        first.setSpacing(4)
        for widget in (self._dot, self.name, self.pill):
            first.addWidget(widget)
        first.addStretch()
        second = QHBoxLayout()
        second.setSpacing(0)
        second.addWidget(self.subtitle, 1)
        for symbol, name, key, rows in STEPS:
            button = QToolButton(self)
            button.setIcon(icon(symbol, "muted"))
            button.setToolTip(f"{name} (Alt+{key})")
            button.setAccessibleName(name)
            button.clicked.connect(partial(self.stepped.emit, rows))
            second.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 0)
        layout.setSpacing(4)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addWidget(self.ending)

    def show_details(self, details: Details, now: int) -> None:
        """Show a run; `now` in epoch milliseconds."""
        run = details.run
        self._dot.set_run(run.id)
        self.name.set_name(run.id, run.name)
        self.pill.set_status(run.status)
        self.subtitle.setText(subtitle(run, now))
        self.subtitle.setToolTip(tool_tip(self.subtitle.text()))
        self.ending.setText(breakable(ending(details, now)))
        self.ending.setVisible(bool(self.ending.text()))
