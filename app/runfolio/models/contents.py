"""Files of a user's that go into a model's folder, and what all files there take."""

from __future__ import annotations

import shutil
from pathlib import Path

from runfolio.core.errors import NotFound


def copy_into(source: Path, folder: Path) -> str:
    """Copy a file or a folder into a folder, which is made if it is missing; its name there. Raises NotFound."""
    if not source.exists():
        raise NotFound(f"There is no file {str(source)!r} to put into the model.")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / source.resolve().name
    if source.is_dir():
        left_out = shutil.ignore_patterns("__pycache__", "*.pyc", ".*.part")
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=left_out)
    else:
        shutil.copyfile(source, target)
    return target.name


def size_of(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
