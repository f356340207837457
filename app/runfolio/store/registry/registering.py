"""Registering: files become a version of a model, all of them or none, and what was known of their run is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.errors import EnvironmentProblem, NotFound, RunStateError
from runfolio.core.folder import ARTIFACTS
from runfolio.core.paths import stored_path
from runfolio.core.people import user_name
from runfolio.core.registry.chain import digest_of_files
from runfolio.core.registry.model_facts import as_dict, read_facts
from runfolio.core.registry.names import NONE, model_name
from runfolio.core.registry.records import ModelFacts, VersionFile
from runfolio.core.states import LifecycleStage
from runfolio.store import texts
from runfolio.store.connection import Store, Transaction
from runfolio.store.operations import Outcome, moved_on
from runfolio.store.registry.audit import append, make_durable
from runfolio.store.registry.linking import linked_folder, put_in_place
from runfolio.store.registry.models import check_free, made
from runfolio.store.registry.reading import metrics_of, model_row, place_of
from runfolio.store.registry.tables import model_versions, registered_models, version_files, version_tags
from runfolio.store.registry.versions import delete_version
from runfolio.store.schema import params, runs
from runfolio.store.steps import TO_THE_END, Steps

#: Words in the name of a metric that was measured on data which the model had not seen.
MEASURED = ("val", "valid", "validation", "test", "eval", "evaluation", "dev", "holdout", "cv")


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be registered.

    Attributes:
        folder: where it is; a file alone may be a version too.
        address: what a user calls it, such as `runs:/<run id>/model`.
        run_id: the public id of the run that it is from, "" of none.
        run_link: an address of the run that a user gives.
        digest: what its files must be (`chain.digest_of_files`), "" where nobody knows.
    """

    folder: Path
    address: str
    run_id: str = ""
    run_link: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """A new version: its number, what can be told and taken back of it, and what it lacks of a candidate."""

    version: int
    outcome: Outcome
    advice: tuple[str, ...] = ()


def of_run(store: Store, run_id: str, path: str = "") -> Source:
    """Files of a run. Raises NotFound: there are none. RunStateError: the run is in the trash."""
    with store.reading() as connection:
        run = connection.execute(select(runs).where(runs.c.run_uuid == run_id)).first()
    if run is None:
        raise NotFound(f"There is no run {run_id!r}.")
    if run.lifecycle_stage == LifecycleStage.DELETED:
        raise RunStateError(f"The run {run.name} is in the trash, and its model with it.", "Restore the run first.")
    root = store.path / ARTIFACTS / run_id
    folder = root / stored_path(path) if path else root
    if not folder.exists() or not folder.resolve().is_relative_to(root.resolve()):
        raise NotFound(f"The run {run.name} has no file or folder {path!r}.")
    return Source(folder, f"runs:/{run_id}/{path}".rstrip("/"), run_id)


def register(
    store: Store,
    name: str,
    source: Source,
    *,
    description: str = "",
    tags: Mapping[str, Any] | None = None,
    reason: str = "",
    steps: Steps = TO_THE_END,
) -> Registered:
    """Make files the next version of a model, which is made if there is none of the name.

    Taken back, the version goes to the trash.

    Raises:
        InvalidValue, NotFound: a name breaks a rule, or a file cannot be part of a version.
        AlreadyExists: some system takes the name for that of another model.
        RunStateError: the model was renamed or removed meanwhile.
        Stopped: `steps` stopped it; nothing is registered.
        EnvironmentProblem: the disk, or the files are not what they must be.
    """
    name, values, description = model_name(name), rules.tags(tags or {}), rules.text(description)
    before = _number(store, name)
    with linked_folder(store, source.folder, steps) as (part, files):
        if source.digest and digest_of_files(files) != source.digest:
            raise EnvironmentProblem(f"{source.address} is damaged: it is not what was registered.", "Verify it.")
        facts = read_facts(part)
        with store.writing() as transaction:
            model = _model(transaction, name, before)
            place = place_of(store, model.folder, model.next_version)
            version = _row(transaction, model, source, description, files, facts)
            if values:
                rows = [{"version_id": version, "name": tag, "value": value} for tag, value in values.items()]
                transaction.connection.execute(insert(version_tags), rows)
            _tell(transaction, model, source, files, reason, {"description": description, "tags": values})
            put_in_place(part, place)
    make_durable(store)
    number = int(model.next_version)
    outcome = Outcome(f"Registered {name} v{number}", lambda s: delete_version(s, name, number))
    return Registered(number, outcome, _advice(store, source, description, facts))


def _number(store: Store, name: str) -> int | None:
    """The store's number of a model, None if there is none yet; a name that is taken is told before any copying."""
    with store.reading() as connection:
        found = _row_of(connection, name)
        if found is None:
            check_free(connection, name)
            return None
        return int(model_row(connection, name).id)


def _row_of(connection: Connection, name: str) -> Any:
    return connection.execute(select(registered_models.c.id).where(registered_models.c.name == name)).first()


def _model(transaction: Transaction, name: str, before: int | None) -> Any:
    """The row of the model, which is made if it was missing before, too; the next version's number is taken."""
    connection = transaction.connection
    there = _row_of(connection, name)
    if before is not None and (there is None or there.id != before):
        raise moved_on(f"The registered model {name} has been renamed or removed while its files were taken.")
    if there is None:
        made(transaction, name)
    row = model_row(connection, name)
    values = {"next_version": row.next_version + 1, "last_update_time": now_ms(), "revision": transaction.revision}
    connection.execute(update(registered_models).where(registered_models.c.id == row.id).values(values))
    return row


def _row(
    transaction: Transaction, model: Any, source: Source, description: str, files: list[VersionFile], facts: ModelFacts
) -> int:
    connection, now = transaction.connection, now_ms()
    metrics, given = _of_run(connection, source.run_id)
    row = {
        "model_id": model.id,
        "version": model.next_version,
        "stage": NONE,
        "stage_time": now,
        "description": description,
        "creation_time": now,
        "last_update_time": now,
        "user_name": user_name(),
        "source": source.address,
        "run_uuid": source.run_id,
        "run_link": source.run_link,
        "size": sum(one.size for one in files),
        "digest": digest_of_files(files),
        "facts": json.dumps(as_dict(facts)),
        "metrics": json.dumps(metrics),
        "params": json.dumps(given),
        "revision": transaction.revision,
    }
    key = connection.execute(insert(model_versions).values(row)).inserted_primary_key
    assert key is not None
    number = int(key[0])
    rows = [{"version_id": number, "path": one.path, "size": one.size, "sha256": one.sha256} for one in files]
    connection.execute(insert(version_files), rows)
    return number


def _of_run(connection: Connection, run_id: str) -> tuple[dict[str, float], dict[str, str]]:
    """The metrics and params of a run as they are now."""
    number = connection.execute(select(runs.c.id).where(runs.c.run_uuid == run_id)).scalar() if run_id else None
    if number is None:
        return {}, {}
    metrics = metrics_of(connection, [number]).get(number, {})
    return metrics, texts.by_name(connection, params, [number]).get(number, {})


def _tell(
    transaction: Transaction, model: Any, source: Source, files: list[VersionFile], reason: str, said: dict[str, Any]
) -> None:
    evidence = {
        "digest": digest_of_files(files),
        "files": len(files),
        "size": sum(one.size for one in files),
        "source": source.address,
        "run_id": source.run_id,
        **said,
    }
    version = int(model.next_version)
    append(transaction, "register", model.name, version, new=NONE, reason=reason, evidence=evidence)


def _advice(store: Store, source: Source, description: str, facts: ModelFacts) -> tuple[str, ...]:
    """What a candidate would have, and this version has not."""
    advice = []
    if not facts.flavors:
        advice.append("It has no file MLmodel, so that nothing can load it as a model.")
    with store.reading() as connection:
        metrics = _of_run(connection, source.run_id)[0]
    if not any(_is_measured(name) for name in metrics):
        whose = "Its run has" if source.run_id else "It is of no run, and so has"
        advice.append(f"{whose} no metric of data that it was not trained on, such as val_loss.")
    if not description:
        advice.append("It has no description.")
    return tuple(advice)


def _is_measured(name: str) -> bool:
    words = name.lower().replace("/", "_").replace("-", "_").replace(".", "_").split("_")
    return any(word in MEASURED for word in words)
