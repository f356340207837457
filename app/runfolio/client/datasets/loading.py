"""Fetching the data that a source names: files of this machine, and of web servers."""

from __future__ import annotations

import http.client
import os
import shutil
import tempfile
import urllib.error
import urllib.request
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlparse

from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound

if TYPE_CHECKING:
    from runfolio.client.datasets.source import Source

#: What a server may take to answer; seconds.
TIMEOUT = 30.0


def load(source: Source, dst_path: str | os.PathLike[str] | None = None) -> str:
    """As `Source.load` says."""
    if source.kind == "local" and source.uri:
        return _copied(_path(source.uri), dst_path)
    if source.kind == "http" and urlparse(source.uri or "").scheme in ("http", "https"):
        return _fetched(source.uri or "", _folder(dst_path))
    raise InvalidValue(
        f"Data of the kind {source.kind!r} cannot be fetched from here.",
        f"Its source is {source.to_json():.200}.",
    )


def _path(uri: str) -> Path:
    path = Path(unquote(urlparse(uri).path) if uri.startswith("file:") else uri)
    if not path.exists():
        raise NotFound(f"There is no file {uri!r}.")
    return path


def _copied(path: Path, dst_path: str | os.PathLike[str] | None) -> str:
    if dst_path is None:
        return str(path)
    target = _folder(dst_path) / path.name
    if path.is_dir():
        shutil.copytree(path, target, dirs_exist_ok=True, symlinks=True)
    elif not (target.exists() and target.samefile(path)):
        shutil.copyfile(path, target)
    return str(target)


def _fetched(url: str, folder: Path) -> str:
    name = PurePosixPath(unquote(urlparse(url).path)).name.replace("\\", "_")
    target = folder / (name if name not in ("", ".", "..") else "data")
    try:
        # Only http and https come here, and only they are followed.
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer, target.open("wb") as file:
            shutil.copyfileobj(answer, file, 1 << 20)
            if answer.length:  # what is still to come of the length that was told
                raise OSError("the answer broke off")
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        target.unlink(missing_ok=True)
        raise EnvironmentProblem(f"{url} cannot be fetched: {error}.") from error
    return str(target)


def _folder(dst_path: str | os.PathLike[str] | None) -> Path:
    folder = Path(dst_path) if dst_path is not None else Path(tempfile.mkdtemp(prefix="runfolio-"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
