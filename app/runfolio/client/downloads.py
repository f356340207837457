"""Files of runs by their addresses: `runs:/<run>/<path>`, a path, or a `file:` URI."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse
from urllib.request import url2pathname

from runfolio.client import reading
from runfolio.client.destination import current_tracker, folder_or_none
from runfolio.client.entities import FileInfo
from runfolio.client.tracker import Tracker, tracker
from runfolio.core import rules
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.folder import ARTIFACTS
from runfolio.core.paths import stored_path

if TYPE_CHECKING:
    from runfolio.core.entities import Artifact

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
    """The files and folders directly in a folder of a run. Raises as `download_artifacts` does."""
    target = _tracker(tracking_uri)
    run, path = _parts(_address(artifact_uri, run_id, artifact_path))
    return reading.files_of(target, run, path or None)


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


def fetch(target: Tracker, uri: str, dst_path: str | None = None) -> str:
    """Where a file or folder is, or a copy of it below `dst_path`, which is made if it is missing.

    A copy of a run's files is compared with what was logged.

    Raises:
        EnvironmentProblem: it cannot be written, or is not what was logged.
    """
    from runfolio.client.copying_out import copy_out

    found = located(target, uri)
    if dst_path is None:
        return str(found)
    run, path = _parts(uri) if uri.startswith("runs:") else ("", found.name)
    copy = Path(dst_path) / (found.name if path else "")
    copy_out(found, copy, _known(target, run, path) if run else {})
    return str(copy)


def _known(target: Tracker, run: str, path: str) -> dict[str, Artifact]:
    """What the store knows of a file, or of those below a folder, each by its path from there on."""
    from runfolio.store import artifacts

    store, number = target.opened_store(), reading.number_of_run(target, run)
    if (one := artifacts.find_artifact(store, number, path)) is not None:
        return {"": one}
    inside = f"{path}/" if path else ""
    return {one.path.removeprefix(inside): one for one in artifacts.stored_artifacts(store, number, path)}


def located(target: Tracker, uri: str) -> Path:
    """The file or folder that an address names. Raises NotFound, InvalidValue."""
    if not isinstance(uri, (str, Path)) or not str(uri):
        raise InvalidValue(f"The address of a file is a text, not {uri!r}.", "Use runs:/<run id>/<path> or a path.")
    uri = str(uri)
    if uri.startswith("runs:"):
        run, path = _parts(uri)
        reading.number_of_run(target, run)
        root = target.folder / ARTIFACTS / run
        found = root / path if path else root
        if not found.resolve().is_relative_to(root.resolve()):
            raise NotFound(f"{uri!r} leads out of the run's folder.")
    else:
        found = _local(uri)
    if not _is_there(found):
        raise NotFound(f"There is no file {rules.shorten(uri)}.")
    return found


def _local(uri: str) -> Path:
    """The path that an address is, or stands for. Raises InvalidValue."""
    scheme, colon, rest = uri.partition(":")
    if not colon or len(scheme) < 2 or _is_there(Path(uri)):  # a single letter is a drive
        return Path(uri)
    if scheme == "models":
        raise InvalidValue(
            f"{uri!r} names a registered model, and there is no registry yet.", "Use runs:/<run id>/<path>."
        )
    if scheme != "file":
        raise InvalidValue(f"{uri!r} is not an address of files here.", "Use runs:/<run id>/<path> or a path.")
    if (host := urlparse(uri).netloc) not in ("", "localhost"):
        raise InvalidValue(f"{uri!r} is on another machine, {host}.", "Give its path, as it is mounted here.")
    return Path(url2pathname(urlparse(uri).path or rest))


def _tracker(uri: str | None) -> Tracker:
    folder = folder_or_none(uri) if uri else None
    return current_tracker() if folder is None else tracker(folder)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _address(uri: str | None, run_id: str | None, path: str | None) -> str:
    if (uri is None) == (run_id is None):
        raise InvalidValue("Give either the address of an artifact, or the id of its run.")
    if uri is None:
        return f"runs:/{run_id}/{path or ''}"
    return uri if path is None else f"{uri.rstrip('/')}/{path}"


def _parts(uri: str) -> tuple[str, str]:
    """The run and the path of a `runs:` address. Raises InvalidValue."""
    if not uri.startswith("runs:"):
        raise InvalidValue(f"{uri!r} does not name a run.", "Use runs:/<run id>/<path>.")
    run, _, path = uri.removeprefix("runs:").lstrip("/").partition("/")
    path = path.strip("/")
    if not run:
        raise InvalidValue(f"{uri!r} does not name a run.", "Use runs:/<run id>/<path>.")
    return run, stored_path(path) if path else ""


def _content(uri: str) -> bytes:
    file = located(current_tracker(), uri)
    if not file.is_file():
        raise NotFound(f"{uri!r} is a folder.")
    if file.stat().st_size > MAX_READ:
        raise InvalidValue(f"{uri!r} is too large to be read at once.", "Ask download_artifacts for its path.")
    return file.read_bytes()
