"""The fingerprint of a model: one SHA-256 of the names and contents of all its files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from runfolio.core.errors import NotFound

BLOCK = 1 << 20


def fingerprint(path: str | Path, known: Mapping[str, str] | None = None) -> str:
    """The SHA-256 of the names and contents of all files of a model's folder, or of one file.

    Args:
        known: SHA-256 of files that have just been read, by their names in the folder.

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
        digest = (known or {}).get(name) or _content(root / name)
        whole.update(f"{digest} {name}\0".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def walk(root: Path) -> Iterator[str]:
    """The files below a folder by their names in it, in order; links are among them and not followed into folders."""
    for folder, folders, files in os.walk(root):
        folders.sort()
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in sorted([*files, *links]):
            yield Path(folder, name).relative_to(root).as_posix()


def _content(file: Path) -> str:
    """Of a link, also where it leads to."""
    digest = hashlib.sha256()
    if file.is_symlink():
        digest.update(os.fsencode(file.readlink()))
        if file.is_dir() or not file.exists():
            return digest.hexdigest()
    if not file.is_file():
        raise OSError(f"{file} is no plain file")
    with file.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
