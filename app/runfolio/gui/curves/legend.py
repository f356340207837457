"""The row that says which colour is which run or group, for charts that have no table beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.curves.legend_row import more_text, row_places
from runfolio.gui.curves.lineup import Lineup, Shown, ShownGroup, short_name
from runfolio.gui.curves.look import ChartLook
from runfolio.gui.run_colors import SWATCH, paint_swatch

SIDE, GAP, ROOM = 16, 16, 6
#: The longest name, in letters.
LONGEST = 36


class RunLegend(QWidget):
    """The swatches and names of runs or groups, as many as fit; painted by hand: it is lit with each move of the mouse.

    Names are short unless all of them fit in full.

    Attributes:
        runs: those that are in the charts, or groups.

    Signals:
        hovered(int | None): the run or group under the mouse.
        picked(int, bool): one was clicked; True with Ctrl held.
    """

    hovered = Signal(object)
    picked = Signal(object, bool)

    def __init__(self, look: ChartLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs: Sequence[Shown] = ()
        self._lineup = Lineup()
        self._alone = self._enlarged = False
        self._look = look
        self._lit: int | None = None
        self._under: int | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    def set_look(self, look: ChartLook) -> None:
        """Take the colours of a theme, of runs and of groups."""
        self._look = look
        self.update()

    def show_lineup(self, lineup: Lineup) -> None:
        """Have these be in the charts."""
        self._lineup = lineup
        self._show()

    def set_alone(self, alone: bool) -> None:
        """Say whether there is no table beside the charts, which would tell whose colour is which."""
        self._alone = alone
        self._show()

    def set_enlarged(self, enlarged: bool) -> None:
        """Say whether the eye is on one large chart."""
        self._enlarged = enlarged
        self._show()

    def _show(self) -> None:
        """Groups are always named, runs where nothing else does it; without any there is no legend."""
        lineup = self._lineup
        named = lineup.grouped or self._alone or self._enlarged
        self.runs = runs = lineup.runs if named and lineup.keys else ()
        kind = "Groups" if any(isinstance(run, ShownGroup) for run in runs) else "Runs"
        self.setAccessibleName(f"{kind}: {', '.join(run.name for run in runs)}")
        self.setVisible(bool(runs))
        self.update()

    def set_lit(self, run: int | None) -> None:
        """Have one stand out, in every chart too."""
        if run != self._lit:
            self._lit = run
            self.update()

    def sizeHint(self) -> QSize:
        """One line, with room below."""
        return QSize(0, self.fontMetrics().height() + 8)

    def places(self) -> Mapping[int, QRect]:
        """Where each run or group is that there is room for, from the left."""
        metrics, line = self.fontMetrics(), self.rect().adjusted(SIDE, 0, -SIDE, 0)
        widths = [SWATCH + ROOM + metrics.horizontalAdvance(name) for name in self._names()]
        places = row_places(widths, len(widths), line, GAP, metrics)
        return {run.id: place for run, place in zip(self.runs, places, strict=False)}

    def _names(self) -> list[str]:
        metrics, names = self.fontMetrics(), [run.name for run in self.runs]
        taken = sum(SWATCH + ROOM + GAP + metrics.horizontalAdvance(name) for name in names)
        if taken - GAP <= self.width() - 2 * SIDE:
            return names
        room = LONGEST * metrics.averageCharWidth()
        return [metrics.elidedText(short_name(run), Qt.TextElideMode.ElideRight, room) for run in self.runs]

    def run_at(self, place: QPoint) -> Shown | None:
        """The run or group at a place."""
        found = next((run for run, area in self.places().items() if area.contains(place)), None)
        return next((run for run in self.runs if run.id == found), None)

    # What is seen

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Swatches and names, those that are not lit faintly, and how many more there are."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places, right = self.places(), SIDE
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        for run, name in zip(self.runs, self._names(), strict=True):
            if run.id not in places:
                break
            area = places[run.id]
            center = QPointF(area.left() + SWATCH / 2, area.center().y() + 1)
            paint_swatch(painter, center, self._look.number(run.id), self._look.dark)
            lit = run.id == self._lit
            painter.setFont(self._font(lit=lit))
            painter.setPen(self._look.text if lit else self._look.muted)
            names = area.adjusted(SWATCH + ROOM, 0, 0, 0)
            painter.drawText(
                names, middle, painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, names.width() + 1)
            )
            right = area.right() + GAP
        if len(places) < len(self.runs):
            painter.setFont(self._font(lit=False))
            painter.setPen(self._look.muted)
            painter.drawText(
                QRect(right, 0, self.width(), self.height()), middle, more_text(len(self.runs) - len(places))
            )

    def _font(self, *, lit: bool) -> QFont:
        font = QFont(self.font())
        font.setUnderline(lit)  # and not bold, which would be wider
        return font

    # The mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the run or group under the mouse."""
        found = self.run_at(event.position().toPoint())
        self._point(None if found is None else found.id)

    def leaveEvent(self, event: QEvent) -> None:
        """Light none any more."""
        super().leaveEvent(event)
        self._point(None)

    def _point(self, run: int | None) -> None:
        if run != self._under:
            self._under = run
            self.hovered.emit(run)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The same as a click on the line."""
        found = self.run_at(event.position().toPoint())
        if found is not None and event.button() is Qt.MouseButton.LeftButton:
            self.picked.emit(found.id, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def event(self, event: QEvent) -> bool:
        """The whole name of one, or all names where not all of them fit."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            found = self.run_at(event.pos())
            shown = [found] if found is not None else self.runs
            QToolTip.showText(event.globalPos(), tool_tip("\n".join(run.name for run in shown)), self)
            return True
        return super().event(event)
