"""Emptying the trash of models and versions: their files and rows go for good, and the log tells that they have."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, or_, select

from runfolio.core.folder import REGISTRY
from runfolio.core.freed import Freed
from runfolio.core.parts import part_name
from runfolio.core.walking import walk_files
from runfolio.store.connection import Store, note_removal
from runfolio.store.registry.audit import append
from runfolio.store.registry.reading import place_of
from runfolio.store.registry.tables import (
    model_aliases,
    model_tags,
    model_versions,
    registered_models,
    version_files,
    version_tags,
)


class Purged(NamedTuple):
    """How many versions go, or have gone, and the bytes that this gives back."""

    versions: int
    bytes: int


def purgeable(store: Store, before: int, freed: Freed) -> Purged:
    """What `purge` would remove; it goes with what `freed` has."""
    with store.reading() as connection:
        rows = _waiting(connection, before)
    return Purged(len(rows), sum(_size(place_of(store, row.folder, row.version), freed) for row in rows))


def purge(store: Store, before: int, stop: Callable[[], bool] = lambda: False) -> Purged:
    """Remove the versions that went into the trash until then, be it with their models, and those models.

    Numbers of versions are not given again as long as the model is there.
    """
    count = size = 0
    with store.reading() as connection:
        waiting = _waiting(connection, before)
    for row in waiting:
        if stop():
            return Purged(count, size)
        with store.writing() as transaction:
            if not any(one.id == row.id for one in _waiting(transaction.connection, before)):
                continue  # somebody has taken it out
            _remove_version(transaction.connection, row.id)
            append(transaction, "purge", row.name, row.version, old=row.stage)
            note_removal(transaction)
            aside = _set_aside(store, place_of(store, row.folder, row.version))
        count, size = count + 1, size + _size(aside, Freed())
        shutil.rmtree(aside, ignore_errors=True)
    with store.writing() as transaction:
        for model in _models(transaction.connection, before):
            _remove_model(transaction.connection, model.id)
            append(transaction, "purge", model.name)
            note_removal(transaction)
            with suppress(OSError):  # something is in it that is no version's
                (store.path / REGISTRY / model.folder).rmdir()
    return Purged(count, size)


def _waiting(connection: Connection, before: int) -> Sequence[Any]:
    columns = model_versions.c.id, model_versions.c.version, model_versions.c.stage
    gone = or_(model_versions.c.deleted_time <= before, registered_models.c.deleted_time <= before)
    query = select(*columns, registered_models.c.name, registered_models.c.folder).join(registered_models).where(gone)
    return connection.execute(query.order_by(model_versions.c.id)).all()


def _models(connection: Connection, before: int) -> Sequence[Any]:
    """The models in the trash that have no version any more."""
    there = select(model_versions.c.model_id)
    query = select(registered_models).where(registered_models.c.deleted_time <= before)
    return connection.execute(query.where(registered_models.c.id.not_in(there))).all()


def _remove_version(connection: Connection, number: int) -> None:
    for table in (version_files, version_tags, model_aliases):
        connection.execute(delete(table).where(table.c.version_id == number))
    connection.execute(delete(model_versions).where(model_versions.c.id == number))


def _remove_model(connection: Connection, number: int) -> None:
    connection.execute(delete(model_tags).where(model_tags.c.model_id == number))
    connection.execute(delete(registered_models).where(registered_models.c.id == number))


def _size(folder: Path, freed: Freed) -> int:
    with suppress(OSError):
        return sum(freed.add(about) for _, about in walk_files(folder))
    return 0


def _set_aside(store: Store, folder: Path) -> Path:
    """Give the files of a version another name, before its own is free: it may be a new version's the next moment.

    What cannot be removed then is removed by who registers next, or told of by the doctor.
    """
    aside = store.path / REGISTRY / part_name()
    try:
        folder.rename(aside)
    except OSError:  # missing, or in use on Windows
        return folder
    return aside
