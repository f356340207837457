"""What a chart says of its lines in one line, and of the place of its crosshair. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from runfolio.core import numbers
from runfolio.core.curves import Curve, Floats
from runfolio.gui.curves import group_texts
from runfolio.gui.curves.coordinates import LARGEST, from_axis
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
    missing = sum(one.non_finite for one in spreads or curves)
    lacking = (f"{missing:,} not finite" if missing else "", "values beyond 1e306" if _are_beyond(seen, curves) else "")
    series = "1 series" if len(curves) == 1 else f"{len(curves)} series"
    lines = group_texts.caption(spreads) if spreads else f"{series} · {counted}{where}"
    return " · ".join(filter(None, (lines, *lacking)))


def gaps(seen: Seen, curves: Sequence[tuple[str, Curve]]) -> str:
    """How many points there are, and for each named curve how many cannot be drawn, and where if that is known."""
    told = [numbers.counted(sum(curve.points for _, curve in curves), "point")]
    for name, curve in curves:
        if curve.non_finite:
            are = (
                "is NaN or infinite and leaves a gap" if curve.non_finite == 1 else "are NaN or infinite and leave gaps"
            )
            where = _at(seen, curve.x[~np.isfinite(curve.y)], curve.non_finite)
            told.append(f"{name}: {curve.non_finite:,} {are}{where}")
    return "\n".join(told)


def beyond(seen: Seen, curves: Sequence[Curve]) -> str:
    """What is told of values that no axis reaches; empty if there are none."""
    told = "Values beyond 1e306 and -1e306 are drawn there, for linear axes go no farther. Logarithmic ones do."
    return told if _are_beyond(seen, curves) else ""


def _are_beyond(seen: Seen, curves: Sequence[Curve]) -> bool:
    if seen.log:
        return False
    return any(bool(np.any(np.abs(curve.y) > LARGEST)) for curve in curves)  # NaN is not greater than anything


def _at(seen: Seen, x: Floats, number: int) -> str:
    """From where to where so many gaps are, if these are the places of all of them."""
    return f": {_from_to(seen, x)}" if len(x) == number else ""


def _extent(seen: Seen, curves: Sequence[Curve]) -> str:
    """From where to where there are points, be there nothing of them to be seen."""
    return _from_to(seen, np.concatenate([curve.x for curve in curves]))


def _from_to(seen: Seen, x: Floats) -> str:
    return " to ".join(dict.fromkeys(heading_at(seen.options, end) for end in (float(x.min()), float(x.max()))))


def _is_seen(curve: Curve, seen: Seen) -> bool:
    """Whether there is anything of a curve that can be drawn."""
    return bool(np.any(curve.y > 0 if seen.log else np.isfinite(curve.y)))
