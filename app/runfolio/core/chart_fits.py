"""Which metrics the charts of a user's own show: those that are listed, or in whose names an expression is found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runfolio.core.chart_page import Fits, OwnChart
from runfolio.core.patterns import TimedSearch, check

#: No chart shows more metrics: nobody can tell so many lines apart.
MOST_METRICS = 24
SHORT = 60
NOTHING = "None of these runs has such a metric."


def fits_of(own: Iterable[OwnChart], metrics: Sequence[str]) -> tuple[tuple[str, Fits], ...]:
    """For each chart by its id, which of the metrics it shows. For worker threads: this may take a second or two."""
    search = TimedSearch()
    return tuple((one.id, fit(one, metrics, search)) for one in own)


def fit(own: OwnChart, metrics: Sequence[str], search: TimedSearch) -> Fits:
    """Which of the metrics a chart shows, in their order."""
    if own.pattern:
        return _matching(own.pattern, metrics, search)
    there = set(metrics)
    return _first([metric for metric in own.metrics if metric in there])


def _matching(pattern: str, metrics: Sequence[str], search: TimedSearch) -> Fits:
    try:
        check(pattern)
        return _first([metric for metric in metrics if search.found(metric, pattern)])
    except ValueError as error:
        return Fits(problem=f"The expression cannot be read: {error}.")
    except TimeoutError:
        return Fits(problem=f"The expression takes too long: {shortened(search.too_slow or pattern)}")


def _first(found: list[str]) -> Fits:
    return Fits(tuple(found[:MOST_METRICS]), len(found), "" if found else NOTHING)


def shortened(pattern: str) -> str:
    """An expression in few letters."""
    return pattern if len(pattern) <= SHORT else f"{pattern[: SHORT - 1]}…"
