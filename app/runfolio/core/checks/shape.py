"""The course of a curve in a few hundred points, smoothed robustly, with how much it jitters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from runfolio.core.curves import Floats, Points

#: A curve is looked at in at most so many parts, each by its median.
PARTS = 240
# A median absolute deviation times this is the standard deviation of normal noise.
TO_SIGMA = 1.4826


@dataclass(frozen=True, slots=True)
class Shape:
    """A curve turned so that less is better.

    Attributes:
        steps: where, ascending.
        values: medians of parts, or the points where these are few.
        smooth: the values, smoothed.
        noise: the standard deviation of the values around the smooth course.
        end: as many points at each end as stand for the end.
    """

    steps: Floats
    values: Floats
    smooth: Floats
    noise: float
    end: int

    def __len__(self) -> int:
        return len(self.values)

    @property
    def first(self) -> float:
        """Where it begins."""
        return float(np.median(self.values[: self.end]))

    @property
    def last(self) -> float:
        """Where it ends."""
        return float(np.median(self.values[-self.end :]))

    @property
    def best(self) -> int:
        """The place of the least value of its smooth course."""
        return int(np.argmin(self.smooth))

    def doubt(self, times: float) -> float:
        """So many standard errors of the level of an end."""
        return times * self.noise / float(np.sqrt(self.end))

    def at(self, step: float) -> float:
        """The smooth course at a step."""
        return float(np.interp(step, self.steps, self.smooth))


def shape_of(points: Points, lower: bool) -> Shape | None:
    """The course of the finite values of a metric of which lower, or else higher, is better; None of fewer than 3."""
    finite = np.isfinite(points.values)
    steps, values = points.steps[finite].astype(np.float64), points.values[finite]
    values = np.clip(values if lower else -values, -1e150, 1e150)
    if len(values) < 3:
        return None
    if len(values) > PARTS:
        steps, values = _parts(steps, values)
    smooth = running_median(values, max(3, len(values) // 12 | 1))
    noise = TO_SIGMA * float(np.median(np.abs(values - smooth)))
    return Shape(steps, values, smooth, noise, max(3, len(values) // 10))


def _parts(steps: Floats, values: Floats) -> tuple[Floats, Floats]:
    """The last step and the median of each part; the first part may be a shorter one."""
    size = -(-len(values) // PARTS)
    missing = -len(values) % size
    padded = np.concatenate([np.full(missing, np.median(values[: size - missing])), values])
    return steps[size - missing - 1 :: size], np.median(padded.reshape(-1, size), axis=1)


def running_median(values: Floats, width: int) -> Floats:
    """The median of each value and its neighbours, `width` in all, an odd number; the ends see themselves mirrored."""
    half = min(width // 2, len(values) - 1)
    if half < 1:
        return values
    padded = np.pad(values, half, mode="reflect")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1), axis=1), np.float64)
