"""Which charts stand where on their page, and what the user does to that: each is a step that can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from runfolio.core import chart_edits as edits
from runfolio.core.chart_page import Chart, ChartPage, Section, Setting, arranged
from runfolio.gui.curves.cascade import OVERRIDABLE, overridden
from runfolio.gui.curves.lineup import Lineup
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.section_heading import SectionHeading
from runfolio.gui.session import Session


class Arranger:
    """Arranges the charts of a line-up as the session's view says.

    Attributes:
        sections: all of the page, whatever the filter of the toolbar lets through.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.sections: tuple[Section, ...] = ()
        self._arranged: tuple[ChartPage, Lineup] | None = None

    @property
    def page(self) -> ChartPage:
        """What the user chose."""
        return self._session.view.chart_page

    @property
    def stale(self) -> bool:
        """Whether the user has chosen something else since the charts were arranged."""
        return self._arranged is None or self._arranged[0] != self.page

    def arrange(self, lineup: Lineup, options: Options) -> tuple[Section, ...]:
        """The sections to show: those in which the filter lets something through."""
        if self._arranged != (self.page, lineup):
            self._arranged = self.page, lineup
            self.sections = arranged(self.page, lineup.keys, dict(lineup.fits))
        if not options.text.strip():
            return self.sections
        found = (_filtered(section, options) for section in self.sections)
        return tuple(section for section in found if section.charts)

    @property
    def has_other_charts(self) -> bool:
        """Whether it must be read anew which metrics the charts of the user's own show."""
        return self._arranged is not None and self._arranged[0].own != self.page.own

    @property
    def number(self) -> int:
        """How many charts there are."""
        return sum(len(section.charts) for section in self.sections)

    def change(self, edit: Callable[[ChartPage], ChartPage], why: str) -> None:
        """Have the page as an edit makes it; `why` is what the step is called."""
        view = self._session.view
        self._session.set_view(replace(view, chart_page=edit(view.chart_page)), why)

    def make_heading(self, section: Section, parent: QWidget) -> SectionHeading:
        """The heading of a section, with all that can be done by it."""
        heading = SectionHeading(section, parent)
        heading.fold_wanted.connect(lambda: self.fold(heading.section.name))
        return heading

    def fold(self, section: str) -> None:
        """Fold a section, or unfold it."""
        folded = self.page.section(section).folded
        self.change(lambda page: edits.fold(page, section), f"{'Unfold' if folded else 'Fold'} Section")

    def set_in_chart(self, chart: Chart, options: Options, name: str, value: Setting) -> None:
        """Set something of one chart otherwise; what it would be anyway is not set."""
        usual = getattr(overridden(options, chart.around), name)
        if value == usual:
            self.change(lambda page: edits.inherit_in_chart(page, chart.key, [name]), f"{OVERRIDABLE[name]}")
        else:
            self.change(lambda page: edits.set_in_chart(page, chart.key, name, value), f"{OVERRIDABLE[name]}")

    def bring_up(self, key: str) -> None:
        """Unfold the section that a chart is in."""
        place = edits.place_of(self.sections, key)
        if place is not None and place[0].choice.folded:
            self.fold(place[0].name)


def _filtered(section: Section, options: Options) -> Section:
    return replace(section, charts=tuple(chart for chart in section.charts if _is_let_through(chart, options)))


def _is_let_through(chart: Chart, options: Options) -> bool:
    return any(options.shows(name) for name in (chart.title, *chart.metrics))
