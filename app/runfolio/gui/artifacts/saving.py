"""Files of runs, copied to where the user wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from pathlib import Path, PurePosixPath

from runfolio.core.errors import Stopped
from runfolio.gui.jobs import Job
from runfolio.store import Store
from runfolio.store.artifacts import artifact_file, find_artifact
from runfolio.store.copying_out import copy_file
from runfolio.store.verify import Verdict


@dataclass(frozen=True, slots=True)
class Saved:
    """Where copies are, of how many files, and which of these somebody has changed after they were logged."""

    place: Path
    count: int
    changed: tuple[str, ...] = ()


def save_as(store: Store, run: int, path: str, target: Path, job: Job) -> Saved:
    """Copy one file of a run to a file. Raises NotFound, EnvironmentProblem, the latter also if it is damaged."""
    return Saved(target, 1, (path,) if _is_changed(store, run, path, target.resolve(), job, 0, 1) else ())


def save_into(store: Store, run: int, paths: Sequence[str], folder: Path, job: Job) -> Saved:
    """Copy files of a run into a folder, without the folders that all of them are in.

    Raises:
        NotFound: one is not there any more.
        EnvironmentProblem: one cannot be written, or is damaged.
    """
    above, count = shared_folder(paths), len(paths)
    changed = [
        path
        for number, path in enumerate(paths)
        if _is_changed(store, run, path, folder / PurePosixPath(path).relative_to(above), job, number, count)
    ]
    return Saved(folder, count, tuple(changed))


def shared_folder(paths: Sequence[str]) -> PurePosixPath:
    """The innermost folder that all paths are in."""
    levels = zip(*(PurePosixPath(path).parent.parts for path in paths), strict=False)
    return PurePosixPath(*(level[0] for level in takewhile(lambda level: len({*level}) == 1, levels)))


def _is_changed(store: Store, run: int, path: str, target: Path, job: Job, number: int, count: int) -> bool:
    """Copy a file, the one of so many by its number; whether it is not what was logged any more."""
    source = artifact_file(store, run, path)
    told = partial(_tell, job, number, count, max(source.stat().st_size, 1))
    told(0)
    return copy_file(source, target, find_artifact(store, run, path), told) is Verdict.CHANGED


def _tell(job: Job, number: int, count: int, size: int, done: int) -> None:
    if job.cancelled:
        raise Stopped
    job.progress = (number + min(done / size, 1.0)) / count
