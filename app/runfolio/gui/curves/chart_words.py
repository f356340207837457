"""All that the heading of a chart says of its lines, put together. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from runfolio.gui.curves import ahead_texts, captions, group_texts, lack_texts
from runfolio.gui.curves.lineup import Lack, Line, LineId, Shown, line_name, owner_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Words:
    """What is said.

    Attributes:
        caption, details: in the heading, and in its tool tip.
        points, corners: how many points there are, and of how many corners their lines are.
        goes_on: whether a run is among them whose end is told of, which comes nearer.
    """

    caption: str
    details: str
    points: int
    corners: int
    goes_on: bool


def words_of(
    lines: Mapping[LineId, Line],
    lacks: Mapping[LineId, Lack],
    runs: Mapping[int, Shown],
    seen: captions.Seen,
    now: int,
    problem: str,
) -> Words:
    """What is said of the lines of runs or groups at a moment (epoch milliseconds).

    Args:
        lacks: what some lines lack, those too that are not drawn for that.
        problem: what is wrong with the chart, if there is nothing to be drawn.
    """
    named = [(name, line.raw or line.curve) for _, name, line in _named(lines, runs)]
    curves = [line.raw or line.curve for line in lines.values()]
    spreads = [
        (replace(runs[owner_of(one)], name=name), line.spread)
        for one, name, line in _named(lines, runs)
        if line.spread is not None
    ]
    aheads = {one: line.ahead for one, line in lines.items() if line.ahead is not None}
    caption = captions.caption(seen, curves, [spread for _, spread in spreads]) if curves else problem
    missing = lack_texts.some(list(lacks.values())) if curves else lack_texts.nothing(list(lacks.values()))
    details = group_texts.details(spreads) if spreads else captions.gaps(seen, named) if curves else caption
    of_lacks = lack_texts.details((name, lack) for _, name, lack in _named(lacks, runs))
    of_aheads = ahead_texts.details(((name, ahead) for _, name, ahead in _named(aheads, runs)), now)
    return Words(
        _joined((ahead_texts.left(list(aheads.values()), now), caption, missing), " · "),
        _joined((details, captions.beyond(seen, curves), of_lacks, of_aheads), "\n"),
        sum(curve.points for curve in curves),
        sum(len(curve.x) for curve in curves),
        bool(aheads),
    )


def _joined(parts: Iterable[str], between: str) -> str:
    return between.join(filter(None, parts))


def _named(told: Mapping[LineId, T], runs: Mapping[int, Shown]) -> list[tuple[LineId, str, T]]:
    """What is told of lines, each called as its line is; not of those that are about to go."""
    there = ((one, value) for one, value in told.items() if owner_of(one) in runs)
    return [(one, line_name(one, runs[owner_of(one)].name), value) for one, value in there]
