"""A check of a metric beside that of the version which is in the stage now.

A metric that is missing or not finite fails, also where there is nobody to be compared with: it would leave the next
version nothing to be compared with.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Self

from runfolio.core import direction, numbers
from runfolio.core.registry import fields
from runfolio.core.registry.gates import Check, Evidence, Judged
from runfolio.core.registry.metric_words import MISSING, apart, metric_of, plain, precise

NOT_WORSE, BETTER = "not_worse", "better"
HIGHER, LOWER = "higher", "lower"


@dataclass(frozen=True, slots=True)
class BesideHolder(Check):
    """A metric beside that of the version which is in the stage now.

    Attributes:
        metric: its name.
        wanted: `not_worse` or `better`.
        tolerance: by how much it may be worse, in the metric's unit; 0 with `better`.
        direction: which way is better, `higher` or `lower`; empty for what the metric's name tells.
    """

    metric: str
    wanted: str = NOT_WORSE
    tolerance: float = 0.0
    direction: str = ""
    KEY: ClassVar[str] = "beside_holder"
    FIELDS: ClassVar[tuple[str, ...]] = ("metric", "beside_holder", "tolerance", "better")
    ALONE: ClassVar[bool] = False
    EXAMPLE: ClassVar[str] = "{metric: auc, beside_holder: not_worse, tolerance: 0.002}"

    @classmethod
    def read(cls, given: Mapping[str, Any], place: str) -> Self:
        """See Check."""
        metric = metric_of(given, place, cls.EXAMPLE)
        wanted = fields.choice(given[cls.KEY], fields.below(place, cls.KEY), (NOT_WORSE, BETTER), cls.KEY)
        there = fields.below(place, "tolerance")
        tolerance = fields.number(given.get("tolerance", 0), there, "tolerance", 0)
        if tolerance and wanted == BETTER:
            raise fields.wrong(there, "what must be better may not be worse by anything.", f"Say {NOT_WORSE}.")
        way = ""
        if "better" in given:
            way = fields.choice(given["better"], fields.below(place, "better"), (HIGHER, LOWER), "direction")
        return cls(metric, wanted, tolerance, way)

    def written(self) -> dict[str, object]:
        """See Check."""
        found: dict[str, object] = {"metric": self.metric, self.KEY: self.wanted}
        if self.tolerance:
            found["tolerance"] = plain(self.tolerance)
        return found | ({"better": self.direction} if self.direction else {})

    @property
    def lower(self) -> bool:
        """Whether less is better."""
        return direction.lower_of(self.metric, {self.metric: self.direction == LOWER} if self.direction else {})

    @property
    def text(self) -> str:
        """See Check."""
        sign = ("≤" if self.lower else "≥") if self.wanted == NOT_WORSE else ("<" if self.lower else ">")
        way = "+" if self.lower else numbers.MINUS
        margin = f" {way} {precise(self.tolerance)}" if self.tolerance else ""
        return f"{self.metric} {sign} the holder's{margin}"

    def judge(self, evidence: Evidence) -> Judged:
        """See Check."""
        value = evidence.metrics.get(self.metric)
        if value is None or not math.isfinite(value):
            return Judged(self.text, False, MISSING if value is None else numbers.non_finite(value))
        if evidence.holder is None:
            return Judged(self.text, True, f"nobody is in {evidence.stage} yet")
        other = evidence.holder.metrics.get(self.metric)
        name = f"v{evidence.holder.version}"
        if other is None:
            return Judged(self.text, False, f"{numbers.short(value)}, {name} has none")
        found = f"{apart(value, other)}, {name} has {apart(other, value)}"
        return Judged(self.text, not math.isnan(other) and self._holds(value, other), found)

    def _holds(self, value: float, other: float) -> bool:
        # In decimals, as people read them: 0.936 − 0.002 is 0.934, which floats are not sure of.
        mine, its = (Decimal(repr(float(one))) for one in (value, other))
        worse_by = mine - its if self.lower else its - mine
        return worse_by < 0 if self.wanted == BETTER else worse_by <= Decimal(repr(self.tolerance))
