"""Files of runs and of registered models by their addresses (`addresses.py`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runfolio.client import addresses, reading
from runfolio.client.addresses import OfRun, OfVersion, Place
from runfolio.client.destination import current_tracker, folder_or_none
from runfolio.client.entities import FileInfo
from runfolio.client.tracker import Tracker, tracker
from runfolio.core import rules
from runfolio.core.errors import InvalidValue, NotFound

if TYPE_CHECKING:
    from runfolio.core.entities import Artifact
    from runfolio.core.registry.records import VersionFile

#: Of a file that is read as a whole; bytes.
MAX_READ = 1 << 30


def download_artifacts(
    artifact_uri: str | None = None,
    run_id: str | None = None,
    artifact_path: str | None = None,
    dst_path: str | None = None,
    tracking_uri: str | None = None,
    registry_uri: str | None = None,
) -> str:
    """Where a file or folder is on disk; with `dst_path`, a copy of it in that folder.

    MLflow's `registry_uri` is taken and not used.

    Raises:
        NotFound: there is no such run or file.
        InvalidValue: neither an address nor a run is given, or the address leads out of the run's folder.
    """
    uri = _address(artifact_uri, run_id, artifact_path)
    return fetch(_tracker(tracking_uri), uri, dst_path)


def list_artifacts(
    artifact_uri: str | None = None,
    run_id: str | None = None,
    artifact_path: str | None = None,
    tracking_uri: str | None = None,
) -> list[FileInfo]:
    """The files and folders directly in a folder of a run or of a model. Raises as `download_artifacts` does."""
    target, uri = _tracker(tracking_uri), _address(artifact_uri, run_id, artifact_path)
    if uri.startswith("models:"):
        place = addresses.place_of(target, uri)
        if isinstance(place, OfVersion):
            return reading.directly_in(((one.path, one.size) for one in _of_version(target, place)), place.path)
        uri = f"runs:/{place.run_id}/{place.path}" if isinstance(place, OfRun) else uri
    of = addresses.of_run(uri)
    return reading.files_of(target, of.run_id, of.path or None)


def load_text(artifact_uri: str) -> str:
    """The text of a file in UTF-8. Raises as `download_artifacts` does."""
    try:
        return _content(artifact_uri).decode()
    except UnicodeDecodeError as error:
        raise InvalidValue(f"{artifact_uri!r} is not a text in UTF-8: {error}.") from error


def load_dict(artifact_uri: str) -> Any:
    """What a JSON file holds. Raises as `download_artifacts` does."""
    try:
        return json.loads(load_text(artifact_uri))
    except (ValueError, RecursionError) as error:
        raise InvalidValue(f"{artifact_uri!r} is not JSON: {error}.") from error


def load_image(artifact_uri: str) -> Any:
    """An image file as a PIL image. Raises as `download_artifacts` does."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(located(current_tracker(), artifact_uri)) as image:
            image.load()
            return image
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as error:
        raise InvalidValue(f"{artifact_uri!r} is not an image: {error}.") from error


def fetch(target: Tracker, uri: str | Path, dst_path: str | None = None) -> str:
    """Where a file or folder is, or a copy of it below `dst_path`, which is made if it is missing.

    A copy of a run's files is compared with what was logged, one of a version's with what was registered.

    Raises:
        EnvironmentProblem: it cannot be written, or is not what it was.
    """
    from runfolio.client.copying_out import copy_out

    place = addresses.place_of(target, uri)
    found = _found(target, place, uri)
    if dst_path is None:
        return str(found)
    whole = not isinstance(place, Path) and not place.path
    copy = Path(dst_path) / ("" if whole else found.name)
    copy_out(found, copy, _known(target, place))
    return str(copy)


def _known(target: Tracker, place: Place) -> dict[str, Artifact]:
    """What the store knows of a file, or of those below a folder, each by its path from there on."""
    if isinstance(place, Path):
        return {}
    if isinstance(place, OfVersion):
        from runfolio.store.registry.known import known_files

        return known_files(_of_version(target, place), place.path)
    from runfolio.store import artifacts

    store, number, path = target.opened_store(), reading.number_of_run(target, place.run_id), place.path
    if (one := artifacts.find_artifact(store, number, path)) is not None:
        return {"": one}
    inside = f"{path}/" if path else ""
    return {one.path.removeprefix(inside): one for one in artifacts.stored_artifacts(store, number, path)}


def _of_version(target: Tracker, place: OfVersion) -> list[VersionFile]:
    from runfolio.store.registry.reading import files_of, get_version

    store = target.opened_store()
    return files_of(store, get_version(store, place.name, place.version).id)


def located(target: Tracker, uri: str | Path) -> Path:
    """The file or folder that an address names. Raises NotFound, InvalidValue."""
    return _found(target, addresses.place_of(target, uri), uri)


def _found(target: Tracker, place: Place, uri: str | Path) -> Path:
    found = addresses.folder_of(target, place)
    if not addresses.is_there(found):
        raise NotFound(f"There is no file {rules.shorten(str(uri))}.")
    return found


def _tracker(uri: str | None) -> Tracker:
    folder = folder_or_none(uri) if uri else None
    return current_tracker() if folder is None else tracker(folder)


def _address(uri: str | None, run_id: str | None, path: str | None) -> str:
    if (uri is None) == (run_id is None):
        raise InvalidValue("Give either the address of an artifact, or the id of its run.")
    if uri is None:
        return f"runs:/{run_id}/{path or ''}"
    return uri if path is None else f"{uri.rstrip('/')}/{path}"


def _content(uri: str) -> bytes:
    file = located(current_tracker(), uri)
    if not file.is_file():
        raise NotFound(f"{uri!r} is a folder.")
    if file.stat().st_size > MAX_READ:
        raise InvalidValue(f"{uri!r} is too large to be read at once.", "Ask download_artifacts for its path.")
    return file.read_bytes()
