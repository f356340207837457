"""Columns of the run table: what can be shown, sorted and asked for, and how a column is written as text.

A column's id is also its name in views and filters: `attributes.status`, `params.lr`, `tags.note`, `metrics.loss`
(the last value) or `metrics.loss.min` with the statistic at the end; `metrics.loss.trend` is the curve as a picture.
`formulas.<name>` are computed, `checks.<name>` are what health checks found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from runfolio.core import check_names


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
    """One column. What is in it makes it the same as another one, not how it is shown: a param stays the column that
    was hidden when a text comes among its numbers.

    Attributes:
        source: the table the values come from.
        key: the attribute's, param's, tag's or metric's name.
        kind: how to show the values.
        statistic: for metrics one of `STATISTICS`, or `trend`; else empty.
        title: the heading.
        formula: for formulas the text that is computed; else empty.
    """

    source: Source
    key: str
    kind: Kind = field(compare=False)
    statistic: str = ""
    title: str = field(default="", compare=False)
    formula: str = ""

    @property
    def id(self) -> str:
        """The column's stable name, used in saved views and filters."""
        ending = f".{self.statistic}" if self.statistic and self.statistic != "last" else ""
        return f"{self.source}.{self.key}{ending}"

    @property
    def heading(self) -> str:
        """The text of the header."""
        if self.statistic == TREND:
            return f"{self.key} trend"
        return self.title or self.id.split(".", 1)[1]


@dataclass(frozen=True, slots=True)
class Missing:
    """What a cell holds that has no value where one was to be computed: the reason, in a sentence."""

    reason: str


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
NOTE = Column(Source.TAG, "mlflow.note.content", Kind.TEXT, title="Notes")
COMMIT = Column(Source.TAG, "mlflow.source.git.commit", Kind.TEXT, title="Git commit")
EXPERIMENT = Column(Source.ATTRIBUTE, "experiment_name", Kind.TEXT, title="Experiment")
CHECKS = Column(Source.CHECK, "any", Kind.TEXT, title="Checks")
#: What can be shown of every run beside those.
MORE = (
    NOTE,
    CHECKS,
    Column(Source.ATTRIBUTE, "user_id", Kind.TEXT, title="User"),
    EXPERIMENT,
    Column(Source.ATTRIBUTE, "source_name", Kind.TEXT, title="Source"),
    COMMIT,
    Column(Source.ATTRIBUTE, "end_time", Kind.TIME, title="Ended"),
    Column(Source.ATTRIBUTE, "last_seen", Kind.TIME, title="Last seen"),
    Column(Source.ATTRIBUTE, "run_id", Kind.TEXT, title="Run id"),
)
#: What a single one of a source is called.
NOUNS = {
    Source.ATTRIBUTE: "run",
    Source.PARAM: "param",
    Source.TAG: "tag",
    Source.METRIC: "metric",
    Source.FORMULA: "computed",
    Source.CHECK: "check",
}
STATISTICS = ("last", "best", "min", "max", "mean", "first", "count")
TREND = "trend"
NEWEST_FIRST = SortKey(CREATED, descending=True)


def value_heading(column: Column) -> str:
    """What a column's values are called where they stand without others of the metric: `last loss`, `best loss`."""
    is_value = column.source is Source.METRIC and not is_trend(column)
    return f"{column.statistic or 'last'} {column.key}" if is_value else column.heading


def headings(columns: Iterable[Column], heading: Callable[[Column], str] | None = None) -> dict[Column, str]:
    """What columns side by side are called: where two would have one name, they say of what they are."""
    names = {column: heading(column) if heading is not None else column.heading for column in columns}
    often = Counter(names.values())
    return {column: f"{name} ({NOUNS[column.source]})" if often[name] > 1 else name for column, name in names.items()}


def is_known(column: Column) -> bool:
    """Whether there is such a column, for views from elsewhere may name any attribute, statistic or check."""
    match column.source:
        case Source.ATTRIBUTE:
            return column in (*ATTRIBUTES, *MORE)
        case Source.METRIC:
            return column.statistic in (*STATISTICS, TREND, "")
        case Source.CHECK:
            return column.key in check_names.NAMES
    return True


def metric(key: str, statistic: str = "last") -> Column:
    """The column of a metric's statistic."""
    return Column(Source.METRIC, key, Kind.NUMBER, statistic)


def trend(key: str) -> Column:
    """The column with the small picture of a metric's curve."""
    return metric(key, TREND)


def is_trend(column: Column) -> bool:
    """True for a column that shows curves, not values."""
    return column.source is Source.METRIC and column.statistic == TREND


def sortable(column: Column) -> Column:
    """The column that runs are ordered by: for curves, their last values."""
    return metric(column.key) if is_trend(column) else column


def is_number(column: Column) -> bool:
    """True for a column of numbers that can be better or worse, above or below: metrics, numeric params, formulas."""
    return column.kind is Kind.NUMBER and not is_trend(column)


def param(key: str, numeric: bool = False) -> Column:
    """The column of a param; numeric ones sort and align as numbers."""
    return Column(Source.PARAM, key, Kind.NUMBER if numeric else Kind.TEXT)


def formula(name: str, text: str) -> Column:
    """The column that is computed by a formula."""
    return Column(Source.FORMULA, name, Kind.NUMBER, formula=text)


def typed(key: str) -> Column:
    """The column that a user types into: a tag, numbers as numbers."""
    return Column(Source.TAG, key, Kind.NUMBER)


OPTIONAL = ("statistic", "title", "formula")


def column_record(column: Column) -> dict[str, str]:
    """A column as saved views keep it."""
    given = {"source": str(column.source), "key": column.key, "kind": str(column.kind)}
    return given | {name: value for name in OPTIONAL if (value := getattr(column, name))}


def column_from(given: Any) -> Column:
    """The column that a record holds. Raises KeyError, TypeError or ValueError if it holds none that is known."""
    texts = [given["source"], given["key"], given["kind"], *(given.get(name, "") for name in OPTIONAL)]
    if not all(isinstance(one, str) for one in texts):
        raise TypeError("a column's parts are texts")
    source, key, kind, statistic, title, text = texts
    column = Column(Source(source), key, Kind(kind), statistic, title, text)
    if not is_known(column):
        raise ValueError("a column of a later version")
    return column
