"""What in a file could run code, told from its first bytes and what is in it: nothing is loaded or run.

Pickles are found plain, packed by gzip, bzip2, xz, lzma and zlib as joblib does, in archives as PyTorch, NumPy and
skops make them, and in NumPy's arrays of objects; archives are looked into in archives.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from runfolio.previews.pickle_names import Grade
from runfolio.previews.pickle_scan import scan_all
from runfolio.previews.risks import configs
from runfolio.previews.risks.budget import BLOCK, DAMAGE, DEPTH, Budget, Started, TooMuch, Unpacking
from runfolio.previews.risks.reasons import Reason, of_pickle

START = 512
NO_KIND = "a file of no kind that is known, so that it cannot be looked through"
PROGRAMS = frozenset(".bat .class .cmd .com .dll .dylib .exe .jar .ps1 .py .pyc .pyd .pyo .pyw .scr .sh .so".split())
PICKLES = frozenset(
    ".bin .ckpt .cloudpickle .dat .dill .jl .joblib .model .obj .p .pck .pickle .pk .pkl .pt .pth .sav .z".split()
)
# What is looked into from its end: in an archive, that takes a copy of it.
_ARCHIVES = frozenset(".keras .npz .pt .pt2 .pth .skops .zip".split())
# Formats that hold numbers and graphs of plain operations. Of other files, only who made the model knows what they are.
_DATA = frozenset(".arrow .cb .cbm .feather .lgb .npy .onnx .parquet .pb .pr .safetensors .tflite .ubj .xgb".split())
_TEXTS = frozenset(".cfg .csv .html .ini .json .log .md .rst .toml .tsv .txt .xml .yaml .yml".split())
_BINARIES = {b"\x7fELF": "a program", b"MZ": "a program", b"\xcf\xfa\xed\xfe": "a program", b"#!": "a script"}
_PROGRAM_OF_WINDOWS = re.compile(rb"MZ.{0,62}\x00", re.DOTALL)
# Packers that Python has no reader for.
_CLOSED = {
    b"\x04\x22\x4d\x18": "lz4",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "rar",
    b"ZF": "joblib",
}
_OBJECTS = re.compile(rb"['\"][<>|=]?O\d*['\"]")
_DAMAGE = (*DAMAGE, tarfile.TarError, ValueError, MemoryError, OverflowError)


def look_into(stream: BinaryIO, where: str, budget: Budget, *, named: bool = False, depth: int = 0) -> Iterator[Reason]:
    """What in a file could run code, and the pickles in it that are harmless.

    Args:
        stream: the file, or a member of an archive, at its start.
        where: its name, which tells what it is taken for.
        named: whether the model says that it is to be loaded, whatever it is called.

    Raises:
        OSError: the file itself cannot be read.
    """
    budget.file()
    suffix = PurePosixPath(where).suffix.lower()
    start = _start(stream)
    if suffix in PROGRAMS:
        yield Reason(where, "code", Grade.CODE)
        return
    for magic, what in _BINARIES.items():
        if start.startswith(magic) and (magic != b"MZ" or _PROGRAM_OF_WINDOWS.match(start)):
            yield Reason(where, what, Grade.DANGEROUS)
            return
    try:
        yield from _by_start(stream, start, where, budget, named, depth)
    except TooMuch as error:
        yield Reason(where, f"not looked through, for {error}", Grade.UNKNOWN)
    except _DAMAGE as error:
        yield _damaged(where, error)


def _damaged(where: str, error: Exception) -> Reason:
    return Reason(where, f"damaged, so that it cannot be looked through ({_short(error)})", Grade.UNKNOWN)


def _start(stream: BinaryIO) -> bytes:
    """The first bytes; the stream is at its start again if it can be."""
    start = stream.read(START)
    if _seekable(stream):
        stream.seek(0)
    return start


def _seekable(stream: Any) -> bool:
    return hasattr(stream, "seekable") and bool(stream.seekable())


def _short(error: object) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _by_start(stream: Any, start: bytes, where: str, budget: Budget, named: bool, depth: int) -> Iterator[Reason]:
    if depth > DEPTH:
        raise TooMuch("it is packed too deeply")
    suffix = PurePosixPath(where).suffix.lower()
    whole = stream if _seekable(stream) else Started(start, stream)
    if not _seekable(stream) and (start.startswith(b"PK") or suffix in _ARCHIVES or _is_tar(start)):
        with _copied(whole, budget) as copy:
            yield from _by_start(copy, start, where, budget, named, depth)
        return
    archive = _archive(stream, start) if _seekable(stream) else None
    if archive is not None:
        yield from _zip(archive, where, budget, depth)
        if start.startswith(b"PK"):
            return
        stream.seek(0)  # what is before the archive may be something else for others
    yield from _others(whole, start, where, budget, named and archive is None, depth)


def _others(whole: Any, start: bytes, where: str, budget: Budget, named: bool, depth: int) -> Iterator[Reason]:
    """What is no zip archive."""
    packer = next((name for magic, name in _CLOSED.items() if start.startswith(magic)), None)
    if _is_tar(start):
        yield from _tar(whole, where, budget, depth)
        whole.seek(0)
        # The name of its first file, with which it begins, may be that of a file or a pickle.
        scan = scan_all(whole, seconds=budget.seconds)
        if scan.imports and "\0" not in str(scan.imports[0]):
            yield of_pickle(where, scan)
    elif (opener := _opener(start)) is not None:
        unpacked = Unpacking(opener(_File(whole)), budget)
        yield from look_into(cast(BinaryIO, unpacked), f"{where}!", budget, named=True, depth=depth + 1)
    elif packer is not None:
        yield Reason(where, f"packed by {packer}, which is not looked into", Grade.UNKNOWN)
    elif start.startswith(b"\x93NUMPY"):
        yield from _array(whole, where, budget)
    else:
        yield from _rest(whole, start, where, budget, named, depth)


def _rest(whole: Any, start: bytes, where: str, budget: Budget, named: bool, depth: int) -> Iterator[Reason]:
    """A pickle, a description of a model, or data."""
    suffix = PurePosixPath(where).suffix.lower()
    described = PurePosixPath(where.rpartition("!")[2]).name in configs.DESCRIPTIONS
    if described:
        whole = io.BytesIO(whole.read(configs.MOST_BYTES + 1))
    found = None
    try:
        found = configs.of_file(whole, start, where, budget)
    except (ValueError, RecursionError) as error:
        if not described:
            raise
        yield _damaged(where, error)
        whole.seek(0)
    if found is not None:
        kind, reason = found
        if reason is not None:
            yield Reason(where, kind, reason[0], reason[1])
        if not named or not _seekable(whole):
            return
        whole.seek(0)
    has_head = start[:1] == b"\x80" and start[1:2] <= b"\x05"
    scan = scan_all(whole, seconds=budget.seconds)
    if not start:
        return
    # Only a text that is a pickle from start to end is taken for one, unless it is called one.
    is_pickle = has_head or not scan.trouble or ((named or suffix in PICKLES) and bool(scan.imports))
    if suffix in _TEXTS and not named and not has_head:
        is_pickle = not scan.trouble
    if is_pickle:
        yield of_pickle(where, scan)
    elif named and depth == 0 and found is None and suffix not in (_TEXTS | _DATA):
        yield Reason(where, NO_KIND, Grade.UNKNOWN)


def _opener(start: bytes) -> Callable[[Any], Any] | None:
    if start.startswith(b"\x1f\x8b"):
        return lambda file: gzip.GzipFile(fileobj=file)
    if start.startswith(b"BZh"):
        return bz2.BZ2File
    if start.startswith((b"\xfd7zXZ", b"\x5d\x00")):
        return lzma.LZMAFile
    if start[:1] == b"\x78" and len(start) > 1 and int.from_bytes(start[:2], "big") % 31 == 0:
        return Inflated
    return None


class _File:
    """A stream as the unpackers want it: with `read` and a name to ask for."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """So many bytes."""
        found: bytes = self._stream.read(size if size >= 0 else 1 << 20)
        return found

    def seekable(self) -> bool:
        """It is read once."""
        return False

    def readable(self) -> bool:
        """It is."""
        return True


class Inflated:
    """What a zlib stream holds, unpacked piece by piece."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._unpacker = stream, zlib.decompressobj()
        self._ready, self._rest = bytearray(), b""

    def read(self, size: int) -> bytes:
        """So many bytes, fewer at the end. Raises zlib.error."""
        while len(self._ready) < size and self._more(size - len(self._ready)):
            pass
        taken = bytes(self._ready[:size])
        del self._ready[:size]
        return taken

    def readline(self, size: int) -> bytes:
        """A line, or as much of it."""
        while (place := self._ready.find(b"\n") + 1) == 0 and len(self._ready) < size and self._more(1 << 16):
            pass
        return self.read(min(place or len(self._ready), size))

    def _more(self, wanted: int) -> bool:
        if self._unpacker.eof:
            return False
        packed = self._unpacker.unconsumed_tail or self._stream.read(1 << 16)
        self._ready += self._unpacker.decompress(packed, max(wanted, 1))
        return bool(packed)


def _is_tar(start: bytes) -> bool:
    """Whether it begins as a tar archive, of whatever age: by its checksum, as `tarfile` tells."""
    try:
        tarfile.TarInfo.frombuf(start[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return start[257:262] == b"ustar"
    return True


def _archive(stream: Any, start: bytes) -> zipfile.ZipFile | None:
    """What is a zip archive for those that look at its end, whatever is before it. Raises BadZipFile."""
    try:
        found = zipfile.ZipFile(stream) if start.startswith(b"PK") or zipfile.is_zipfile(stream) else None
    except _DAMAGE:
        if start.startswith(b"PK"):
            raise
        found = None
    stream.seek(0)
    return found


@contextmanager
def _copied(whole: Any, budget: Budget) -> Iterator[Any]:
    """An archive in an archive, in a file of its own: an archive is read from its end."""
    with tempfile.TemporaryFile() as copy:
        while block := whole.read(BLOCK):
            copy.write(block)
            _ = budget.seconds
        copy.seek(0)
        yield copy


def _zip(opened: zipfile.ZipFile, where: str, budget: Budget, depth: int) -> Iterator[Reason]:
    with opened as archive:
        names = archive.namelist()
        torchscript = any(name.endswith("/constants.pkl") for name in names) and any("/code/" in name for name in names)
        if torchscript:
            yield Reason(where, "a program of TorchScript", Grade.KNOWN)
        for member in archive.infolist():
            # What TorchScript keeps of a program is no Python, and is told above.
            if not (member.is_dir() or (torchscript and "/code/" in member.filename)):
                yield from _member(archive, member, f"{where}!{member.filename}", budget, depth)


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str, budget: Budget, depth: int
) -> Iterator[Reason]:
    if member.flag_bits & 1:
        yield Reason(where, "locked by a password", Grade.UNKNOWN)
        return
    # Nothing is held to its checksum: some readers, PyTorch's among them, are content with a wrong one.
    member.CRC = None  # type: ignore[assignment]
    try:
        with archive.open(member) as opened:
            yield from look_into(cast(BinaryIO, Unpacking(opened, budget)), where, budget, depth=depth + 1)
    except TooMuch:
        raise
    except _DAMAGE as error:  # of this one; the others are looked into all the same
        yield _damaged(where, error)


def _tar(whole: Any, where: str, budget: Budget, depth: int) -> Iterator[Reason]:
    with tarfile.open(fileobj=_File(whole), mode="r|") as archive:  # type: ignore[call-overload]
        for member in archive:
            if member.isfile() and (opened := archive.extractfile(member)) is not None:
                unpacked = cast(BinaryIO, Unpacking(opened, budget))
                yield from look_into(unpacked, f"{where}!{member.name}", budget, depth=depth + 1)
            elif not member.isdir():
                yield Reason(f"{where}!{member.name}", "a link or a device", Grade.UNKNOWN)


def _array(whole: Any, where: str, budget: Budget) -> Iterator[Reason]:
    """NumPy's array; one of objects is a pickle behind a head that describes it."""
    head = whole.read(8)
    width = 2 if head[6:7] == b"\x01" else 4
    size = int.from_bytes(whole.read(width), "little")
    if size > 1 << 20:
        raise ValueError("the head of the array is too long")
    if _OBJECTS.search(whole.read(size)):
        yield of_pickle(where, scan_all(whole, seconds=budget.seconds), "an array of objects, which is a pickle")
