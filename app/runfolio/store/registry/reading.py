"""What the registry holds: models, versions and their files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, func, select

from runfolio.core.errors import NotFound
from runfolio.core.folder import REGISTRY
from runfolio.core.registry.model_facts import from_dict
from runfolio.core.registry.names import LATEST, composed, nearest, version_number
from runfolio.core.registry.policy_text import readable_policy
from runfolio.core.registry.records import ModelVersion, RegisteredModel, VersionFile
from runfolio.store.batches import in_batches
from runfolio.store.connection import Store
from runfolio.store.registry.tables import (
    model_aliases,
    model_tags,
    model_versions,
    registered_models,
    version_files,
    version_tags,
)
from runfolio.store.schema import keys, runs, series

IN_USE = model_versions.c.deleted_time.is_(None)


def list_models(store: Store, trashed: bool = False) -> list[RegisteredModel]:
    """Registered models by name: those in use, or those in the trash."""
    gone = registered_models.c.deleted_time
    query = select(registered_models).where(gone.is_not(None) if trashed else gone.is_(None))
    with store.reading() as connection:
        return models_of(connection, connection.execute(query.order_by(registered_models.c.name)).all())


def get_model(store: Store, name: str) -> RegisteredModel:
    """A registered model. Raises NotFound, with the nearest name there is."""
    with store.reading() as connection:
        return models_of(connection, [model_row(connection, name)])[0]


def model_row(connection: Connection, name: str, trashed: bool = False) -> Any:
    """The row of a model that is in use, or of any with `trashed`. Raises NotFound, InvalidValue."""
    name = composed(name)
    row = connection.execute(select(registered_models).where(registered_models.c.name == name)).first()
    if row is None or (row.deleted_time is not None and not trashed):
        if row is not None:
            raise NotFound(f"The registered model {name!r} is in the trash.", "Restore it there.")
        names = connection.execute(select(registered_models.c.name).where(registered_models.c.deleted_time.is_(None)))
        raise NotFound(f"There is no registered model {name!r}.", nearest(name, names.scalars()).strip())
    return row


def models_of(connection: Connection, rows: Sequence[Any]) -> list[RegisteredModel]:
    """Models from their rows, with what is told of their versions."""
    ids = [row.id for row in rows]
    counts: dict[int, int] = {}
    holders: dict[int, dict[str, int]] = {}
    aliases: dict[int, dict[str, int]] = {}
    tags: dict[int, dict[str, str]] = {}
    for part in in_batches(ids):
        of = model_versions.c.model_id
        found = select(of, model_versions.c.stage, func.count().label("count"), func.max(model_versions.c.version))
        for model, stage, count, newest in connection.execute(
            found.where(of.in_(part), IN_USE).group_by(of, model_versions.c.stage)
        ):
            counts[model] = counts.get(model, 0) + count
            holders.setdefault(model, {})[stage] = newest
        named = select(model_aliases.c.model_id, model_aliases.c.alias, model_versions.c.version).join(model_versions)
        for model, alias, version in connection.execute(named.where(model_aliases.c.model_id.in_(part))):
            aliases.setdefault(model, {})[alias] = version
        for model, name, value in connection.execute(select(model_tags).where(model_tags.c.model_id.in_(part))):
            tags.setdefault(model, {})[name] = value
    return [
        RegisteredModel(
            id=row.id,
            name=row.name,
            description=row.description,
            creation_time=row.creation_time,
            last_update_time=row.last_update_time,
            versions=counts.get(row.id, 0),
            stages=readable_policy(row.policy).stages,
            holders=holders.get(row.id, {}),
            aliases=aliases.get(row.id, {}),
            tags=tags.get(row.id, {}),
            deleted_time=row.deleted_time,
        )
        for row in rows
    ]


def list_versions(store: Store, name: str, trashed: bool = False) -> list[ModelVersion]:
    """The versions of a model, the newest first; those in the trash with `trashed`. Raises NotFound."""
    with store.reading() as connection:
        model = model_row(connection, name, trashed)
        query = select(model_versions).where(model_versions.c.model_id == model.id)
        query = query.where(IN_USE if not trashed else model_versions.c.deleted_time.is_not(None))
        return versions_of(connection, connection.execute(query.order_by(model_versions.c.version.desc())).all())


def all_versions(store: Store) -> list[ModelVersion]:
    """All versions in use of all models in use: by model, the newest first."""
    with store.reading() as connection:
        query = select(model_versions).join(registered_models).where(IN_USE, registered_models.c.deleted_time.is_(None))
        ordered = query.order_by(registered_models.c.name, model_versions.c.version.desc())
        return versions_of(connection, connection.execute(ordered).all())


def get_version(store: Store, name: str, version: int) -> ModelVersion:
    """A version of a model. Raises NotFound."""
    with store.reading() as connection:
        return versions_of(connection, [version_row(connection, name, version)])[0]


def version_row(connection: Connection, name: str, version: int, trashed: bool = False) -> Any:
    """The row of a version that is in use, or of any with `trashed`. Raises NotFound."""
    model = model_row(connection, name, trashed)
    query = select(model_versions).where(model_versions.c.model_id == model.id, model_versions.c.version == version)
    row = connection.execute(query).first()
    if row is None:
        raise _no_version(connection, model, version)
    if row.deleted_time is not None and not trashed:
        raise NotFound(f"Version {version} of {name} is in the trash.", "Restore it there.")
    return row


def _no_version(connection: Connection, model: Any, version: int) -> NotFound:
    if version < model.next_version:
        return NotFound(f"Version {version} of {model.name} was removed for good.", "Numbers are never given again.")
    newest = select(func.max(model_versions.c.version)).where(model_versions.c.model_id == model.id, IN_USE)
    found = connection.execute(newest).scalar()
    hint = f"The newest is {found}." if found else "It has no version yet."
    return NotFound(f"{model.name} has no version {version}.", hint)


def others_in(connection: Connection, row: Any, stage: str) -> list[Any]:
    """The rows of the other versions of a version's model that are in a stage, by number."""
    query = select(model_versions).where(
        model_versions.c.model_id == row.model_id,
        model_versions.c.stage == stage,
        model_versions.c.id != row.id,
        IN_USE,
    )
    return list(connection.execute(query.order_by(model_versions.c.version)))


def newest_versions(store: Store, models: Iterable[int]) -> dict[int, list[ModelVersion]]:
    """The newest version of each stage that has one, by the store's numbers of models."""
    wanted = list(models)
    of = model_versions.c.model_id
    found: dict[int, list[ModelVersion]] = {}
    with store.reading() as connection:
        for part in in_batches(wanted):
            newest = select(of, func.max(model_versions.c.version).label("version")).where(of.in_(part), IN_USE)
            each = newest.group_by(of, model_versions.c.stage).subquery()
            same = and_(each.c.model_id == of, each.c.version == model_versions.c.version)
            rows = connection.execute(select(model_versions).join(each, same).order_by(of, model_versions.c.version))
            for one in versions_of(connection, rows.all()):
                found.setdefault(one.model_id, []).append(one)
    return found


def find_version(store: Store, name: str, which: str) -> ModelVersion:
    """The version that the last part of an address names, as `version_named` takes it. Raises NotFound."""
    with store.reading() as connection:
        return versions_of(connection, [version_row(connection, name, version_named(connection, name, which))])[0]


def version_named(connection: Connection, name: str, which: str) -> int:
    """The version of a model that the last part of an address names: a number, a stage, `latest`, or `@alias`.

    Raises NotFound, with the nearest choice.
    """
    model = model_row(connection, name)
    if which.startswith("@"):
        query = select(model_versions.c.version).join(model_aliases).where(model_aliases.c.model_id == model.id)
        found = connection.execute(query.where(model_aliases.c.alias == which[1:], IN_USE)).scalar()
        if found is None:
            named = connection.execute(select(model_aliases.c.alias).where(model_aliases.c.model_id == model.id))
            raise NotFound(f"{name} has no alias {which[1:]!r}.", nearest(which[1:], named.scalars()).strip())
        return int(found)
    if which.isdecimal():
        return int(version_row(connection, name, version_number(which)).version)
    query = select(func.max(model_versions.c.version)).where(model_versions.c.model_id == model.id, IN_USE)
    if which.lower() == LATEST:
        if (newest := connection.execute(query).scalar()) is None:
            raise NotFound(f"{name} has no version yet.", "Register one: runfolio registry register.")
        return int(newest)
    stages = readable_policy(model.policy).stages
    stage = next((one for one in stages if one.casefold() == which.casefold()), None)
    if stage is None:
        raise NotFound(
            f"{name} has no version, stage or alias {which!r}.",
            f"{nearest(which, [*stages, LATEST])}An alias is written models:/{name}@alias.",
        )
    held = connection.execute(query.where(model_versions.c.stage == stage)).scalar()
    if held is None:
        raise NotFound(f"No version of {name} is in {stage}.", f"Its newest is models:/{name}/{LATEST}.")
    return int(held)


def versions_of(connection: Connection, rows: Sequence[Any]) -> list[ModelVersion]:
    """Versions from their rows, with their runs, tags and aliases."""
    ids = [row.id for row in rows]
    names = _models(connection, {row.model_id for row in rows})
    tags: dict[int, dict[str, str]] = {}
    aliases: dict[int, list[str]] = {}
    for part in in_batches(ids):
        for version, name, value in connection.execute(select(version_tags).where(version_tags.c.version_id.in_(part))):
            tags.setdefault(version, {})[name] = value
        named = select(model_aliases.c.version_id, model_aliases.c.alias).order_by(model_aliases.c.alias)
        for version, alias in connection.execute(named.where(model_aliases.c.version_id.in_(part))):
            aliases.setdefault(version, []).append(alias)
    known = _runs(connection, {row.run_uuid for row in rows if row.run_uuid})
    told = metrics_of(connection, [run.id for run in known.values()])
    return [_version(row, names, known.get(row.run_uuid), told, tags, aliases) for row in rows]


def _version(
    row: Any,
    names: Mapping[int, str],
    run: Any,
    told: Mapping[int, Mapping[str, float]],
    tags: Mapping[int, Mapping[str, str]],
    aliases: Mapping[int, list[str]],
) -> ModelVersion:
    return ModelVersion(
        id=row.id,
        model_id=row.model_id,
        name=names[row.model_id],
        version=row.version,
        stage=row.stage,
        stage_time=row.stage_time,
        description=row.description,
        creation_time=row.creation_time,
        last_update_time=row.last_update_time,
        user=row.user_name,
        source=row.source,
        run_id=row.run_uuid,
        run=None if run is None else run.id,
        run_name="" if run is None else run.name,
        run_link=row.run_link,
        size=row.size,
        digest=row.digest,
        facts=from_dict(json.loads(row.facts)),
        metrics=json.loads(row.metrics) | ({} if run is None else told.get(run.id, {})),
        params=json.loads(row.params),
        tags=tags.get(row.id, {}),
        aliases=tuple(aliases.get(row.id, ())),
        deleted_time=row.deleted_time,
    )


def _models(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    columns = registered_models.c.id, registered_models.c.name
    found: dict[int, str] = {}
    for part in in_batches(sorted(ids)):
        rows = connection.execute(select(*columns).where(registered_models.c.id.in_(part)))
        found.update((row.id, row.name) for row in rows)
    return found


def _runs(connection: Connection, uuids: Iterable[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in in_batches(sorted(uuids)):
        query = select(runs.c.run_uuid, runs.c.id, runs.c.name).where(runs.c.run_uuid.in_(part))
        found.update((row.run_uuid, row) for row in connection.execute(query))
    return found


def metrics_of(connection: Connection, numbers: Sequence[int]) -> dict[int, dict[str, float]]:
    """The last values of the metrics of runs, by the store's numbers; without those of the machine's load."""
    found: dict[int, dict[str, float]] = {}
    for part in in_batches(numbers):
        query = select(series.c.run_id, keys.c.name, series.c.last_value).join(keys, keys.c.id == series.c.key_id)
        for run, name, value in connection.execute(query.where(series.c.run_id.in_(part))):
            if not name.startswith("system/"):
                found.setdefault(run, {})[name] = float("nan") if value is None else value
    return found


def files_of(store: Store, version: int) -> list[VersionFile]:
    """The files of a version, by the store's number of it, by path."""
    with store.reading() as connection:
        return read_files(connection, version)


def read_files(connection: Connection, version: int) -> list[VersionFile]:
    """The same of a connection."""
    query = select(version_files.c.path, version_files.c.size, version_files.c.sha256)
    rows = connection.execute(query.where(version_files.c.version_id == version).order_by(version_files.c.path))
    return [VersionFile(*row) for row in rows]


def folder_of(store: Store, name: str, version: int) -> Path:
    """Where the files of a version are, be it in the trash. Raises NotFound."""
    with store.reading() as connection:
        row = version_row(connection, name, version, trashed=True)
        model = model_row(connection, name, trashed=True)
        return place_of(store, model.folder, row.version)


def place_of(store: Store, folder: str, version: int) -> Path:
    """The folder of a version, by that of its model."""
    return store.path / REGISTRY / folder / f"v{version}"
