"""A model's files taken out of the store: into a folder, or into a zip archive."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

from runfolio.core.errors import AlreadyExists
from runfolio.core.printable import Progress, quietly
from runfolio.models.environment.verdict import FILE as VERDICT
from runfolio.store.files import write_whole


def export(folder: Path, target: Path, progress: Progress = quietly) -> int:
    """Copy a model into a folder that is not there yet, or into a `.zip` archive; the bytes of its files.

    Raises:
        AlreadyExists: there is something in the folder.
        EnvironmentProblem, OSError: the disk.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and _belongs(path, folder)]
    total = sum(path.stat().st_size for path in files)
    if target.suffix.lower() == ".zip":
        write_whole(target, lambda place: _zip(folder, files, place, progress, total))
        return total
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise AlreadyExists(f"{target} is there already and is not empty.", "Name another folder.")
    part = target.parent / f".{os.urandom(8).hex()}.part"
    try:
        done = 0
        for path in files:
            place = part / path.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
            done += path.stat().st_size
            progress(done, total)
        if target.exists():
            target.rmdir()
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return total


def _belongs(path: Path, folder: Path) -> bool:
    return path != folder / VERDICT and "__pycache__" not in path.parts and not path.is_symlink()


def _zip(folder: Path, files: list[Path], place: Path, progress: Progress, total: int) -> None:
    done = 0
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False) as archive:
        for path in files:
            archive.write(path, path.relative_to(folder).as_posix())
            done += path.stat().st_size
            progress(done, total)
