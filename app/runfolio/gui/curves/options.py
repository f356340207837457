"""What the user chose for all charts together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from runfolio.core.bands import LINES
from runfolio.core.smoothing import Smoother
from runfolio.core.statistics import Band, Statistic
from runfolio.gui.curves.x_axes import X_AXES, XAxis

MAX_SMOOTHING = 0.99


@dataclass(frozen=True, slots=True)
class Options:
    """The toolbar's state.

    Attributes:
        x: steps, the clock (epoch seconds), the seconds since each run's start, or the values of another metric.
        x_metric: which metric that is.
        log_x: whether x is logarithmic, unless that is no number, such as the clock.
        x_low, x_high, y_low, y_high: where the axes begin and end, if the user has said so.
        outliers: whether y is to show what most values are like, and not those far off.
        known_total: whether a chart of a run that goes on has room for the steps that are still to come.
        smoothing: the weight of what smooths the lines; 0 draws the points as they are.
        smoother: how they are smoothed.
        log: logarithmic values in every chart that was not set otherwise itself.
        link: zooming one chart zooms all.
        text: only metrics with all these words in their name are shown.
        groups: a line for each group of runs, while the table has groups, rather than for each run.
        line: what a group's line is.
        band: what lies around it.
        members: whether the lines of a group's runs are faint behind it.
    """

    x: XAxis = XAxis.STEP
    x_metric: str = ""
    log_x: bool = False
    x_low: float | None = None
    x_high: float | None = None
    y_low: float | None = None
    y_high: float | None = None
    outliers: bool = False
    known_total: bool = True
    smoothing: float = 0.0
    smoother: Smoother = Smoother.EXPONENTIAL
    log: bool = False
    link: bool = True
    text: str = ""
    groups: bool = True
    line: Statistic = Statistic.MEAN
    band: Band = Band.DEVIATION
    members: bool = False

    @property
    def across(self) -> tuple[XAxis, str, bool]:
        """What x is: its kind, the metric if it is one, and whether it is logarithmic."""
        return self.x, self.x_metric if self.x is XAxis.METRIC else "", self.log_x and X_AXES[self.x].number

    @property
    def lines(self) -> tuple[object, ...]:
        """All that says which lines are made of points."""
        smoothed = (
            self.across,
            self.x_low,
            self.x_high,
            self.known_total,
            self.smoothing,
            self.smoother if self.smoothing else None,
        )
        return *smoothed, *((self.line, self.band, self.members) if self.groups else ())

    def shows(self, key: str) -> bool:
        """True for a metric that the filter lets through."""
        return all(word in key.lower() for word in self.text.lower().split())

    def to_record(self) -> dict[str, str | float | bool]:
        """The options by name, as saved views keep them."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: str(value) if isinstance(value, StrEnum) else value for name, value in given.items()}


def read_options(record: Mapping[str, object]) -> Options:
    """The options that a record holds; what makes no sense counts as not given."""
    usual = Options()
    given = {name: value for name, value in record.items() if makes_sense(name, value)}
    x = XAxis(str(given.get("x", usual.x)))
    return Options(
        x=x if x is not XAxis.METRIC or given.get("x_metric") else usual.x,
        x_metric=str(given.get("x_metric", usual.x_metric)),
        log_x=bool(given.get("log_x", usual.log_x)),
        **{name: float(str(given[name])) for name in ENDS if given.get(name) is not None},
        outliers=bool(given.get("outliers", usual.outliers)),
        known_total=bool(given.get("known_total", usual.known_total)),
        smoothing=float(str(given.get("smoothing", usual.smoothing))),
        smoother=Smoother(str(given.get("smoother", usual.smoother))),
        log=bool(given.get("log", usual.log)),
        link=bool(given.get("link", usual.link)),
        text=str(given.get("text", usual.text)),
        groups=bool(given.get("groups", usual.groups)),
        line=Statistic(str(given.get("line", usual.line))),
        band=Band(str(given.get("band", usual.band))),
        members=bool(given.get("members", usual.members)),
    )


CHOICES: Mapping[str, tuple[StrEnum, ...]] = {
    "x": tuple(XAxis),
    "smoother": tuple(Smoother),
    "line": LINES,
    "band": tuple(Band),
}
TEXTS = ("text", "x_metric")
ENDS = ("x_low", "x_high", "y_low", "y_high")


def makes_sense(name: str, value: object) -> bool:
    """Whether an option can have this value in a record."""
    if name in CHOICES:
        return value in CHOICES[name]
    if name == "smoothing":
        return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= MAX_SMOOTHING
    if name in ENDS:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return value is None or (is_number and math.isfinite(float(str(value))))
    return isinstance(value, str if name in TEXTS else bool)
