"""How far a value lies from that of the baseline run, and whether that is better."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from runfolio.core.columns import Column, Source, is_number
from runfolio.core.direction import is_judged, lower_of
from runfolio.core.numbers import MINUS, NumberFormat, short

RISE, FALL = "▲", "▼"


@dataclass(frozen=True, slots=True)
class Delta:
    """A difference from the baseline.

    Attributes:
        change: the value less the baseline's; not zero.
        share: the change as a share of the baseline's value, 1 for 100 %; None where that is zero.
        better: whether the value is the better one; None where nobody can say, as of a param.
    """

    change: float
    share: float | None
    better: bool | None

    @property
    def sign(self) -> str:
        """`▲` for more, `▼` for less."""
        return RISE if self.change > 0 else FALL

    def text(self, form: NumberFormat | None = None) -> str:
        """Such as `▲0.0123`, with the digits of its column."""
        size = abs(self.change)
        return f"{self.sign}{short(size) if form is None else form.text(size)}"

    @property
    def percentage(self) -> str:
        """Such as `+1.3 %`; empty where there is none."""
        if self.share is None or not math.isfinite(self.share):
            return ""
        return f"{'+' if self.change > 0 else MINUS}{abs(self.share) * 100:.3g} %"


def delta_of(column: Column, value: object, base: object, lower: Mapping[str, bool]) -> Delta | None:
    """How far a cell's value lies from the baseline's; None where there is nothing to tell.

    `lower` has the metrics for which a user has said whether lower is better.
    """
    if not is_number(column) or not isinstance(value, int | float) or not isinstance(base, int | float):
        return None
    change = float(value) - float(base)
    if not change or not math.isfinite(change):
        return None
    better = None
    if column.source is Source.METRIC and column.statistic != "count" and is_judged(column.key, lower):
        better = (change < 0) is lower_of(column.key, lower)
    return Delta(change, change / abs(base) if base else None, better)
