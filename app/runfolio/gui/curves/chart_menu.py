"""The menu of one chart, and what is in it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.export_chart import Drawing, copy_chart, kept_style
from runfolio.gui.curves.export_dialog import ExportDialog
from runfolio.gui.icons import icon
from runfolio.gui.session import Session


def offer_menu(card: ChartCard, session: Session) -> None:
    """Show the menu where it is asked for."""
    card.menu_asked.connect(lambda at: _show(card, session, at))


def _show(card: ChartCard, session: Session, at: QPoint) -> None:
    menu = QMenu(card)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for symbol, title, function in (
        ("export", "Export Chart…", open_export),
        ("copy", "Copy Chart", copy),
    ):
        action = menu.addAction(icon(symbol, "muted"), title)
        action.setEnabled(card.has_lines)
        action.triggered.connect(partial(function, card, session))
    menu.popup(at)


def open_export(card: ChartCard, session: Session, _checked: bool = False) -> None:
    """Ask how a chart is drawn, and where to."""
    ExportDialog(session, card.now(), card.window()).open()


def copy(card: ChartCard, session: Session, _checked: bool = False) -> None:
    """Put a chart on the clipboard, in the size that was chosen last."""
    copy_chart(session, Drawing(card.now(), kept_style(session.preferences)))
