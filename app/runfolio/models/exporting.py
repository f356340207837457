"""A model's files taken out of the store: into a folder, or into a zip archive."""

from __future__ import annotations

import logging
import os
import stat
import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from runfolio.core.entities import Artifact
from runfolio.core.errors import StoreError
from runfolio.core.folder import ARTIFACTS, DATABASE, REGISTRY
from runfolio.core.printable import Progress, quietly
from runfolio.core.walking import walk_files
from runfolio.models.safety.hashing import CHECKED
from runfolio.store import Store, open_store
from runfolio.store.artifacts import stored_artifacts
from runfolio.store.copying_out import check_file, copy_file
from runfolio.store.files import whole_folder, write_whole
from runfolio.store.registry.known import known_at
from runfolio.store.runs import find_run
from runfolio.store.verify import Verdict

log = logging.getLogger("runfolio")


def export(folder: Path, target: Path, progress: Progress = quietly) -> int:
    """Copy a model into a folder that is not there yet, or into a `.zip` archive; the bytes of its files.

    What is in a store is compared with what was logged or registered; a warning tells of files that were changed since.

    Raises:
        AlreadyExists: there is something in the folder.
        EnvironmentProblem, OSError: the disk, or a file is damaged.
    """
    found = [(path, about) for path, about in walk_files(folder) if _belongs(path, folder, about)]
    files, total = [path for path, _ in found], sum(about.st_size for _, about in found)
    known = {folder / name: one for name, one in _logged(folder).items()}
    if target.suffix.lower() == ".zip":
        write_whole(target, lambda place: _zip(folder, files, known, place, progress, total))
        return total
    with whole_folder(target) as part:
        done = 0
        for path in files:
            place = part / path.relative_to(folder)
            _warn(path, copy_file(path, place, known.get(path), partial(_tell, progress, done, total)))
            done += path.stat().st_size
            progress(done, total)
    return total


def _tell(progress: Progress, before: int, total: int, done: int) -> None:
    progress(min(before + done, total), total)


def _belongs(path: Path, folder: Path, about: os.stat_result) -> bool:
    return stat.S_ISREG(about.st_mode) and path != folder / CHECKED and "__pycache__" not in path.parts


def _logged(folder: Path) -> dict[str, Artifact]:
    """What was logged or registered below a folder, by names in it; nothing of a folder that is in no store."""
    for above in folder.resolve().parents:
        if above.name in (ARTIFACTS, REGISTRY) and (above.parent / DATABASE).is_file():
            try:
                store = open_store(above.parent, create=False, read_only=True)
                try:
                    return known_at(store, folder) if above.name == REGISTRY else _of_run(store, folder, above)
                finally:
                    store.close()
            except StoreError as error:
                log.warning("The files of the model could not be compared with what was logged: %s", error)
                return {}
    return {}


def _of_run(store: Store, folder: Path, artifacts: Path) -> dict[str, Artifact]:
    run, _, path = folder.resolve().relative_to(artifacts).as_posix().partition("/")
    number = find_run(store, run)
    listed = [] if number is None else stored_artifacts(store, number, path)
    return {one.path.removeprefix(f"{path}/"): one for one in listed}


def _warn(path: Path, verdict: Verdict) -> None:
    if verdict is Verdict.CHANGED:
        log.warning("%s was changed after it was logged.", path)


def _zip(
    folder: Path, files: list[Path], known: Mapping[Path, Artifact], place: Path, progress: Progress, total: int
) -> None:
    done = 0
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False) as archive:
        for path in files:
            _warn(path, check_file(path, known.get(path)))
            archive.write(path, path.relative_to(folder).as_posix())
            done += path.stat().st_size
            progress(done, total)
