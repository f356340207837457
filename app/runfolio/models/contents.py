"""Files of a user's that go into a model's folder, and what all files there take."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from runfolio.core.copying import open_regular
from runfolio.core.errors import InvalidValue, NotFound

_left_out = shutil.ignore_patterns("__pycache__", "*.pyc", ".*.part")


def copy_into(source: Path, folder: Path) -> str:
    """Copy a file or a folder into a folder, which is made if it is missing; its name there.

    Raises:
        NotFound: there is no such file.
        InvalidValue: it, or one of its files, cannot be read; nothing of it was copied.
        OSError: the disk that it is copied to.
    """
    if not source.exists():
        raise NotFound(f"There is no file {str(source)!r} to put into the model.")
    for file in _files(source):
        _check_readable(file)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / source.resolve().name
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=_left_out)
    else:
        shutil.copyfile(source, target)
    return target.name


def _files(source: Path) -> Iterator[Path]:
    """What is copied of a source; links are followed, as they are then. Raises InvalidValue."""
    if not source.is_dir():
        yield source
        return
    for place, folders, names in os.walk(source, onerror=_refuse, followlinks=True):
        out = _left_out(place, [*folders, *names])
        folders[:] = sorted(set(folders) - out)
        yield from (Path(place, name) for name in sorted(set(names) - out))


def _check_readable(file: Path) -> None:
    """Raises InvalidValue."""
    try:
        open_regular(file).close()
    except OSError as error:
        _refuse(error)


def _refuse(error: OSError) -> None:
    raise InvalidValue(
        f"{error.filename} cannot be read: {error.strerror}.", "Name only files that can be put into the model."
    ) from error


def size_of(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
