"""Checks of a metric against a number. One that is missing or not finite fails."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from runfolio.core.registry import fields
from runfolio.core.registry.gates import Check, Evidence, Judged
from runfolio.core.registry.metric_words import MISSING, apart, metric_of, plain, precise


@dataclass(frozen=True, slots=True)
class _Limit(Check):
    """A metric that must not lie beyond a number.

    Attributes:
        metric: its name.
        limit: the last number that will do.
    """

    metric: str
    limit: float
    SIGN: ClassVar[str]
    ALONE: ClassVar[bool] = False

    @abstractmethod
    def _holds(self, value: float) -> bool: ...

    @classmethod
    def read(cls, given: Mapping[str, Any], place: str) -> Self:
        """See Check."""
        return cls(
            metric_of(given, place, cls.EXAMPLE), fields.number(given[cls.KEY], fields.below(place, cls.KEY), cls.KEY)
        )

    def written(self) -> dict[str, object]:
        """See Check."""
        return {"metric": self.metric, self.KEY: plain(self.limit)}

    @property
    def text(self) -> str:
        """See Check."""
        return f"{self.metric} {self.SIGN} {precise(self.limit)}"

    def judge(self, evidence: Evidence) -> Judged:
        """See Check."""
        value = evidence.metrics.get(self.metric)
        if value is None:
            return Judged(self.text, False, MISSING)
        return Judged(self.text, math.isfinite(value) and self._holds(value), apart(value, self.limit))


class AtLeast(_Limit):
    """A metric that must not be less than a number."""

    __slots__ = ()
    KEY, SIGN, FIELDS, EXAMPLE = "at_least", "≥", ("metric", "at_least"), "{metric: auc, at_least: 0.93}"

    def _holds(self, value: float) -> bool:
        return value >= self.limit


class AtMost(_Limit):
    """A metric that must not be more than a number."""

    __slots__ = ()
    KEY, SIGN, FIELDS, EXAMPLE = "at_most", "≤", ("metric", "at_most"), "{metric: loss, at_most: 0.2}"

    def _holds(self, value: float) -> bool:
        return value <= self.limit
