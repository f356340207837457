"""What mouse and keyboard do with parallel coordinates: brush, move and remove stretches, reorder and turn axes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent

from runfolio.gui.compare.brushes import LOWEST, Brush, between, nudged, shifted

if TYPE_CHECKING:
    from runfolio.gui.compare.parallel import ParallelView

# As far from an axis one can brush it, and from an end of a stretch one can take it; a click moves less far.
REACH, END, CLICK = 14, 5, 4
BIG = 5
Key, Modifier = Qt.Key, Qt.KeyboardModifier


class Brushing(QObject):
    """Follows the events of parallel coordinates."""

    def __init__(self, view: ParallelView) -> None:
        super().__init__(view)
        self._view = view
        self._pressed: QPointF | None = None
        self._drag: Callable[[QPointF], None] | None = None
        self._dragging = False
        view.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The events that mean something here go no further."""
        kind = event.type()
        if isinstance(event, QMouseEvent) and self._view.axes:
            if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
                return self._on_press(event)
            if kind == QEvent.Type.MouseMove:
                self._on_move(event.position())
            elif kind == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
                self._on_release(event.position())
        elif isinstance(event, QContextMenuEvent) and self._view.axes:
            return self._on_menu(event)
        elif isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress and self._view.axes:
            return self._on_key(event)
        elif kind == QEvent.Type.Leave:
            self._view.pointed.emit(-1)
        elif kind in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._view.refresh()
        return False

    # The mouse

    def _on_press(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        view, place = self._view, event.position()
        view.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed, self._dragging, self._drag = place, False, None
        axis = self._title_at(place)
        if axis is not None:
            view.current = axis
            self._drag = partial(self._drag_title, axis)
        elif (axis := self._axis_at(place)) is not None:
            view.current = axis
            self._drag = self._grip(axis, place)
        view.refresh()
        return True

    def _grip(self, axis: int, place: QPointF) -> Callable[[QPointF], None]:
        """What dragging from a place of an axis does: move an end of its stretch, move that, or make a new one."""
        view = self._view
        column, start = view.axes[axis].column, view.at_of(place.y())
        brush = view.brushes.get(column)
        if brush is not None:
            area = view.brush_rect(axis, brush)
            for end, other in ((area.top(), brush[0]), (area.bottom(), brush[1])):
                if abs(place.y() - end) <= END:
                    return lambda now: view.set_brush(column, between(other, view.at_of(now.y())))
            if area.contains(place):
                held: Brush = brush
                return lambda now: view.set_brush(column, shifted(held, view.at_of(now.y()) - start))
        return lambda now: view.set_brush(column, between(start, view.at_of(now.y())))

    def _on_move(self, place: QPointF) -> None:
        if self._pressed is None:
            self._show_shape(place)
            self._view.pointed.emit(-1 if self._axis_at(place) is not None else self._view.line_at(place))
            return
        self._dragging = self._dragging or (place - self._pressed).manhattanLength() >= CLICK
        if self._dragging and self._drag is not None:
            self._drag(place)

    def _on_release(self, place: QPointF) -> None:
        pressed, self._pressed = self._pressed, None
        view = self._view
        if pressed is None:
            return
        if view.dragged is not None:
            axis, view.dragged = view.dragged[0], None
            view.moved.emit(view.axes[axis].column, view.axis_near(place.x()))
        elif not self._dragging:
            self._on_click(pressed)
        view.refresh()

    def _on_click(self, place: QPointF) -> None:
        """On a name the menu; on an axis its stretch goes; elsewhere the line that is there is meant."""
        view = self._view
        if (axis := self._title_at(place)) is not None:
            area = view.title_rect(axis)
            view.menu_asked.emit(view.axes[axis].column, view.mapToGlobal(area.bottomLeft().toPoint()))
        elif (axis := self._axis_at(place)) is not None:
            view.set_brush(view.axes[axis].column, None)
        else:
            view.clicked.emit(view.line_at(place))

    def _drag_title(self, axis: int, place: QPointF) -> None:
        if axis < len(self._view.axes):
            self._view.dragged = axis, place.x()
            self._view.refresh()

    def _on_menu(self, event: QContextMenuEvent) -> bool:
        """By the mouse the menu of the axis that is near, by the key that of the axis that the keyboard is on."""
        view = self._view
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            axis, where = view.current, view.mapToGlobal(view.title_rect(view.current).bottomLeft().toPoint())
        else:
            axis, where = view.axis_near(event.pos().x()), event.globalPos()
        view.current = axis
        view.refresh()
        view.menu_asked.emit(view.axes[axis].column, where)
        return True

    def _show_shape(self, place: QPointF) -> None:
        shape = Qt.CursorShape.ArrowCursor
        if self._title_at(place) is not None:
            shape = Qt.CursorShape.OpenHandCursor
        elif self._axis_at(place) is not None:
            shape = Qt.CursorShape.CrossCursor
        if self._view.cursor().shape() != shape:
            self._view.setCursor(shape)

    def _title_at(self, place: QPointF) -> int | None:
        return next((a for a in range(len(self._view.axes)) if self._view.title_rect(a).contains(place)), None)

    def _axis_at(self, place: QPointF) -> int | None:
        axis = self._view.axis_near(place.x())
        near = abs(self._view.x_of(axis) - place.x()) <= REACH
        return axis if near and LOWEST - 0.02 <= self._view.at_of(place.y()) <= 1.05 else None

    # The keyboard

    def _on_key(self, event: QKeyEvent) -> bool:
        key, modifiers = Key(event.key()), event.modifiers()
        column = self._view.axes[self._view.current].column
        if key in (Key.Key_Left, Key.Key_Right):
            self._step(-1 if key == Key.Key_Left else 1, move=bool(modifiers & Modifier.ControlModifier))
        elif key in (Key.Key_Up, Key.Key_Down):
            self._nudge(1 if key == Key.Key_Up else -1, modifiers)
        elif key in (Key.Key_Return, Key.Key_Enter):
            self._view.menu_asked.emit(column, self._below_title())
        elif key == Key.Key_Backspace:
            self._view.set_brush(column, None)
        elif key == Key.Key_F and not modifiers:
            self._view.flip_asked.emit(column)
        elif key == Key.Key_L and not modifiers:
            self._view.log_asked.emit(column)
        elif key == Key.Key_Escape and self._view.brushes:
            self._view.clear_brushes()
        else:
            return False
        return True

    def _step(self, by: int, *, move: bool) -> None:
        view = self._view
        place = min(max(view.current + by, 0), len(view.axes) - 1)
        column, view.current = view.axes[view.current].column, place
        if move:
            view.moved.emit(column, place)
        view.refresh()
        self._describe()

    def _nudge(self, ups: int, modifiers: Qt.KeyboardModifier) -> None:
        view = self._view
        axis = view.axes[view.current]
        ups *= BIG if modifiers & Modifier.ControlModifier else 1
        lower = bool(modifiers & Modifier.ShiftModifier)
        view.set_brush(axis.column, nudged(view.brushes.get(axis.column), axis, ups, lower=lower))
        self._describe()

    def _describe(self) -> None:
        """Say for assistive tools where the keyboard is, and what is brushed there."""
        view = self._view
        view.setAccessibleDescription(described(view))

    def _below_title(self) -> QPoint:
        return self._view.mapToGlobal(self._view.title_rect(self._view.current).bottomLeft().toPoint())


def described(view: ParallelView) -> str:
    """The axis that the keyboard is on, and its stretch, in words."""
    from runfolio.gui.compare.marks import value_text

    axis, title = view.axes[view.current], view.titles[view.current]
    brush = view.brushes.get(axis.column)
    if brush is None:
        return f"Axis {title}"
    return f"Axis {title}, brushed from {value_text(axis, max(brush[0], 0.0))} to {value_text(axis, brush[1])}"
