"""The row that says which colour is which group, for charts that have no table beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.curves.legend_row import more_text, row_places
from runfolio.gui.curves.lineup import ShownGroup, short_name
from runfolio.gui.curves.look import ChartLook
from runfolio.gui.run_colors import SWATCH, paint_swatch

SIDE, GAP, ROOM = 16, 16, 6
#: The longest name, in letters.
LONGEST = 36


class GroupLegend(QWidget):
    """The swatches and names of groups, as many as fit; painted by hand, for it is lit with each move of the mouse.

    Names are short unless all of them fit in full.

    Attributes:
        groups: those that are in the charts.

    Signals:
        hovered(int | None): the group under the mouse.
        picked(int, bool): a group was clicked; True with Ctrl held.
    """

    hovered = Signal(object)
    picked = Signal(object, bool)

    def __init__(self, look: ChartLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.groups: Sequence[ShownGroup] = ()
        self._look = look
        self._lit: int | None = None
        self._under: int | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    def set_look(self, look: ChartLook) -> None:
        """Take the colours of a theme, and those of the groups."""
        self._look = look
        self.update()

    def show_groups(self, groups: Sequence[ShownGroup]) -> None:
        """Name these; without any there is no legend."""
        self.groups = groups
        self.setAccessibleName(f"Groups: {', '.join(group.name for group in groups)}")
        self.setVisible(bool(groups))
        self.update()

    def set_lit(self, group: int | None) -> None:
        """Have one group stand out, in every chart too."""
        if group != self._lit:
            self._lit = group
            self.update()

    def sizeHint(self) -> QSize:
        """One line, with room below."""
        return QSize(0, self.fontMetrics().height() + 8)

    def places(self) -> Mapping[int, QRect]:
        """Where each group is that there is room for, from the left."""
        metrics, line = self.fontMetrics(), self.rect().adjusted(SIDE, 0, -SIDE, 0)
        widths = [SWATCH + ROOM + metrics.horizontalAdvance(name) for name in self._names()]
        places = row_places(widths, len(widths), line, GAP, metrics)
        return {group.id: place for group, place in zip(self.groups, places, strict=False)}

    def _names(self) -> list[str]:
        metrics, names = self.fontMetrics(), [group.name for group in self.groups]
        taken = sum(SWATCH + ROOM + GAP + metrics.horizontalAdvance(name) for name in names)
        if taken - GAP <= self.width() - 2 * SIDE:
            return names
        room = LONGEST * metrics.averageCharWidth()
        return [metrics.elidedText(short_name(group), Qt.TextElideMode.ElideRight, room) for group in self.groups]

    def group_at(self, place: QPoint) -> ShownGroup | None:
        """The group at a place."""
        found = next((group for group, area in self.places().items() if area.contains(place)), None)
        return next((group for group in self.groups if group.id == found), None)

    # What is seen

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Swatches and names, those that are not lit faintly, and how many more there are."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places, right = self.places(), SIDE
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        for group, name in zip(self.groups, self._names(), strict=True):
            if group.id not in places:
                break
            area = places[group.id]
            center = QPointF(area.left() + SWATCH / 2, area.center().y() + 1)
            paint_swatch(painter, center, self._look.number(group.id), self._look.dark)
            lit = group.id == self._lit
            painter.setFont(self._font(lit=lit))
            painter.setPen(self._look.text if lit else self._look.muted)
            names = area.adjusted(SWATCH + ROOM, 0, 0, 0)
            painter.drawText(
                names, middle, painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, names.width() + 1)
            )
            right = area.right() + GAP
        if len(places) < len(self.groups):
            painter.setFont(self._font(lit=False))
            painter.setPen(self._look.muted)
            painter.drawText(
                QRect(right, 0, self.width(), self.height()), middle, more_text(len(self.groups) - len(places))
            )

    def _font(self, *, lit: bool) -> QFont:
        font = QFont(self.font())
        font.setUnderline(lit)  # and not bold, which would be wider
        return font

    # The mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the group under the mouse."""
        found = self.group_at(event.position().toPoint())
        self._point(None if found is None else found.id)

    def leaveEvent(self, event: QEvent) -> None:
        """Light none any more."""
        super().leaveEvent(event)
        self._point(None)

    def _point(self, group: int | None) -> None:
        if group != self._under:
            self._under = group
            self.hovered.emit(group)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The same as a click on the group's line."""
        found = self.group_at(event.position().toPoint())
        if found is not None and event.button() is Qt.MouseButton.LeftButton:
            self.picked.emit(found.id, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def event(self, event: QEvent) -> bool:
        """The whole name of a group, or all names where not all of them fit."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            found = self.group_at(event.pos())
            shown = [found] if found is not None else self.groups
            QToolTip.showText(event.globalPos(), tool_tip("\n".join(group.name for group in shown)), self)
            return True
        return super().event(event)
