"""What is known of a series without its points: computed for all series of a batch at once, and added to what was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runfolio.core.curves import Floats, Points, first_where
from runfolio.store.dialect import real

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Grouped:
    """The points of a batch ordered by series, within a series as they were logged.

    Attributes:
        series: the journal's number of each group's series.
        starts: where in the points each group begins.
    """

    points: Points
    series: list[int]
    starts: NDArray[np.intp]


def grouped(points: NDArray[np.void]) -> Grouped:
    """Order points by series."""
    series = points["series"].astype(np.int64)
    columns = [np.ascontiguousarray(points[name]) for name in ("step", "time", "value")]
    if len(series) and not (series[1:] >= series[:-1]).all():
        order = np.argsort(series, kind="stable")
        series, columns = series[order], [column[order] for column in columns]
    starts = np.flatnonzero(np.diff(series, prepend=-1))
    return Grouped(Points(*columns), series[starts].tolist(), starts)


def summarised(groups: Grouped) -> list[Row]:
    """One row of the columns of the table `series` for each group."""
    points, starts = groups.points, groups.starts
    if not len(starts):
        return []
    value = points.values
    finite = np.isfinite(value)
    non_finite = np.add.reduceat(~finite, starts, dtype=np.int64)
    counts = np.diff(np.append(starts, len(points)))
    moments = {
        "first": starts,
        "last": _latest(points, starts, counts),
        "min": first_where(np.where(finite, value, np.inf), np.minimum, starts),
        "max": first_where(np.where(finite, value, -np.inf), np.maximum, starts),
    }
    columns: dict[str, list[Any]] = {
        "count": counts.tolist(),
        "non_finite": non_finite.tolist(),
        "total": _totals(np.where(finite, value, 0.0), starts),
    }
    for name, at in moments.items():
        columns[f"{name}_value"] = [real(v) for v in value[at].tolist()]
        columns[f"{name}_step"] = points.steps[at].tolist()
        columns[f"{name}_time"] = points.times[at].tolist()
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    for row in rows:
        if row["count"] == row["non_finite"]:
            _without_extremes(row)
    return rows


def added(old: Row, new: Row) -> Row:
    """The summary of a series whose older part is `old`."""
    row = dict(old)
    for name in ("count", "non_finite"):
        row[name] = old[name] + new[name]
    row["total"] = real((old["total"] or 0.0) + (new["total"] or 0.0))
    if (new["last_step"], new["last_time"]) >= (old["last_step"], old["last_time"]):
        _take(row, new, "last")
    for name, sign in (("min", -1), ("max", 1)):
        then, now = old[f"{name}_value"], new[f"{name}_value"]
        if now is not None and (then is None or (now - then) * sign > 0):
            _take(row, new, name)
    return row


def _latest(points: Points, starts: NDArray[np.intp], counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """The point with the greatest (step, time) of each group; of equals the one logged last, as in MLflow."""
    step, time = points.steps, points.times
    ends = starts + counts - 1
    ascending = (step[1:] > step[:-1]) | ((step[1:] == step[:-1]) & (time[1:] >= time[:-1]))
    ascending[starts[1:] - 1] = True
    if ascending.all():
        return ends
    group = np.repeat(np.arange(len(starts)), counts)
    order = np.lexsort((np.arange(len(points)), time, step, group))
    return np.asarray(order[ends], np.intp)


def _totals(values: Floats, starts: NDArray[np.intp]) -> list[float | None]:
    with np.errstate(over="ignore", invalid="ignore"):  # a sum beyond the floats is infinite, and so is the mean
        return [real(total) for total in np.add.reduceat(values, starts).tolist()]


def _without_extremes(row: Row) -> None:
    for name in ("min", "max"):
        for part in ("value", "step", "time"):
            row[f"{name}_{part}"] = None


def _take(row: Row, new: Row, name: str) -> None:
    for part in ("value", "step", "time"):
        row[f"{name}_{part}"] = new[f"{name}_{part}"]
