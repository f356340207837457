"""The fingerprint of a model: one SHA-256 of the names and contents of all its files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from runfolio.core.copying import digest_of
from runfolio.core.errors import NotFound
from runfolio.core.walking import walk_files

#: Where it is kept how a model fared when it was checked: a file in its folder that is none of it.
CHECKED = "runfolio-check.json"
MOST_BYTES_CHECKED = 1 << 20


def fingerprint(path: str | Path) -> str:
    """The SHA-256 of the names and contents of all files of a model's folder, or of one file.

    Raises:
        NotFound: there is nothing there.
        OSError: it cannot be read.
    """
    root = Path(path)
    if not root.exists():
        raise NotFound(f"There is no {str(path)!r}.")
    if root.is_file():
        return _content(root)
    whole = hashlib.sha256()
    for name in walk(root):
        if name != CHECKED or not _is_of_check(root / name):
            whole.update(f"{_content(root / name)} {name}\0".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def walk(root: Path) -> Iterator[str]:
    """The files below a folder by their names in it, in order; links are not followed. Raises OSError."""
    for path, _ in walk_files(root):
        yield path.relative_to(root).as_posix()


def _is_of_check(file: Path) -> bool:
    """Whether the file is what its name says; a model may have another one of that name, and load it."""
    if file.is_symlink() or not file.is_file() or file.stat().st_size > MOST_BYTES_CHECKED:
        return False
    try:
        found = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "result" in found and "stage" in found


def _content(file: Path) -> str:
    """Of a link, also where it leads to."""
    if file.is_symlink():
        place = os.fsencode(file.readlink())
        inside = _digest_of(file) if file.is_file() else ""
        return hashlib.sha256(place + b"\0" + inside.encode()).hexdigest()
    if not file.is_file():
        raise OSError(f"{file} is no plain file")
    return _digest_of(file)


def _digest_of(file: Path) -> str:
    """The SHA-256 of a file's content."""
    with file.open("rb") as stream:
        return digest_of(stream)
