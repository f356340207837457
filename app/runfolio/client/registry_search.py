"""Registered models and versions that a filter lets pass, page by page."""

from __future__ import annotations

from collections.abc import Sequence

from runfolio.client import registry
from runfolio.client.paging import PagedList, paged
from runfolio.client.registry_entities import ModelVersion, RegisteredModel, version_of
from runfolio.client.tracker import Tracker
from runfolio.core.errors import NotFound
from runfolio.core.filter import MODEL_VERSIONS, parse_filter
from runfolio.core.registry import records
from runfolio.core.registry.search import MODELS, VERSIONS, name_in


def models(
    target: Tracker, filter: str | None, order_by: Sequence[str] | None, size: int, token: str | None = None
) -> PagedList[RegisteredModel]:
    """A page of registered models in use. Raises FilterError, InvalidValue."""
    from runfolio.store.registry import reading

    store = target.opened_store()
    found = MODELS.found(reading.list_models(store), filter, order_by)
    page = paged(lambda limit, offset: found[offset : offset + limit], size, token)
    return PagedList(registry.shaped_models(store, page), page.token)


def versions(
    target: Tracker, filter: str | None, order_by: Sequence[str] | None, size: int, token: str | None = None
) -> PagedList[ModelVersion]:
    """A page of versions in use. Raises FilterError, InvalidValue."""
    found = VERSIONS.found(_candidates(target, filter), filter, order_by)
    page = paged(lambda limit, offset: found[offset : offset + limit], size, token)
    return PagedList(map(version_of, page), page.token)


def _candidates(target: Tracker, filter: str | None) -> list[records.ModelVersion]:
    """All versions, or those of the model that a filter names. Raises FilterError."""
    from runfolio.store.registry import reading

    name, store = name_in(parse_filter(filter, MODEL_VERSIONS)), target.opened_store()
    if name is None:
        return reading.all_versions(store)
    try:
        return reading.list_versions(store, name)
    except NotFound:
        return []
