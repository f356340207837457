"""The fields of runs and of experiments as SQL: where each value is found, and a condition on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    ScalarSelect,
    Select,
    SelectBase,
    String,
    Table,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from runfolio.core.check_names import ANY
from runfolio.core.direction import lower_is_better
from runfolio.core.filter.tree import Entity, Field, Statistic
from runfolio.core.states import LifecycleStage, RunStatus
from runfolio.core.system_tags import FOLLOWING, SYSTEM_TAGS
from runfolio.store import dialect
from runfolio.store.schema import (
    chunks,
    datasets,
    experiment_tags,
    experiments,
    findings,
    inputs,
    keys,
    mutes,
    params,
    runs,
    series,
    tags,
)
from runfolio.store.words import contains, mentioned, whole

Condition: TypeAlias = ColumnElement[bool]
Test: TypeAlias = Callable[[ColumnElement[Any]], Condition]

COLUMNS = {"run_id": "run_uuid", "run_name": "name"}
STATUSES = sorted(RunStatus)
#: Stands in `mutes` for any run.
EVERY_RUN = 0
# Empty where the script did not say.
MAY_BE_EMPTY = {"user_id": "user_name", "source_name": "source_name", "parent": "parent_uuid"}


def key_id(name: str) -> ScalarSelect[int]:
    """The number of a key's name; NULL of one that nobody has logged."""
    return select(keys.c.id).where(keys.c.name == name).scalar_subquery()


def statistic(table: FromClause, field: Field) -> ColumnElement[Any]:
    """A metric's statistic in a row of `series`; NULL if it is no number."""
    which = field.statistic
    if which is Statistic.BEST:
        which = Statistic.MIN if lower_is_better(field.key) else Statistic.MAX
    return table.c[which if which in (Statistic.COUNT, Statistic.MEAN) else f"{which}_value"]


def values_at_step(key: str, step: int) -> Select[Any]:
    """The runs that have a point of a metric at a step, with its value, NULL for a NaN, as `run_id` and `value`.

    Of a run that ends there the value is known without its points.
    """
    here = series.c.key_id == key_id(key)
    ends = select(series.c.run_id, series.c.last_value.label("value")).where(here, series.c.last_step == step)
    covers = chunks.c.series_id == series.c.id, chunks.c.first_step <= step, chunks.c.last_step >= step
    found = select(dialect.value_at(chunks.c.start, chunks.c.data, step)).where(*covers).scalar_subquery()
    # With a limit the database takes the inner query as it is, and looks into each chunk once.
    inner = select(series.c.run_id, found.label("found")).where(here, series.c.last_step > step).limit(-1).subquery()
    goes_on = select(inner.c.run_id, func.nullif(inner.c.found, "nan").label("value")).where(inner.c.found.is_not(None))
    both = union_all(ends, goes_on).subquery()
    return select(both.c.run_id, both.c.value)


def duration(now: int | ColumnElement[int]) -> ColumnElement[Any]:
    """How long a run took, or has taken so far, in ms."""
    open_end = case((runs.c.status == RunStatus.RUNNING, now), else_=runs.c.last_seen)
    return func.coalesce(runs.c.end_time, open_end) - runs.c.start_time


def attribute(key: str, now: int | ColumnElement[int]) -> ColumnElement[Any]:
    """The value of an attribute, of those that the database knows by itself, in a row of `runs`."""
    if key in MAY_BE_EMPTY:
        return func.nullif(runs.c[MAY_BE_EMPTY[key]], "")
    if key == "duration":
        return duration(now)
    if key == "experiment_id":
        return cast(runs.c.experiment_id, String)
    if key == "experiment_name":
        return select(experiments.c.name).where(experiments.c.id == runs.c.experiment_id).scalar_subquery()
    return runs.c[COLUMNS.get(key, key)]


def status_place() -> ColumnElement[int]:
    """The place of a run's status among `STATUSES`: of texts that no index has, numbers are sooner read."""
    return case({status: place for place, status in enumerate(STATUSES)}, value=runs.c.status)


@dataclass(frozen=True, slots=True)
class RunFields:
    """The fields of a row of `runs`.

    Attributes:
        now: the time, for what depends on it.
        artifacts: the folder that holds the runs' artifacts.
        connection: what words are looked for with, before the statement that the fields are for.
    """

    now: int
    artifacts: Path
    connection: Connection

    def attribute(self, key: str) -> ColumnElement[Any]:
        """The value of an attribute."""
        if key == "artifact_uri":
            return literal(str(self.artifacts / "_")[:-1]).concat(runs.c.run_uuid)
        return attribute(key, self.now)

    def holds(self, field: Field, test: Test, number: bool = False) -> Condition:
        """That a run has a value of a field that stands a test."""
        if field.entity is Entity.ATTRIBUTE:
            return self._children(test) if field.key == "children" else _stands(self.attribute(field.key), test)
        rows = self.rows(field, test, number)
        if rows is not None:
            return runs.c.id.in_(rows)
        if field.entity is Entity.CHECK:
            return _found(field.key, test)
        if field.entity is Entity.DATASET:
            return _dataset(field.key, test)
        return self._system_tag(field.key, _of_number(test) if number else test)

    def rows(self, field: Field, test: Test, number: bool = False) -> SelectBase | None:
        """The runs that have such a value, where the field's values are in a table of their own with an index."""
        if field.step is not None:
            points = values_at_step(field.key, field.step)
            return points.with_only_columns(points.selected_columns.run_id).where(test(points.selected_columns.value))
        if field.entity is Entity.METRIC:
            return _of_key(series, field.key).where(test(statistic(series, field)))
        if field.entity is Entity.PARAM:
            value = _stands(params.c.number, test) if number else test(whole(params))
            return _of_key(params, field.key).where(value)
        if field.entity is Entity.TAG and field.key not in SYSTEM_TAGS:
            return _of_key(tags, field.key).where((_of_number(test) if number else test)(whole(tags)))
        return None

    def mentions(self, word: str) -> Condition:
        """That a word occurs in a run's name, tags or params."""
        return dialect.among(runs.c.id, mentioned(self.connection, word).tolist())

    def _system_tag(self, key: str, test: Test) -> Condition:
        own = _of_key(tags, key).where(tags.c.run_id == runs.c.id).with_only_columns(whole(tags)).scalar_subquery()
        return _stands(self.system_tag(key, own), test)

    def system_tag(self, key: str, own: ColumnElement[Any]) -> ColumnElement[Any]:
        """The value of one of `SYSTEM_TAGS`, given that of the tag itself."""
        values = own, self.attribute(SYSTEM_TAGS[key])
        return func.coalesce(*(reversed(values) if key in FOLLOWING else values))

    def _children(self, test: Test) -> Condition:
        counted = children_counts()
        some = runs.c.run_uuid.in_(counted.with_only_columns(counted.selected_columns[0]).having(test(func.count())))
        none = runs.c.run_uuid.not_in(counted.with_only_columns(counted.selected_columns[0]))
        return or_(some, and_(test(literal(0)), none))


@dataclass(frozen=True, slots=True)
class ExperimentFields:
    """The fields of a row of `experiments`."""

    def attribute(self, key: str) -> ColumnElement[Any]:
        """The value of an attribute."""
        return cast(experiments.c.id, String) if key == "experiment_id" else experiments.c[key]

    def holds(self, field: Field, test: Test, number: bool = False) -> Condition:
        """That an experiment has a value of a field that stands a test."""
        if field.entity is Entity.TAG:
            row = select(literal(1)).where(experiment_tags.c.experiment_id == experiments.c.id)
            stands = (_of_number(test) if number else test)(whole(experiment_tags))
            return row.where(experiment_tags.c.key_id == key_id(field.key), stands).exists()
        return _stands(self.attribute(field.key), test)

    def mentions(self, word: str) -> Condition:
        """That a word occurs in an experiment's name or tags."""
        tagged = select(literal(1)).where(experiment_tags.c.experiment_id == experiments.c.id)
        return or_(contains(experiments.c.name, word), tagged.where(contains(whole(experiment_tags), word)).exists())


def children_counts() -> Select[tuple[str | None, int]]:
    """The public ids of runs that have others nested in them, with how many; those in the trash do not count."""
    nested = runs.alias()
    here = and_(nested.c.parent_uuid.is_not(None), nested.c.lifecycle_stage == LifecycleStage.ACTIVE)
    return select(nested.c.parent_uuid, func.count().label("children")).where(here).group_by(nested.c.parent_uuid)


def _stands(value: ColumnElement[Any], test: Test) -> Condition:
    return and_(value.is_not(None), test(value))


def _of_number(test: Test) -> Test:
    """The test of a text that is a number which stands another one."""
    return lambda text: _stands(dialect.number_of(text), test)


def _found(name: str, test: Test) -> Condition:
    row = select(literal(1)).where(findings.c.run_id == runs.c.id, *troubles(name))
    return row.where(test(findings.c.tone)).exists()


def troubles(name: str) -> list[Condition]:
    """The conditions on rows of `findings` that say that a check, or any, has found something that is not muted."""
    quiet = exists().where(mutes.c.name == findings.c.name, mutes.c.run_id.in_([EVERY_RUN, findings.c.run_id]))
    some = [findings.c.tone != "ok", ~quiet]
    return some if name == ANY else [findings.c.name == name, *some]


def _dataset(key: str, test: Test) -> Condition:
    row = select(literal(1)).where(inputs.c.run_id == runs.c.id)
    if key == "context":
        return row.where(inputs.c.context != "", test(inputs.c.context)).exists()
    return row.join(datasets, datasets.c.id == inputs.c.dataset_id).where(test(datasets.c[key])).exists()


def _of_key(table: Table, key: str) -> Select[Any]:
    return select(table.c.run_id).where(table.c.key_id == key_id(key))
