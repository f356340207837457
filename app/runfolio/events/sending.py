"""Telling what is due, one after the other: one process at a time, again and again with longer and longer breaks."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from runfolio.core.clock import now_ms
from runfolio.core.errors import InvalidValue
from runfolio.core.registry.events import CommandEvent, read_event
from runfolio.core.registry.names import STAGES
from runfolio.events.answer import Answer
from runfolio.events.commands import run_command
from runfolio.events.message import message_of
from runfolio.events.posting import post
from runfolio.store import Store
from runfolio.store.registry.allowed import is_allowed
from runfolio.store.registry.deliveries import (
    DONE,
    FAILED,
    WAITING,
    Delivery,
    alone_sending,
    list_deliveries,
    next_due,
    note_attempt,
)

#: Breaks after the first attempt, the second, and so on, in milliseconds; after the last one there is none.
BREAKS = (10_000, 60_000, 600_000, 3_600_000)
#: What waits longer is told no more: a week, in milliseconds.
TOO_OLD = 7 * 86_400_000
#: A process that tells things waits so long for what is due next, in milliseconds.
PATIENCE = 60_000
#: Seconds between two looks.
LOOK = 1.0
#: Told of each attempt, with what came of it.
Tell = Callable[[Delivery, Answer], None]


def send_all(store: Store, tell: Tell, wait: Callable[[float], None] = time.sleep) -> bool:
    """Tell what is due, and what gets due soon after; False if another process is at it already.

    Raises StoreError, also where it could not be noted that something was told.
    """
    store.check_writable()
    at_work = False
    while True:
        with alone_sending(store) as alone:
            if not alone:
                return at_work
            at_work = True
            while _is_soon(store):
                if not send_due(store, tell):
                    wait(LOOK)
        # What was noted since the last look, by who found this process still at it, must not stay.
        if not _is_soon(store):
            return True


def send_due(store: Store, tell: Tell) -> int:
    """Tell what is due now and allowed here; returns how many attempts that took.

    Who has just failed is not tried again before the next look, and who failed before comes last: a command that hangs
    takes a minute each time, which nobody else should wait for at each move.
    """
    due = [one for one in list_deliveries(store, now_ms()) if is_allowed(store, one.target)]
    in_trouble = {_whom(one) for one in list_deliveries(store) if one.state == WAITING and one.attempts}
    failed: set[str] = set()
    made = 0
    for one in sorted(due, key=lambda one: _whom(one) in in_trouble):
        if _whom(one) not in failed:
            answer = _attempt(one)
            note_attempt(store, one.id, *_state(one, answer))
            tell(one, answer)
            made += 1
            failed |= set() if answer.done else {_whom(one)}
    return made


def _whom(delivery: Delivery) -> str:
    return json.dumps(delivery.target, sort_keys=True)


def not_allowed(store: Store) -> list[Delivery]:
    """What waits, and nobody has allowed here."""
    return [one for one in list_deliveries(store) if one.state == WAITING and not is_allowed(store, one.target)]


def _is_soon(store: Store) -> bool:
    """Whether something is due soon that is allowed here. Raises StoreGone."""
    store.check_present()
    found = next_due(store)
    if found is None or found > now_ms() + PATIENCE:
        return False
    return any(is_allowed(store, one.target) for one in list_deliveries(store, now_ms() + PATIENCE))


def _attempt(delivery: Delivery) -> Answer:
    if now_ms() - delivery.entry.time > TOO_OLD:
        return Answer(False, "It has waited for more than a week.", hopeless=True)
    try:
        event = read_event(delivery.target, "event", STAGES)
    except InvalidValue as problem:  # written by a newer version, or by nobody of ours
        return Answer(False, str(problem), hopeless=True)
    tell = message_of(delivery)
    return run_command(event, tell) if isinstance(event, CommandEvent) else post(event, tell)


def _state(delivery: Delivery, answer: Answer) -> tuple[str, str, int]:
    """The state after an attempt, what is told of it, and when the next one is due."""
    now = now_ms()
    told = f"{time_text(now)} {answer.told}"
    if answer.done:
        return DONE, told, now
    if answer.hopeless or delivery.attempts >= len(BREAKS):
        return FAILED, told, now
    return WAITING, told, now + BREAKS[delivery.attempts]


def time_text(moment: int) -> str:
    """A moment in UTC, as the log of deliveries has it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment / 1000))
