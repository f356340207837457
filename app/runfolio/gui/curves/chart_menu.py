"""The menu of one chart, and what is in it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from runfolio.core.chart_page import Section
from runfolio.gui.curves.annotating import annotate, follow_marking, show_annotations
from runfolio.gui.curves.arrange_menu import fill_chart_menu, fill_section_menu
from runfolio.gui.curves.arranger import Arranger
from runfolio.gui.curves.best_runs import fill_best_menu
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.cascade import OVERRIDABLE
from runfolio.gui.curves.export_chart import Drawing, copy_chart, kept_style
from runfolio.gui.curves.export_dialog import ExportDialog
from runfolio.gui.curves.section_heading import SectionHeading
from runfolio.gui.icons import icon
from runfolio.gui.session import Session


def offer_menu(card: ChartCard, arranger: Arranger, session: Session) -> None:
    """Show the menu where it is asked for, and ask for an annotation where a stretch is marked."""
    follow_marking(card, session)
    card.menu_asked.connect(lambda at: _show(card, arranger, session, at))
    card.heading.reset_wanted.connect(lambda: arranger.inherit_in_chart(card.key, OVERRIDABLE))


def make_heading(arranger: Arranger, session: Session, section: Section, parent: QWidget) -> SectionHeading:
    """The heading of a section, with its menu."""
    heading = SectionHeading(section, parent)
    heading.fold_wanted.connect(lambda: arranger.fold(heading.section.name))
    heading.menu_asked.connect(lambda at: _show_section(heading, arranger, session, at))
    heading.reset_wanted.connect(lambda: arranger.inherit_in_section(heading.section.name, OVERRIDABLE))
    return heading


def _show_section(heading: SectionHeading, arranger: Arranger, session: Session, at: QPoint) -> None:
    menu = QMenu(heading)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    fill_section_menu(menu, heading, arranger, session, at)
    menu.popup(at)


def _show(card: ChartCard, arranger: Arranger, session: Session, at: QPoint) -> None:
    menu = QMenu(card)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for symbol, title, function in (
        ("export", "Export Chart…", open_export),
        ("copy", "Copy Chart", copy),
    ):
        action = menu.addAction(icon(symbol, "muted"), title)
        action.setEnabled(card.has_lines)
        action.triggered.connect(partial(function, card, session))
    menu.addSeparator()
    menu.addAction("Annotate…").triggered.connect(lambda: annotate(card, session))
    menu.addAction(f"Annotations ({len(card.notes.here):,})…").triggered.connect(
        lambda: show_annotations(card, session)
    )
    menu.addSeparator()
    for key in card.chart.metrics[:1]:  # an expression of the user's own may fit none
        fill_best_menu(menu, session, key)
    fill_chart_menu(menu, card, arranger, session, at)
    menu.popup(at)


def open_export(card: ChartCard, session: Session, _checked: bool = False) -> None:
    """Ask how a chart is drawn, and where to."""
    ExportDialog(session, card.now(), card.window()).open()


def copy(card: ChartCard, session: Session, _checked: bool = False) -> None:
    """Put a chart on the clipboard, in the size that was chosen last."""
    copy_chart(session, Drawing(card.now(), kept_style(session.preferences)))
