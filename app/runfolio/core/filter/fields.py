"""Which fields can be asked for, of runs, experiments, registered models and their versions, and how each compares."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from runfolio.core.filter.tree import Entity, Field, Operator, Statistic


class Kind(StrEnum):
    """What a field's values are."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    SPAN = "span"
    #: A param or a tag: compared as a number with a number, as a text with a text.
    EITHER = "either"


EQUALITY = (Operator.EQUAL, Operator.UNEQUAL, Operator.IN, Operator.NOT_IN)
ORDERING = (Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST)
PATTERN = (Operator.LIKE, Operator.NOT_LIKE, Operator.ILIKE, Operator.NOT_ILIKE, Operator.MATCHES, Operator.NOT_MATCHES)
LISTS = (Operator.IN, Operator.NOT_IN)
#: What Python's operators say, of values, arrays and columns of a database alike.
SIGNS: Mapping[Operator, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        Operator.EQUAL: operator.eq,
        Operator.UNEQUAL: operator.ne,
        Operator.LESS: operator.lt,
        Operator.AT_MOST: operator.le,
        Operator.GREATER: operator.gt,
        Operator.AT_LEAST: operator.ge,
    }
)

PREFIXES = {
    **dict.fromkeys(("metrics", "metric"), Entity.METRIC),
    **dict.fromkeys(("params", "param", "parameters", "parameter"), Entity.PARAM),
    **dict.fromkeys(("tags", "tag"), Entity.TAG),
    **dict.fromkeys(("attributes", "attribute", "attr", "run", "experiment"), Entity.ATTRIBUTE),
    **dict.fromkeys(("datasets", "dataset"), Entity.DATASET),
    **dict.fromkeys(("checks", "check"), Entity.CHECK),
    **dict.fromkeys(("formulas", "formula"), Entity.FORMULA),
}


def prefixed(reference: str) -> Entity:
    """What a reference such as `metrics.loss` or `metric.loss` is to."""
    return PREFIXES[reference.partition(".")[0].strip("`")]


DATASET_KEYS = ("name", "digest", "context")
#: What the tag that describes a run or an experiment is called too, as an attribute is.
NOTES = ("note", "notes", "description", "Notes", "Description")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is searched.

    Attributes:
        name: in the plural.
        attributes: their kinds by their names.
        aliases: other names of attributes.
        entities: what else there is to ask for.
        formulas: the names of computed columns, which belong to a view and not to the store.
        last_only: whether of a metric the last value alone is known: then nothing sums it up, and `loss.min` is a name.
    """

    name: str
    attributes: Mapping[str, Kind] = field(hash=False)
    aliases: Mapping[str, str] = field(hash=False)
    entities: tuple[Entity, ...]
    formulas: tuple[str, ...] = ()
    last_only: bool = False

    def with_formulas(self, names: Iterable[str]) -> Subject:
        """The same with computed columns of these names."""
        return replace(self, formulas=tuple(names))

    def attribute(self, name: str) -> str | None:
        """The proper name of an attribute; None if there is no such one."""
        proper = self.aliases.get(name, name)
        return proper if proper in self.attributes else None


RUNS = Subject(
    "runs",
    MappingProxyType(
        {
            **dict.fromkeys(("run_id", "run_name", "status", "user_id", "artifact_uri"), Kind.TEXT),
            **dict.fromkeys(("start_time", "end_time", "last_seen"), Kind.TIME),
            "duration": Kind.SPAN,
            **dict.fromkeys(("experiment_id", "experiment_name", "source_name", "parent"), Kind.TEXT),
            "children": Kind.NUMBER,
        }
    ),
    MappingProxyType(
        {
            **dict.fromkeys(("run name", "Run name", "Run Name", "name"), "run_name"),
            **dict.fromkeys(("created", "Created"), "start_time"),
            **dict.fromkeys(("ended", "Ended"), "end_time"),
            **dict.fromkeys(("user", "User"), "user_id"),
            **dict.fromkeys(("source", "Source"), "source_name"),
            "experiment": "experiment_name",
        }
    ),
    tuple(Entity),
)

EXPERIMENTS = Subject(
    "experiments",
    MappingProxyType(
        {
            **dict.fromkeys(("name", "experiment_id"), Kind.TEXT),
            **dict.fromkeys(("creation_time", "last_update_time"), Kind.TIME),
        }
    ),
    MappingProxyType({"created": "creation_time", "updated": "last_update_time", "experiment_name": "name"}),
    (Entity.ATTRIBUTE, Entity.TAG),
)

REGISTERED_MODELS = Subject(
    "registered models",
    MappingProxyType(
        {
            **dict.fromkeys(("name", "description", "stage", "alias"), Kind.TEXT),
            "versions": Kind.NUMBER,
            **dict.fromkeys(("creation_timestamp", "last_updated_timestamp"), Kind.TIME),
        }
    ),
    MappingProxyType(
        {"created": "creation_timestamp", "updated": "last_updated_timestamp", "aliases": "alias", "stages": "stage"}
    ),
    (Entity.ATTRIBUTE, Entity.TAG),
)

MODEL_VERSIONS = Subject(
    "model versions",
    MappingProxyType(
        {
            **dict.fromkeys(
                ("name", "description", "stage", "alias", "run_id", "run_name", "source", "user"), Kind.TEXT
            ),
            **dict.fromkeys(("version", "size"), Kind.NUMBER),
            **dict.fromkeys(("creation_timestamp", "last_updated_timestamp", "stage_time"), Kind.TIME),
        }
    ),
    MappingProxyType(
        {
            "version_number": "version",
            "current_stage": "stage",
            "aliases": "alias",
            "source_path": "source",
            "user_id": "user",
            "created": "creation_timestamp",
            "updated": "last_updated_timestamp",
        }
    ),
    (Entity.ATTRIBUTE, Entity.TAG, Entity.METRIC, Entity.PARAM),
    last_only=True,
)
#: Those of which times are told.
SUBJECTS = (RUNS, EXPERIMENTS, REGISTERED_MODELS, MODEL_VERSIONS)


def kind_of(subject: Subject, field: Field) -> Kind:
    """What a field's values are."""
    if field.entity is Entity.ATTRIBUTE:
        return subject.attributes[field.key]
    if field.entity in (Entity.METRIC, Entity.FORMULA):
        return Kind.NUMBER
    return Kind.EITHER if field.entity in (Entity.PARAM, Entity.TAG) else Kind.TEXT


def is_span(field: Field) -> bool:
    """Whether a field of runs or experiments is a span of time."""
    return field.entity is Entity.ATTRIBUTE and RUNS.attributes.get(field.key) is Kind.SPAN


def is_time(field: Field) -> bool:
    """Whether a field of any subject is a moment."""
    return field.entity is Entity.ATTRIBUTE and Kind.TIME in (one.attributes.get(field.key) for one in SUBJECTS)


def operators_of(kind: Kind) -> tuple[Operator, ...]:
    """How values of a kind can be compared."""
    if kind is Kind.TEXT:
        return (*EQUALITY, *PATTERN)
    return (*EQUALITY, *ORDERING, *PATTERN) if kind is Kind.EITHER else (*EQUALITY, *ORDERING)


def split_statistic(key: str) -> tuple[str, Statistic] | None:
    """`loss.min` as a metric and its statistic, if it can be one."""
    name, _, ending = key.rpartition(".")
    return (name, Statistic(ending)) if name and ending in Statistic._value2member_map_ else None
