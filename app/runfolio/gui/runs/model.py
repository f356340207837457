"""The item model of the run table: an array of run ids, and the rows that are being looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from runfolio.core.clock import now_ms
from runfolio.core.columns import ATTRIBUTES, CREATED, DURATION, NAME, Column, Kind, Source, is_trend
from runfolio.core.numbers import NumberFormat
from runfolio.core.states import RunStatus
from runfolio.gui.aliases import NOWHERE, Ids, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.runs import cells
from runfolio.gui.runs.cache import PAGE, RowCache
from runfolio.gui.runs.fetching import Fetching
from runfolio.gui.runs.formats import ColumnFormats, Ranges
from runfolio.gui.runs.group_rows import GroupRows, alignment
from runfolio.gui.runs.marks import CellMarks
from runfolio.store.table import Row
from runfolio.store.texts import is_cut

# Columns that come in more places than these are another table: for each of them, all widths are looked at again.
MOST_STRETCHES = 8
RUN_ROLE = int(Qt.ItemDataRole.UserRole) + 1
GROUPS = {
    Source.ATTRIBUTE: "RUN",
    Source.PARAM: "PARAMETERS",
    Source.TAG: "TAGS",
    Source.METRIC: "METRICS",
    Source.FORMULA: "COMPUTED",
    Source.CHECK: "HEALTH",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer to `fetch`.

    Attributes:
        asked: the runs that were asked for.
        columns: what the cells are of, in order.
        found: the rows by run.
        turn: the greater, the later it was asked for.
    """

    asked: Sequence[int]
    columns: tuple[Column, ...]
    found: Mapping[int, Row]
    turn: int = 0


class RunTableModel(QAbstractTableModel):
    """Runs in the order of an id array; cells come from a cache that is filled through `fetch`. Negative ids are those
    of groups, whose cells `groups` knows.

    `fetch` is called with the ids of missing runs and answers, now or later, with `put_rows`. Until then the cells
    are empty and `row` is None.

    Attributes:
        fetching: what has been asked for; it is to be told of a `fetch` that failed.
        columns: what is shown, in order.
        now: the time that ages are reckoned from, in epoch milliseconds.
        marks: what the view and the baseline make of the values.
        groups: what stands in the rows of groups.
    """

    def __init__(self, fetch: Callable[[list[int]], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ATTRIBUTES
        self._sections = _sections(ATTRIBUTES)
        self.now = now_ms()
        self.marks = CellMarks()
        self.groups: GroupRows | None = None
        self.fetching = Fetching(fetch, self._missing, self)
        self._ids: Ids = np.empty(0, np.int64)
        self._cache = RowCache()
        self._formats = ColumnFormats(self._cache)
        self._readers: dict[int, Callable[[int, Column], Any]] = {
            int(Qt.ItemDataRole.DisplayRole): self.text,
            int(Qt.ItemDataRole.EditRole): self._raw,
            int(Qt.ItemDataRole.ToolTipRole): self._tool_tip,
            int(Qt.ItemDataRole.TextAlignmentRole): lambda _, column: alignment(column),
            int(Qt.ItemDataRole.AccessibleTextRole): self._accessible,
            RUN_ROLE: lambda row, _: int(self._ids[row]),
        }

    # What it holds

    @property
    def ids(self) -> Ids:
        """The runs in order. Not to be changed."""
        return self._ids

    def column_at(self, section: int) -> Column:
        """The column of a section of the header."""
        return self.columns[section]

    def section_of(self, column: Column) -> int:
        """The section that shows a column; -1 if none does."""
        return self._sections.get(column, -1)

    def row(self, place: int) -> Row | None:
        """The row at a place; None of a group, and while it has not been read, which is then asked for."""
        run = int(self._ids[place])
        if run < 0:
            return None
        row = self._cache.at(run, place)
        if row is None:
            self.fetching.want(run, place // PAGE)
        return row

    def _missing(self, page: int) -> list[int]:
        runs: list[int] = self._ids[page * PAGE : (page + 1) * PAGE].tolist()
        return [run for run in runs if run >= 0 and run not in self._cache]

    def value(self, place: int, column: Column) -> object:
        """The value of a cell; None while its row has not been read."""
        row = self.row(place)
        return None if row is None else self.value_of(row, column)

    def value_of(self, row: Row, column: Column) -> object:
        """The value of one of the columns."""
        return self.value_at(row, self._sections[column])

    def value_at(self, row: Row, section: int) -> object:
        """The value of a section's column; the time of a running run goes on by itself."""
        if row.status is RunStatus.RUNNING and self.columns[section] == DURATION:
            return cells.live_duration(row, self.now)
        return row.cells[section]

    def text(self, place: int, column: Column) -> str:
        """What a cell shows."""
        if self._ids[place] < 0:
            return "" if self.groups is None else self.groups.text(int(self._ids[place]), column)
        return cells.text(column, self.value(place, column), self.format_of(column), self.now)

    def texts(self) -> Callable[[Column, object], str]:
        """What writes values as the cells show them now, on any thread."""
        forms, now = {column: self.format_of(column) for column in self.columns}, self.now
        return lambda column, value: cells.text(column, value, forms[column], now)

    def share(self, column: Column, value: object) -> float | None:
        """How far a value lies along its column's range, 0 to 1; None where that would say nothing."""
        limits = self._formats.range_of(column)
        return None if limits is None else cells.fraction(value, limits)

    def format_of(self, column: Column) -> NumberFormat:
        """How a metric's column writes its numbers."""
        return self._formats.of(column, self._sections)

    def cached(self, runs: Iterable[int] | None = None) -> list[int]:
        """Those of the runs, or all runs, that have been read or are being read, and so may show old values."""
        if runs is None:
            return [row.id for row in self._cache]
        return [run for run in runs if run in self._cache or run in self.fetching]

    def last_read(self, most: int) -> Iterator[Row]:
        """Some of the rows: those that were read last."""
        return islice(reversed(self._cache), most)

    def sample(self, column: Column, most: int) -> list[str]:
        """What some of the rows show in a column: those that were read last."""
        index, form = self._sections[column], self.format_of(column)
        return [cells.text(column, row.cells[index], form, self.now) for row in self.last_read(most)]

    def has_running(self) -> bool:
        """True if a run that has been read is still going."""
        return any(row.status is RunStatus.RUNNING for row in self._cache)

    # What is put into it

    def set_ids(self, ids: Ids) -> None:
        """Show these rows in this order. Neighbours that come or go are inserted or removed; more is a new table."""
        first, last = _first_other(self._ids, ids), _first_other(self._ids[::-1], ids[::-1])
        last = min(last, min(len(ids), len(self._ids)) - first)
        old, new = len(self._ids) - last - first, len(ids) - last - first
        if not old and not new:
            return
        if (old and new) or not len(self._ids) or not len(ids):
            self.beginResetModel()
            self._take_ids(ids)
            self._cache.forget_places()
            self.endResetModel()
        elif new:
            self.beginInsertRows(QModelIndex(), first, first + new - 1)
            self._take_ids(ids)
            self._cache.shift(first, new)
            self.endInsertRows()
        else:
            self.beginRemoveRows(QModelIndex(), first, first + old - 1)
            self._take_ids(ids)
            self._cache.shift(first, -old)
            self.endRemoveRows()

    def _take_ids(self, ids: Ids) -> None:
        self._ids = ids
        self.fetching.restart()

    def set_columns(self, columns: tuple[Column, ...]) -> None:
        """Show these columns in this order. Rows that are here are rearranged until they are read again."""
        if _looks(columns) == _looks(self.columns):
            return
        added = _runs_of_new(self.columns, columns)
        if len(added) > MOST_STRETCHES or not _is_part_of(self.columns, columns):
            self.beginResetModel()
            self._take_columns(columns)
            self.endResetModel()
            return
        old = self.columns
        taken = 0
        for first, last in added:
            self.beginInsertColumns(QModelIndex(), first, last)
            taken += last + 1 - first
            self._take_columns(columns[: last + 1] + old[last + 1 - taken :])
            self.endInsertColumns()
        self._take_columns(columns)

    def _take_columns(self, columns: tuple[Column, ...]) -> None:
        self._cache.rearrange(self.columns, columns)
        self.columns = columns
        self._sections = _sections(columns)
        self._formats.choose_again()

    def set_ranges(self, ranges: Ranges) -> None:
        """The least and greatest value of each metric's column, for its bars and digits."""
        if self._formats.set_ranges(ranges):
            self.repaint_all()

    def put_rows(self, rows: Rows) -> None:
        """Rows that were asked for, or that changed. Those asked for and not there are gone from the store.

        Rows of other columns than those shown now are dropped, and asked for again when they are looked at.
        """
        asked, sections = set(rows.asked), range(len(self.columns))
        if rows.columns == self.columns:
            if any(run not in self._cache for run in rows.found):
                self._formats.choose_again()
            if len(rows.found) == len(asked):
                sections = self._cache.differing(rows.found)
            self._cache.put(rows.found, rows.turn)
        self.fetching.answered(asked, rows.found)
        for first, last in _stretches(self._cache.places(asked)):
            self._changed(first, last, sections)

    def tick(self, now: int) -> None:
        """Let time pass, in epoch milliseconds: ages and running durations are written anew."""
        self.now = now
        self.repaint_columns((CREATED, DURATION))

    def repaint_all(self) -> None:
        """All cells may show something else."""
        self._changed(0, len(self._ids) - 1)

    def repaint_columns(self, columns: Iterable[Column]) -> None:
        """More is known of these columns, as far as they are shown."""
        for column in columns:
            section = self.section_of(column)
            if section >= 0 and len(self._ids):
                self._emit(0, len(self._ids) - 1, section, section)

    def repaint_trends(self) -> None:
        """Pictures of trend columns have come."""
        self.repaint_columns(filter(is_trend, self.columns))

    # Telling

    def _changed(self, first: int, last: int, sections: range | None = None) -> None:
        """Rows have changed, in some of their sections or in all."""
        sections = range(self.columnCount()) if sections is None else sections
        if 0 <= first <= last < len(self._ids) and sections:
            self._emit(first, last, sections[0], sections[-1])

    def _emit(self, first: int, last: int, left: int, right: int) -> None:
        self.dataChanged.emit(self.index(first, left), self.index(last, right))

    # Qt's questions

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many runs there are."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Everything can be selected and dragged; a name can be edited once it is there."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        flags |= Qt.ItemFlag.ItemIsDragEnabled
        if self._is_editable(index.row(), self.column_at(index.column())):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def _is_editable(self, place: int, column: Column) -> bool:
        """Names and tags are, once they are there; but a tag whose table holds only its beginning is not."""
        run = int(self._ids[place])
        if run not in self._cache or (column != NAME and column.source is not Source.TAG):
            return False
        return column == NAME or not is_cut(self.value(place, column))

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """What a cell shows; None at once for roles that are not served."""
        reader = self._readers.get(role)
        if reader is None or not index.isValid():
            return None
        row = int(self._ids[index.row()])
        if row < 0 and role != RUN_ROLE:
            return None if self.groups is None else self.groups.data(row, self.column_at(index.column()), role)
        return reader(index.row(), self.column_at(index.column()))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """The columns' headings; the rows have none."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < self.columnCount():
            return None
        column = self.column_at(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return column.heading
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.formula or column.id
        return alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _raw(self, place: int, column: Column) -> object:
        return cells.editable(self.value(place, column))

    def _tool_tip(self, place: int, column: Column) -> str:
        value = self.value(place, column)
        full = cells.told(column, value)
        row = self.row(place)
        if column == NAME and row is not None and row.parent is not None:
            above = self._cache.get(row.parent)  # which may have been renamed since this run was read
            full = f"{full}\nNested in {row.parent_name if above is None else above.name}"
        words = self.marks.words(int(self._ids[place]), column, value)
        full = "\n".join(filter(None, (full, words)))
        plain = column.kind is not Kind.TEXT and column.source is not Source.FORMULA and not words
        return full if plain else tool_tip(full)

    def _accessible(self, place: int, column: Column) -> str:
        if self.row(place) is None:
            return f"{column.heading}: loading"
        words = self.marks.words(int(self._ids[place]), column, self.value(place, column)).replace("\n", ", ")
        row = self.row(place)
        if column == NAME and row is not None and not self.marks.eyes.sees(row.run_id):
            words = ", ".join(filter(None, (words, "hidden in charts")))
        value = self.value(place, column)
        spoken = cells.spoken(value, self.text(place, column))
        return f"{column.heading}: {spoken}{', ' if words else ''}{words}"


def _first_other(old: Ids, new: Ids) -> int:
    """The place of the first difference; that after the shorter one if there is none."""
    common = min(len(old), len(new))
    differing = np.flatnonzero(old[:common] != new[:common])
    return int(differing[0]) if len(differing) else common


def _stretches(places: list[int]) -> list[tuple[int, int]]:
    """First and last of each stretch of neighbours among ascending places."""
    starts = [place for at, place in enumerate(places) if not at or places[at - 1] != place - 1]
    ends = [place for at, place in enumerate(places, start=1) if at == len(places) or places[at] != place + 1]
    return list(zip(starts, ends, strict=True))


def _sections(columns: tuple[Column, ...]) -> dict[Column, int]:
    """Where each column is shown; painting asks for it cell by cell."""
    return {column: section for section, column in enumerate(columns)}


def _looks(columns: tuple[Column, ...]) -> list[tuple[Column, Kind, str]]:
    """What tells columns apart on screen."""
    return [(column, column.kind, column.title) for column in columns]


def _is_part_of(old: tuple[Column, ...], new: tuple[Column, ...]) -> bool:
    """True when `new` is `old` with columns put in between."""
    rest = iter(new)
    return all(column in rest for column in old)


def _runs_of_new(old: tuple[Column, ...], new: tuple[Column, ...]) -> list[tuple[int, int]]:
    """First and last section of each group of neighbours that `new` has more than `old`."""
    known = frozenset(old)
    return _stretches([index for index, column in enumerate(new) if column not in known])
