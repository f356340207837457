"""Versions of models: described, tagged, put into the trash and taken out again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.errors import RunStateError
from runfolio.core.registry.names import ARCHIVED, NONE
from runfolio.core.registry.policy_text import readable_policy
from runfolio.store.connection import Store, Transaction
from runfolio.store.dialect import insert_or_update
from runfolio.store.operations import Outcome, moved_on, short
from runfolio.store.registry.aliases import drop_aliases, put_aliases
from runfolio.store.registry.audit import append, make_durable
from runfolio.store.registry.reading import model_row, others_in, version_row
from runfolio.store.registry.tables import model_versions, version_tags


def describe_version(store: Store, name: str, version: int, text: str, *, expected: str | None = None) -> Outcome:
    """Say what a version is, in Markdown; `expected` is what must be said of it still. Raises NotFound."""
    text = rules.text(text)
    with store.writing() as transaction:
        row = version_row(transaction.connection, name, version)
        if expected is not None and row.description != expected:
            raise moved_on(f"The description of {name} v{version} has been changed since.")
        touch(transaction, row.id, description=text)
        append(transaction, "describe", name, version, old=row.description, new=text)
    make_durable(store)
    old = row.description
    return Outcome(f"Described {name} v{version}", lambda s: describe_version(s, name, version, old, expected=text))


def tag_version(
    store: Store,
    name: str,
    version: int,
    key: str,
    value: str | None,
    *,
    expected: str | None = None,
    check: bool = False,
) -> Outcome:
    """Set a tag of a version, or remove it with None; with `check`, it must still have the value `expected`.

    Raises:
        NotFound, InvalidValue: there is no such version, or the tag breaks a rule.
        RunStateError: somebody has changed it since.
    """
    key, value = rules.key(key, "tag"), None if value is None else rules.tag_value(value)
    with store.writing() as transaction:
        connection = transaction.connection
        row = version_row(connection, name, version)
        at = version_tags.c.version_id == row.id, version_tags.c.name == key
        old = connection.execute(select(version_tags.c.value).where(*at)).scalar()
        if check and old != expected:
            raise moved_on(f"The tag {key} of {name} v{version} has been changed since.")
        if value is None:
            connection.execute(delete(version_tags).where(*at))
        else:
            connection.execute(insert_or_update(version_tags), [{"version_id": row.id, "name": key, "value": value}])
        touch(transaction, row.id)
        append(transaction, "tag", name, version, old=old, new=value, evidence={"tag": key})
    make_durable(store)
    done = f"Removed the tag {key}" if value is None else f"Set the tag {key} to {short(value)}"
    return Outcome(done, lambda s: tag_version(s, name, version, key, old, expected=value, check=True))


def delete_version(store: Store, name: str, version: int, reason: str = "", force: bool = False) -> Outcome:
    """Put a version into the trash, where it has no alias. Its number is never given again.

    Raises:
        NotFound: there is none.
        RunStateError: it is in a stage where it serves, and it is not forced.
    """
    with store.writing() as transaction:
        row = version_row(transaction.connection, name, version)
        if row.stage not in (NONE, ARCHIVED) and not force:
            hint = "Move it to Archived first. Commands and scripts can force it."
            raise RunStateError(f"Version {version} of {name} is in {row.stage}.", hint)
        aliases = drop_aliases(transaction, name, row)
        touch(transaction, row.id, deleted_time=now_ms())
        append(transaction, "delete", name, version, old=row.stage, reason=reason)
    make_durable(store)
    return Outcome(f"Moved {name} v{version} to the trash", lambda s: restore_version(s, name, version, aliases))


def restore_version(store: Store, name: str, version: int, aliases: tuple[str, ...] = ()) -> Outcome:
    """Take a version out of the trash, with the aliases that nobody has taken since. Raises NotFound.

    It comes back to its stage; to Archived where the model has no such stage any more, or where one version holds it
    and another has come there since.
    """
    with store.writing() as transaction:
        row = version_row(transaction.connection, name, version, trashed=True)
        if row.deleted_time is None:
            return Outcome(f"{name} v{version} is not in the trash")
        touch(transaction, row.id, deleted_time=None)
        append(transaction, "restore", name, version, new=row.stage)
        if why := _is_taken(transaction, name, row):
            entry = append(transaction, "transition", name, version, old=row.stage, new=ARCHIVED, reason=why)
            touch(transaction, row.id, stage=ARCHIVED, stage_time=entry.time)
        put_aliases(transaction, name, row, aliases)
    make_durable(store)
    return Outcome(f"Restored {name} v{version}", lambda s: delete_version(s, name, version, force=True))


def _is_taken(transaction: Transaction, name: str, row: Any) -> str:
    """Why a version cannot come back to its stage; "" if it can."""
    policy = readable_policy(model_row(transaction.connection, name).policy)
    if row.stage not in policy.stages:
        return f"There is no stage {row.stage} any more"
    others = others_in(transaction.connection, row, row.stage) if policy.is_single(row.stage) else []
    came = [one for one in others if one.stage_time >= row.deleted_time]
    return f"v{came[-1].version} is in {row.stage} since" if came else ""


def touch(transaction: Transaction, number: int, **values: Any) -> None:
    """Change columns of a version, by the store's number of it."""
    values |= {"last_update_time": now_ms(), "revision": transaction.revision}
    transaction.connection.execute(update(model_versions).where(model_versions.c.id == number).values(values))
