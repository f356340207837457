"""Moves of versions between stages: judged by the gates, with the holder archived, logged, undone and rolled back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from runfolio.core import rules
from runfolio.core.errors import GateFailed, InvalidValue, NotFound
from runfolio.core.registry.gates import Judgement, WhenFailing
from runfolio.core.registry.history import previous_holder
from runfolio.core.registry.names import ARCHIVED, NONE, PRODUCTION
from runfolio.core.registry.policy import Policy
from runfolio.core.registry.policy_text import parse_policy
from runfolio.store.connection import Store, Transaction
from runfolio.store.operations import Outcome, moved_on
from runfolio.store.registry.audit import append, entries, make_durable
from runfolio.store.registry.deliveries import note_deliveries, start_sender
from runfolio.store.registry.evidence import judged
from runfolio.store.registry.known import check_sizes
from runfolio.store.registry.reading import (
    IN_USE,
    model_row,
    others_in,
    place_of,
    read_files,
    version_row,
    versions_of,
)
from runfolio.store.registry.tables import model_versions
from runfolio.store.registry.versions import touch

#: The stages that take any number of versions, whatever a policy says.
UNHELD = (NONE, ARCHIVED)


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of a move.

    Attributes:
        stage: where to, as the model spells it.
        judgement: what the gates say.
        archived: versions that would be moved to Archived.
    """

    stage: str
    judgement: Judgement
    archived: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A version that was moved."""

    version: int
    old: str
    new: str

    def back(self) -> Move:
        """The move that takes it back."""
        return Move(self.version, self.new, self.old)


@dataclass(frozen=True, slots=True)
class _Step:
    """A row that is to go to a stage, why, and what that goes by."""

    row: Any
    to: str
    reason: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)


def preview(store: Store, name: str, version: int, stage: str, signed_off_by: str = "") -> Preview:
    """What a move would do, and what the gates say to it. Raises NotFound, InvalidValue."""
    with store.reading() as connection:
        policy = parse_policy(model_row(connection, name).policy)
        row = version_row(connection, name, version)
        return _preview(connection, row, policy, policy.stage(stage), signed_off_by)


def previews(store: Store, name: str, version: int) -> dict[str, Preview]:
    """The same for all stages of the model."""
    with store.reading() as connection:
        policy = parse_policy(model_row(connection, name).policy)
        row = version_row(connection, name, version)
        return {stage: _preview(connection, row, policy, stage) for stage in policy.stages}


def _preview(connection: Connection, row: Any, policy: Policy, stage: str, signed_off_by: str = "") -> Preview:
    judgement = _judged(connection, row, policy, stage, signed_off_by)
    archived = others_in(connection, row, stage) if policy.is_single(stage) else []
    return Preview(stage, judgement, tuple(one.version for one in archived))


def transition(
    store: Store,
    name: str,
    version: int,
    stage: str,
    *,
    archive: bool | None = None,
    reason: str = "",
    signed_off_by: str = "",
) -> Outcome:
    """Move a version to another stage, at once and durably.

    Args:
        archive: move those that are there to Archived; by default where the model's policy says one version holds it.
        reason: why; asked for where a gate that fails asks for it.
        signed_off_by: who says yes with it, where the gates ask for somebody.

    Raises:
        NotFound: there is no such version. InvalidValue: no such stage.
        GateFailed: the gates do not let it pass.
        EnvironmentProblem: it is to serve, and its files are not as long as they were.
    """
    with store.writing() as transaction:
        connection = transaction.connection
        row = version_row(connection, name, version)
        policy = parse_policy(model_row(connection, name).policy)
        to = policy.stage(stage)
        if row.stage == to:
            return Outcome(f"{name} v{version} is in {to} already")
        judgement = _judged(connection, row, policy, to, signed_off_by)
        _check(judgement, name, version, to, reason)
        if to not in UNHELD:
            _check_files(store, connection, row, name)
        if archive and to in UNHELD:
            raise InvalidValue(f"Nobody makes room in {to}: any number of versions are there.", "Leave archive out.")
        others = others_in(connection, row, to) if (policy.is_single(to) if archive is None else archive) else []
        steps = [_Step(row, to, reason, _told(judgement, signed_off_by))]
        steps[:0] = [_Step(one, ARCHIVED, f"Replaced by v{version}", {"replaced_by": version}) for one in others]
        moves = _move(transaction, name, "transition", steps, policy)
    _settle(store, policy)
    return _outcome(name, moves, f"Moved {name} v{version} to {to}")


def rollback(store: Store, name: str, stage: str = PRODUCTION, reason: str = "") -> Outcome:
    """Move the version that was in a stage before back there, and archive the one that is.

    Gates are not asked: it has passed them, and what is there now must go at once.

    Raises:
        NotFound: nobody was there before, or there is no such model. InvalidValue: no such stage.
        EnvironmentProblem: the files of who was there are not as long as they were.
    """
    with store.writing() as transaction:
        connection = transaction.connection
        model = model_row(connection, name)
        policy = parse_policy(model.policy)
        to = policy.stage(stage)
        if to in UNHELD:
            raise InvalidValue(f"No version holds {to}, and none is rolled back to it.", f"Such as {PRODUCTION}.")
        before = previous_holder(entries(connection, name), model.name, to)
        if before is None:
            raise NotFound(f"No other version of {name} was in {to} before.", "Move one there instead.")
        row = version_row(connection, name, before)
        _check_files(store, connection, row, name)
        others = others_in(connection, row, to)
        steps = [_Step(one, ARCHIVED, reason, {"replaced_by": before}) for one in others]
        steps.append(_Step(row, to, reason, {"instead_of": [one.version for one in others]}))
        moves = _move(transaction, name, "rollback", steps, policy)
    _settle(store, policy)
    return _outcome(name, moves, f"Rolled {name} back to v{before} in {to}")


def _outcome(name: str, moves: Sequence[Move], text: str) -> Outcome:
    archived = [f"v{one.version}" for one in moves if one.new == ARCHIVED][: len(moves) - 1]
    also = f"; {', '.join(archived)} to {ARCHIVED}" if archived else ""
    return Outcome(f"{text}{also}", lambda store: _undo(store, name, [one.back() for one in reversed(moves)]))


def _undo(store: Store, name: str, moves: Sequence[Move]) -> Outcome:
    """Take moves back, as moves of their own. Raises RunStateError if somebody has moved one of them since."""
    with store.writing() as transaction:
        rows = [version_row(transaction.connection, name, one.version) for one in moves]
        for one, row in zip(moves, rows, strict=True):
            if row.stage != one.old:
                raise moved_on(f"{name} v{one.version} has been moved to {row.stage} since.")
        policy = parse_policy(model_row(transaction.connection, name).policy)
        for one, row in zip(moves, rows, strict=True):
            _check_room(transaction.connection, row, one, {each.version for each in moves}, policy)
        steps = [_Step(row, one.new) for one, row in zip(moves, rows, strict=True)]
        _move(transaction, name, "undo", steps, policy)
    _settle(store, policy)
    text = f"Moved {name} v{moves[0].version} back to {moves[0].new}"
    return Outcome(text, lambda s: _undo(s, name, [one.back() for one in reversed(moves)]))


def _check_room(connection: Connection, row: Any, move: Move, moved: set[int], policy: Policy) -> None:
    """Raise RunStateError where somebody else has come since to a stage that one version holds."""
    if policy.is_single(move.new):
        for one in others_in(connection, row, move.new):
            if one.version not in moved and one.stage_time >= row.stage_time:
                raise moved_on(f"v{one.version} has been moved to {move.new} since.")


def _move(transaction: Transaction, name: str, action: str, steps: Sequence[_Step], policy: Policy) -> list[Move]:
    """Move versions, one after the other, each with an entry of the log and what the policy says is told of it."""
    for one in steps:
        entry = append(
            transaction,
            action,
            name,
            one.row.version,
            old=one.row.stage,
            new=one.to,
            reason=one.reason,
            evidence=one.evidence,
        )
        touch(transaction, one.row.id, stage=one.to, stage_time=entry.time)
        note_deliveries(transaction, entry, policy)
    return [Move(one.row.version, one.row.stage, one.to) for one in steps]


def _settle(store: Store, policy: Policy) -> None:
    """After a move: have the disk hold it, and others told of it if the policy says so."""
    make_durable(store)
    if policy.events:
        start_sender(store)


def _judged(connection: Connection, row: Any, policy: Policy, stage: str, signed_off_by: str) -> Judgement:
    gate = policy.gate(stage)
    return (
        judged(connection, gate, versions_of(connection, [row])[0], stage, signed_off_by)
        if gate.checks
        else Judgement()
    )


def _check(judgement: Judgement, name: str, version: int, stage: str, reason: str) -> None:
    """Raise GateFailed unless the gates let a version pass, or a reason was given where they ask for one."""
    if judgement.passed or (judgement.needs_reason and rules.text(reason or "").strip()):
        return
    message = f"{name} v{version} does not pass the gates of {stage}: {'; '.join(map(str, judgement.failing))}."
    blocked = judgement.when_failing is WhenFailing.BLOCK
    hint = "Mend that, or change the model's gates." if blocked else "Give a reason to move it nevertheless."
    raise GateFailed(message, hint, judgement)


def _check_files(store: Store, connection: Connection, row: Any, name: str) -> None:
    """Look whether the files of a version that is to serve are as long as they were. Raises EnvironmentProblem."""
    folder = place_of(store, model_row(connection, name).folder, row.version)
    check_sizes(folder, read_files(connection, row.id), f"{name} v{row.version}")


def _told(judgement: Judgement, signed_off_by: str) -> dict[str, Any]:
    """What the gates said, as the log keeps it."""
    if not judgement.checks:
        return {}
    checks = [{"text": one.text, "passed": one.passed, "found": one.found} for one in judgement.checks]
    return {"gates": checks, "passed": judgement.passed} | ({"signed_off_by": signed_off_by} if signed_off_by else {})


def check_stages(connection: Connection, model: Any, policy: Policy) -> None:
    """Raise InvalidValue where a policy has no stage any more that a version is in."""
    query = select(model_versions.c.version, model_versions.c.stage).where(model_versions.c.model_id == model.id)
    for row in connection.execute(query.where(IN_USE).order_by(model_versions.c.version)):
        if row.stage not in policy.stages:
            hint = "Move it elsewhere first, or keep the stage."
            raise InvalidValue(f"Version {row.version} of {model.name} is in {row.stage}, which would be gone.", hint)
