"""What a user sees of a widget: the texts of its labels, and its controls by their names."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from runfolio.gui.runs.chosen_rows import ChosenRows

Kind = TypeVar("Kind", bound=QWidget)


def said(widget: QWidget) -> set[str]:
    """The texts of all labels that are seen."""
    return {label.text() for label in widget.findChildren(QLabel) if label.isVisible()}


def control(widget: QWidget, kind: type[Kind], name: str) -> Kind:
    """The one control of a kind that is seen and has this name, or a name that begins so."""
    (found,) = (one for one in widget.findChildren(kind) if one.isVisible() and _name(one).startswith(name))
    return found


def places(table: ChosenRows) -> list[int]:
    """The rows that are shown as selected, from the top."""
    return [row for row in range(table.model().rowCount()) if table.is_chosen(row)]


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
