"""The registry of a store, as MLflow's functions of it: models and versions made, read, changed and moved.

Everything this process has logged is brought in first. Versions are given as numbers or as text, as MLflow does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from runfolio.client import addresses
from runfolio.client.addresses import OfVersion
from runfolio.client.progress import progress_line
from runfolio.client.registry_entities import ModelVersion, RegisteredModel, model_of, version_of
from runfolio.client.tracker import Tracker
from runfolio.core import rules
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.registry.names import alias, version_number

if TYPE_CHECKING:
    from pathlib import Path

    from runfolio.core.registry import records
    from runfolio.store import Store
    from runfolio.store.registry.registering import Registered, Source


def create_model(
    target: Tracker, name: str, tags: Mapping[str, Any] | None = None, description: str | None = None, reason: str = ""
) -> RegisteredModel:
    """Make a registered model without versions. Raises AlreadyExists, InvalidValue."""
    from runfolio.store.registry import models

    models.create_model(target.opened_store(), name, tags, description or "", reason)
    return get_model(target, name)


def get_model(target: Tracker, name: str) -> RegisteredModel:
    """A registered model. Raises NotFound."""
    from runfolio.store.registry import reading

    store = target.opened_store()
    return shaped_models(store, [reading.get_model(store, name)])[0]


def shaped_models(store: Store, found: Sequence[records.RegisteredModel]) -> list[RegisteredModel]:
    """Models in MLflow's shape, each with its newest version of each stage."""
    from runfolio.store.registry import reading

    newest = reading.newest_versions(store, [one.id for one in found])
    return [model_of(one, list(map(version_of, newest.get(one.id, ())))) for one in found]


def latest_versions(target: Tracker, name: str, stages: Iterable[str] | None = None) -> list[ModelVersion]:
    """The newest version of each of some stages, or of all. Raises NotFound, InvalidValue: no such stage."""
    from runfolio.store.registry import policies

    policy = policies.policy_of(target.opened_store(), name)
    asked = policy.stages if stages is None else [policy.stage(one) for one in rules.listed(stages, "stages")]
    return [one for one in get_model(target, name).latest_versions if one.current_stage in asked]


def register(
    target: Tracker,
    name: str,
    source: Source,
    *,
    tags: Mapping[str, Any] | None = None,
    description: str | None = None,
    reason: str = "",
) -> Registered:
    """Make files the next version of a model, which is made if there is none; large ones are told of at a terminal.

    Raises:
        InvalidValue, NotFound: a name breaks a rule, or a file cannot be part of a version.
        EnvironmentProblem: the disk, or a version that is copied is damaged.
    """
    from runfolio.store.registry import registering
    from runfolio.store.steps import Steps

    options: dict[str, Any] = {"tags": tags, "description": description or "", "reason": reason}
    with progress_line(f"Registering {name}", _size(source.folder)) as told:
        steps = Steps(lambda done, _total: told(done))
        return registering.register(target.opened_store(), name, source, steps=steps, **options)


def _size(place: Path) -> int:
    try:
        found = [place] if place.is_file() else [one for one in place.rglob("*") if one.is_file()]
        return sum(one.stat().st_size for one in found)
    except OSError:  # registering says what is wrong
        return 0


def create_version(target: Tracker, name: str, source: Source, **options: Any) -> ModelVersion:
    """As `register`, of a model that there is. Raises NotFound: there is none."""
    from runfolio.store.registry import reading

    reading.get_model(target.opened_store(), name)
    return get_version(target, name, register(target, name, source, **options).version)


def copied(
    target: Tracker,
    place: OfVersion,
    name: str,
    *,
    tags: Mapping[str, Any] | None = None,
    description: str | None = None,
    reason: str = "",
) -> Registered:
    """Register a version under another model, with its tags and its description but for what is said otherwise.

    Raises as `register` does; EnvironmentProblem also where the version's files are not what was registered.
    """
    from runfolio.client.registry_sources import source_of

    found = get_version(target, place.name, place.version)
    source = source_of(target, place.uri, run_link=found.run_link)
    said = found.description if description is None else description
    return register(
        target, name, source, tags={**found.tags, **rules.tags(tags or {})}, description=said, reason=reason
    )


def copy_version(target: Tracker, uri: str, name: str, reason: str = "") -> ModelVersion:
    """Register a version, given by its address, under another model. Raises as `copied` does."""
    place = addresses.place_of(target, uri)
    if not isinstance(place, OfVersion) or place.path:
        raise InvalidValue(f"{uri!r} is no version of a registered model.", "Such as models:/name/3.")
    return get_version(target, name, copied(target, place, name, reason=reason).version)


def get_version(target: Tracker, name: str, version: Any) -> ModelVersion:
    """A version by its number. Raises NotFound, InvalidValue."""
    from runfolio.store.registry import reading

    return version_of(reading.get_version(target.opened_store(), name, version_number(version)))


def version_by_alias(target: Tracker, name: str, named: str) -> ModelVersion:
    """The version that has an alias. Raises NotFound, InvalidValue."""
    from runfolio.store.registry import reading

    return version_of(reading.find_version(target.opened_store(), name, f"@{alias(named)}"))


def tag_version(
    target: Tracker, name: str, version: Any, stage: str | None, key: str | None, value: str | None
) -> None:
    """Set a tag of a version, given by its number or its stage, or remove it with None. Raises NotFound."""
    from runfolio.store.registry import versions

    if (version is None) == (stage is None):
        raise InvalidValue("Give either the version, or the stage whose newest version is meant.")
    if key is None:
        raise InvalidValue("A tag needs a key.")
    store = target.opened_store()
    number = version_number(version) if stage is None else in_stage(store, name, stage)
    versions.tag_version(store, name, number, key, value)


def in_stage(store: Store, name: str, stage: str) -> int:
    """The newest version that is in a stage. Raises NotFound: none is. InvalidValue: there is no such stage."""
    from runfolio.store.registry import policies, reading

    wanted = policies.policy_of(store, name).stage(stage)
    if (found := reading.get_model(store, name).holders.get(wanted)) is None:
        raise NotFound(f"No version of {name} is in {wanted}.")
    return found


def move(
    target: Tracker, name: str, version: Any, stage: str, archive: bool | None, reason: str, signed_off_by: str
) -> ModelVersion:
    """Move a version to a stage; `store.registry.transitions.transition` says what it takes and raises."""
    from runfolio.store.registry import transitions

    number = version_number(version)
    options: dict[str, Any] = {"archive": archive, "reason": reason, "signed_off_by": signed_off_by}
    transitions.transition(target.opened_store(), name, number, stage, **options)
    return get_version(target, name, number)


def roll_back(target: Tracker, name: str, stage: str, reason: str) -> ModelVersion:
    """Move back to a stage who was there before. Raises NotFound, InvalidValue."""
    from runfolio.store.registry import transitions

    store = target.opened_store()
    transitions.rollback(store, name, stage, reason)
    return get_version(target, name, in_stage(store, name, stage))


def download_uri(target: Tracker, name: str, version: Any) -> str:
    """The folder of a version. Raises NotFound."""
    from runfolio.store.registry import reading

    found = get_version(target, name, version)
    return str(reading.folder_of(target.opened_store(), name, found.version))
