"""Digests of content: 16 hexadecimal digits of SHA-256, equal for equal bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

LENGTH = 16
BLOCK = 1 << 20

Part = bytes | memoryview


def digest_of(parts: Iterable[Part]) -> str:
    """The digest of bytes in order; where one part ends and the next begins counts."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "little"))
        total.update(part)
    return total.hexdigest()[:LENGTH]


def file_digest(path: Path) -> str:
    """The digest of a file's bytes, read in blocks."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            total.update(block)
    return total.hexdigest()[:LENGTH]


def digest_of_files(files: Iterable[Path]) -> str:
    """The digest of several files, whose names do not count."""
    return digest_of(file_digest(file).encode() for file in files)


def parquet_files(folder: Path) -> list[Path]:
    """The files of a table that is a folder of Parquet files, of which the hidden ones are none of it."""
    inside = (file for file in sorted(folder.rglob("*.parquet")) if file.is_file())
    return [file for file in inside if not any(part[0] in "._" for part in file.relative_to(folder).parts)]
