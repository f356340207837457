"""Columns of the run table: what can be shown, sorted and asked for, and how a column is written as text.

A column's id is also its name in views and filters: `attributes.status`, `params.lr`, `tags.note`, `metrics.loss`
(the last value) or `metrics.loss.min` with the statistic at the end.
`formulas.<name>` are computed, `checks.<name>` are what health checks found.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where a column's values come from."""

    ATTRIBUTE = "attributes"
    PARAM = "params"
    TAG = "tags"
    METRIC = "metrics"
    FORMULA = "formulas"
    CHECK = "checks"


class Kind(StrEnum):
    """How a column's values are shown and aligned."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    DURATION = "duration"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        source: the table the values come from.
        key: the attribute's, param's, tag's or metric's name.
        kind: how to show the values.
        statistic: for metrics: `last`, `min`, `max`, `mean`, `first` or `count`; else empty.
        title: the heading.
    """

    source: Source
    key: str
    kind: Kind
    statistic: str = ""
    title: str = ""

    @property
    def id(self) -> str:
        """The column's stable name, used in saved views and filters."""
        ending = f".{self.statistic}" if self.statistic and self.statistic != "last" else ""
        return f"{self.source}.{self.key}{ending}"

    @property
    def heading(self) -> str:
        """The text of the header."""
        return self.title or self.id.split(".", 1)[1]


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key of an ordering; missing values come last in both directions, unless `nulls_first`."""

    column: Column
    descending: bool = False
    nulls_first: bool = False


NAME = Column(Source.ATTRIBUTE, "run_name", Kind.TEXT, title="Name")
STATUS = Column(Source.ATTRIBUTE, "status", Kind.STATUS, title="Status")
CREATED = Column(Source.ATTRIBUTE, "start_time", Kind.TIME, title="Created")
DURATION = Column(Source.ATTRIBUTE, "duration", Kind.DURATION, title="Duration")
ATTRIBUTES = (NAME, STATUS, CREATED, DURATION)
NEWEST_FIRST = SortKey(CREATED, descending=True)


def metric(key: str, statistic: str = "last") -> Column:
    """The column of a metric's statistic."""
    return Column(Source.METRIC, key, Kind.NUMBER, statistic)


def param(key: str, numeric: bool = False) -> Column:
    """The column of a param; numeric ones sort and align as numbers."""
    return Column(Source.PARAM, key, Kind.NUMBER if numeric else Kind.TEXT)
