"""What can be done to a chart or a section where it stands: the menus that move, resize, rename and remove them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from runfolio.core.chart_edits import place_of
from runfolio.core.chart_page import Chart, Section
from runfolio.gui.chrome.labels import as_caption
from runfolio.gui.curves.arranger import Arranger
from runfolio.gui.curves.ask_text import AskText, ask_text
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.cascade import around_of, options_of, overridden
from runfolio.gui.curves.own_chart import ask_for_chart
from runfolio.gui.curves.ranges_popup import RangesPopup
from runfolio.gui.curves.section_heading import SectionHeading
from runfolio.gui.curves.settings_popup import SettingsPopup, open_settings
from runfolio.gui.icons import icon
from runfolio.gui.session import Session

#: No more sections are listed in a menu.
MOST_SECTIONS = 30


def fill_chart_menu(menu: QMenu, owner: ChartCard, arranger: Arranger, session: Session, at: QPoint) -> None:
    """What can be done to a chart; what asks for more appears at a place of the screen."""
    chart = owner.chart
    for own in [one for one in arranger.page.own if one.id == chart.key]:
        _add(menu, "edit", "Change What It Shows…", partial(ask_for_chart, session, arranger, owner, own))
    usual = "" if chart.own else chart.key
    ask = partial(AskText, "Rename chart", chart.title, partial(arranger.rename, chart.key), owner, usual)
    _add(menu, "edit", "Rename Chart…", lambda: ask_text(ask(), at))
    wide, tall = chart.choice.wide, chart.choice.tall
    _check(menu, "Two Columns Wide", wide > 1, lambda on: arranger.resize(chart, 1 + on, tall))
    _check(menu, "Two Rows Tall", tall > 1, lambda on: arranger.resize(chart, wide, 1 + on))
    _add(menu, "settings", "Settings…", partial(_set_chart, chart, arranger, owner, at))
    now, set_ends = options_of(arranger.options(), chart), partial(arranger.set_ends_in_chart, chart)
    _add(menu, "", "Axis Ranges…", lambda: RangesPopup(now, set_ends, owner).open_at(at))
    menu.addSeparator()
    place = place_of(arranger.sections, chart.key)
    keys = [one.key for one in place[0].charts] if place is not None else [chart.key]
    _add(menu, "", "Move Earlier", partial(arranger.step, chart.key, -1), chart.key != keys[0])
    _add(menu, "", "Move Later", partial(arranger.step, chart.key, 1), chart.key != keys[-1])
    _add_sections(menu.addMenu("Move to Section"), chart, arranger, owner, at)
    _add(menu, "trash", "Remove Chart", partial(arranger.remove, chart.key))


def _add_sections(menu: QMenu, chart: Chart, arranger: Arranger, owner: QWidget, at: QPoint) -> None:
    for section in arranger.sections[:MOST_SECTIONS]:
        title = as_caption(section.title) or "Without a Section"
        _add(menu, "", title, partial(arranger.move, chart.key, section.name), section.name != chart.section)
    menu.addSeparator()
    ask = partial(AskText, "New section", "", partial(arranger.move, chart.key), owner)
    _add(menu, "plus", "New Section…", lambda: ask_text(ask(), at))


def fill_section_menu(menu: QMenu, owner: SectionHeading, arranger: Arranger, session: Session, at: QPoint) -> None:
    """What can be done to a section."""
    section = owner.section
    _add(menu, "plus", "New Chart…", partial(ask_for_chart, session, arranger, owner, section=section.name))
    rename = partial(arranger.rename_section, section.name)
    ask = partial(AskText, "Rename section", section.title, rename, owner, section.name)
    _add(menu, "edit", "Rename Section…", lambda: ask_text(ask(), at))
    _add(menu, "settings", "Settings…", partial(_set_section, section, arranger, owner, at))
    now, set_ends = overridden(arranger.options(), section.choice.settings), arranger.set_ends_in_section
    _add(menu, "", "Axis Ranges…", lambda: RangesPopup(now, partial(set_ends, section.name), owner).open_at(at))
    menu.addSeparator()
    names = [one.name for one in arranger.sections]
    _add(menu, "", "Move Up", partial(arranger.step_section, section.name, -1), section.name != names[0])
    _add(menu, "", "Move Down", partial(arranger.step_section, section.name, 1), section.name != names[-1])
    menu.addSeparator()
    fill_page_menu(menu, arranger)


def _set_chart(chart: Chart, arranger: Arranger, owner: QWidget, at: QPoint) -> None:
    around = overridden(arranger.options(), chart.around)
    keep, inherit = partial(arranger.set_in_chart, chart), partial(arranger.inherit_in_chart, chart.key)
    settings = chart.choice.settings
    open_settings(SettingsPopup("Settings of the chart", around, around_of(chart), settings, keep, inherit, owner), at)


def _set_section(section: Section, arranger: Arranger, owner: QWidget, at: QPoint) -> None:
    keep, inherit = partial(arranger.set_in_section, section.name), partial(arranger.inherit_in_section, section.name)
    around, settings = arranger.options(), section.choice.settings
    open_settings(SettingsPopup("Settings of the section", around, "page", settings, keep, inherit, owner), at)


def fill_page_menu(menu: QMenu, arranger: Arranger) -> None:
    """What can be done to all charts and sections at once."""
    named = [section for section in arranger.sections if section.name] if len(arranger.sections) > 1 else []
    folded = [section for section in named if section.choice.folded]
    _add(menu, "", "Fold All Sections", partial(arranger.fold_all, True), len(folded) < len(named))
    _add(menu, "", "Unfold All Sections", partial(arranger.fold_all, False), bool(folded))
    removed = len(arranger.removed)
    _add(menu, "undo", f"Put Back Removed Charts ({removed:,})", arranger.put_back, removed > 0)


def _add(menu: QMenu, symbol: str, title: str, function: Callable[[], object], enabled: bool = True) -> None:
    action = menu.addAction(title)
    if symbol:
        action.setIcon(icon(symbol, "muted"))
    action.setEnabled(enabled)
    action.triggered.connect(lambda _checked=False: function())


def _check(menu: QMenu, title: str, checked: bool, function: Callable[[bool], object]) -> None:
    action = menu.addAction(title)
    action.setCheckable(True)
    action.setChecked(checked)
    action.triggered.connect(function)
