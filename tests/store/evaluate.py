"""What filters and orders mean, in plain Python on what was logged: the store's answers are compared with this."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from runfolio.core.direction import lower_is_better
from runfolio.core.filter.fields import EQUALITY
from runfolio.core.filter.times import base_ms
from runfolio.core.filter.tree import (
    And,
    Comparison,
    Entity,
    Field,
    Moment,
    Node,
    Not,
    Operator,
    Or,
    OrderKey,
    Presence,
    Statistic,
    Value,
    Words,
)
from runfolio.core.rules import exact_number, param_number
from runfolio.core.system_tags import is_system_tag


@dataclass
class Known:
    """A run as it was logged."""

    number: int = 0
    run_id: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, list[float]] = field(default_factory=dict)
    datasets: list[dict[str, str]] = field(default_factory=list)


def matches(node: Node, run: Known, now: int, metrics: set[str]) -> bool:
    """Whether a run fits a filter; `metrics` are the names of all in the store."""
    match node:
        case And(parts):
            return all(matches(part, run, now, metrics) for part in parts)
        case Or(parts):
            return any(matches(part, run, now, metrics) for part in parts)
        case Not(part):
            return not matches(part, run, now, metrics)
        case Presence(asked, present):
            return bool(values(asked, run, metrics)) is present
        case Words(text):
            texts = [run.attributes["run_name"], *run.tags.values(), *run.params.values()]
            return any(text.lower() in one.lower() for one in texts)
        case Comparison(asked, operator, value):
            given = _given(value, now)
            return any(_holds(asked, operator, one, given) for one in values(asked, run, metrics))


def values(asked: Field, run: Known, metrics: set[str]) -> list[Any]:
    """The values that a run has of a field: none, one, or several."""
    match asked.entity:
        case Entity.ATTRIBUTE:
            return [run.attributes[asked.key]] if run.attributes.get(asked.key) is not None else []
        case Entity.PARAM:
            return [run.params[asked.key]] if asked.key in run.params else []
        case Entity.TAG:
            tags = {"mlflow.runName": run.attributes["run_name"], **run.tags}
            return [tags[asked.key]] if asked.key in tags else []
        case Entity.CHECK:
            return []
        case Entity.DATASET:
            return [one[asked.key] for one in run.datasets if asked.key in one]
    whole = f"{asked.key}.{asked.statistic}"
    if asked.loose and whole in metrics:
        asked = Field(Entity.METRIC, whole)
    logged = run.metrics.get(asked.key)
    if asked.step is not None:
        return logged[asked.step : asked.step + 1] if logged is not None and asked.step >= 0 else []
    return [] if logged is None else [_statistic(asked, logged)]


def sorted_runs(runs: list[Known], order: list[OrderKey], metrics: set[str]) -> list[Known]:
    """Runs by these keys, then the newest first, then by their ids."""
    found = sorted(runs, key=lambda run: run.run_id)
    newest = OrderKey(Field(Entity.ATTRIBUTE, "start_time"), True)
    for key in reversed([*order, newest]):
        ranks = {run.run_id: _rank(key, run, metrics) for run in found}
        found.sort(key=lambda run: ranks[run.run_id][1], reverse=key.descending)
        found.sort(key=lambda run: ranks[run.run_id][0])
    return found


def _rank(key: OrderKey, run: Known, metrics: set[str]) -> tuple[int, Any]:
    found = values(key.field, run, metrics)
    if not found:
        return (-1 if key.nulls_first else 2), (0.0, "")
    value = found[0]
    own_tag = key.field.entity is Entity.TAG and not is_system_tag(key.field.key)
    if key.field.entity is Entity.PARAM or own_tag:
        number = param_number(value)
        return (0, (number, value)) if number is not None else (1, (0.0, value))
    if isinstance(value, str):
        return 0, (0.0, value)
    return (1, (0.0, "")) if math.isnan(value) else (0, (value, ""))


def _statistic(asked: Field, logged: list[float]) -> float:
    which = asked.statistic
    if which is Statistic.COUNT:
        return len(logged)
    if which in (Statistic.LAST, Statistic.FIRST):
        return logged[-1 if which is Statistic.LAST else 0]
    if which is Statistic.BEST:
        which = Statistic.MIN if lower_is_better(asked.key) else Statistic.MAX
    finite = [value for value in logged if math.isfinite(value)]
    known: dict[Statistic, Callable[[list[float]], float]] = {
        Statistic.MIN: min,
        Statistic.MAX: max,
        Statistic.MEAN: lambda some: sum(some) / len(some),
    }
    return known[which](finite) if finite else math.nan


def _given(value: Value, now: int) -> Any:
    return base_ms(value.base, now) + value.offset if isinstance(value, Moment) else value


def _holds(asked: Field, operator: Operator, value: Any, given: Any) -> bool:
    sample = given[0] if isinstance(given, tuple) else given
    if asked.entity in (Entity.PARAM, Entity.TAG) and not isinstance(sample, str):
        listed = given if isinstance(given, tuple) else (given,)
        exactly = operator in EQUALITY and not all(map(math.isfinite, listed))
        value = exact_number(value) if exactly else param_number(value)
        if value is None:
            return False
    signs: dict[Operator, Callable[[], bool]] = {
        Operator.EQUAL: lambda: _same(value, given),
        Operator.UNEQUAL: lambda: not _same(value, given),
        Operator.LESS: lambda: value < given,
        Operator.AT_MOST: lambda: value <= given,
        Operator.GREATER: lambda: value > given,
        Operator.AT_LEAST: lambda: value >= given,
        Operator.IN: lambda: any(_same(value, one) for one in given),
        Operator.NOT_IN: lambda: not any(_same(value, one) for one in given),
        Operator.LIKE: lambda: _like(value, given),
        Operator.NOT_LIKE: lambda: not _like(value, given),
        Operator.ILIKE: lambda: _like(value.lower(), given.lower()),
        Operator.NOT_ILIKE: lambda: not _like(value.lower(), given.lower()),
        Operator.MATCHES: lambda: re.search(given, value) is not None,
        Operator.NOT_MATCHES: lambda: re.search(given, value) is None,
    }
    return signs[operator]()


def _same(one: Any, other: Any) -> bool:
    return bool(one == other or (one != one and other != other))


def _like(value: str, pattern: str) -> bool:
    wild = {"%": ".*", "_": "."}
    return re.fullmatch("".join(wild.get(c, re.escape(c)) for c in pattern), value, re.DOTALL) is not None
