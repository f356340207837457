"""A chart as a drawing for papers and slides: what is in it, and how large everything is. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from runfolio.core.curves import EMPTY, Curve
from runfolio.core.errors import InvalidValue
from runfolio.gui.curves.x_axes import XAxis

MM_PER_INCH, POINTS_PER_INCH = 25.4, 72
Span = tuple[float, float]

#: Sizes by what they are for: width and height in mm.
PRESETS: Mapping[str, Span] = {
    "Single column": (85.0, 60.0),
    "Double column": (170.0, 90.0),
    "Slide": (254.0, 143.0),
}
#: The least and the greatest of what can be chosen.
RANGES: Mapping[str, Span] = {
    "width": (20.0, 1000.0),
    "height": (20.0, 1000.0),
    "font": (4.0, 72.0),
    "line": (0.1, 10.0),
    "dpi": (72, 1200),
}
#: A picture of so many pixels takes 400 MB.
MOST_PIXELS = 100_000_000
#: Curves of drawings without pixels are as fine as at so many dots per inch.
VECTOR_DPI = 300


class Legend(StrEnum):
    """Where the legend stands."""

    BELOW = "below"
    INSIDE = "inside"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class FigureStyle:
    """How large a drawing is and what is written in it.

    Attributes:
        width, height: in millimetres.
        font, line: the size of letters and the width of lines, in points.
        dpi: dots per inch of pictures.
        legend: where the legend stands; inside, it takes the emptiest corner.
        names: what runs are called in it, as in `core.name_patterns`.
    """

    width: float = 85.0
    height: float = 60.0
    font: float = 8.0
    line: float = 1.0
    dpi: int = 300
    legend: Legend = Legend.BELOW
    names: str = "{name}"

    @property
    def pixels(self) -> tuple[int, int]:
        """The size of a picture. Raises InvalidValue if it is too large."""
        wide, high = (max(1, round(size / MM_PER_INCH * self.dpi)) for size in (self.width, self.height))
        if wide * high > MOST_PIXELS:
            raise InvalidValue(f"A picture of {wide:,} × {high:,} pixels is too large.", "Choose fewer dots per inch.")
        return wide, high

    @property
    def columns(self) -> int:
        """How many columns of pixels a drawing without pixels is to be as fine as."""
        return max(1, round(self.width / MM_PER_INCH * VECTOR_DPI))

    def to_record(self) -> dict[str, str | float]:
        """The style by name, as it is kept."""
        return {name: str(value) if isinstance(value, StrEnum) else value for name, value in asdict(self).items()}


def read_style(record: Mapping[str, object]) -> FigureStyle:
    """The style that a record holds; what makes no sense counts as not given."""
    usual = FigureStyle()
    given = {name: value for name, value in record.items() if _fits(name, value)}
    return FigureStyle(
        width=float(str(given.get("width", usual.width))),
        height=float(str(given.get("height", usual.height))),
        font=float(str(given.get("font", usual.font))),
        line=float(str(given.get("line", usual.line))),
        dpi=round(float(str(given.get("dpi", usual.dpi)))),
        legend=Legend(str(given.get("legend", usual.legend))),
        names=str(given.get("names", usual.names)),
    )


def _fits(name: str, value: object) -> bool:
    if name == "legend":
        return value in tuple(Legend)
    if name == "names":
        return isinstance(value, str) and bool(value.strip())
    if name not in RANGES or isinstance(value, bool) or not isinstance(value, int | float):
        return False
    low, high = RANGES[name]
    return low <= value <= high


@dataclass(frozen=True, slots=True, eq=False)
class FigureLine:
    """One line of a drawing.

    Attributes:
        name: what the legend calls it.
        color: the number of its colour.
        curve, faint: as in charts, see `lineup.Line`.
        low, high: the edges of a group's band, empty where there is none.
        metric: the number of its metric, which its dashes tell where a chart shows several.
    """

    name: str
    color: int
    curve: Curve
    faint: tuple[Curve, ...] = ()
    low: Curve = EMPTY
    high: Curve = EMPTY
    metric: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """What is drawn.

    Attributes:
        lines: from back to front.
        kind: what x is.
        log: whether the y axis is logarithmic.
        x, y: from where to where the axes go; of logarithmic axes, the exponents of ten.
        titles: what is written beside the axes, x and y.
        note: what all lines are, such as `mean ± std`; empty of single runs.
        log_x: whether the x axis is logarithmic.
        lacking: fields of the pattern of names that none of the runs has a value for.
    """

    lines: tuple[FigureLine, ...]
    kind: XAxis
    log: bool
    x: Span
    y: Span
    titles: tuple[str, str]
    note: str = ""
    log_x: bool = False
    lacking: tuple[str, ...] = ()
