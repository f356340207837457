"""What a user does to the page of charts: each function gives the page as it is afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from runfolio.core.chart_page import (
    MOST_CELLS,
    NO_CHOICE,
    NO_SECTION_CHOICE,
    OWN,
    Chart,
    ChartChoice,
    ChartPage,
    OwnChart,
    Section,
    SectionChoice,
    Setting,
    Settings,
    section_of,
)

T = TypeVar("T", ChartChoice, SectionChoice)
Sections = Sequence[Section]


def fold(page: ChartPage, name: str) -> ChartPage:
    """Show only the heading of a section, or its charts again."""
    return _with_section(page, name, folded=not page.section(name).folded)


def fold_all(page: ChartPage, names: Iterable[str], folded: bool) -> ChartPage:
    """Fold or unfold all of these sections."""
    return replace(page, sections=_put(page.sections, names, NO_SECTION_CHOICE, {"folded": folded}))


def rename_section(page: ChartPage, name: str, title: str) -> ChartPage:
    """Call a section otherwise; an empty title gives it its own name back."""
    return _with_section(page, name, title="" if title == name else title)


def rename_chart(page: ChartPage, key: str, title: str) -> ChartPage:
    """Call a chart otherwise; an empty title gives it its metric's name back, and leaves one of the user's own."""
    if key.startswith(OWN):
        return replace(
            page, own=tuple(replace(one, name=title or one.name) if one.id == key else one for one in page.own)
        )
    return _with_chart(page, key, title="" if title == key else title)


def resize(page: ChartPage, key: str, wide: int, tall: int) -> ChartPage:
    """Let a chart take so many columns and rows, as far as it may."""
    wide, tall = (min(max(cells, 1), MOST_CELLS) for cells in (wide, tall))
    return _with_chart(page, key, wide=wide, tall=tall)


def move_chart(page: ChartPage, shown: Sections, key: str, section: str, before: str | None) -> ChartPage:
    """Put a chart into a section that is shown or a new one, before another chart there, or behind all."""
    there = next((one.charts for one in shown if one.name == section), ())
    if before == key:
        return page
    keys = [one.key for one in there if one.key != key]
    keys.insert(keys.index(before) if before in keys else len(keys), key)
    home = "" if key.startswith(OWN) else section_of(key)
    page = replace(page, order=_joined(keys, page.order))
    return _with_chart(page, key, section=None if section == home else section)


def step_chart(page: ChartPage, shown: Sections, key: str, by: int) -> ChartPage:
    """Move a chart so many places within its section, as far as that goes."""
    for section in shown:
        keys = [one.key for one in section.charts]
        if key in keys:
            return replace(page, order=_joined(_stepped(keys, key, by), page.order))
    return page


def step_section(page: ChartPage, shown: Sections, name: str, by: int) -> ChartPage:
    """Move a section so many places, as far as that goes."""
    names = [section.name for section in shown]
    return (
        replace(page, section_order=_joined(_stepped(names, name, by), page.section_order)) if name in names else page
    )


def remove(page: ChartPage, key: str) -> ChartPage:
    """Leave out a chart; one that the user has made is gone."""
    if not key.startswith(OWN):
        return _with_chart(page, key, removed=True)
    charts = tuple(pair for pair in page.charts if pair[0] != key)
    order = tuple(one for one in page.order if one != key)
    return replace(page, own=tuple(one for one in page.own if one.id != key), charts=charts, order=order)


def put_back(page: ChartPage, keys: Iterable[str]) -> ChartPage:
    """Show charts again that were left out."""
    return replace(page, charts=_put(page.charts, keys, NO_CHOICE, {"removed": False}))


def add_own(page: ChartPage, name: str, pattern: str, metrics: Iterable[str]) -> ChartPage:
    """Make a chart of several metrics; it is the last one of `own` afterwards."""
    last = max((int(one.id.removeprefix(OWN)) for one in page.own), default=0)
    return replace(page, own=(*page.own, OwnChart(f"{OWN}{last + 1}", name, pattern, tuple(metrics))))


def change_own(page: ChartPage, changed: OwnChart) -> ChartPage:
    """Have a chart of the user's own show something else."""
    return replace(page, own=tuple(changed if one.id == changed.id else one for one in page.own))


def set_in_chart(page: ChartPage, key: str, name: str, value: Setting) -> ChartPage:
    """Set something of one chart otherwise than in its section."""
    return _with_chart(page, key, settings=_set(page.chart(key).settings, name, value))


def set_in_section(page: ChartPage, section: str, name: str, value: Setting) -> ChartPage:
    """Set something of one section otherwise than on the page."""
    return _with_section(page, section, settings=_set(page.section(section).settings, name, value))


def inherit_in_chart(page: ChartPage, key: str, names: Iterable[str]) -> ChartPage:
    """Have these settings of a chart be those of its section again."""
    return _with_chart(page, key, settings=_without(page.chart(key).settings, names))


def inherit_in_section(page: ChartPage, section: str, names: Iterable[str]) -> ChartPage:
    """Have these settings of a section be those of the page again."""
    return _with_section(page, section, settings=_without(page.section(section).settings, names))


def place_of(shown: Sections, key: str) -> tuple[Section, Chart] | None:
    """The section that a chart is in, and the chart, where it is shown."""
    found = ((section, chart) for section in shown for chart in section.charts if chart.key == key)
    return next(found, None)


def _with_chart(page: ChartPage, key: str, **chosen: Any) -> ChartPage:
    return replace(page, charts=_put(page.charts, [key], NO_CHOICE, chosen))


def _with_section(page: ChartPage, name: str, **chosen: Any) -> ChartPage:
    return replace(page, sections=_put(page.sections, [name], NO_SECTION_CHOICE, chosen))


def _put(
    pairs: tuple[tuple[str, T], ...], names: Iterable[str], usual: T, chosen: dict[str, Any]
) -> tuple[tuple[str, T], ...]:
    """Choose something for these; what equals the usual is not kept. There may be thousands."""
    found = dict(pairs)
    for name in names:
        found[name] = replace(found.get(name, usual), **chosen)
    return tuple((name, found[name]) for name in sorted(found) if found[name] != usual)


def _set(settings: Settings, name: str, value: Setting) -> Settings:
    found = dict(settings) | {name: value}
    return tuple((one, found[one]) for one in sorted(found))


def _without(settings: Settings, names: Iterable[str]) -> Settings:
    gone = set(names)
    return tuple(pair for pair in settings if pair[0] not in gone)


def _stepped(names: list[str], name: str, by: int) -> list[str]:
    place = names.index(name)
    names.insert(min(max(place + by, 0), len(names) - 1), names.pop(place))
    return names


def _joined(names: Sequence[str], before: Iterable[str]) -> tuple[str, ...]:
    """An order in which these stand together, behind the others as they stood."""
    anew = set(names)
    return (*(one for one in before if one not in anew), *names)
