"""The columns of the table of versions: what can be shown of a version, as text and as what it is sorted by."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runfolio.core.columns import Column, Kind, Source
from runfolio.core.numbers import NumberFormat, column_format, full_time, setting, size
from runfolio.core.ordering import natural
from runfolio.core.registry.records import ModelVersion
from runfolio.core.system_tags import is_system_tag

VERSION, STAGE = "version", "stage"
_TITLES = {
    VERSION: "Version",
    STAGE: "Stage",
    "aliases": "Aliases",
    "created": "Created",
    "user": "User",
    "run": "Run",
    "size": "Size",
    "flavors": "Flavors",
    "description": "Description",
}
#: At the right of their columns.
NUMBERS = frozenset([VERSION, "size"])
ATTRIBUTES = {
    key: Column(Source.ATTRIBUTE, key, Kind.NUMBER if key in NUMBERS else Kind.TEXT, title=title)
    for key, title in _TITLES.items()
}
#: Before the metrics, and after them, as long as nobody has chosen others.
FIRST, LAST = (VERSION, STAGE, "aliases", "created", "run"), ("size", "flavors", "description")
MOST_METRICS = 4
#: Sorts behind all numbers and texts, whichever way.
Key = tuple[bool, float, object]


def columns_of(versions: Sequence[ModelVersion]) -> list[Column]:
    """All that can be shown of these versions."""

    def named(source: Source, kind: Kind, found: Sequence[Mapping[str, object]]) -> list[Column]:
        keys = {key for one in found for key in one if source is not Source.TAG or not is_system_tag(key)}
        return [Column(source, key, kind, title=key) for key in sorted(keys, key=natural)]

    return [
        *ATTRIBUTES.values(),
        *named(Source.METRIC, Kind.NUMBER, [one.metrics for one in versions]),
        *named(Source.PARAM, Kind.TEXT, [one.params for one in versions]),
        *named(Source.TAG, Kind.TEXT, [one.tags for one in versions]),
    ]


def usual_columns(everything: Sequence[Column], card: Sequence[str]) -> list[Column]:
    """Those that are shown at first: what is told of each version, with the metrics of its card first."""
    metrics = {one.key: one for one in everything if one.source is Source.METRIC}
    ordered = [key for key in dict.fromkeys((*card, *metrics)) if key in metrics][:MOST_METRICS]
    return [*(ATTRIBUTES[key] for key in FIRST), *(metrics[key] for key in ordered), *(ATTRIBUTES[key] for key in LAST)]


@dataclass(frozen=True, slots=True)
class Look:
    """How versions are looked at.

    Attributes:
        columns: what is shown, in this order; none for the usual ones.
        order: by what they are sorted. descending: whether the greatest comes first.
        words: all of these are in a version's texts.
    """

    columns: tuple[Column, ...] = ()
    order: Column = ATTRIBUTES[VERSION]
    descending: bool = True
    words: str = ""


def formats_of(versions: Sequence[ModelVersion], columns: Sequence[Column]) -> dict[Column, NumberFormat]:
    """How each metric's column writes its numbers."""
    metrics = (one for one in columns if one.source is Source.METRIC)
    return {one: column_format([v.metrics[one.key] for v in versions if one.key in v.metrics]) for one in metrics}


def text_of(version: ModelVersion, column: Column, formats: Mapping[Column, NumberFormat]) -> str:
    """What stands in a cell."""
    if column.source is Source.METRIC:
        value = version.metrics.get(column.key)
        return "" if value is None else formats.get(column, NumberFormat()).text(value)
    if column.source is Source.PARAM:
        return setting(version.params.get(column.key, ""))
    if column.source is Source.TAG:
        return version.tags.get(column.key, "")
    return _attribute(version, column.key)


def _attribute(version: ModelVersion, key: str) -> str:
    match key:
        case "version":
            return f"v{version.version}"
        case "stage":
            return version.stage
        case "aliases":
            return " ".join(f"@{one}" for one in version.aliases)
        case "created":
            return full_time(version.creation_time)[:16]
        case "user":
            return version.user
        case "run":
            return version.run_name or version.run_id[:8]
        case "size":
            return size(version.size)
        case "flavors":
            return ", ".join(one for one in version.facts.flavors if one != "python_function")
        case _:
            return " ".join(version.description.split())


def full_text(version: ModelVersion, column: Column) -> str:
    """All of what a cell says, for the tool tip and the clipboard."""
    if column.source is Source.METRIC:
        return repr(version.metrics[column.key]) if column.key in version.metrics else ""
    if column.source is Source.ATTRIBUTE:
        whole = {"size": f"{version.size} B", "created": full_time(version.creation_time)}
        return {**whole, "description": version.description}.get(column.key) or _attribute(version, column.key)
    return (version.params if column.source is Source.PARAM else version.tags).get(column.key, "")


def arranged(versions: Sequence[ModelVersion], look: Look, stages: Sequence[str] = ()) -> list[ModelVersion]:
    """Those that are looked for, in their order; what has nothing to be sorted by comes last."""
    words = look.words.casefold().split()
    found = [one for one in versions if all(word in _searched(one) for word in words)] if words else list(versions)
    found.sort(key=lambda one: -one.version)
    found.sort(key=lambda one: _key(one, look.order, stages), reverse=look.descending)
    return sorted(found, key=lambda one: _is_empty(one, look.order))


def _searched(version: ModelVersion) -> str:
    texts = [_attribute(version, key) for key in _TITLES]
    named = [f"{key}={value}" for part in (version.params, version.tags) for key, value in part.items()]
    return " ".join((*texts, *named)).casefold()


def _is_empty(version: ModelVersion, column: Column) -> bool:
    if column.source is Source.METRIC:
        return not math.isfinite(version.metrics.get(column.key, math.nan))
    return not full_text(version, column)


def _key(version: ModelVersion, column: Column, stages: Sequence[str]) -> tuple[float, object]:
    if column.source is Source.METRIC:
        value = version.metrics.get(column.key, math.nan)
        return (value if math.isfinite(value) else 0.0, ())
    if column.source is Source.ATTRIBUTE:
        numbers = {VERSION: version.version, "created": version.creation_time, "size": version.size}
        if column.key in numbers:
            return numbers[column.key], ()
        if column.key == STAGE and version.stage in stages:
            return stages.index(version.stage), ()
        return 0.0, natural(_attribute(version, column.key))
    return 0.0, natural(full_text(version, column))
