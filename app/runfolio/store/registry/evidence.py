"""What gates go by: all that is known of a version that is to move, collected within the transaction that moves it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, select

from runfolio.core.captured import COMMIT, DIRTY
from runfolio.core.clock import now_ms
from runfolio.core.group_edits import SEED
from runfolio.core.registry import check_tags
from runfolio.core.registry.gates import Evidence, Gate, Holder, Judgement, judge
from runfolio.core.registry.records import ModelVersion, VersionFile
from runfolio.core.registry.run_checks import RunsInGroup
from runfolio.core.states import LifecycleStage
from runfolio.store import texts
from runfolio.store.connection import Transaction
from runfolio.store.dialect import among
from runfolio.store.registry.reading import IN_USE, metrics_of, others_in, read_files, versions_of
from runfolio.store.registry.tables import model_versions
from runfolio.store.schema import keys, params, runs, tags

#: The file of a model's folder that tells the same, which is not of the model.
CHECK_FILE = "runfolio-check.json"


def judged(connection: Connection, gate: Gate, version: ModelVersion, stage: str, signed_off_by: str = "") -> Judgement:
    """What a gate says to a version that is to move to its stage."""
    return judge(gate, _evidence(connection, gate, version, stage, signed_off_by)) if gate.checks else Judgement()


def _evidence(connection: Connection, gate: Gate, version: ModelVersion, stage: str, signed_off_by: str) -> Evidence:
    """What is known of a version; runs are counted, which takes the longest, only where the gate asks for it."""
    counted = any(isinstance(check, RunsInGroup) for check in gate.checks)
    found = texts.by_name(connection, tags, [version.run]).get(version.run, {}) if version.run is not None else {}
    passed, time = _environment(connection, version, found)
    dirty = found.get(DIRTY)
    return Evidence(
        stage=stage,
        metrics=version.metrics,
        tags=version.tags,
        description=version.description,
        has_signature=version.facts.has_signature,
        has_input_example=version.facts.has_input_example,
        holder=_holder(connection, version, stage),
        environment=passed,
        environment_time=time,
        git_clean=None if dirty is None else dirty.lower() == "false",
        git_commit=found.get(COMMIT, ""),
        runs_in_group=runs_in_group(connection, version.run) if counted and version.run is not None else None,
        signed_off_by=signed_off_by,
        now=now_ms(),
    )


def _holder(connection: Connection, version: ModelVersion, stage: str) -> Holder | None:
    rows = others_in(connection, version, stage)
    if not rows:
        return None
    found = versions_of(connection, rows[-1:])[0]
    return Holder(found.version, found.metrics)


def _environment(
    connection: Connection, version: ModelVersion, tags_of_run: dict[str, str]
) -> tuple[bool | None, int | None]:
    """Whether the model works in its own environment, and when that was tried; of these very files."""
    told = check_tags.texts(version.tags, tags_of_run)
    found = check_tags.check_of(told, fingerprint(read_files(connection, version.id))) if told else None
    if found is None:
        return None, None
    time = found.get("time")
    return found.get("result") == "passed", time if isinstance(time, int) else None


def fingerprint(files: Iterable[VersionFile]) -> str:
    """What `models.safety.hashing.fingerprint` says of a folder with these files, which need not be read for it."""
    whole = hashlib.sha256()
    for one in sorted(files, key=lambda one: (one.path.split("/")[:-1], one.path.rpartition("/")[2])):
        if one.path != CHECK_FILE:
            whole.update(f"{one.sha256} {one.path}\0".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def runs_in_group(connection: Connection, run: int) -> int:
    """How many runs in use of its experiment differ from a run by their seeds alone, with itself."""
    own = {
        name: value for name, value in _params(connection, [run]).get(run, {}).items() if not SEED.search(name.lower())
    }
    place = select(runs.c.experiment_id).where(runs.c.id == run).scalar_subquery()
    query = select(runs.c.id).where(runs.c.experiment_id == place, runs.c.lifecycle_stage == LifecycleStage.ACTIVE)
    found = list(connection.execute(query).scalars())
    for name, value in own.items():
        same = select(params.c.run_id).join(keys).where(keys.c.name == name, params.c.value == value)
        found = list(connection.execute(same.where(among(params.c.run_id, found))).scalars())
    counts = select(params.c.run_id, keys.c.name).join(keys).where(among(params.c.run_id, found))
    others = {
        row.run_id for row in connection.execute(counts) if row.name not in own and not SEED.search(row.name.lower())
    }
    return len(set(found) - others)


def _params(connection: Connection, numbers: list[int]) -> dict[int, dict[str, str]]:
    query = select(params.c.run_id, keys.c.name, params.c.value).join(keys).where(params.c.run_id.in_(numbers))
    found: dict[int, dict[str, str]] = {}
    for run, name, value in connection.execute(query):
        found.setdefault(run, {})[name] = value
    return found


def keep_what_runs_told(transaction: Transaction, uuids: Iterable[str]) -> None:
    """Before runs are removed for good: what they told last stays with their versions."""
    connection = transaction.connection
    query = select(model_versions.c.id, runs.c.id.label("run")).join(runs, runs.c.run_uuid == model_versions.c.run_uuid)
    for row in connection.execute(query.where(model_versions.c.run_uuid.in_(sorted(uuids)))).all():
        values: dict[str, Any] = {"metrics": json.dumps(metrics_of(connection, [row.run]).get(row.run, {}))}
        values["params"] = json.dumps(texts.by_name(connection, params, [row.run]).get(row.run, {}))
        connection.execute(model_versions.update().where(model_versions.c.id == row.id).values(values))


def count_versions(connection: Connection) -> int:
    """How many versions are in use."""
    return int(connection.execute(select(func.count()).select_from(model_versions).where(IN_USE)).scalar_one())
