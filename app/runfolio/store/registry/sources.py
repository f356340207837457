"""The files of runs that registered versions come from.

A version has files of its own, so that nothing which is deleted of a run harms it. But what tells a user what could go,
or what rules let go, leaves its origin alone: it takes no room that deleting it would give back.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from runfolio.store.registry.reading import IN_USE
from runfolio.store.registry.tables import model_versions

#: Of runs by their public ids: files, and folders with all that is in them; "" is all of a run.
Sources = Mapping[str, frozenset[str]]


def registered_sources(connection: Connection) -> Sources:
    """What versions in use were registered from."""
    query = select(model_versions.c.run_uuid, model_versions.c.source).where(model_versions.c.run_uuid != "", IN_USE)
    found: dict[str, set[str]] = {}
    for run, source in connection.execute(query):
        address = f"runs:/{run}"
        if source.startswith(address):  # else it was copied from another version
            found.setdefault(run, set()).add(source.removeprefix(address).strip("/"))
    return {run: frozenset(paths) for run, paths in found.items()}


def is_source(sources: Sources, run: str, path: str) -> bool:
    """Whether a version comes from a file of a run, or from a folder that it is in, or from one in it."""
    return any(
        path == one or not one or path.startswith(f"{one}/") or one.startswith(f"{path}/")
        for one in sources.get(run, ())
    )
