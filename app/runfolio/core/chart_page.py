"""How the page of charts is arranged: sections, order, sizes, titles, charts of the user's own. Part of a view."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias, TypeVar

from runfolio.core.ordering import in_places, natural
from runfolio.core.records import RecordReader
from runfolio.core.system_tags import is_system_metric

T = TypeVar("T")
#: What begins the number of a chart of the user's own: no metric's name can have it.
OWN = "="
OWN_ID = re.compile(OWN + r"[0-9]{1,9}")
#: A chart is at most so many columns wide, and so many rows tall.
MOST_CELLS = 2
#: A title is no longer, in letters.
LONGEST_TITLE = 250

Setting: TypeAlias = str | float | bool | tuple[str | float | bool | None, ...] | None
#: What is set otherwise than around it, by the names of `gui.curves.options.Options`.
Settings: TypeAlias = tuple[tuple[str, Setting], ...]


@dataclass(frozen=True, slots=True)
class ChartChoice:
    """What the user chose for one chart; nothing chosen means what suits it.

    Attributes:
        title: what it is called; empty for its own name.
        wide, tall: how many columns and rows it takes.
        section: the section it was moved to; None for its own one.
        removed: whether it is left out.
        settings: what is set otherwise than in its section.
    """

    title: str = ""
    wide: int = 1
    tall: int = 1
    section: str | None = None
    removed: bool = False
    settings: Settings = ()


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """What the user chose for one section.

    Attributes:
        title: what it is called; empty for its own name.
        folded: whether only its heading is shown.
        settings: what is set otherwise than on the page.
    """

    title: str = ""
    folded: bool = False
    settings: Settings = ()


@dataclass(frozen=True, slots=True)
class OwnChart:
    """A chart of several metrics that the user has made.

    Attributes:
        id: `OWN` and a number.
        name: what it is called.
        pattern: a regular expression; it shows the metrics in whose names this is found. Empty for a list.
        metrics: those that it shows where there is no expression.
    """

    id: str
    name: str
    pattern: str = ""
    metrics: tuple[str, ...] = ()


NO_CHOICE, NO_SECTION_CHOICE = ChartChoice(), SectionChoice()


@dataclass(frozen=True, slots=True)
class ChartPage:
    """What the user chose for the page of charts; charts and sections of which nothing was chosen are not named.

    Attributes:
        charts: by metric, or by the id of a chart of the user's own, in the order of these keys.
        sections: by name, in the order of these.
        order: charts in the order that the user gave them; others stay behind the one they follow by nature.
        section_order: the same of sections.
        own: charts of the user's own.
    """

    charts: tuple[tuple[str, ChartChoice], ...] = ()
    sections: tuple[tuple[str, SectionChoice], ...] = ()
    order: tuple[str, ...] = ()
    section_order: tuple[str, ...] = ()
    own: tuple[OwnChart, ...] = ()

    def chart(self, key: str) -> ChartChoice:
        """What was chosen for a chart."""
        return dict(self.charts).get(key, NO_CHOICE)

    def section(self, name: str) -> SectionChoice:
        """What was chosen for a section."""
        return dict(self.sections).get(name, NO_SECTION_CHOICE)

    def to_record(self) -> dict[str, Any]:
        """What is chosen, by name, as saved views keep it."""
        found = {
            "charts": {key: _record(choice) for key, choice in self.charts},
            "sections": {name: _record(choice) for name, choice in self.sections},
            "order": list(self.order),
            "section_order": list(self.section_order),
            "own": [_record(one) for one in self.own],
        }
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Fits:
    """Which metrics a chart of the user's own shows, the first of `total`; or why it shows none."""

    metrics: tuple[str, ...] = ()
    total: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the page.

    Attributes:
        key: its metric, or the id of a chart of the user's own.
        title: what it is called.
        metrics: what it shows.
        section: the section it is in.
        choice: what was chosen for it.
        around: what is set in its section otherwise than on the page.
        total: of how many that it is made for the `metrics` are the first.
        problem: why it shows nothing.
    """

    key: str
    title: str
    metrics: tuple[str, ...]
    section: str = ""
    choice: ChartChoice = NO_CHOICE
    around: Settings = ()
    total: int = 1
    problem: str = ""

    @property
    def own(self) -> bool:
        """Whether the user has made it."""
        return self.key.startswith(OWN)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the page; the metrics without a prefix are in the one without a name."""

    name: str
    title: str
    charts: tuple[Chart, ...]
    choice: SectionChoice = NO_SECTION_CHOICE


def section_of(metric: str) -> str:
    """The section a metric is in by its name: what stands before the first slash."""
    before, slash, _ = metric.partition("/")
    return before if slash else ""


def arranged(page: ChartPage, metrics: Sequence[str], fits: Mapping[str, Fits]) -> tuple[Section, ...]:
    """The sections of the page with their charts, in order; those of the user's own come first in theirs.

    `fits` says which metrics these show. The metrics without a prefix come first, the machine's load last.
    """
    choices, chosen = dict(page.charts), dict(page.sections)
    parts: dict[str, dict[str, Chart]] = {}
    own = (_own_chart(one, choices.get(one.id, NO_CHOICE), fits.get(one.id, Fits())) for one in page.own)
    charts = (_chart(metric, choices.get(metric, NO_CHOICE)) for metric in metrics)
    for chart in (*own, *charts):
        if not chart.choice.removed:
            parts.setdefault(chart.section, {})[chart.key] = chart
    names = sorted(parts, key=lambda name: (bool(name), is_system_metric(f"{name}/"), natural(name), name))
    return tuple(
        _section(name, [parts[name][key] for key in in_places(parts[name], page.order)], chosen)
        for name in in_places(names, page.section_order)
    )


def _chart(metric: str, choice: ChartChoice) -> Chart:
    section = section_of(metric) if choice.section is None else choice.section
    return Chart(metric, choice.title or metric, (metric,), section, choice)


def _own_chart(own: OwnChart, choice: ChartChoice, fits: Fits) -> Chart:
    return Chart(own.id, own.name, fits.metrics, choice.section or "", choice, (), fits.total, fits.problem)


def _section(name: str, charts: Iterable[Chart], chosen: Mapping[str, SectionChoice]) -> Section:
    choice = chosen.get(name, NO_SECTION_CHOICE)
    if choice.settings:
        charts = (replace(chart, around=choice.settings) for chart in charts)
    return Section(name, choice.title or name, tuple(charts), choice)


def _record(thing: ChartChoice | SectionChoice | OwnChart) -> dict[str, Any]:
    usual = {one.name: one.default for one in fields(thing)}
    held = {name: getattr(thing, name) for name in usual}
    found = {name: value for name, value in held.items() if value != usual[name]}
    return {name: dict(value) if name == "settings" else value for name, value in found.items()}


def read_chart_page(reader: RecordReader) -> ChartPage:
    """What a record holds; of what makes no sense the rest stands."""
    own = {one.id: one for one in reader.listed("own", _own_in)}
    return ChartPage(
        charts=_chosen(reader, "charts", _chart_in, NO_CHOICE),
        sections=_chosen(reader, "sections", _section_in, NO_SECTION_CHOICE),
        order=tuple(dict.fromkeys(reader.listed("order", text_in))),
        section_order=tuple(dict.fromkeys(reader.listed("section_order", text_in))),
        own=tuple(own.values()),
    )


def text_in(given: Any) -> str:
    """A text that a record holds. Raises TypeError."""
    if not isinstance(given, str):
        raise TypeError("not a text")
    return given


def _chosen(reader: RecordReader, name: str, make: Callable[[Any], T], usual: T) -> tuple[tuple[str, T], ...]:
    inner = RecordReader(reader.given.get(name, {}), reader.problems, f"chart_page: {name}")
    made = {key: inner.one(key, make) for key in inner.given}
    return tuple((key, one) for key, one in sorted(made.items()) if one is not None and one != usual)


def _chart_in(given: Any) -> ChartChoice:
    given = _object(given)
    section = given.get("section")
    return ChartChoice(
        title=text_in(given.get("title", ""))[:LONGEST_TITLE],
        wide=_cells(given.get("wide", 1)),
        tall=_cells(given.get("tall", 1)),
        section=None if section is None else text_in(section),
        removed=given.get("removed", False) is True,
        settings=_settings_in(given.get("settings", {})),
    )


def _section_in(given: Any) -> SectionChoice:
    given = _object(given)
    return SectionChoice(
        title=text_in(given.get("title", ""))[:LONGEST_TITLE],
        folded=given.get("folded", False) is True,
        settings=_settings_in(given.get("settings", {})),
    )


def _own_in(given: Any) -> OwnChart:
    found = text_in(given["id"])
    if not OWN_ID.fullmatch(found):
        raise ValueError("not the number of a chart")
    metrics = tuple(dict.fromkeys(text_in(one) for one in _list(given.get("metrics", []))))
    return OwnChart(found, text_in(given["name"])[:LONGEST_TITLE], text_in(given.get("pattern", "")), metrics)


def _cells(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= MOST_CELLS:
        raise ValueError("not a number of columns or rows")
    return given


def _list(given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise TypeError("not a list")
    return given


def _object(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise TypeError("not an object")
    return given


def _settings_in(given: Any) -> Settings:
    found = {name: _setting_in(value) for name, value in _object(given).items()}
    return tuple((name, found[name]) for name in sorted(found))


def _setting_in(given: Any) -> Setting:
    return tuple(map(_plain, given)) if isinstance(given, list) else _plain(given)


def _plain(given: Any) -> str | float | bool | None:
    if given is None or isinstance(given, str | bool):
        return given
    if isinstance(given, int | float) and math.isfinite(given):
        return given
    raise ValueError("not a setting")
