"""What the page of comparison asks the store for, as functions for worker threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

import numpy as np

from runfolio.core.columns import NAME, STATUS, Column, Kind, Source, formula, is_trend, metric, sortable
from runfolio.core.compare_options import CompareOptions
from runfolio.core.curves import Floats
from runfolio.core.direction import headline, is_judged, lower_of, stored_column
from runfolio.core.errors import FilterError
from runfolio.core.grouping import NOTHING, Values, aligned, as_numbers, level_of
from runfolio.core.rules import param_number
from runfolio.core.run_titles import marks_of, shared_names, titled
from runfolio.core.scales import MOST_CATEGORIES, Placed, placed
from runfolio.core.surface import Surface, surface_of
from runfolio.core.views import View
from runfolio.gui.aliases import Ids
from runfolio.gui.compare.group_table import GroupTable, read_group_table
from runfolio.gui.runs.selecting import place_of
from runfolio.store import Store, run_order, table
from runfolio.store.column_choice import tag_columns
from runfolio.store.grouping import read_values
from runfolio.store.run_query import RunQuery
from runfolio.store.runs import find_run, ids_of
from runfolio.store.table import metrics_of

#: So many params, and metrics beside the one that runs are judged by, are axes by themselves.
PARAMS, METRICS = 5, 2
#: So many params are looked at for some that vary.
MOST_TRIED = 60
#: The names of more runs are not read: each would have a line of less than a pixel.
MOST_NAMED = 100_000
#: Which metrics runs have is counted in so many of them.
MOST_COUNTED = 2_000


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be compared.

    Attributes:
        query: the runs that are listed.
        view: how they are looked at.
        only: these of them; None for all.
    """

    query: RunQuery
    view: View
    only: tuple[int, ...] | None = None

    @property
    def parts(self) -> tuple[object, ...]:
        """All that makes a difference to what is read, and not only to how it is shown."""
        view = self.view
        read = replace(view.compare, cropped=False, violin=False)
        return self.query, self.only, read, view.lower, view.formulas, view.group_by, view.group_except, view.baseline


@dataclass(frozen=True, eq=False)
class Compared:
    """Runs and where they stand along all axes that are shown.

    Attributes:
        question: what was asked.
        runs: the runs in the order of the table.
        columns: all that could be axes.
        axes: the axes of the parallel coordinates, from the left.
        color, x, y, size: what is shown of the columns that are chosen for these, or by themselves.
        surface: that of the colour over x and y, or why there is none; None where nobody wants one.
        names: the runs' names.
        judged: what runs and groups are judged by; None where there is nothing.
        groups: what the groups of the view come to; None where it has none.
        why: why the filter cannot be read; empty if it can.
    """

    question: Question
    runs: Ids
    columns: tuple[Column, ...] = ()
    axes: tuple[Placed, ...] = ()
    color: Placed | None = None
    x: Placed | None = None
    y: Placed | None = None
    size: Placed | None = None
    surface: Surface | str | None = None
    names: Names = field(default_factory=lambda: Names(()))
    judged: Judged | None = None
    groups: GroupTable | None = None
    why: str = ""

    @property
    def shown(self) -> list[Column]:
        """The columns that are seen side by side; of params there may be more."""
        axes = (*self.axes, self.color, self.x, self.y, self.size)
        found = [*(axis.column for axis in axes if axis is not None), *([self.by] if self.by is not None else [])]
        return list(dict.fromkeys(found))

    @property
    def by(self) -> Column | None:
        """What runs and groups are judged by."""
        return self.judged.column if self.judged is not None else None


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What runs are judged by.

    Attributes:
        column: the metric.
        values: of each run; NaN where it has none.
        lower: whether less is better; None where nobody can say.
        baseline: the place of the baseline run; -1 if it is not one of them.
    """

    column: Column
    values: Floats
    lower: bool | None = None
    baseline: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """The names of runs by their places, and what tells those of one name apart."""

    written: Sequence[object]
    codes: Sequence[int] = ()
    marks: Mapping[int, str] = field(default_factory=dict)

    def of(self, place: int) -> str:
        """What a run is called; of names that were not read, nothing."""
        code = self.codes[place] if place < len(self.codes) else NOTHING
        return titled(str(self.written[code]) if code != NOTHING else "", self.marks.get(place, ""))


def compare(store: Store, question: Question) -> Compared:
    """Read all that is shown of the runs."""
    try:
        runs = run_order.run_ids(store, question.query)
    except FilterError as error:
        return Compared(question, np.empty(0, np.int64), why=str(error))
    if question.only is not None:
        runs = runs[np.isin(runs, np.array(question.only, np.int64))]
    columns = _columns(store, question)
    reader = _Reader(store, question.view, runs)
    options, main = question.view.compare, _main(reader, columns)
    axes = [reader.place(sortable(one)) for one in options.axes] or list(_natural(reader, columns, main))
    chosen = _chosen(options, axes, main)
    color, x, y, size = (reader.place(sortable(one)) if one is not None else None for one in chosen)
    by = options.metric or main
    groups = None
    if question.view.grouped and by is not None and len(runs):
        groups = read_group_table(store, question.view, runs, by, reader.values(sortable(by)))
    surface = _surface(x, y, color) if options.contour else None
    shown = tuple(axes), color, x, y, size, surface
    return Compared(question, runs, columns, *shown, _names(reader), _judged(reader, by), groups)


def _columns(store: Store, question: Question) -> tuple[Column, ...]:
    """All that could be axes: what runs have, the tags that users have put on them, and what the view computes."""
    experiments = question.query.experiments
    computed = (formula(one.name, one.text) for one in question.view.formulas)
    found = (*table.columns(store, experiments), *computed, *tag_columns(store, experiments))
    return tuple(one for one in found if not is_trend(one))


def _surface(x: Placed | None, y: Placed | None, color: Placed | None) -> Surface | str:
    if x is None or y is None or color is None:
        return "There is nothing to make a surface of."
    if x.scale.categories or y.scale.categories or color.scale.categories:
        return "A surface takes numbers along both axes and as the colour."
    if len({x.column, y.column, color.column}) < 3:
        return "A surface takes two axes, and another column as the colour."
    heights = 1 - color.at if color.scale.flipped else color.at
    return surface_of(x.at, y.at, heights)


def _judged(reader: _Reader, by: Column | None) -> Judged | None:
    if by is None:
        return None
    values, _ = aligned(reader.values(sortable(by)).numeric(), reader.runs)
    view = reader.view
    told = by.source is Source.METRIC and is_judged(by.key, view.directions)
    baseline = find_run(reader.store, view.baseline) if view.baseline else None
    lower = lower_of(by.key, view.directions) if told else None
    return Judged(by, values, lower, place_of(reader.runs, baseline))


def _main(reader: _Reader, columns: Iterable[Column]) -> Column | None:
    """The metric that the runs are judged by: the experiment's main one or, where less than half of these runs have
    logged it, the one that tells most of those that at least half as many have as of any.
    """
    key = headline([one.key for one in columns if one.source is Source.METRIC])
    if key is None or not len(reader.runs):
        return None if key is None else metric(key)
    if 2 * len(reader.values(metric(key)).runs) >= len(reader.runs):
        return metric(key)
    logged = metrics_of(reader.store, reader.some(MOST_COUNTED))
    most = max(logged.values(), default=0)
    key = headline([name for name, runs in logged.items() if 2 * runs >= most]) or key
    return metric(key)


def _chosen(options: CompareOptions, axes: Sequence[Placed], main: Column | None) -> list[Column | None]:
    """The columns of colours, of points and of their sizes: those that were chosen, or else what the axes tell."""
    last = main or (axes[-1].column if axes else None)
    others = [one for one in axes if one.column != last]
    # Along an axis of few values, points stand on top of each other.
    spread = [one for one in others if not (one.scale.few or one.scale.categories)]
    first = next((one.column for one in (*spread, *others)), last)
    return [options.color or last, options.x or first, options.y or last, options.size]


def _natural(reader: _Reader, columns: Sequence[Column], main: Column | None) -> Iterator[Placed]:
    """The axes of which nobody has chosen any: the first params and metrics that vary, the main metric last."""
    params = [one for one in columns if one.source is Source.PARAM][:MOST_TRIED]
    yield from islice(filter(_tells, map(reader.place, params)), PARAMS)
    others = [one for one in columns if one.source is Source.METRIC and one != main and is_judged(one.key, {})]
    yield from islice(filter(_tells, map(reader.place, others[:MOST_TRIED])), METRICS)
    if main is not None:
        yield reader.place(main)


def _tells(one: Placed) -> bool:
    """Whether runs differ along an axis, and not each from all others by a text of its own."""
    return one.differs and len(one.scale.categories) <= MOST_CATEGORIES


def _names(reader: _Reader) -> Names:
    if len(reader.runs) > MOST_NAMED:
        return Names(())
    level = level_of(NAME, reader.values(NAME), reader.runs)
    names = Names(level.values, level.codes.tolist())
    shared = shared_names([names.of(place) for place in range(len(reader.runs))])
    places = [place for own in shared for place in own]
    known = ids_of(reader.store, reader.runs[places].tolist())
    ids = {place: known.get(run, str(run)) for place, run in zip(places, reader.runs[places].tolist(), strict=True)}
    return replace(names, marks=marks_of(shared, ids))


class _Reader:
    """Reads whole columns of runs, each once."""

    def __init__(self, store: Store, view: View, runs: Ids) -> None:
        self.store, self.view, self.runs = store, view, runs
        self._options = view.compare
        self._directions = view.directions
        self._ascending = np.sort(runs)
        self._read = partial(read_values, store, self._ascending, written=False)
        self._known: dict[Column, Values] = {}

    def some(self, most: int) -> list[int]:
        """So many of the runs at most, from all of their order."""
        places = np.linspace(0, len(self.runs) - 1, min(most, len(self.runs))).astype(np.intp)
        found: list[int] = self.runs[places].tolist()
        return found

    def values(self, column: Column) -> Values:
        if column not in self._known:
            found = self._read(column=stored_column(column, self._directions))
            is_numeric = column.source is Source.TAG and column.kind is Kind.NUMBER
            self._known[column] = as_numbers(found, param_number) if is_numeric else found
        return self._known[column]

    def place(self, column: Column) -> Placed:
        flipped = column in self._options.flipped
        # What spans decades is told apart on a logarithmic axis only, unless the user says otherwise.
        natural = None if column.source is Source.PARAM else False
        log = True if column in self._options.log else False if column in self._options.linear else natural
        return placed(column, self.values(column), self.runs, log=log, flipped=flipped)


def is_axis(column: Column) -> bool:
    """Whether a column can be an axis that says something: not one of names."""
    return column != NAME and (column.kind is not Kind.STATUS or column == STATUS)
