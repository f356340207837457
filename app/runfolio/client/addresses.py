"""What an address names: files of a run, of a model that was logged, of a registered version, or any on the disk.

    runs:/<run>/<path>   models:/m-<id>   models:/<name>/3   models:/<name>/Production   models:/<name>/latest
    models:/<name>@<alias>   a path   file:/...

After a model's address, a path of a file in it may follow. A stage is found whatever its case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlparse
from urllib.request import url2pathname

from runfolio.client import reading
from runfolio.client.tracker import Tracker
from runfolio.core import rules
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.folder import ARTIFACTS
from runfolio.core.model_history import HISTORY, entries
from runfolio.core.paths import stored_path

if TYPE_CHECKING:
    from runfolio.store import Store

_MODEL_ID = re.compile(r"m-[0-9a-f]{32}\Z")
_OF_MODELS = "Such as models:/name/3, models:/name/Production, models:/name/latest or models:/name@alias."
_OF_RUNS = "Use runs:/<run id>/<path>."


@dataclass(frozen=True, slots=True)
class OfRun:
    """A file or a folder of a run; all of them if `path` is empty."""

    run_id: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class OfVersion:
    """A version of a registered model, or a file or a folder of it."""

    name: str
    version: int
    path: str = ""

    @property
    def uri(self) -> str:
        """The version's own address, which means the same for ever."""
        return f"models:/{self.name}/{self.version}"


Place: TypeAlias = OfRun | OfVersion | Path


def place_of(target: Tracker, uri: str | Path) -> Place:
    """What an address names in a store.

    Raises:
        InvalidValue: it is no address.
        NotFound: there is no such model or version. Whether there is a file is not looked at.
    """
    if not isinstance(uri, (str, Path)) or not str(uri):
        raise InvalidValue(f"The address of a file is a text, not {uri!r}.", "Use runs:/<run id>/<path> or a path.")
    address = str(uri)
    if address.startswith("runs:"):
        return of_run(address)
    if address.startswith("models:") and not is_there(Path(address)):
        return _of_model(target, address)
    return _local(address)


def folder_of(target: Tracker, place: Place) -> Path:
    """Where that is on disk, be it there or not.

    Raises:
        NotFound: there is no such run or version, or a path leads out of its folder.
        EnvironmentProblem: the files of a version are not as long as they were.
    """
    if isinstance(place, Path):
        return place
    if isinstance(place, OfRun):
        reading.number_of_run(target, place.run_id)
        root, what = target.folder / ARTIFACTS / place.run_id, "the run's folder"
    else:
        from runfolio.store.registry import reading as registry
        from runfolio.store.registry.known import check_sizes

        store = target.opened_store()
        root, what = registry.folder_of(store, place.name, place.version), "the version's folder"
        files = registry.files_of(store, registry.get_version(store, place.name, place.version).id)
        check_sizes(root, files, f"{place.name} v{place.version}")
    found = root / place.path if place.path else root
    if not found.resolve().is_relative_to(root.resolve()):
        raise NotFound(f"{place.path!r} leads out of {what}.")
    return found


def of_run(uri: str) -> OfRun:
    """The run and the path of a `runs:` address. Raises InvalidValue."""
    run, _, path = uri.removeprefix("runs:").lstrip("/").partition("/")
    if not uri.startswith("runs:") or not run:
        raise InvalidValue(f"{uri!r} does not name a run.", _OF_RUNS)
    return OfRun(run, _checked(path))


def _of_model(target: Tracker, uri: str) -> OfRun | OfVersion:
    name, _, rest = uri.removeprefix("models:").lstrip("/").partition("/")
    if not name:
        raise InvalidValue(f"{rules.shorten(uri)} names no model.", _OF_MODELS)
    if _MODEL_ID.match(name):
        logged = _logged_model(target, name)
        return OfRun(logged.run_id, _checked(f"{logged.path}/{rest}"))
    from runfolio.store.registry import reading as registry

    store = target.opened_store()
    which, _, path = rest.partition("/")
    named, at, alias = name.rpartition("@")
    # A name may have an @ itself.
    if at and named and not (which and _is_registered(store, name)):
        name, which, path = named, f"@{alias}", rest
    if not which:
        raise InvalidValue(f"{rules.shorten(uri)} does not say which version of {name} it names.", _OF_MODELS)
    return OfVersion(name, registry.find_version(store, name, which).version, _checked(path))


def _is_registered(store: Store, name: str) -> bool:
    from runfolio.store.registry import reading as registry

    try:
        registry.get_model(store, name)
    except NotFound:
        return False
    return True


def _logged_model(target: Tracker, identity: str) -> OfRun:
    """Where a model was logged, by its id. Raises NotFound."""
    wanted = f"tags.`{HISTORY}` LIKE '%{identity}%'"
    for run in reading.runs_by_number(target, reading.find_runs(target, filter=wanted)):
        for one in entries(run.data.tags.get(HISTORY)):
            if "artifact_path" in one and identity in (one.get("model_uuid"), one.get("model_id")):
                return OfRun(run.info.run_id, str(one["artifact_path"]))
    raise NotFound(f"There is no model {identity!r} in {target.folder}.")


def _local(uri: str) -> Path:
    """The path that an address is, or stands for. Raises InvalidValue."""
    scheme, colon, rest = uri.partition(":")
    if not colon or len(scheme) < 2 or is_there(Path(uri)):  # a single letter is a drive
        return Path(uri)
    if scheme != "file":
        raise InvalidValue(f"{uri!r} is not an address of files here.", "Use runs:/<run id>/<path> or a path.")
    if (host := urlparse(uri).netloc) not in ("", "localhost"):
        raise InvalidValue(f"{uri!r} is on another machine, {host}.", "Give its path, as it is mounted here.")
    return Path(url2pathname(urlparse(uri).path or rest))


def is_there(path: Path) -> bool:
    """Whether there is something; not, if no file can have the name."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _checked(path: str) -> str:
    path = path.strip("/")
    return stored_path(path) if path else ""
