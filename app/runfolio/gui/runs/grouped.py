"""The runs of the table in groups, and what their columns come to: made on worker threads, shown by the model."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain, islice
from typing import TypeAlias

import numpy as np

from runfolio.core.columns import NAME, Column, Kind, SortKey, Source, is_trend
from runfolio.core.curves import Floats
from runfolio.core.direction import lower_is_better, stored_column
from runfolio.core.grouping import (
    NO_COLORS,
    NOTHING,
    Commons,
    Groups,
    Level,
    Values,
    colors,
    group,
    level_of,
    outline,
    settings_in,
    varying,
)
from runfolio.core.outline import Ints, Outline
from runfolio.core.statistics import Statistic, Summaries
from runfolio.core.views import View
from runfolio.gui.aliases import Ids
from runfolio.store import Store
from runfolio.store.grouping import key_names, read_settings, read_values

#: So many different settings tell which of them vary.
SAMPLE = 2_000
#: Settings with longer texts come last in the titles of groups: the others would have no room.
LONG = 24
READ_AT_ONCE = 2
SUMMED = (Kind.NUMBER, Kind.TIME, Kind.DURATION)


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """A column of texts: what each group has in common, and what each run has."""

    commons: Commons
    level: Level


Sum: TypeAlias = Summaries | Shared


@dataclass(frozen=True, eq=False)
class Grouped:
    """Groups of runs as a view has them.

    Attributes:
        view: how the runs are looked at.
        groups: the groups themselves.
        runs: all runs, ascending.
        values: whole columns as they were read.
        settings: what was read to group by all settings but some.
        names: the names of the settings' keys.
        sums: what columns come to in each group.
        colors: of each group the number of its colour in charts, `NOTHING` of groups around groups.
        common: of columns of numeric params, what the runs of those groups have in common whose numbers are one.
    """

    view: View
    groups: Groups
    runs: Ids
    values: Mapping[Column, Values]
    settings: Values | None = None
    names: Mapping[int, str] = field(default_factory=dict)
    sums: Mapping[Column, Sum] = field(default_factory=dict)
    common: Mapping[Column, Commons] = field(default_factory=dict)
    colors: Ints = field(default_factory=lambda: NO_COLORS)

    @cached_property
    def varying(self) -> tuple[str, ...]:
        """The settings in which groups differ, where all but some make the groups: those with several values first, and
        those with long texts after the others.

        Runs without any setting, such as the parents of sweeps, make others differ only where nothing else does.
        """
        level = self.groups.levels[-1]
        texts = [str(text) for text in islice(level.values, SAMPLE)]
        bare = [""] if (level.codes == NOTHING).any() else []
        values: dict[str, set[str]] = {}
        for text in texts:
            for name, value in settings_in(text, self.names).items():
                values.setdefault(name, set()).add(value)
        names = varying(texts, self.names) or varying([*texts, *bare], self.names)
        longest = {name: max(map(len, values[name])) > LONG for name in names}
        return tuple(sorted(names, key=lambda name: (len(values[name]) < 2, longest[name], name)))

    def title(self, row: int) -> list[tuple[str, object, Column | None]]:
        """What the runs of a group have in common: names, values, and the columns that these are of."""
        place = self.groups.place(row)
        level, value = self.groups.levels[int(self.groups.level[place])], self.groups.value(place)
        if level.column is not None:
            return [(level.column.heading, value, level.column)]
        settings = settings_in(str(value), self.names) if value is not None else {}
        return [(name, settings.get(name), None) for name in self.varying]

    def color(self, row: int) -> int:
        """The number of a group's colour in charts; `NOTHING` of a group around others, which is not in charts."""
        place = self.groups.place(row)
        return int(self.colors[place]) if place >= 0 else NOTHING

    def outline(self, keys: Sequence[Floats] | None = None) -> Outline:
        """The groups in the view's order, or in that of other keys."""
        return outline(self.groups, [self._key(key) for key in self.view.order] if keys is None else keys)

    def is_lower(self, column: Column) -> bool:
        """Whether the least value of a metric is the best one."""
        return self.view.directions.get(column.key, lower_is_better(column.key))

    def _key(self, key: SortKey) -> Floats:
        """What groups are ordered by: the value they share, or what is shown of their runs' values."""
        groups, column = self.groups, key.column
        found = np.full(len(groups), np.nan)
        known = self.sums.get(column)
        if isinstance(known, Summaries):
            statistic = Statistic.GREATEST if column.kind is Kind.TIME else self.view.statistic
            statistic = Statistic.MEAN if column.source is Source.CHECK else statistic
            found = known.values(statistic, lower=self.is_lower(column)).astype(np.float64)
        elif known is not None:
            found = np.where(known.commons.counts == 1, known.commons.codes, np.nan)
        for number, level in enumerate(groups.levels):
            if column in (level.column, NAME):
                own = groups.level == number
                found[own] = np.where(groups.code[own] < 0, np.nan, groups.code[own])
        found = -found if key.descending else found
        return np.where(np.isnan(found), -np.inf, found) if key.nulls_first else found


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What was read before, and the runs of which it is not true any more, in parts."""

    grouped: Grouped
    stale: Sequence[frozenset[int]]


def read_groups(store: Store, view: View, runs: Ids, columns: Collection[Column], known: Known | None) -> Grouped:
    """Put runs, in their order, into the groups of a view.

    What was known before is brought up to date instead of being read anew. Summed up are the columns that the view is
    ordered by, and those of `columns` that were known.
    """
    ascending = np.sort(runs)
    reader = _Reader(store, view, ascending, known)
    values = reader.all_values(view.group_by)
    levels = [level_of(column, values[column], runs) for column in view.group_by]
    settings, names = None, {}
    if view.group_except:
        settings, names = reader.settings(), key_names(store)
        levels.append(level_of(None, settings, runs))
    groups = group(runs, levels)
    before = () if known is None else (known.grouped.groups.ids, known.grouped.colors)
    grouped = Grouped(view, groups, ascending, values, settings, names, colors=colors(groups, *before))
    again = () if known is None else [column for column in columns if column in known.grouped.sums]
    ordered = [key.column for key in view.order if key.column != NAME]
    return _summed(grouped, reader, dict.fromkeys([*ordered, *again]))


def read_sums(store: Store, grouped: Grouped, columns: Iterable[Column]) -> Grouped:
    """Sum up more columns of groups."""
    return _summed(grouped, _Reader(store, grouped.view, grouped.runs, Known(grouped, ())), columns)


def _summed(grouped: Grouped, reader: _Reader, columns: Iterable[Column]) -> Grouped:
    wanted = [column for column in columns if not is_trend(column)]
    read = reader.all_values([column for column in wanted if column not in grouped.values])
    values, sums, common = {**grouped.values, **read}, dict(grouped.sums), dict(grouped.common)
    for column in wanted:
        sums[column] = _sum(grouped.groups, column, values[column])
        if column.source is Source.PARAM and isinstance(found := sums[column], Summaries):
            common[column] = reader.common(grouped.groups, column, found)
    return replace(grouped, values=values, sums=sums, common=common)


def _sum(groups: Groups, column: Column, values: Values) -> Sum:
    if column.kind in SUMMED or column.source is Source.CHECK:
        return groups.summaries(values)
    level = level_of(column, values, groups.runs)
    return Shared(groups.commons(level), level)


def _is_written(view: View, column: Column) -> bool:
    """Whether a column's numbers are read with their texts: to group by them, or among texts."""
    return column in view.group_by or column.kind not in SUMMED


def _reads_alike(old: View, new: View, column: Column) -> bool:
    lower = stored_column(column, old.directions) == stored_column(column, new.directions)
    return lower and _is_written(old, column) == _is_written(new, column)


class _Reader:
    """Reads whole columns, or only what has changed of those that are known."""

    def __init__(self, store: Store, view: View, runs: Ids, known: Known | None) -> None:
        self._store, self._view, self._runs = store, view, runs
        self._known = None if known is None else known.grouped
        self._stale = runs
        if known is not None:
            told = np.fromiter(chain.from_iterable(known.stale), np.int64)
            self._stale = runs[~np.isin(runs, known.grouped.runs) | np.isin(runs, told)]

    def all_values(self, columns: Sequence[Column]) -> dict[Column, Values]:
        """Columns, two of which are read at the same time: while one is looked for, another is made into arrays."""
        with ThreadPoolExecutor(READ_AT_ONCE, thread_name_prefix="read beside") as beside:
            return dict(zip(columns, beside.map(self._values, columns), strict=True))

    def _values(self, column: Column) -> Values:
        plain = stored_column(column, self._view.directions)
        old = self._known.values.get(column) if self._known is not None else None
        read = partial(read_values, self._store, column=plain, written=_is_written(self._view, column))
        if old is None or self._known is None or not _reads_alike(self._known.view, self._view, column):
            return read(self._runs)
        return old.without(self._stale).joined(read(self._stale)) if len(self._stale) else old

    def common(self, groups: Groups, column: Column, summaries: Summaries) -> Commons:
        """What a column's numbers were written as in groups that have but one number."""
        alike = summaries.least == summaries.greatest
        wanted = np.any([alike[of] for of in groups.of], axis=0)
        return groups.commons(
            level_of(column, read_values(self._store, np.sort(groups.runs[wanted]), column), groups.runs)
        )

    def settings(self) -> Values:
        without = [column.key for column in self._view.group_except]
        old = self._known.settings if self._known is not None else None
        if old is None or self._known is None or self._known.view.group_except != self._view.group_except:
            return read_settings(self._store, self._runs, without)
        if not len(self._stale):
            return old
        return old.without(self._stale).joined(read_settings(self._store, self._stale, without))
