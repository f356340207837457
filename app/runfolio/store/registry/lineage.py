"""Reads where versions come from: their runs and those above, their data, and the versions they were copied of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from runfolio.core.entities import Run
from runfolio.core.errors import NotFound
from runfolio.core.registry.lineage import Lineage, lineage, source_version
from runfolio.core.registry.records import ModelVersion
from runfolio.store.bulk import read_runs
from runfolio.store.connection import Store
from runfolio.store.datasets import inputs_of_many
from runfolio.store.registry.reading import get_version, list_versions

#: Of more versions the newest are told, and so many generations of runs and of copies.
MOST, GENERATIONS = 60, 10


def lineage_of(store: Store, name: str, version: int | None = None) -> Lineage:
    """Where a version comes from, or all of a model. Raises NotFound."""
    found = list_versions(store, name) if version is None else [get_version(store, name, version)]
    versions = _with_origins(store, found[:MOST])
    runs = _with_parents(store, {one.run for one in versions if one.run is not None})
    return lineage(versions, runs, inputs_of_many(store, list(runs)), len(found[MOST:]))


def _with_origins(store: Store, versions: Sequence[ModelVersion]) -> list[ModelVersion]:
    """Versions and those they were copied of; what is gone is left out."""
    known = {(one.name, one.version): one for one in versions}
    new = list(versions)
    for _ in range(GENERATIONS):
        asked = {origin for one in new if (origin := source_version(one.source)) is not None} - known.keys()
        new = []
        for name, number in sorted(asked):
            with suppress(NotFound):
                new.append(get_version(store, name, number))
        known |= {(one.name, one.version): one for one in new}
    return list(known.values())


def _with_parents(store: Store, numbers: Iterable[int]) -> dict[int, Run]:
    """Runs and those above them."""
    known: dict[int, Run] = {}
    asked = set(numbers)
    for _ in range(GENERATIONS):
        new = read_runs(store, sorted(asked - known.keys()))
        known |= {one.id: one for one in new}
        asked = {one.parent for one in new if one.parent is not None}
    return known
