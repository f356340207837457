"""What a chart says of its lines in one line, and of the place of its crosshair. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from runfolio.core import numbers
from runfolio.core.curves import Curve
from runfolio.gui.curves import group_texts
from runfolio.gui.curves.coordinates import from_axis
from runfolio.gui.curves.lineup import Spread
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.x_axes import X_AXES


@dataclass(frozen=True, slots=True)
class Seen:
    """How lines are looked at: with which options, whether values are logarithmic, and whether only a part was read."""

    options: Options
    log: bool
    zoomed: bool


def heading_at(options: Options, x: float) -> str:
    """The place of the crosshair in words."""
    kind, metric, log = options.across
    return X_AXES[kind].heading(metric, from_axis(x, log))


def caption(seen: Seen, curves: Sequence[Curve], spreads: Sequence[Spread]) -> str:
    """How many series and points there are; of groups, what their lines are. There is at least one curve."""
    points = sum(curve.points for curve in curves)
    where = " in view" if seen.zoomed else ""
    counted = "1 point" if points == 1 else f"{numbers.count(points)} points"
    if points and not any(_is_seen(curve, seen) for curve in curves):
        nothing = "no value above 0" if seen.log else "no finite value"
        return f"{nothing} · {counted} · {_extent(seen, curves)}{where}"
    if spreads:
        return group_texts.caption(spreads)
    return f"{'1 series' if len(curves) == 1 else f'{len(curves)} series'} · {counted}{where}"


def gaps(curves: Sequence[Curve]) -> str:
    """How many points there are, and how many of them cannot be drawn."""
    text = numbers.counted(sum(curve.points for curve in curves), "point")
    missing = sum(curve.non_finite for curve in curves)
    return f"{text}, of which {missing:,} are NaN or infinite and leave gaps" if missing else text


def _extent(seen: Seen, curves: Sequence[Curve]) -> str:
    """From where to where there are points, be there nothing of them to be seen."""
    x = np.concatenate([curve.x for curve in curves])
    ends = dict.fromkeys(heading_at(seen.options, end) for end in (float(x.min()), float(x.max())))
    return " to ".join(ends)


def _is_seen(curve: Curve, seen: Seen) -> bool:
    """Whether there is anything of a curve that can be drawn."""
    return bool(np.any(curve.y > 0 if seen.log else np.isfinite(curve.y)))
