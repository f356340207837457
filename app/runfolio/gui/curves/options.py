"""What the user chose for all charts together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_SMOOTHING = 0.99


class XAxis(StrEnum):
    """What runs along the horizontal axis."""

    STEP = "step"
    TIME = "time"
    RELATIVE = "relative time"


@dataclass(frozen=True, slots=True)
class Options:
    """The toolbar's state.

    Attributes:
        x: steps, the clock (epoch seconds) or the seconds since each run's start.
        smoothing: the weight of the moving average; 0 draws the points as they are.
        log: logarithmic values in every chart that was not set otherwise itself.
        link: zooming one chart zooms all.
        text: only metrics with all these words in their name are shown.
    """

    x: XAxis = XAxis.STEP
    smoothing: float = 0.0
    log: bool = False
    link: bool = True
    text: str = ""

    def shows(self, key: str) -> bool:
        """True for a metric that the filter lets through."""
        return all(word in key.lower() for word in self.text.lower().split())
