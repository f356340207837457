"""What jobs that wait are to hold while they run, as somebody chooses anew."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import bindparam, select, update

from runfolio.core.errors import InvalidValue, RunStateError
from runfolio.core.numbers import counted
from runfolio.core.projects.request import Needs
from runfolio.core.queue.records import JobKind, JobState
from runfolio.store.batches import in_batches
from runfolio.store.connection import Store, note_queue
from runfolio.store.operations import Outcome, moved_on
from runfolio.store.queue.tables import jobs


def set_needs(store: Store, numbers: Sequence[int], needs: Needs) -> Outcome:
    """Have waiting jobs hold this while they run.

    Raises:
        InvalidValue: it is less than nothing.
        RunStateError: one of them waits no more.
    """
    if min(needs.cpu, needs.memory_gb, needs.gpu) < 0:
        raise InvalidValue("Processors, memory and graphics cards are 0 or more.")
    written = asdict(needs)
    return _write(store, dict.fromkeys(numbers, written), f"{counted(len(numbers), 'job')} need other things now")


def _write(store: Store, wanted: Mapping[int, Mapping[str, Any] | None], text: str) -> Outcome:
    """Write the needs of each job; None for as it was before anybody chose."""
    with store.writing() as transaction:
        connection, before, rows = transaction.connection, {}, []
        for part in in_batches(list(wanted)):
            waiting = jobs.c.id.in_(part), jobs.c.state == JobState.WAITING
            for number, kind, request in connection.execute(
                select(jobs.c.id, jobs.c.kind, jobs.c.request).where(*waiting)
            ):
                before[number], changed = _with_needs(kind, request, wanted[number])
                rows.append({"job": number, "text": changed})
        if len(rows) < len(wanted):
            raise moved_on("A job of these has begun.") if not text else RunStateError("A job of these has begun.")
        change = update(jobs).where(jobs.c.id == bindparam("job"))
        if rows:
            connection.execute(change.values(request=bindparam("text"), revision=transaction.revision), rows)
        note_queue(transaction)
    return Outcome(text or "They need what they needed before", lambda s: _write(s, before, ""))


def _with_needs(kind: str, request: str, needs: Mapping[str, Any] | None) -> tuple[Mapping[str, Any] | None, str]:
    """What a request said of needs, and the request with others."""
    whole = json.loads(request)
    asked = whole if kind == JobKind.RUN else whole.setdefault("run", {})
    before = asked.pop("needs", None)
    if needs is not None:
        asked["needs"] = dict(needs)
    return before, json.dumps(whole)
