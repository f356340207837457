"""Registered models: made, renamed, described, tagged, put into the trash and taken out again."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.errors import AlreadyExists, RunStateError
from runfolio.core.paths import FORBIDDEN, same_name
from runfolio.core.registry.names import ARCHIVED, NONE, model_name
from runfolio.store.connection import Store, Transaction
from runfolio.store.dialect import insert_or_update
from runfolio.store.operations import Outcome, moved_on, short
from runfolio.store.registry.audit import append, make_durable
from runfolio.store.registry.reading import IN_USE, model_row
from runfolio.store.registry.tables import model_tags, model_versions, registered_models


def create_model(
    store: Store, name: str, tags: Mapping[str, Any] | None = None, description: str = "", reason: str = ""
) -> Outcome:
    """Make a registered model that has no version yet. Raises AlreadyExists, InvalidValue."""
    name = model_name(name)
    with store.writing() as transaction:
        made(transaction, name, tags, description, reason)
    make_durable(store)
    return Outcome(f"Made the registered model {name}", lambda s: delete_model(s, name))


def made(
    transaction: Transaction,
    name: str,
    tags: Mapping[str, Any] | None = None,
    description: str = "",
    reason: str = "",
) -> int:
    """The same within a transaction; returns the store's number of it."""
    name, values, description = model_name(name), rules.tags(tags or {}), rules.text(description)
    connection = transaction.connection
    check_free(connection, name)
    now = now_ms()
    row = {
        "name": name,
        "folder": _folder(connection, name),
        "description": description,
        "policy": "",
        "creation_time": now,
        "last_update_time": now,
        "next_version": 1,
        "revision": transaction.revision,
    }
    key = connection.execute(insert(registered_models).values(row)).inserted_primary_key
    assert key is not None
    number = int(key[0])
    if values:
        rows = [{"model_id": number, "name": tag, "value": value} for tag, value in values.items()]
        connection.execute(insert(model_tags), rows)
    append(
        transaction,
        "create_model",
        name,
        new=name,
        reason=reason,
        evidence={"description": description, "tags": values},
    )
    return number


def check_free(connection: Connection, name: str, besides: int = 0) -> None:
    """Raise unless no model has a name that some system takes for this one."""
    query = select(registered_models.c.name, registered_models.c.deleted_time).where(registered_models.c.id != besides)
    taken = next((row for row in connection.execute(query) if same_name(row.name) == same_name(name)), None)
    if taken is None:
        return
    if taken.deleted_time is not None:
        raise AlreadyExists(f"There is already a registered model {taken.name!r}, in the trash.", "Restore it there.")
    raise AlreadyExists(f"There is already a registered model {taken.name!r}.", "Register a new version of it.")


def _folder(connection: Connection, name: str) -> str:
    """A name for its folder, one that every system can hold; another model may have its files in the nearest one."""
    name = name.translate(dict.fromkeys(map(ord, FORBIDDEN), "_"))
    taken = {same_name(one) for one in connection.execute(select(registered_models.c.folder)).scalars()}
    tried = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(one for one in tried if same_name(one) not in taken)


def rename_model(store: Store, name: str, new: str, reason: str = "") -> Outcome:
    """Give a model another name; its files stay where they are. Raises NotFound, AlreadyExists, InvalidValue."""
    new = model_name(new)
    with store.writing() as transaction:
        row = model_row(transaction.connection, name)
        if new == row.name:
            return Outcome(f"{name} has this name already")
        check_free(transaction.connection, new, row.id)
        _update(transaction, row.id, name=new)
        append(transaction, "rename_model", row.name, old=row.name, new=new, reason=reason)
    make_durable(store)
    return Outcome(f"Renamed {name} to {new}", lambda s: rename_model(s, new, name))


def describe_model(store: Store, name: str, description: str, *, expected: str | None = None) -> Outcome:
    """Say what a model is, in Markdown; `expected` is what must be said of it still. Raises NotFound."""
    description = rules.text(description)
    with store.writing() as transaction:
        row = model_row(transaction.connection, name)
        if expected is not None and row.description != expected:
            raise moved_on(f"The description of {name} has been changed since.")
        _update(transaction, row.id, description=description)
        append(transaction, "describe_model", name, old=row.description, new=description)
    make_durable(store)
    old = row.description
    return Outcome(f"Described {name}", lambda s: describe_model(s, name, old, expected=description))


def tag_model(
    store: Store, name: str, key: str, value: str | None, *, expected: str | None = None, check: bool = False
) -> Outcome:
    """Set a tag of a model, or remove it with None; with `check`, it must still have the value `expected`.

    Raises:
        NotFound, InvalidValue: there is no such model, or the tag breaks a rule.
        RunStateError: somebody has changed it since.
    """
    key, value = rules.key(key, "tag"), None if value is None else rules.tag_value(value)
    with store.writing() as transaction:
        connection = transaction.connection
        row = model_row(connection, name)
        at = model_tags.c.model_id == row.id, model_tags.c.name == key
        old = connection.execute(select(model_tags.c.value).where(*at)).scalar()
        if check and old != expected:
            raise moved_on(f"The tag {key} of {name} has been changed since.")
        if value is None:
            connection.execute(delete(model_tags).where(*at))
        else:
            connection.execute(insert_or_update(model_tags), [{"model_id": row.id, "name": key, "value": value}])
        _update(transaction, row.id)
        append(transaction, "tag_model", name, old=old, new=value, evidence={"tag": key})
    make_durable(store)
    done = f"Removed the tag {key}" if value is None else f"Set the tag {key} to {short(value)}"
    return Outcome(done, lambda s: tag_model(s, name, key, old, expected=value, check=True))


def delete_model(store: Store, name: str, reason: str = "", force: bool = False) -> Outcome:
    """Put a model with all its versions into the trash.

    Raises:
        NotFound: there is none.
        RunStateError: a version of it is in a stage where it serves, and it is not forced.
    """
    with store.writing() as transaction:
        row = model_row(transaction.connection, name)
        query = select(model_versions.c.version, model_versions.c.stage).where(
            model_versions.c.model_id == row.id, IN_USE
        )
        serving = [one for one in transaction.connection.execute(query) if one.stage not in (NONE, ARCHIVED)]
        if serving and not force:
            one = serving[0]
            raise RunStateError(
                f"Version {one.version} of {name} is in {one.stage}.",
                "Move it to Archived first. Commands and scripts can force it.",
            )
        _update(transaction, row.id, deleted_time=now_ms())
        append(transaction, "delete_model", name, reason=reason)
    make_durable(store)
    return Outcome(f"Moved {name} to the trash", lambda s: restore_model(s, name))


def restore_model(store: Store, name: str) -> Outcome:
    """Take a model out of the trash. Raises NotFound."""
    with store.writing() as transaction:
        row = model_row(transaction.connection, name, trashed=True)
        if row.deleted_time is None:
            return Outcome(f"{name} is not in the trash")
        _update(transaction, row.id, deleted_time=None)
        append(transaction, "restore_model", name)
    make_durable(store)
    return Outcome(f"Restored {name}", lambda s: delete_model(s, name, force=True))


def _update(transaction: Transaction, number: int, **values: Any) -> None:
    values |= {"last_update_time": now_ms(), "revision": transaction.revision}
    transaction.connection.execute(update(registered_models).where(registered_models.c.id == number).values(values))
