"""Digests of content: 16 hexadecimal digits of SHA-256, equal for equal data whatever made it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

LENGTH = 16
BLOCK = 1 << 20


def digest_of(parts: Iterable[bytes | memoryview]) -> str:
    """The digest of bytes in order; where one part ends and the next begins counts."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "little"))
        total.update(part)
    return total.hexdigest()[:LENGTH]


def array_parts(array: Any) -> Iterable[bytes | memoryview]:
    """What identifies an array: type, shape and values."""
    import numpy as np

    yield str(array.dtype).encode()
    yield str(array.shape).encode()
    if array.dtype.hasobject:
        yield repr(array.tolist()).encode(errors="backslashreplace")
    else:
        yield np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def file_digest(path: Path) -> str:
    """The digest of a file's bytes, read in blocks."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            total.update(block)
    return total.hexdigest()[:LENGTH]
