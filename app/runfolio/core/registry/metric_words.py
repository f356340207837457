"""How metrics and numbers are read and written in checks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from runfolio.core import numbers
from runfolio.core.registry import fields

#: What is found of a metric that a version has not.
MISSING = "missing"


def metric_of(given: Mapping[str, Any], place: str, example: str) -> str:
    """The metric that a check names. Raises InvalidValue with an example of one."""
    return fields.key(fields.needed(given, "metric", place, example), fields.below(place, "metric"), "metric")


def plain(value: float) -> float:
    """A number as it is written by hand: 3, not 3.0."""
    return int(value) if value.is_integer() and abs(value) < numbers.LARGEST else value


def precise(value: float) -> str:
    """A number without loss, and in few digits where that is possible."""
    return numbers.short(value) if float(f"{value:.6g}") == value else numbers.exact(value)


def apart(value: float, other: float) -> str:
    """A number so that it can be told from another."""
    alike = value != other and numbers.short(value) == numbers.short(other)
    return numbers.exact(value) if alike and math.isfinite(value) else numbers.short(value)
