"""From where to where the axes of a chart go, where the user has said so. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runfolio.gui.curves.coordinates import place_on_axis
from runfolio.gui.curves.lineup import Line
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.x_axes import X_AXES, XAxis

#: Where an axis begins and ends; None is as far as there is something to see.
Ends = tuple[float | None, float | None]
FREE: Ends = (None, None)
#: So much of what there is to see is left free around it.
MARGIN_X, MARGIN_Y = 0.015, 0.06


@dataclass(frozen=True, slots=True)
class Limits:
    """What the user wants of the axes, as places on them.

    Attributes:
        x, y: where they begin and end.
        usual: whether y leaves out outliers.
        total: whether x goes on up to the last step that is to come.
        log_x: whether x is logarithmic.
    """

    x: Ends = FREE
    y: Ends = FREE
    usual: bool = False
    total: bool = False
    log_x: bool = False

    @property
    def cuts(self) -> bool:
        """Whether points may be above or below what is shown."""
        return self.usual or self.y != FREE


def limits_of(options: Options) -> Limits:
    """What the options say; what cannot be on a logarithmic axis counts as not said, and so does x of no numbers."""
    kind, _, log_x = options.across
    x = (options.x_low, options.x_high) if X_AXES[kind].number else FREE
    y = options.y_low, options.y_high
    total = options.known_total and kind is XAxis.STEP
    return Limits(_places(x, log_x), _places(y, options.log), options.outliers, total, log_x)


def _places(ends: Ends, log: bool) -> Ends:
    low, high = (None if end is None else place_on_axis(end, log) for end in ends)
    return low, high


def around_x(low: float, high: float) -> tuple[float, float]:
    """From where to where x goes where what there is to see lies between these places."""
    margin = (high - low) * MARGIN_X or 0.5
    return low - margin, high + margin


def around_y(low: float, high: float) -> tuple[float, float]:
    """The same of y, on which all may be in one place."""
    margin = (high - low) * MARGIN_Y or abs(high) * 0.05 or 0.5
    return low - margin, high + margin


def ended(span: tuple[float, float], ends: Ends) -> tuple[float, float]:
    """A span with the ends that the user has set; one that would be beyond the other end moves that one away."""
    low, high = (one if end is None else end for one, end in zip(span, ends, strict=True))
    if low < high:
        return low, high
    wide = max(abs(low), abs(high), 1.0) * 0.1
    return (low, low + wide) if ends[0] is not None else (high - wide, high)


def to_come(lines: Iterable[Line], limits: Limits) -> list[float]:
    """Where the lines of runs that go on will end, if there is to be room for that."""
    ends = [line.ahead.end for line in lines if line.ahead is not None] if limits.total else []
    places = (place_on_axis(float(end), limits.log_x) for end in ends)
    return [place for place in places if place is not None]
