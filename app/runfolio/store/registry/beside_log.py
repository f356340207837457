"""The tables of the registry beside what its log tells: each says the same of all models, versions and aliases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Table, select

from runfolio.core.registry.history import State
from runfolio.store.registry.tables import (
    model_aliases,
    model_tags,
    model_versions,
    registered_models,
    version_tags,
)


class Difference(NamedTuple):
    """What the tables say otherwise than the log; of a model, or of one of its versions."""

    what: str
    model: str
    version: int = 0


def differences(connection: Connection, told: Mapping[str, State]) -> Iterator[Difference]:
    """All of them, the log telling these of each model."""
    models = {row.id: row for row in connection.execute(select(registered_models))}
    versions = {row.id: row for row in connection.execute(select(model_versions)) if row.model_id in models}
    names = {number: row.name for number, row in models.items()}
    tags = _tags(connection, model_tags, model_tags.c.model_id)
    for row in models.values():
        what = (
            _of_model(row, told[row.name], tags.get(row.id, {})) if row.name in told else "the log knows no such model"
        )
        if what:
            yield Difference(what, row.name)
    for name in sorted(told.keys() - set(names.values())):
        yield Difference("the model is in the log and nowhere else", name)
    tags = _tags(connection, version_tags, version_tags.c.version_id)
    for row in versions.values():
        name = names[row.model_id]
        if name in told and (what := _of_version(row, told[name], tags.get(row.id, {}))):
            yield Difference(what, name, row.version)
    there = {(names[row.model_id], row.version) for row in versions.values()}
    for name, state in told.items():
        for version in sorted(state.stages.keys() | state.deleted.keys()):
            if (name, version) not in there:
                yield Difference("the log has the version, and the tables have not", name, version)
    yield from _of_aliases(connection, told, names, {number: row.version for number, row in versions.items()})


def _of_model(row: Any, state: State, tags: dict[str, str]) -> str:
    if state.in_trash != (row.deleted_time is not None):
        return "the log tells otherwise whether it is in the trash"
    if row.policy != state.policy:
        return "its gates are not those that the log tells"
    if (row.description, tags) != (state.description, state.tags):
        return "its description or its tags are not those that the log tells"
    return ""


def _of_version(row: Any, state: State, tags: dict[str, str]) -> str:
    version, deleted = row.version, row.deleted_time is not None
    stages = state.deleted if deleted else state.stages
    if version not in stages:
        return "the log tells otherwise whether there is such a version"
    if stages[version] != row.stage:
        return f"it is in {row.stage}, and by the log in {stages[version]}"
    if state.digests.get(version) != row.digest:
        return "its files are not those that were registered"
    if row.description != state.descriptions.get(version, "") or tags != state.tags_of.get(version, tags):
        return "its description or its tags are not those that the log tells"
    return ""


def _of_aliases(
    connection: Connection, told: Mapping[str, State], names: Mapping[int, str], numbers: Mapping[int, int]
) -> Iterator[Difference]:
    aliases: dict[str, dict[str, int | None]] = {}
    for row in connection.execute(select(model_aliases)):
        aliases.setdefault(names.get(row.model_id, ""), {})[row.alias] = numbers.get(row.version_id)
    for name, state in told.items():
        if aliases.get(name, {}) != state.aliases:
            yield Difference("its aliases are not those that the log tells", name)


def _tags(connection: Connection, table: Table, of: Column[Any]) -> dict[int, dict[str, str]]:
    """The tags of models or of versions, by the store's number of them."""
    found: dict[int, dict[str, str]] = {}
    for number, name, value in connection.execute(select(of, table.c.name, table.c.value)):
        found.setdefault(number, {})[name] = value
    return found
