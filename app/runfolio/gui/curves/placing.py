"""Where the points of a run stand along x, whatever x is, and how they are smoothed. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from runfolio.core.curves import Floats, Points
from runfolio.core.pairing import Places, pair
from runfolio.core.smoothing import smooth
from runfolio.gui.curves.coordinates import LARGEST
from runfolio.gui.curves.lineup import Lack
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.x_axes import X_AXES, XAxis


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Points in the order in which a line goes through them.

    Attributes:
        x: where they stand, ascending unless `path`; logarithms where x is logarithmic.
        values: as they were logged.
        smoothed: the same smoothed; None where nothing is.
        rows: which points of the series they are.
        path: True where x, a metric, goes back and forth.
        lack: what keeps some of them from having a place.
    """

    x: Floats
    values: Floats
    smoothed: Floats | None
    rows: Places
    path: bool = False
    lack: Lack | None = None

    @property
    def line(self) -> Floats:
        """What the line is of: the smoothed values, where there are any."""
        return self.values if self.smoothed is None else self.smoothed


def placed(series: Points, start: int, options: Options, other: Points | None = None) -> Placed:
    """The points of a run that started at `start` (epoch milliseconds).

    `other` is the metric that x is; None where the run has none. Smoothing goes over all points, by step or time,
    before any are put together with another metric or left out.
    """
    x, order = _ascending(X_AXES[options.x].order(series, start))
    rows = np.arange(len(series)) if order is None else order
    values = series.values[rows] if order is not None else series.values
    smoothed = smooth(values, options.smoothing, options.smoother, x) if options.smoothing else None
    if options.x is not XAxis.METRIC:
        return _on_axis(Placed(x, values, smoothed, rows), options)
    if other is None:
        return _some(Placed(x, values, smoothed, rows), np.empty(0, np.intp), Lack(options.x_metric, missing=True))
    found = pair(other.steps, other.values, series.steps)
    lack = Lack(options.x_metric, apart=not len(found.x) and not found.non_finite, non_finite=found.non_finite)
    kept = _some(Placed(x, values, smoothed, rows), found.places, lack)
    return _on_axis(
        Placed(np.clip(found.x, -LARGEST, LARGEST), kept.values, kept.smoothed, kept.rows, found.path, lack), options
    )


def _some(points: Placed, places: Places | NDArray[np.bool_], lack: Lack | None) -> Placed:
    smoothed = None if points.smoothed is None else points.smoothed[places]
    return Placed(points.x[places], points.values[places], smoothed, points.rows[places], points.path, lack)


def _on_axis(points: Placed, options: Options) -> Placed:
    """The same on a logarithmic axis, where what is not above 0 has no place."""
    *_, log = options.across
    if not log:
        return points
    there = points.x > 0
    below = int(len(there) - there.sum())
    lack = replace(points.lack or Lack(options.x_metric), below=below) if below else points.lack
    kept = _some(points, there, lack)
    return replace(kept, x=np.log10(kept.x))


def _ascending(x: Floats) -> tuple[Floats, NDArray[np.intp] | None]:
    """The numbers in order, and the order in which the points have to be put for that, if any: clocks are set back."""
    if np.all(x[1:] >= x[:-1]):
        return x, None
    order = np.argsort(x, kind="stable")
    return x[order], order
