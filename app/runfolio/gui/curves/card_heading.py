"""The heading of a chart: what it is called, what is said of its lines, and its buttons."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QToolButton, QWidget

from runfolio.core.chart_page import Chart
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.curves.axes import TEXT_SCALE
from runfolio.gui.curves.cascade import around_of, mark_text
from runfolio.gui.curves.look import ChartLook
from runfolio.gui.curves.own_dot import OwnDot
from runfolio.gui.icons import icon


class CardHeading(QWidget):
    """One line; what is said gives way to what can be done.

    Attributes:
        buttons: in the order of Tab.
        small: the font of all but the title.

    Signals:
        log_toggled(bool): the user wants the chart logarithmic or linear.
        expand_toggled(): the user wants it to fill the panel, or to go back.
        menu_asked(QPoint): the user wants its menu, there on the screen.
        carried(QPoint): the chart is being moved, and is there on the screen now.
        dropped(QPoint): it is let go of.
        left(): it is not moved after all.
        reset_wanted(): the user wants what is set for the chart alone to be as around it.
    """

    log_toggled = Signal(bool)
    expand_toggled = Signal()
    menu_asked = Signal(QPoint)
    carried = Signal(QPoint)
    dropped = Signal(QPoint)
    left = Signal()
    reset_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._called = ""
        self._ratio = ""
        self._expanded = False
        self._press: QPoint | None = None
        self._carrying = False
        self._title = ElidedLabel("", Qt.TextElideMode.ElideMiddle)
        self._info = ElidedLabel()
        self._badge = QLabel()
        self._log, self._more, self._expand = self.buttons = tuple(_button(self) for _ in range(3))
        self.mark = OwnDot(self)
        self.small = QFont(self.font())
        self._build()

    def _build(self) -> None:
        self.small.setPointSizeF(self.font().pointSizeF() * TEXT_SCALE)
        self._log.setText("log")
        self._log.setCheckable(True)
        self._log.clicked.connect(self.log_toggled)
        self._more.clicked.connect(self._on_more)
        self._expand.clicked.connect(self.expand_toggled)
        self.mark.clicked.connect(self.reset_wanted)
        self._badge.hide()
        self._info.setProperty("role", "muted")
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self._title.setFont(bold)
        for small in (self._info, self._badge, self._log):
            small.setFont(self.small)
        self._log.setFixedWidth(self._log.fontMetrics().horizontalAdvance("log") + 10)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 6, 0)
        row.setSpacing(5)
        parts: tuple[QWidget, ...] = (self._title, self.mark, self._info, self._badge, *self.buttons)
        for widget in parts:
            row.addWidget(widget, int(widget is self._info), Qt.AlignmentFlag.AlignVCenter)

    def show_chart(self, chart: Chart) -> None:
        """Say which chart it is."""
        self._called = chart.title
        self._title.setText(chart.title)
        self._title.setToolTip(tool_tip("\n".join(dict.fromkeys((chart.title, *chart.metrics)))))
        self.mark.tell(mark_text(chart.choice.settings, "chart", f"{around_of(chart)}'s"))
        _name(self._log, f"Logarithmic values in {chart.title}")
        _name(self._more, f"Menu of the chart {chart.title}")
        self.set_expanded(self._expanded)

    def set_log(self, log: bool) -> None:
        """Say whether the chart is logarithmic."""
        self._log.setChecked(log)

    def set_expanded(self, expanded: bool) -> None:
        """Offer the way back when the chart fills the panel."""
        self._expanded = expanded
        self._more.setIcon(icon("more", "muted"))
        self._expand.setIcon(icon("collapse" if expanded else "expand", "muted"))
        _name(self._expand, f"{'Back to all charts from' if expanded else 'Enlarge the chart'} {self._called}")

    def set_look(self, look: ChartLook) -> None:
        """Take the colours of a theme."""
        self._log.setStyleSheet(f"QToolButton:!checked:!hover {{ color: {look.muted.name()}; }}")
        self._badge.setStyleSheet(
            f"QLabel {{ color: {look.muted.name()}; border: 1px solid {look.line.name()}; border-radius: 4px;"
            " padding: 0 4px; }"
        )
        self.set_expanded(self._expanded)

    def tell(self, text: str, details: str) -> None:
        """Say something of the lines; the details are in the tool tip."""
        self._info.setText(text)
        self._info.setToolTip(tool_tip(details))

    def show_reduction(self, corners: int, points: int) -> None:
        """Say how far the lines are reduced, if they are."""
        self._badge.setVisible(corners < points)
        if corners >= points:
            return
        self._ratio = f"1:{max(1, round(points / corners)):,}"
        self._fit_badge()
        self._badge.setToolTip(
            f"Reduced {self._ratio}: {corners:,} of {points:,} points are drawn, the first, lowest, highest and "
            "last of every column of pixels. The minimum and maximum of every pixel column are exact. "
            "Zoom in to see more."
        )

    def _fit_badge(self) -> None:
        """The ratio alone where there is no room for the word, which is in the tool tip too."""
        full = f"reduced {self._ratio}"
        others = (self._title, self._info, *self.buttons)
        taken = sum(widget.sizeHint().width() for widget in others) + 7 * self._badge.fontMetrics().averageCharWidth()
        free = self.width() - taken - self._badge.fontMetrics().horizontalAdvance(full)
        self._badge.setText(full if free > 0 else self._ratio)
        self._badge.setAccessibleName(full)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the badge its long or short text."""
        super().resizeEvent(event)
        self._fit_badge()

    # It is carried by what is no button.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Perhaps the chart is to be moved."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._press = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it, once the mouse is far enough from where it was pressed."""
        if self._press is None:
            return
        far = (event.position().toPoint() - self._press).manhattanLength() >= QApplication.startDragDistance()
        if far and not self._carrying:
            self._carrying = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.grabKeyboard()  # for Escape
        if self._carrying:
            self.carried.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of it."""
        if self._carrying:
            self._stop()
            self.dropped.emit(event.globalPosition().toPoint())
        self._press = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves it where it was."""
        if self._carrying and event.key() == Qt.Key.Key_Escape:
            self._press = None
            self._stop()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _stop(self) -> None:
        self._carrying = False
        self.releaseKeyboard()
        self.unsetCursor()

    def _on_more(self) -> None:
        self.menu_asked.emit(self._more.mapToGlobal(self._more.rect().bottomLeft()))


def _button(parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setAutoRaise(True)
    return button


def _name(button: QToolButton, name: str) -> None:
    button.setToolTip(tool_tip(name))
    button.setAccessibleName(name)
