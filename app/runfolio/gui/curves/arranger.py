"""Which charts stand where on their page, and what the user does to that: each is a step that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from runfolio.core import chart_edits as edits
from runfolio.core.chart_page import Chart, ChartPage, OwnChart, Section, Setting, arranged
from runfolio.gui.curves.cascade import OVERRIDABLE, overridden
from runfolio.gui.curves.lineup import Lineup
from runfolio.gui.curves.options import ENDS, Options
from runfolio.gui.session import Session
from runfolio.gui.undo import NO_BURST


class Arranger:
    """Arranges the charts of a line-up as the session's view says.

    Args:
        options: those of the page, as they are now.

    Attributes:
        sections: all of the page, whatever the filter of the toolbar lets through.
        metrics: all that the runs have, be their charts removed or not.
    """

    def __init__(self, session: Session, options: Callable[[], Options]) -> None:
        self._session = session
        self.options = options
        self.sections: tuple[Section, ...] = ()
        self.metrics: tuple[str, ...] = ()
        self._arranged: tuple[ChartPage, Lineup] | None = None

    @property
    def page(self) -> ChartPage:
        """What the user chose."""
        return self._session.view.chart_page

    @property
    def stale(self) -> bool:
        """Whether the user has chosen something else since the charts were arranged."""
        return self._arranged is None or self._arranged[0] != self.page

    @property
    def has_other_charts(self) -> bool:
        """Whether it must be read anew which metrics the charts of the user's own show."""
        return self._arranged is not None and self._arranged[0].own != self.page.own

    @property
    def number(self) -> int:
        """How many charts there are."""
        return sum(len(section.charts) for section in self.sections)

    @property
    def removed(self) -> list[str]:
        """The metrics whose charts are left out."""
        gone = {key for key, choice in self.page.charts if choice.removed}
        return [metric for metric in self.metrics if metric in gone]

    def arrange(self, lineup: Lineup) -> tuple[Section, ...]:
        """The sections to show: those in which the filter lets something through."""
        if self._arranged != (self.page, lineup):
            self._arranged = self.page, lineup
            self.metrics = lineup.keys
            self.sections = arranged(self.page, lineup.keys, dict(lineup.fits))
        options = self.options()
        if not options.text.strip():
            return self.sections
        found = (_filtered(section, options) for section in self.sections)
        return tuple(section for section in found if section.charts)

    def change(self, edit: Callable[[ChartPage], ChartPage], why: str, burst: int = NO_BURST) -> None:
        """Have the page as an edit makes it; `why` is what the step is called, and of one burst all are one step."""
        view = self._session.view
        self._session.set_view(replace(view, chart_page=edit(view.chart_page)), why, burst)

    # Sections

    def fold(self, section: str) -> None:
        """Fold a section, or unfold it."""
        folded = self.page.section(section).folded
        self.change(lambda page: edits.fold(page, section), f"{'Unfold' if folded else 'Fold'} Section")

    def fold_all(self, folded: bool) -> None:
        """Fold all sections that have a name, or unfold them."""
        names = [section.name for section in self.sections if section.name]
        why = f"{'Fold' if folded else 'Unfold'} All Sections"
        self.change(lambda page: edits.fold_all(page, names, folded), why)

    def rename_section(self, section: str, title: str) -> None:
        """Call a section otherwise; by its own name again if the title is empty."""
        self.change(lambda page: edits.rename_section(page, section, title), "Rename Section")

    def step_section(self, section: str, by: int) -> None:
        """Move a section so many places down."""
        self.change(lambda page: edits.step_section(page, self.sections, section, by), "Move Section")

    def bring_up(self, key: str) -> None:
        """Have a chart in sight: put it back if it was removed, and unfold its section."""
        if key in self.removed:
            self.change(lambda page: edits.put_back(page, [key]), "Put Back Chart")
        place = edits.place_of(self.sections, key)
        if place is not None and place[0].choice.folded:
            self.fold(place[0].name)

    # Charts

    def rename(self, key: str, title: str) -> None:
        """Call a chart otherwise; by its metric again if the title is empty."""
        self.change(lambda page: edits.rename_chart(page, key, title), "Rename Chart")

    def resize(self, chart: Chart, wide: int, tall: int) -> None:
        """Let a chart take so many columns and rows."""
        self.change(lambda page: edits.resize(page, chart.key, wide, tall), "Resize Chart")

    def step(self, key: str, by: int) -> None:
        """Move a chart so many places within its section."""
        self.change(lambda page: edits.step_chart(page, self.sections, key, by), "Move Chart")

    def move(self, key: str, section: str, before: str | None = None) -> None:
        """Put a chart into a section, before another one or behind all."""
        self.change(lambda page: edits.move_chart(page, self.sections, key, section, before), "Move Chart")

    def move_beside(self, key: str, section: str, other: str, *, after: bool) -> None:
        """Put a chart into a section, before or after another one, whatever the filter hides between them."""
        keys = [chart.key for one in self.sections if one.name == section for chart in one.charts if chart.key != key]
        place = keys.index(other) + after if other in keys else None
        if place is not None:
            self.move(key, section, keys[place] if place < len(keys) else None)

    def remove(self, key: str) -> None:
        """Leave a chart out."""
        self.change(lambda page: edits.remove(page, key), "Remove Chart")

    def put_back(self) -> None:
        """Show all charts again that were left out."""
        self.change(lambda page: edits.put_back(page, self.removed), "Put Back Charts")

    def add(self, name: str, pattern: str, metrics: Iterable[str], section: str = "") -> None:
        """Make a chart of several metrics."""

        def made(page: ChartPage) -> ChartPage:
            page = edits.add_own(page, name, pattern, metrics)
            return edits.move_chart(page, (), page.own[-1].id, section, None) if section else page

        self.change(made, "New Chart")

    def change_own(self, own: OwnChart) -> None:
        """Have a chart of the user's own show something else."""
        self.change(lambda page: edits.change_own(page, own), "Change Chart")

    def reset(self) -> None:
        """Arrange charts as if nothing had been chosen; those of the user's own stay."""
        self.change(lambda page: ChartPage(own=page.own), "Reset the Arrangement")

    # Settings

    def set_log(self, chart: Chart, log: bool) -> None:
        """Have one chart logarithmic or linear; where it would be so anyway, nothing is set for it."""
        if log == overridden(self.options(), chart.around).log:
            self.inherit_in_chart(chart.key, ["log"])
        else:
            self.set_in_chart(chart, "log", log)

    def set_in_chart(self, chart: Chart, name: str, value: Setting, burst: int = NO_BURST) -> None:
        """Set something of one chart otherwise than around it."""
        edit, title = edits.set_in_chart, OVERRIDABLE[name].title
        self.change(lambda page: edit(page, chart.key, name, value), f"{title} of Chart", burst)

    def set_ends_in_chart(self, chart: Chart, wanted: Options) -> None:
        """Have the axes of a chart end where options say; what would be so anyway is not set."""
        around = overridden(self.options(), chart.around)
        self.change(lambda page: _with_ends(page, chart.key, wanted, around, IN_CHART), "Axis Ranges of Chart")

    def set_ends_in_section(self, section: str, wanted: Options) -> None:
        """The same for all charts of a section."""
        around = self.options()
        self.change(lambda page: _with_ends(page, section, wanted, around, IN_SECTION), "Axis Ranges of Section")

    def inherit_in_chart(self, key: str, names: Iterable[str], burst: int = NO_BURST) -> None:
        """Have settings of a chart be those around it again."""
        names = list(names)
        self.change(lambda page: edits.inherit_in_chart(page, key, names), "Reset Settings of Chart", burst)

    def set_in_section(self, section: str, name: str, value: Setting, burst: int = NO_BURST) -> None:
        """Set something of one section otherwise than on the page."""
        edit, title = edits.set_in_section, OVERRIDABLE[name].title
        self.change(lambda page: edit(page, section, name, value), f"{title} of Section", burst)

    def inherit_in_section(self, section: str, names: Iterable[str], burst: int = NO_BURST) -> None:
        """Have settings of a section be those of the page again."""
        names = list(names)
        self.change(lambda page: edits.inherit_in_section(page, section, names), "Reset Settings of Section", burst)


IN_CHART = edits.set_in_chart, edits.inherit_in_chart
IN_SECTION = edits.set_in_section, edits.inherit_in_section


def _with_ends(
    page: ChartPage,
    name: str,
    wanted: Options,
    around: Options,
    how: tuple[Callable[[ChartPage, str, str, Setting], ChartPage], Callable[[ChartPage, str, list[str]], ChartPage]],
) -> ChartPage:
    keep, inherit = how
    for end in ENDS:
        value = getattr(wanted, end)
        page = inherit(page, name, [end]) if value == getattr(around, end) else keep(page, name, end, value)
    return page


def _filtered(section: Section, options: Options) -> Section:
    return replace(section, charts=tuple(chart for chart in section.charts if _is_let_through(chart, options)))


def _is_let_through(chart: Chart, options: Options) -> bool:
    return any(options.shows(name) for name in (chart.title, *chart.metrics))
