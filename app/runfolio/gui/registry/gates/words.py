"""A policy in words: what each stage asks for, and who is told of moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runfolio.core.numbers import age
from runfolio.core.registry.events import CommandEvent, Event
from runfolio.core.registry.gates import Gate, Judgement, WhenFailing
from runfolio.core.registry.names import ARCHIVED, NONE
from runfolio.core.registry.policy import Policy
from runfolio.gui.inspector.rows import TableRow, muted, plain
from runfolio.gui.registry.version.rows import FAILED, PASSED, row
from runfolio.store.registry.deliveries import DONE, Delivery
from runfolio.store.registry.deliveries import FAILED as NOT_DELIVERED

DEFAULT = (
    "Nobody has written gates for this model: any version may move to any stage. One version is in Staging and one in "
    "Production at a time; the one that was there moves to Archived. Begin with the example, or add a check."
)
EXAMPLE = """\
# Stages between None and Archived, in their order
stages: [Staging, Production]
# What cards show
card: [auc, f1]
gates:
  Production:
    when_failing: block   # or reason: asks for a written one
    checks:
    - {metric: auc, at_least: 0.9}
    - {metric: auc, beside_holder: not_worse, tolerance: 0.002}
    - signature
    - description
"""


def stage_words(policy: Policy, stage: str) -> str:
    """What holds for a stage beside its checks."""
    alone = "one version at a time" if stage in policy.single else "any number of versions"
    gate = policy.gates.get(stage, Gate())
    if not gate.checks:
        return f"{alone} · no checks"
    failing = "blocks the move" if gate.when_failing is WhenFailing.BLOCK else "asks for a written reason"
    return f"{alone} · what fails {failing}"


def gated_stages(policy: Policy) -> list[str]:
    """The stages that can ask for something."""
    return [stage for stage in policy.stages if stage not in (NONE, ARCHIVED)]


def check_rows(gate: Gate, judgement: Judgement | None) -> list[TableRow]:
    """What is asked for and, where a version was judged, whether it has that."""
    if judgement is None or len(judgement.checks) != len(gate.checks):
        return [row(f"{at}", muted("asks for"), plain(one.text)) for at, one in enumerate(gate.checks)]
    rows = []
    for at, (check, one) in enumerate(zip(gate.checks, judgement.checks, strict=True)):
        found = (muted(f"  {one.found or ('' if one.passed else one.text)}"),)
        mark = ("ok", PASSED) if one.passed else ("bad", FAILED)
        rows.append(row(f"{at}", mark, plain(check.text), *(found if found[0][1].strip() else ())))
    return rows


def event_rows(events: Sequence[Event], waiting: Sequence[Event]) -> list[TableRow]:
    """Who is told, of which moves; those that `waiting` holds are not allowed on this machine."""
    return [_event(f"{at}", one, one in waiting) for at, one in enumerate(events)]


def _event(key: str, event: Event, waits: bool) -> TableRow:
    told = (plain(event_text(event)), *((("warn", "  not allowed here"),) if waits else ()))
    return row(key, muted(f"on {', '.join(event.on) or 'every move'}"), *told)


def event_text(event: Event) -> str:
    """What is done then."""
    if isinstance(event, CommandEvent):
        return f"run {' '.join(event.command)}"
    return f"post to {event.url}{f', signed by {event.secret_from}' if event.secret_from else ''}"


def delivery_rows(deliveries: Sequence[Delivery], now: int) -> list[TableRow]:
    """The latest that was told, or is to be; the newest first."""
    return [_delivery(one, now) for one in deliveries]


def _delivery(one: Delivery, now: int) -> TableRow:
    role = {DONE: "ok", NOT_DELIVERED: "bad"}.get(one.state, "warn")
    moved = f"v{one.entry.version} → {one.entry.new}"
    tries = f", {one.attempts} {'attempt' if one.attempts == 1 else 'attempts'}" if one.attempts else ""
    lines = one.told.strip().splitlines()
    told = (muted(f"  {lines[-1]}"),) if lines else ()
    state, whom = (role, f"{one.state}{tries}"), muted(f"  {target_text(one.target)}")
    return row(str(one.id), muted(age(one.entry.time, now)), plain(f"{moved}  "), state, whom, *told, full=one.told)


def target_text(target: Mapping[str, object]) -> str:
    """Whom a delivery goes to, as the policy writes it."""
    command = target.get("command")
    return str(command[0]) if isinstance(command, list) and command else str(target.get("post", ""))
