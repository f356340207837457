"""What charts of groups read from the store, on a worker thread: which groups, and their lines and bands. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from runfolio.core.bands import bundle, least_and_most
from runfolio.core.curves import EMPTY, Curve, Floats, Keep, highest, lowest, m4, reduce
from runfolio.core.eyes import Eyes
from runfolio.core.statistics import Band
from runfolio.gui.curves.lineup import (
    MOST,
    NEWEST,
    Lack,
    Line,
    Lineup,
    ShownGroup,
    Spread,
    WantedGroups,
    WantedLines,
)
from runfolio.gui.curves.placing import Placed, placed
from runfolio.gui.curves.reading import reduced, shown_runs
from runfolio.gui.curves.x_axes import XAxis
from runfolio.gui.runs.group_cells import joined, values_alone, whole_title
from runfolio.store import Store
from runfolio.store.runs import are_named
from runfolio.store.series import metric_keys, points_of

#: A group's lines are made of so many of its runs at most, and so many of them are shown faintly; more are told.
MOST_MEMBERS, MOST_FAINT = 200, 20
#: As many points as take a few hundred MB.
MOST_POINTS = 10_000_000


def line_up_groups(store: Store, wanted: WantedGroups, eyes: Eyes) -> Lineup:
    """The groups to show, in the order of the table: those of the selected runs, else the first of all.

    They are made of the runs that are selected and not hidden; a group with none of these is left out.
    """
    listed, groups = wanted.listed, wanted.listed.grouped.groups
    chosen = bool(eyes.only or len(wanted.selected))
    if eyes.only:
        asked = are_named(store, groups.runs, eyes.only)
    else:
        asked = np.isin(groups.runs, wanted.selected) if chosen else np.ones(len(groups.runs), np.bool_)
    left = asked & ~are_named(store, groups.runs, eyes.hidden)
    before, sizes = (np.bincount(groups.of[-1][some], minlength=len(groups)) for some in (asked, left))
    places = listed.places()
    there = [place for place in places.tolist() if sizes[place]]
    first = there[: MOST if chosen else NEWEST]
    members = {place: listed.members(place, left)[:MOST_MEMBERS].tolist() for place in first}
    found = {run.id: run for run in shown_runs(store, [run for part in members.values() for run in part])}
    titles = {place: whole_title(listed.grouped, place) for place in first}
    shown = tuple(
        ShownGroup(
            int(groups.ids[place]),
            joined(title),
            tuple(found[run] for run in members[place] if run in found),
            int(sizes[place]),
            int(listed.grouped.colors[place]),
            values_alone(title),
        )
        for place, title in titles.items()
    )
    hidden = int((before[places] > 0).sum()) - len(there)
    keys = tuple(metric_keys(store, list(found)))
    return Lineup(shown, keys, len(there), chosen, hidden, grouped=True)


def read_group(store: Store, group: ShownGroup, wanted: WantedLines) -> Line:
    """The line of a group and its band: of all points of all its runs, before they are reduced to pixels.

    Where lines are smoothed, each run is smoothed by itself first: the band says how smoothed runs differ.
    """
    options, runs = wanted.options, [run.id for run in group.members]
    series, left_out = points_of(store, runs, wanted.key, MOST_POINTS)
    others = points_of(store, list(series), options.x_metric, MOST_POINTS)[0] if options.x is XAxis.METRIC else {}
    starts = {run.id: run.start for run in group.members}
    members = [placed(points, starts[run], options, others.get(run)) for run, points in series.items()]
    lack = _lack([one.lack for one in members if one.lack is not None])
    members = [one for one in members if len(one.x)]
    if any(one.path for one in members):
        return _single(members, wanted, replace(lack or Lack(), metric=options.x_metric, single=True))
    curves = [(one.x, one.line) for one in members]
    found = bundle(curves, wanted.low, wanted.high)
    line = _reduced(found.x, wanted.visible(found.sums.values(options.line)), wanted)
    low, high = EMPTY, EMPTY
    if options.band is not Band.NONE:
        edges = zip(found.sums.band(options.band), (lowest, highest), strict=True)
        low, high = (_reduced(found.x, edge, wanted, keep) for edge, keep in edges)
    faint = curves[:MOST_FAINT] if options.members else []
    spread = Spread(
        line=options.line,
        band=options.band,
        low=low,
        high=high,
        sums=found.sums.those(np.searchsorted(found.x, line.x)),
        counts=least_and_most(found.sums.count[_inside(found.x, wanted)]),
        runs=len(curves),
        left_out=left_out,
        points=sum(int(_inside(x, wanted).sum()) for x, _ in curves),
        non_finite=found.non_finite,
        interpolated=found.interpolated,
        every=found.every,
        members=tuple(_reduced(x, wanted.visible(y), wanted) for x, y in faint),
    )
    return Line(line, part=wanted.part, spread=spread, lack=lack)


def _single(members: Sequence[Placed], wanted: WantedLines, lack: Lack) -> Line:
    """The lines of a group's runs one by one, where x goes back and forth: there is no place to compare them at."""
    lines = [reduced(one, wanted.visible(one.line), wanted) for one in members]
    x = np.concatenate([np.append(one.x, one.x[-1]) for one in lines])
    y = np.concatenate([np.append(one.y, np.nan) for one in lines])
    points, missing = sum(one.points for one in lines), sum(one.non_finite for one in lines)
    curve = Curve(x, y, points, any(one.reduced for one in lines), missing)
    return Line(curve, part=wanted.part, path=True, lack=lack)


def _lack(lacks: Sequence[Lack]) -> Lack | None:
    """What the runs of a group lack together: of all of them, whether they have no place at all."""
    if not lacks:
        return None
    missing, apart = all(one.missing for one in lacks), all(one.apart or one.missing for one in lacks)
    non_finite, below = sum(one.non_finite for one in lacks), sum(one.below for one in lacks)
    return Lack(lacks[0].metric, missing, apart and not missing, non_finite, below)


def _reduced(x: Floats, y: Floats, wanted: WantedLines, keep: Keep = m4) -> Curve:
    return reduce(x, y, wanted.low, wanted.high, wanted.pixels, keep)


def _inside(x: Floats, wanted: WantedLines) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which of the steps are in the range that is shown."""
    low, high = wanted.low, wanted.high
    return np.asarray((x >= (-np.inf if low is None else low)) & (x <= (np.inf if high is None else high)), np.bool_)
