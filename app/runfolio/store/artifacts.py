"""The files of runs: plain files under `artifacts/<run id>/`, with a row for each."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from runfolio.core.captured import console_pieces, is_console
from runfolio.core.collecting import without_collections
from runfolio.core.entities import Artifact
from runfolio.core.errors import NotFound
from runfolio.core.folder import ARTIFACTS
from runfolio.core.media_types import media_type
from runfolio.core.paths import stored_path
from runfolio.store.batches import raw_rows
from runfolio.store.connection import Store
from runfolio.store.schema import artifacts, runs

KNOWN = artifacts.c.path, artifacts.c.size, artifacts.c.time, artifacts.c.sha256, artifacts.c.media_type


def list_artifacts(store: Store, run: int, folder: str = "", most: int | None = None) -> list[Artifact]:
    """The files of a run, or those below a folder of it, by path; the first ones, if no more than `most` are wanted.

    The size of what it prints is told when it ends, and until then is what there is.
    """
    return [
        one._replace(size=_printed(store, run, one.path)) if not one.size and is_console(one.path) else one
        for one in stored_artifacts(store, run, folder, most)
    ]


def stored_artifacts(store: Store, run: int, folder: str = "", most: int | None = None) -> list[Artifact]:
    """The files of a run as the tables have them; what is printed to just now has no size there."""
    query = select(*KNOWN).where(artifacts.c.run_id == run).order_by(artifacts.c.path).limit(most)
    if folder:  # what begins with "folder/" lies between that and "folder0", the next character, and so in the index
        query = query.where(artifacts.c.path > f"{folder}/", artifacts.c.path < f"{folder}0")
    with without_collections(), store.reading() as connection:
        return [_artifact(*row) for row in raw_rows(connection, query)]


def find_artifact(store: Store, run: int, path: str) -> Artifact | None:
    """What the store knows of one file of a run; None if it knows none of that name."""
    query = select(*KNOWN).where(artifacts.c.run_id == run, artifacts.c.path == path)
    with store.reading() as connection:
        return next((_artifact(*row) for row in raw_rows(connection, query)), None)


def _artifact(path: str, size: int, time: int, sha256: str | None, kind: str | None) -> Artifact:
    return Artifact(path, size, time, sha256 or "", kind or media_type(path))


def _printed(store: Store, run: int, path: str) -> int:
    """How many bytes have been printed by now."""
    try:
        pieces = console_pieces(artifact_file(store, run, path))
    except NotFound:
        return 0
    return sum(_size(piece) for piece in pieces)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # the pieces become one just now
        return 0


def artifact_file(store: Store, run: int, path: str) -> Path:
    """The file of an artifact.

    Raises:
        InvalidValue: the name would leave the run's folder.
        NotFound: no such run or file, or a link leads out of the run's folder.
    """
    with store.reading() as connection:
        run_id = connection.execute(select(runs.c.run_uuid).where(runs.c.id == run)).scalar()
    if run_id is None:
        raise NotFound(f"There is no run {run}.")
    root: Path = (store.path / ARTIFACTS / run_id).resolve()
    file = root / stored_path(path)
    if not _is_file_in(root, file):
        raise NotFound(f"The run has no file {path!r}.", "It may have been deleted outside Runfolio.")
    return file.resolve()


def _is_file_in(root: Path, file: Path) -> bool:
    """Whether a file is there, wherever its links lead within the root."""
    try:
        return file.resolve().is_relative_to(root) and file.is_file()
    except (OSError, RuntimeError):  # a loop of links, or a name too long for this disk
        return False
