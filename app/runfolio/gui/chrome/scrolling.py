"""Finds the page that scrolls around a widget."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QWidget


def page_around(widget: QWidget) -> QScrollArea | None:
    """The innermost one; None where nothing around the widget scrolls."""
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    return above
