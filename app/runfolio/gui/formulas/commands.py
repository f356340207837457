"""What the commands for computed columns, hand-typed columns and health checks do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from runfolio.core.columns import CHECKS, Column
from runfolio.core.formula_edits import remove_formula
from runfolio.core.view_edits import hide, show
from runfolio.core.views import FormulaColumn, View, columns_in_order
from runfolio.gui.formulas.dialog import NEW, FormulaDialog
from runfolio.gui.formulas.typed import TypedDialog
from runfolio.gui.session import Session

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow


def add_formula(window: MainWindow) -> None:
    """Ask for a new computed column."""
    ask_for_formula(window.session, NEW, window)


def edit_formula(session: Session, column: Column, parent: QWidget) -> None:
    """Ask for another formula or name of a computed column."""
    ask_for_formula(session, FormulaColumn(column.key, column.formula), parent)


def ask_for_formula(session: Session, column: FormulaColumn, parent: QWidget) -> None:
    """Open the dialog on a column."""
    dialog = FormulaDialog(session, column, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def without(view: View, column: Column) -> View:
    """The view without a computed column."""
    return remove_formula(view, column.key)


def add_typed_column(window: MainWindow) -> None:
    """Ask for the name of a column to type into."""
    TypedDialog(window.session, window).open()


def toggle_checks(window: MainWindow) -> None:
    """Show what health checks found as a column, or hide it."""
    session, natural = window.session, window.runs.feed.natural
    shown = CHECKS in columns_in_order(session.view, natural)
    view = hide(session.view, (CHECKS,), natural) if shown else show(session.view, CHECKS, natural)
    session.set_view(view, "Hide Column" if shown else "Show Column")
