"""Aliases: names of versions that are moved at will, such as `champion`; each is of one version at a time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, select

from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.registry.names import alias as checked
from runfolio.core.registry.names import nearest
from runfolio.store.connection import Store, Transaction
from runfolio.store.dialect import insert_or_update
from runfolio.store.operations import Outcome, moved_on
from runfolio.store.registry.audit import append, make_durable
from runfolio.store.registry.reading import model_row, version_row
from runfolio.store.registry.tables import model_aliases, model_versions


def set_alias(store: Store, name: str, alias: str, version: int, reason: str = "") -> Outcome:
    """Give an alias to a version; it leaves the one that has it. Raises NotFound, InvalidValue."""
    return _move(store, name, checked(alias), version, reason)


def delete_alias(store: Store, name: str, alias: str, reason: str = "") -> Outcome:
    """Take an alias away. Raises NotFound."""
    return _move(store, name, alias, None, reason)


def _move(
    store: Store,
    name: str,
    alias: str,
    version: int | None,
    reason: str = "",
    *,
    expected: int | None = None,
    check: bool = False,
) -> Outcome:
    """Have an alias at a version, or nowhere; with `check`, it must still be at the version `expected`.

    Raises:
        InvalidValue: another alias differs by case alone.
        NotFound: there is no such version, or no such alias to be taken away.
        RunStateError: somebody has moved it since.
    """
    with store.writing() as transaction:
        connection = transaction.connection
        model = model_row(connection, name)
        old = holder_of(connection, model.id, alias)
        if check and old != expected:
            raise moved_on(f"The alias {alias} of {name} has been moved since.")
        if version is not None:
            _check_case(connection, model.id, alias)
            _put(transaction, name, version_row(connection, name, version), alias, old, reason)
        elif old is not None:
            at = model_aliases.c.model_id == model.id, model_aliases.c.alias == alias
            connection.execute(delete(model_aliases).where(*at))
            append(transaction, "alias", name, old, old=old, new=None, reason=reason, evidence={"alias": alias})
        else:
            named = connection.execute(select(model_aliases.c.alias).where(model_aliases.c.model_id == model.id))
            raise NotFound(f"{name} has no alias {alias!r}.", nearest(alias, named.scalars()).strip())
    make_durable(store)
    return Outcome(_told(name, alias, old, version), lambda s: _move(s, name, alias, old, expected=version, check=True))


def _check_case(connection: Connection, model: int, alias: str) -> None:
    """Raise InvalidValue where case alone tells an alias from another: who gives one may believe to move the other."""
    for there in connection.execute(select(model_aliases.c.alias).where(model_aliases.c.model_id == model)).scalars():
        if there != alias and there.casefold() == alias.casefold():
            raise InvalidValue(f"There is an alias {there!r} already; case alone does not tell two.", f"Use {there!r}.")


def _told(name: str, alias: str, old: int | None, new: int | None) -> str:
    if new is None:
        return f"Removed the alias @{alias} of {name}"
    was = "" if old is None or old == new else f", which was v{old}"
    return f"@{alias} of {name} is v{new}{was}"


def holder_of(connection: Connection, model: int, alias: str) -> int | None:
    """The version that has an alias, by the store's number of the model."""
    query = select(model_versions.c.version).join(model_aliases, model_aliases.c.version_id == model_versions.c.id)
    return connection.execute(query.where(model_aliases.c.model_id == model, model_aliases.c.alias == alias)).scalar()


def drop_aliases(transaction: Transaction, name: str, row: Any) -> tuple[str, ...]:
    """Take all aliases of a version away, for it goes; returns them."""
    query = select(model_aliases.c.alias).where(model_aliases.c.version_id == row.id).order_by(model_aliases.c.alias)
    aliases = tuple(transaction.connection.execute(query).scalars())
    transaction.connection.execute(delete(model_aliases).where(model_aliases.c.version_id == row.id))
    for one in aliases:
        append(transaction, "alias", name, row.version, old=row.version, new=None, evidence={"alias": one})
    return aliases


def put_aliases(transaction: Transaction, name: str, row: Any, aliases: tuple[str, ...]) -> None:
    """Give a version aliases, those that are free."""
    for one in aliases:
        if holder_of(transaction.connection, row.model_id, one) is None:
            _put(transaction, name, row, one, None)


def _put(transaction: Transaction, name: str, row: Any, alias: str, old: int | None, reason: str = "") -> None:
    given = {"model_id": row.model_id, "alias": alias, "version_id": row.id}
    transaction.connection.execute(insert_or_update(model_aliases), [given])
    evidence = {"alias": alias}
    append(transaction, "alias", name, row.version, old=old, new=row.version, reason=reason, evidence=evidence)
