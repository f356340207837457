"""The policy of a model: what is asked of versions before they move, kept as the text that somebody wrote."""

from __future__ import annotations

from sqlalchemy import update

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.registry.policy import Policy
from runfolio.core.registry.policy_text import parse_policy
from runfolio.store.connection import Store
from runfolio.store.operations import Outcome, moved_on
from runfolio.store.registry.allowed import allow
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


def check_policy(store: Store, name: str, text: str) -> Policy:
    """What `set_policy` would set, and nothing is set. Raises as it does."""
    policy = parse_policy(rules.text(text))
    with store.reading() as connection:
        check_stages(connection, model_row(connection, name), policy)
    return policy


def set_policy(store: Store, name: str, text: str, reason: str = "", *, expected: str | None = None) -> Outcome:
    """Give a model a policy, written in YAML; `expected` is the one it must still have.

    Whoever does so allows what it says is told of moves (`allowed.py`), for this person and on this machine.

    Raises:
        InvalidValue: it cannot be read, or leaves out a stage that a version is in; it names the place.
        NotFound: there is no such model.
    """
    outcome = _put(store, name, text, reason, expected)
    allow(store, parse_policy(text).events)
    return outcome


def _put(store: Store, name: str, text: str, reason: str, expected: str | None) -> Outcome:
    policy = parse_policy(rules.text(text))
    with store.writing() as transaction:
        row = model_row(transaction.connection, name)
        if expected is not None and row.policy != expected:
            raise moved_on(f"The gates of {name} have been changed since.")
        if row.policy == text:
            return Outcome(f"{name} has these gates already")
        check_stages(transaction.connection, row, policy)
        values = {"policy": text, "last_update_time": now_ms(), "revision": transaction.revision}
        transaction.connection.execute(update(registered_models).where(registered_models.c.id == row.id).values(values))
        append(transaction, "policy", name, old=row.policy, new=text, reason=reason)
    make_durable(store)
    old = row.policy
    # What was allowed before stays so, and what somebody else has written is not allowed by going back to it.
    return Outcome(f"Changed the gates of {name}", lambda s: _put(s, name, old, "", text))
