"""What is to be registered, by its address: a model of a run, another version, or files from anywhere on the disk."""

from __future__ import annotations

from pathlib import Path

from runfolio.client import addresses, reading
from runfolio.client.addresses import OfRun, OfVersion
from runfolio.client.tracker import Tracker
from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.folder import ARTIFACTS
from runfolio.store.registry import reading as registry
from runfolio.store.registry.registering import Source, of_run


def source_of(target: Tracker, uri: str | Path, run_id: str | None = None, run_link: str | None = None) -> Source:
    """What an address names. A path within the store's own folder of artifacts is taken as what it is of a run.

    Args:
        run_id: the run that the files are from, where the address does not say it.

    Raises:
        InvalidValue: it is no address, or the files are of another run.
        NotFound: there is no such run, model or version.
        RunStateError: the run is in the trash.
    """
    place = addresses.place_of(target, uri)
    if isinstance(place, Path):
        place = _in_a_run(target, place) or place
    source = _source(target, place, str(uri))
    run = rules.run_id(run_id) if run_id else source.run_id
    if run and run != source.run_id:
        reading.number_of_run(target, run)
        if source.run_id:
            raise InvalidValue(f"{uri} is of the run {source.run_id}, not of {run}.", "Leave the run out.")
    return Source(source.folder, source.address, run, rules.text(run_link or ""), source.digest)


def _source(target: Tracker, place: addresses.Place, uri: str) -> Source:
    store = target.opened_store()
    if isinstance(place, OfRun):
        return of_run(store, place.run_id, place.path)
    if isinstance(place, OfVersion):
        found = registry.get_version(store, place.name, place.version)
        folder = addresses.folder_of(target, place)
        if place.path:
            return Source(folder, f"{place.uri}/{place.path}", found.run_id)
        return Source(folder, place.uri, found.run_id, digest=found.digest)
    return Source(place.absolute(), uri)


def _in_a_run(target: Tracker, path: Path) -> OfRun | None:
    """What a path is of a run; MLflow's scripts give such, made of a run's `artifact_uri`."""
    try:
        parts = path.resolve().relative_to((target.folder / ARTIFACTS).resolve()).parts
    except (OSError, ValueError):
        return None
    return OfRun(parts[0], "/".join(parts[1:])) if parts else None
