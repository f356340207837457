"""The policy of a model: what is asked of versions before they move, kept as the text that somebody wrote."""

from __future__ import annotations

from sqlalchemy import update

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.registry.policy import Policy
from runfolio.core.registry.policy_text import parse_policy
from runfolio.store.connection import Store
from runfolio.store.operations import Outcome, moved_on
from runfolio.store.registry.audit import append, make_durable
from runfolio.store.registry.reading import model_row
from runfolio.store.registry.tables import registered_models
from runfolio.store.registry.transitions import check_stages


def policy_text(store: Store, name: str) -> str:
    """The policy of a model as it was written; "" of one that has the rules of all. Raises NotFound."""
    with store.reading() as connection:
        return str(model_row(connection, name).policy)


def policy_of(store: Store, name: str) -> Policy:
    """The policy of a model. Raises NotFound."""
    return parse_policy(policy_text(store, name))


def set_policy(store: Store, name: str, text: str, reason: str = "", *, expected: str | None = None) -> Outcome:
    """Give a model a policy, written in YAML; `expected` is the one it must still have.

    Raises:
        InvalidValue: it cannot be read, or leaves out a stage that a version is in; it names the place.
        NotFound: there is no such model.
    """
    policy = parse_policy(rules.text(text))
    with store.writing() as transaction:
        row = model_row(transaction.connection, name)
        if expected is not None and row.policy != expected:
            raise moved_on(f"The gates of {name} have been changed since.")
        check_stages(transaction.connection, row, policy)
        values = {"policy": text, "last_update_time": now_ms(), "revision": transaction.revision}
        transaction.connection.execute(update(registered_models).where(registered_models.c.id == row.id).values(values))
        append(transaction, "policy", name, old=row.policy, new=text, reason=reason)
    make_durable(store)
    old = row.policy
    return Outcome(f"Changed the gates of {name}", lambda s: set_policy(s, name, old, expected=text))
