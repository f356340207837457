"""What a pickle would do: the names that it imports and calls. It is looked at, and never loaded."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, ClassVar, cast

from runfolio.core.errors import CannotShow
from runfolio.previews.files import open_plain
from runfolio.previews.kept import Kept
from runfolio.previews.pickle_names import ORDER, grade, worst
from runfolio.previews.pickle_scan import FIRST, PickleScan, scan_all
from runfolio.previews.records import Question

#: How long one pickle is looked at, in seconds, and how many bytes of a compressed one are unpacked.
LONGEST, MOST_UNPACKED = 8.0, 1024**3
MOST_MEMBERS = 64


@dataclass(frozen=True, slots=True)
class Imported:
    """A name that a pickle imports, whether it is called, and how much it is to be feared: a value of `Grade`."""

    name: str
    called: bool
    grade: str


@dataclass(frozen=True, slots=True)
class Pickled:
    """What a pickle would do.

    Attributes:
        where: the file in an archive; empty if it is the file itself.
        protocol, operations: of the pickle.
        imports: the worst first.
        grade: the worst of them.
        trouble: why it could not be followed to its end; empty if it could.
    """

    where: str
    protocol: int
    operations: int
    imports: tuple[Imported, ...]
    grade: str
    trouble: str


@dataclass(frozen=True, slots=True)
class AskPickle(Question[tuple[Pickled, ...]]):
    """What would the pickles of a file do?"""

    path: str
    seconds: ClassVar[float] = 20.0

    def answer(self, kept: Kept) -> tuple[Pickled, ...]:
        """That."""
        return kept.get(read_pickles, self.path)


def read_pickles(path: str) -> tuple[Pickled, ...]:
    """What the pickles of a file would do: of a plain or compressed one, or of those in PyTorch's archives."""
    with open_plain(path) as stream:
        start = stream.read(8)
        stream.seek(0)
        if not start:
            raise CannotShow("This file is empty.")
        if start.startswith(b"PK"):
            return _members(stream)
        unpacked = _unpacked(stream, start)
        first = unpacked.read(1)
        unpacked.seek(0)
        scan = scan_all(unpacked, seconds=LONGEST)
    if scan.trouble and not scan.imports and first != FIRST:
        # The oldest protocols have no mark, so that any text begins as a pickle might.
        raise CannotShow("This is no pickle.", "It can be looked at as text or as bytes.")
    return (_told("", scan),)


def _members(stream: IO[bytes]) -> tuple[Pickled, ...]:
    try:
        archive = zipfile.ZipFile(stream)
        names = [name for name in archive.namelist() if name.endswith((".pkl", ".pickle"))]
        found = []
        for name in names[:MOST_MEMBERS]:
            with archive.open(name) as member:
                limits = {"most_bytes": MOST_UNPACKED, "seconds": LONGEST / 4}
                found.append(_told(name, scan_all(cast(BinaryIO, member), **limits)))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError, zlib.error) as error:
        raise CannotShow(f"This archive is damaged: {error}.") from error
    if not found:
        raise CannotShow("There is no pickle in this archive.", "It can be looked at as an archive.")
    return tuple(found)


def _unpacked(stream: BinaryIO, start: bytes) -> BinaryIO:
    """The pickle of a file: joblib compresses them, as a whole."""
    openers: tuple[tuple[bytes, Callable[[Any], Any]], ...] = (
        (b"\x1f\x8b", gzip.open),
        (b"BZh", bz2.BZ2File),
        (b"\xfd7zXZ", lzma.LZMAFile),
    )
    for magic, opener in openers:
        if start.startswith(magic):
            return _inflated(opener(stream))
    if start[:1] == b"\x78" and int.from_bytes(start[:2], "big") % 31 == 0:
        return _inflated(cast(IO[bytes], _Inflating(stream)))
    return stream


def _inflated(stream: IO[bytes]) -> BinaryIO:
    try:
        data = stream.read(MOST_UNPACKED // 4)
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError) as error:
        raise CannotShow(f"The file cannot be unpacked: {error}.") from error
    return io.BytesIO(data)


class _Inflating:
    """A zlib stream as a file that is read once."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, most: int) -> bytes:
        """Up to so many bytes, unpacked."""
        return zlib.decompressobj().decompress(self._stream.read(most), most)


def _told(where: str, scan: PickleScan) -> Pickled:
    imports = [Imported(str(one)[:300], one.called, grade(one.module, one.name)) for one in scan.imports]
    imports.sort(key=lambda one: [str(grade) for grade in ORDER].index(one.grade), reverse=True)
    judged = worst(grade(one.module, one.name) for one in scan.imports)
    return Pickled(where, scan.protocol, scan.operations, tuple(imports), judged, scan.trouble)
