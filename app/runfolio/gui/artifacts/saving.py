"""Files of runs, copied to where the user wants them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile
from pathlib import Path, PurePosixPath

from runfolio.core.errors import EnvironmentProblem, Stopped
from runfolio.gui.jobs import Job
from runfolio.store import Store
from runfolio.store.artifacts import artifact_file
from runfolio.store.files import write_whole

BLOCK = 4 << 20


def save_as(store: Store, run: int, path: str, target: Path, job: Job) -> Path:
    """Copy one file of a run to a file. Raises NotFound, EnvironmentProblem."""
    source = artifact_file(store, run, path)
    size = max(source.stat().st_size, 1)
    _copy(source, target, job, lambda done: _tell(job, done / size))
    return target


def save_into(store: Store, run: int, paths: Sequence[str], folder: Path, job: Job) -> Path:
    """Copy files of a run into a folder, without the folders that all of them are in.

    Raises:
        NotFound: one is not there any more.
        EnvironmentProblem: one cannot be written.
    """
    above = shared_folder(paths)
    for number, path in enumerate(paths):
        target = folder / PurePosixPath(path).relative_to(above)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EnvironmentProblem(f"{target.parent} cannot be made: {error.strerror}.") from error
        _copy(artifact_file(store, run, path), target, job, lambda _done: None)
        _tell(job, (number + 1) / len(paths))
    return folder


def shared_folder(paths: Sequence[str]) -> PurePosixPath:
    """The innermost folder that all paths are in."""
    levels = zip(*(PurePosixPath(path).parent.parts for path in paths), strict=False)
    return PurePosixPath(*(level[0] for level in takewhile(lambda level: len({*level}) == 1, levels)))


def _tell(job: Job, share: float) -> None:
    job.progress = min(share, 1.0)


def _copy(source: Path, target: Path, job: Job, told: Callable[[int], None]) -> None:
    def write(temporary: Path) -> None:
        done = 0
        with source.open("rb") as given, temporary.open("wb") as taken:
            while block := given.read(BLOCK):
                if job.cancelled:
                    raise Stopped
                taken.write(block)
                done += len(block)
                told(done)

    write_whole(target, write)
