"""Looks whether the data that a run read are there still, and the same."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from runfolio.core.digests import LENGTH, digest_of_files, file_digest, parquet_files
from runfolio.core.entities import DatasetInput, Run
from runfolio.projects.reproducing.finding import Found, is_in_commit
from runfolio.projects.reproducing.given import Given
from runfolio.projects.reproducing.plan import Code, Data, Problem
from runfolio.store.datasets import inputs_of

_OURS = re.compile(rf"[0-9a-f]{{{LENGTH}}}")


def data_of(given: Given, code: Code, found: Found | None, folder: str) -> tuple[list[Data], list[Problem]]:
    """Files that the run read below its repository's top and that are not in its commit, and what is wrong.

    Args:
        folder: that paths are relative to; "" if it is not known.
    """
    data: list[Data] = []
    problems: list[Problem] = []
    for one in inputs_of(given.store, given.run.id):
        path = _path(one, folder)
        if path is None:
            continue
        told = _wrong(one, path, given.run)
        if told:
            problems.append(Problem(told))
        elif found is not None and code.top is not None and path.is_file():
            data += _beside(one, path.resolve(), code.top.resolve(), code, found)
    return data, problems


def _beside(one: DatasetInput, path: Path, top: Path, code: Code, found: Found) -> list[Data]:
    """The file, if it is below the top and not in the commit."""
    if not path.is_relative_to(top):
        return []
    inside = path.relative_to(top).as_posix()
    digest = one.dataset.digest if _is_of_file(one) else ""
    return [] if is_in_commit(found, code.commit, inside) else [Data(path, inside, digest)]


def _path(one: DatasetInput, folder: str) -> Path | None:
    """The file or folder that a dataset was read from; None where it was none of this machine."""
    if one.dataset.source_type != "local":
        return None
    try:
        uri = json.loads(one.dataset.source).get("uri")
    except (ValueError, AttributeError):
        return None
    if not isinstance(uri, str) or not uri:
        return None
    path = Path(unquote(urlsplit(uri).path) if uri.startswith("file:") else uri)
    return Path(folder, path) if folder or path.is_absolute() else None


def _wrong(one: DatasetInput, path: Path, run: Run) -> str:
    """Why a dataset is not what it was, in a sentence; "" if nothing tells against it."""
    name = one.dataset.name
    named = f"The dataset {name!r}" + (f" ({path})" if path.name != name else f" in {path.parent}")
    try:
        if not path.exists():
            return f"{named} is gone."
        if _is_of_file(one):
            digest = file_digest(path) if path.is_file() else digest_of_files(parquet_files(path))
            return "" if digest == one.dataset.digest else f"{named} is another one: its digest is {digest} now."
        changed = path.stat().st_mtime
    except OSError as error:
        return f"{named} cannot be read: {error.strerror}."
    # The digest is of what was made of it, which nobody can compute from the file alone.
    if changed * 1000 > (run.end_time or run.last_seen):
        return f"{named} was written to after the run, on {datetime.fromtimestamp(changed):%Y-%m-%d %H:%M}."
    return ""


def _is_of_file(one: DatasetInput) -> bool:
    """Whether the digest is one of ours, and of the bytes of a file: only those tell how many bytes these have."""
    try:
        profile = json.loads(one.dataset.profile or "{}")
    except ValueError:
        return False
    return isinstance(profile, dict) and "num_bytes" in profile and bool(_OURS.fullmatch(one.dataset.digest))
