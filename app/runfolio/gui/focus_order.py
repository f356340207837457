"""Where the Tab key goes: on in the order of reading, whenever the parts of a window were made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QGraphicsView, QScrollArea, QWidget

# What these have within them is theirs.
CLOSED = (QAbstractItemView, QGraphicsView)


def step(window: QWidget, forward: bool) -> bool:
    """Give the keyboard to the next part of a window, or the previous one; False if it has none that takes it."""
    stops = list(stops_in(window))
    if not stops:
        return False
    at = _place(stops, QApplication.focusWidget(), -1 if forward else 0)
    target = stops[(at + (1 if forward else -1)) % len(stops)]
    target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    _reveal(target)
    return True


def stops_in(parent: QWidget) -> Iterator[QWidget]:
    """All that Tab goes to, in the order of reading: row by row, and within a row from the left."""
    for row in rows([child for child in parent.children() if isinstance(child, QWidget) and _is_seen(child)]):
        for child in row:
            if _takes_keyboard(child):
                yield child
            if not isinstance(child, CLOSED):
                yield from stops_in(child)


def rows(widgets: Sequence[QWidget]) -> list[list[QWidget]]:
    """Widgets side by side are one row, though they are of different heights."""
    found: list[list[QWidget]] = []
    for widget in sorted(widgets, key=QWidget.y):
        if found and widget.geometry().center().y() <= found[-1][0].geometry().bottom():
            found[-1].append(widget)
        else:
            found.append([widget])
    return [sorted(row, key=QWidget.x) for row in found]


def _is_seen(widget: QWidget) -> bool:
    return widget.isVisible() and not widget.isWindow()


def _takes_keyboard(widget: QWidget) -> bool:
    policy = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(policy) and widget.isEnabled() and widget.focusProxy() is None


def _place(stops: Sequence[QWidget], focused: QWidget | None, nowhere: int) -> int:
    """Where the keyboard is; what stands for others, or is within one of them, counts as that."""
    while focused is not None:
        if focused in stops:
            return stops.index(focused)
        focused = focused.parentWidget()
    return nowhere


def _reveal(widget: QWidget) -> None:
    above = widget.parentWidget()
    while above is not None:
        page = above.widget() if isinstance(above, QScrollArea) else None
        if isinstance(above, QScrollArea) and page is not None:
            place = widget.mapTo(page, QPoint(0, 0))
            above.ensureVisible(place.x(), place.y())
            above.ensureVisible(place.x(), place.y() + min(widget.height(), above.viewport().height()))
        above = above.parentWidget()
