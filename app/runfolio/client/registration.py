"""MLflow's fluent functions of the registry: models are registered, found and tagged, without a client."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from runfolio.client import registry, registry_search
from runfolio.client.addresses import OfVersion, place_of
from runfolio.client.destination import current_tracker
from runfolio.client.registry_entities import ModelVersion, RegisteredModel
from runfolio.core import rules

log = logging.getLogger("runfolio")
#: Nobody asks for more at once.
ALL = 1_000_000


def register_model(
    model_uri: str,
    name: str,
    await_registration_for: int | None = 300,
    *,
    tags: Mapping[str, Any] | None = None,
    env_pack: Any = None,
    description: str | None = None,
    reason: str = "",
) -> ModelVersion:
    """Make a model the next version of a registered one, which is made if there is none of the name.

    The version has files of its own: deleting the run never harms it. What a candidate should have and this one has
    not is a warning. MLflow's `await_registration_for` and `env_pack` are taken and not used.

    Args:
        model_uri: `runs:/<run id>/<path>`, `models:/m-<id>`, a version to copy, such as `models:/name/3`, or the path
            of a model's folder.
        tags, description: of the version, not of the model.
        reason: why, for the registry's log.

    Raises:
        InvalidValue: the name breaks a rule, or the files cannot be a version.
        NotFound: there is nothing at that address.
    """
    from runfolio.client.registry_sources import source_of

    target = current_tracker()
    place = place_of(target, model_uri)
    said: dict[str, Any] = {"tags": tags, "description": description, "reason": reason}
    if isinstance(place, OfVersion) and not place.path:
        made = registry.copied(target, place, name, **said)
    else:
        made = registry.register(target, name, source_of(target, model_uri), **said)
    tell(name, made.version, made.advice)
    return registry.get_version(target, name, made.version)


def tell(name: str, version: int, advice: tuple[str, ...]) -> None:
    """Warn of what a new version lacks."""
    if advice:
        log.warning("%s v%s was registered. %s", name, version, " ".join(advice))


def search_registered_models(
    max_results: int | None = None, filter_string: str | None = None, order_by: list[str] | None = None
) -> list[RegisteredModel]:
    """The registered models that a filter lets pass, by name. Raises FilterError."""
    return registry_search.models(current_tracker(), filter_string, order_by, max_results or ALL).to_list()


def search_model_versions(
    max_results: int | None = None, filter_string: str | None = None, order_by: list[str] | None = None
) -> list[ModelVersion]:
    """The versions that a filter lets pass, those changed last first. Raises FilterError."""
    return registry_search.versions(current_tracker(), filter_string, order_by, max_results or ALL).to_list()


def set_model_version_tag(
    name: str, version: str | int | None = None, key: str | None = None, value: Any = None
) -> None:
    """Set a tag of a version. Raises NotFound, InvalidValue."""
    registry.tag_version(current_tracker(), name, version, None, key, rules.tag_value(value))
