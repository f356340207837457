"""What charts ask for and are given: runs or groups of them, their metrics, and the lines to draw. No Qt."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from runfolio.core.chart_page import Fits, OwnChart
from runfolio.core.curves import EMPTY, Curve, Floats, Points
from runfolio.core.eyes import Eyes
from runfolio.core.known_total import Total
from runfolio.core.statistics import Band, Statistic, Summaries, band_text
from runfolio.gui.aliases import Ids
from runfolio.gui.curves.options import Options
from runfolio.store.annotations import Annotation
from runfolio.store.run_query import RunQuery

if TYPE_CHECKING:
    from runfolio.gui.groups.listed import ListedGroups

NEWEST = 10
# More lines than this can neither be told apart nor drawn fast; the header says that there are more.
MOST = 100
NO_ONE_HIDDEN = Eyes()


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A run in the charts.

    Attributes:
        start: when it began, in epoch milliseconds.
        total: how far it is to go, while it runs and if it has said so.
    """

    id: int
    name: str
    start: int
    total: Total | None = None

    @property
    def members(self) -> tuple[ShownRun, ...]:
        """The run alone, as those of a group."""
        return (self,)

    @property
    def basis(self) -> object:
        """All but the points that its lines depend on."""
        return self.start, self.total


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group of runs in the charts.

    Attributes:
        id: the number of its row in the table, below 0.
        name: what its runs have in common.
        short: the same where there is less room.
        members: the runs that its lines are made of.
        total: how many runs there are, of which the members are the first.
        color: the number of its colour.
    """

    id: int
    name: str
    members: tuple[ShownRun, ...]
    total: int
    color: int
    short: str = ""

    @property
    def basis(self) -> object:
        """All but the points that its lines depend on."""
        return self.members


Shown: TypeAlias = ShownRun | ShownGroup
#: A line of a chart: the run or group it is of; where a chart shows several metrics, with the metric.
LineId: TypeAlias = int | tuple[int, str]


def line_id(chart: str, shown: int, metric: str) -> LineId:
    """The line of a run or group in a chart, which may be that of the metric alone."""
    return shown if chart == metric else (shown, metric)


def owner_of(line: LineId) -> int:
    """The run or group that a line is of."""
    return line[0] if isinstance(line, tuple) else line


def metric_of(line: LineId) -> str:
    """The metric of a line, where its chart shows several; else empty."""
    return line[1] if isinstance(line, tuple) else ""


def tell_apart_by_color(runs: Collection[object], metrics: Collection[str]) -> bool:
    """Whether lines have the colours of their metrics: where there are several of one run or group alone."""
    return len(runs) == 1 and len(metrics) > 1


def short_name(shown: Shown) -> str:
    """What a run or group is called where there is little room."""
    return shown.short if isinstance(shown, ShownGroup) and shown.short else shown.name


def line_name(line: LineId, name: str) -> str:
    """What a line is called whose run or group has this name."""
    return f"{metric_of(line)} · {name}" if metric_of(line) else name


@dataclass(frozen=True, slots=True)
class Lineup:
    """The runs, or groups of runs, and the metrics to show.

    Attributes:
        runs: in the order of the selection, or of the table.
        keys: the metrics any of the runs has, sorted.
        total: of how many selected runs, or runs of the experiments, `runs` are the first.
        chosen: True when the runs were selected, False when they are simply the first of the table.
        hidden: how many more there would be if none were hidden.
        unreadable: True when nobody knows which, for the filter cannot be read.
        nested: True when `runs` are nested in those that were asked for, which have no metrics themselves.
        grouped: True when all that is said of runs holds for groups.
        fits: for each chart of the user's own, which of the metrics it shows.
        notes: the annotations at curves of the runs.
    """

    runs: tuple[Shown, ...] = ()
    keys: tuple[str, ...] = ()
    total: int = 0
    chosen: bool = False
    hidden: int = 0
    unreadable: bool = False
    nested: bool = False
    grouped: bool = False
    fits: tuple[tuple[str, Fits], ...] = ()
    notes: tuple[Annotation, ...] = ()

    @property
    def groups(self) -> tuple[ShownGroup, ...]:
        """The groups among what is shown."""
        return tuple(one for one in self.runs if isinstance(one, ShownGroup))

    def owners(self) -> dict[int, int]:
        """For each run, what its points are shown as: itself, or the group that it is in."""
        return {run.id: one.id for one in self.runs for run in one.members}

    def colors(self) -> dict[int, int]:
        """The numbers of the groups' colours."""
        return {one.id: one.color for one in self.groups}


@dataclass(frozen=True, slots=True)
class WantedLines:
    """One chart's need: the lines of some runs in a range of its x axis, for so many columns of pixels.

    Attributes:
        key: the chart or, where a single line is read, its metric.
        metrics: what the chart shows.
        options: how lines are made.
    """

    key: str
    runs: tuple[Shown, ...]
    low: float | None
    high: float | None
    pixels: int
    log: bool
    metrics: tuple[str, ...] = ()
    options: Options = field(default_factory=Options)

    @property
    def part(self) -> bool:
        """Whether only a part of the x axis is wanted."""
        return self.low is not None or self.high is not None

    def visible(self, values: Floats) -> Floats:
        """Values with gaps for those that a logarithmic chart cannot show, so that reducing lines keeps what it can."""
        return np.where(values > 0, values, np.nan) if self.log else values

    def each(self) -> Iterator[tuple[LineId, Shown, WantedLines]]:
        """The lines one by one, each with its run and with what is wanted of its metric alone."""
        for metric in self.metrics:
            alone = replace(self, key=metric, metrics=(metric,))
            for run in self.runs:
                yield line_id(self.key, run.id, metric), run, alone


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """What is known of a group's line besides the line.

    Attributes:
        line, band: what these are.
        low, high: the edges of the band, empty if there is none.
        sums: what the runs come to at each corner of the line.
        counts: of how many runs the line is made in the range that is shown, at the least and at the most.
        runs: how many runs' points there are, of those that have the metric.
        left_out: how many more runs have it, whose points would be too many.
        points: how many points these have in the range.
        non_finite: how many of the points are NaN or infinite.
        interpolated: whether some runs have no point of their own at some of the steps.
        every: 1, or more where only every so many of the steps are drawn.
        members: the lines of the first of the runs, to show faintly behind, if they are wanted.
    """

    line: Statistic
    band: Band
    low: Curve
    high: Curve
    sums: Summaries
    counts: tuple[int, int]
    runs: int
    left_out: int
    points: int
    non_finite: int
    interpolated: bool
    every: int
    members: tuple[Curve, ...] = ()

    def text(self, corner: int) -> str:
        """What is told of a corner of the line: `0.9134 ± 0.0042 (n=5)`."""
        return band_text(self.sums.at(corner), self.line, self.band)


@dataclass(frozen=True, slots=True)
class Lack:
    """Why points of a run have no place along x.

    Attributes:
        metric: what x is, if it is a metric.
        missing: whether the run has not logged that metric.
        apart: whether it has, and no step has both.
        non_finite: at how many steps x is NaN or infinite.
        below: how many points are not above 0, where x is logarithmic.
        single: of a group, whether its runs are drawn one by one, for x goes back and forth in some of them.
    """

    metric: str = ""
    missing: bool = False
    apart: bool = False
    non_finite: int = 0
    below: int = 0
    single: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Ahead:
    """What is still to come of a line: the step that its run goes up to, and the last points, which tell its pace."""

    end: int
    recent: Points


@dataclass(frozen=True, slots=True)
class Line:
    """One run, or group of runs, in one chart.

    Attributes:
        curve: what to draw.
        raw: when `curve` is smoothed, the points as they are, to show faintly behind.
        part: True when only a part of the x axis was read.
        spread: of a group, what lies around `curve`.
        path: True where x goes back and forth.
        lack: what keeps points from being drawn; None if nothing does.
        ahead: of a run that goes on and has said how far, what is still to come.
    """

    curve: Curve = EMPTY
    raw: Curve | None = None
    part: bool = False
    spread: Spread | None = None
    path: bool = False
    lack: Lack | None = None
    ahead: Ahead | None = None

    @property
    def faint(self) -> tuple[Curve, ...]:
        """What is shown faintly behind the line."""
        if self.spread is not None:
            return self.spread.members
        return () if self.raw is None else (self.raw,)


@dataclass(frozen=True, slots=True, eq=False)
class WantedGroups:
    """Groups to be shown instead of runs: those of the table, and of which runs; of all if none is `selected`."""

    listed: ListedGroups
    selected: Ids


@dataclass(frozen=True, slots=True)
class Question:
    """Everything one refresh asks for.

    Attributes:
        query: the runs of the table.
        selected: the runs that the session has selected, if the line-up may have changed, else None.
        wanted: what the visible charts need.
        eyes: which of the runs are shown.
        on_top: whether the table has runs beneath those that they are nested in, so that these come first.
        groups: what to show in place of runs; None for runs.
        own: the charts of the user's own.
    """

    query: RunQuery
    selected: tuple[int, ...] | None
    wanted: tuple[WantedLines, ...]
    eyes: Eyes = NO_ONE_HIDDEN
    on_top: bool = False
    groups: WantedGroups | None = None
    own: tuple[OwnChart, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: the line-up if it was asked for, and the lines of each chart."""

    question: Question
    lineup: Lineup | None
    lines: dict[str, dict[LineId, Line]]
