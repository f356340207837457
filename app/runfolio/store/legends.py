"""What runs are called in a legend, by a pattern with their params and tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from runfolio.core.name_patterns import read_pattern
from runfolio.store import texts
from runfolio.store.connection import Store
from runfolio.store.schema import params, tags

VARIES = "varies"


class LegendNames(NamedTuple):
    """The names of entries, and the fields of the pattern that none of their runs has a value for."""

    names: list[str]
    lacking: tuple[str, ...]


def legend_names(store: Store, entries: Sequence[tuple[str, Sequence[int]]], pattern: str) -> LegendNames:
    """The names of entries, each given by the name it has by itself and its runs: those of a group, or a single one.

    What the runs of a group do not share varies; what there is no value for stays empty. An entry that the pattern
    says nothing about keeps its name.

    Raises:
        InvalidValue: the pattern cannot be read.
    """
    read = read_pattern(pattern)
    if not read.sources:
        plain = [read.fill(name, place, {}, {}) or name for place, (name, _) in enumerate(entries, start=1)]
        return LegendNames(plain, ())
    runs = list(dict.fromkeys(run for _, own in entries for run in own))
    with store.reading() as connection:
        of_params = texts.by_name(connection, params, runs) if "params" in read.sources else {}
        of_tags = texts.by_name(connection, tags, runs) if "tags" in read.sources else {}
    known = [(_shared(of_params, own), _shared(of_tags, own)) for _, own in entries]
    names = [
        read.fill(name, place, *values) or name
        for place, ((name, _), values) in enumerate(zip(entries, known, strict=True), start=1)
    ]
    lacking = Counter(field for values in known for field in read.lacking(*values))
    return LegendNames(names, tuple(field for field, number in lacking.items() if number == len(entries)))


def _shared(values: Mapping[int, Mapping[str, str]], runs: Sequence[int]) -> dict[str, str]:
    """What some runs have in common."""
    of_runs = [values.get(run, {}) for run in runs]
    names = dict.fromkeys(name for one in of_runs for name in one)
    return {name: _common([one.get(name, "") for one in of_runs]) for name in names}


def _common(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else VARIES
