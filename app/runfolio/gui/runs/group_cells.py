"""What stands in the cells of a group of runs: its text, its full text and its words for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from runfolio.core import numbers, statistics
from runfolio.core.columns import NAME, Column, Kind, Source, is_trend
from runfolio.core.grouping import NOTHING
from runfolio.core.numbers import Written
from runfolio.core.statistics import Statistic, Summaries, Summary
from runfolio.gui.runs import cells
from runfolio.gui.runs.cells import NOT_SET
from runfolio.gui.runs.formats import PLAIN
from runfolio.gui.runs.grouped import Grouped, Shared, Sum

#: So many values of a group are listed in a tool tip.
LISTED = 12
#: So many names of what a group lacks are in its title.
NAMED = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a group's title: a name, and the value as a text or, where `is_set` is False, that there is none."""

    name: str
    text: str
    is_set: bool = True


def title(grouped: Grouped, row: int) -> list[Part]:
    """What the runs of a group have in common."""
    parts = grouped.title(row)
    if not parts:
        return [Part("", "the same settings")]
    given = [Part(name, _written(column, value)) for name, value, column in parts if value is not None]
    return [*given, *_without(sorted(name for name, value, _ in parts if value is None))]


def _without(names: list[str]) -> list[Part]:
    """What the runs of a group have no values of, in a few words."""
    if len(names) < 2:
        return [Part(name, NOT_SET, is_set=False) for name in names]
    more = f" +{len(names) - NAMED:,}" if len(names) > NAMED else ""
    return [Part("no", f"{', '.join(names[:NAMED])}{more}")]


def title_text(grouped: Grouped, row: int) -> str:
    """The same in one line."""
    return joined(title(grouped, row))


def whole_title(grouped: Grouped, place: int) -> list[Part]:
    """What the runs of a group have in common, with all groups that it is in, from the outermost on."""
    parts: list[Part] = []
    while place != NOTHING:
        parts[:0] = title(grouped, int(grouped.groups.ids[place]))
        place = int(grouped.groups.parent[place])
    return parts


def joined(parts: Sequence[Part]) -> str:
    """A title in one line: `lr 0.001 · batch 128`."""
    return " · ".join(f"{part.name} {part.text}".strip() for part in parts)


def values_alone(parts: Sequence[Part]) -> str:
    """The same without names, for where these are told otherwise or have no room: `0.001 · 128`."""
    return " · ".join(f"no {part.text}" if part.name == "no" else part.text for part in parts)


def count(grouped: Grouped, row: int) -> int:
    """How many runs a group has."""
    return int(grouped.groups.sizes[grouped.groups.place(row)])


def _written(column: Column | None, value: object) -> str:
    if column is None:
        return numbers.setting(cells.one_line(str(value))) or "“”"
    if column.kind is Kind.TIME and isinstance(value, float):
        return numbers.full_time(int(value))
    return cells.text(column, value, PLAIN, 0) or "“”"


def text(grouped: Grouped, row: int, column: Column, found: Sum | None, now: int) -> str:
    """What a cell shows; empty while it is not known."""
    if column == NAME:
        return f"{title_text(grouped, row)} ({count(grouped, row):,})"
    place = grouped.groups.place(row)
    if isinstance(found, Summaries):
        return _summary_text(grouped, column, found.at(place), now, place)
    return "" if found is None else _shared_text(column, found, place)


def _summary_text(grouped: Grouped, column: Column, summary: Summary, now: int, place: int) -> str:
    """What is shown of numbers; of settings and times, of how many they are only where some runs have none."""
    if column.source is Source.CHECK:
        return f"{_wrong(summary):,} of {int(grouped.groups.sizes[place]):,}" if summary.count else ""
    if column.kind is Kind.TIME:
        return numbers.age(int(summary.greatest), now) if summary.count else ""
    common = _common(grouped, column, summary, place)
    if common is not None:
        return cells.text(column, common, PLAIN, 0)
    write = (lambda value: numbers.duration(int(value))) if column.kind is Kind.DURATION else None
    shown = statistics.short_text(summary, grouped.view.statistic, lower=grouped.is_lower(column), write=write)
    whole = column.source is not Source.METRIC and summary.count == int(grouped.groups.sizes[place])
    return shown.partition(" (n=")[0] if whole else shown


def _wrong(summary: Summary) -> int:
    """In how many runs a check has found something: of each it is 1 or 0."""
    return round(summary.mean * summary.count) if summary.count else 0


def _checked_text(summary: Summary, size: int) -> str:
    """The same in words, and how many runs were not looked at yet."""
    found = f"Something was found in {_wrong(summary):,} of {numbers.counted(size, 'run')}"
    unseen = size - summary.count
    return f"{found}; {unseen:,} not looked at yet" if unseen else found


def _common(grouped: Grouped, column: Column, summary: Summary, place: int) -> object:
    """The numeric setting that the runs of a group have in common, as it was written; None for none."""
    if column not in grouped.common or summary.other or summary.least != summary.greatest:
        return None
    return grouped.common[column].value(place)


def _shared_text(column: Column, shared: Shared, place: int) -> str:
    value, different = shared.commons.value(place), int(shared.commons.counts[place])
    different += bool(shared.commons.missing[place]) and different > 0
    if different > 1:
        return f"{different:,} values"
    return "" if value is None else cells.text(column, value, PLAIN, 0)


def full_text(grouped: Grouped, row: int, column: Column, found: Sum | None) -> str:
    """All that is known of a cell, for its tool tip."""
    place = grouped.groups.place(row)
    if column == NAME:
        return f"{title_text(grouped, row)}\n{numbers.counted(count(grouped, row), 'run')}"
    if isinstance(found, Summaries):
        if column.source is Source.CHECK:
            return f"{column.id}\n{_checked_text(found.at(place), count(grouped, row))}"
        if column.kind is Kind.TIME:
            return _span_text(found.at(place))
        common = _common(grouped, column, found.at(place), place)
        if common is not None:
            return f"{column.id}\n{common}: {numbers.counted(found.at(place).count, 'run')}"
        write = (lambda value: f"{value / 1000:.3f} s") if column.kind is Kind.DURATION else numbers.exact
        return f"{column.id}\n{statistics.full_text(found.at(place), write)}"
    return "" if found is None else f"{column.id}\n{_values_text(grouped, column, found, place)}"


def _span_text(summary: Summary) -> str:
    if not summary.count:
        return ""
    first, last = (numbers.full_time(int(value)) for value in (summary.least, summary.greatest))
    return f"first {first}\nlast {last}" if first != last else last


def _values_text(grouped: Grouped, column: Column, shared: Shared, place: int) -> str:
    """The values of a group's runs with how many have each, the most frequent ones first."""
    groups = grouped.groups
    members = groups.of[int(groups.level[place])] == place
    codes, counts = np.unique(shared.level.codes[members], return_counts=True)
    lines = []
    for at in np.argsort(-counts, kind="stable")[:LISTED].tolist():
        value = NOT_SET if codes[at] < 0 else _written(column, shared.level.values[int(codes[at])])
        lines.append(f"{value}: {numbers.counted(int(counts[at]), 'run')}")
    more = len(codes) - LISTED
    return "\n".join([*lines, *([f"and {more:,} more values"] if more > 0 else [])])


def spoken(grouped: Grouped, row: int, column: Column, found: Sum | None, now: int, opened: bool) -> str:
    """A cell for screen readers."""
    if column == NAME:
        state = "open" if opened else "closed"
        return f"Group: {title_text(grouped, row)}, {numbers.counted(count(grouped, row), 'run')}, {state}"
    shown = text(grouped, row, column, found, now)
    if isinstance(found, Summaries) and column.kind in (Kind.NUMBER, Kind.DURATION) and shown:
        return f"{column.heading}: {statistics.TITLES[grouped.view.statistic]} {shown}"
    if is_trend(column):
        return f"{column.heading}: for single runs only"
    return f"{column.heading}: {shown or ('loading' if found is None else NOT_SET)}"


def exact(grouped: Grouped, row: int, column: Column, found: Sum | None) -> Any:
    """The number that stands for a group, or the text that its runs share; None for none."""
    place = grouped.groups.place(row)
    if column == NAME:
        return title_text(grouped, row)
    if isinstance(found, Summaries) and column.source is Source.CHECK:
        return _summary_text(grouped, column, found.at(place), 0, place) or None
    if isinstance(found, Summaries):
        statistic = Statistic.GREATEST if column.kind is Kind.TIME else grouped.view.statistic
        value = found.at(place).value(statistic, lower=grouped.is_lower(column))
        return None if np.isnan(value) else value
    common = None if found is None else found.commons.value(place)
    return str(common) if isinstance(common, Written) else common
