"""Reports about runs, kept as files of one of them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sqlalchemy import delete, insert, select, update

from runfolio.core.captured import REPORTS
from runfolio.core.clock import now_ms
from runfolio.core.errors import EnvironmentProblem, NotFound
from runfolio.core.folder import ARTIFACTS
from runfolio.core.paths import artifact_path
from runfolio.store.connection import Store
from runfolio.store.operations import Outcome, moved_on
from runfolio.store.schema import artifacts, runs
from runfolio.store.take_events import artifact_row


def save_report(store: Store, run: int, name: str, files: Mapping[str, bytes]) -> Outcome:
    """Keep a report's files in the folder `runfolio/reports/<name>` of a run; of a name that is taken, in another.

    Raises:
        NotFound: there is no such run.
        EnvironmentProblem: the files cannot be written.
    """
    run_id, called = _run(store, run)
    folder = _free(store.path / ARTIFACTS / run_id / REPORTS, name)
    place = f"{REPORTS}/{folder.name}"
    paths = {file: artifact_path(f"{place}/{file}") for file in files}
    _write(folder, files)
    rows = [artifact_row(run, _told(paths[file], data)) for file, data in files.items()]
    try:
        with store.writing() as transaction:
            transaction.connection.execute(insert(artifacts), rows)
            transaction.connection.execute(update(runs).where(runs.c.id == run).values(revision=transaction.revision))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    done = f"Saved the report in the files of {called}: {place}"
    return Outcome(done, lambda s: _remove_report(s, run, folder.name, files))


def _told(path: str, data: bytes) -> dict[str, object]:
    return {"path": path, "size": len(data), "time": now_ms(), "sha256": hashlib.sha256(data).hexdigest()}


def _remove_report(store: Store, run: int, name: str, files: Mapping[str, bytes]) -> Outcome:
    run_id, _ = _run(store, run)
    folder = store.path / ARTIFACTS / run_id / REPORTS / name
    if _contents(folder) != dict(files):
        raise moved_on("The report has been changed since.")
    paths = [f"{REPORTS}/{name}/{file}" for file in files]
    with store.writing() as transaction:
        where = artifacts.c.run_id == run, artifacts.c.path.in_(paths)
        transaction.connection.execute(delete(artifacts).where(*where))
        transaction.connection.execute(update(runs).where(runs.c.id == run).values(revision=transaction.revision))
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):  # there are other reports
        folder.parent.rmdir()
    return Outcome("Removed the report", lambda s: save_report(s, run, name, files))


def _contents(folder: Path) -> dict[str, bytes] | None:
    """What is in the files of a folder; None where something else is in it, or cannot be read."""
    try:
        return {file.name: file.read_bytes() for file in folder.iterdir()}
    except OSError:
        return None


def _run(store: Store, run: int) -> tuple[str, str]:
    with store.reading() as connection:
        found = connection.execute(select(runs.c.run_uuid, runs.c.name).where(runs.c.id == run)).one_or_none()
    if found is None:
        raise NotFound(f"There is no run {run}.")
    return found.run_uuid, found.name


def _free(folder: Path, name: str) -> Path:
    """A folder that is not there yet."""
    place, number = folder / name, 1
    while place.exists():
        number += 1
        place = folder / f"{name}-{number}"
    return place


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise EnvironmentProblem(f"The report cannot be written: {error.strerror}.") from error
