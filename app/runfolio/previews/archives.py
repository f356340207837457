"""What is in an archive: names and sizes as it tells them. Nothing is unpacked but what a compressed tar must be."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from runfolio.core import numbers
from runfolio.core.errors import CannotShow
from runfolio.previews.files import opened_to_stay, stamp_of
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question
from runfolio.previews.work import Work

#: No listing has more entries, and no tar is unpacked further than this to find its names, in bytes.
MOST_ENTRIES, MOST_UNPACKED = 100_000, 4 * 1024**3
#: So many entries are told at once.
MOST_TOLD = 10_000
#: What would grow by so much, and to so many bytes, is made to fill a disk.
BOMB_RATIO, BOMB_BYTES = 200, 1024**3
DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    struct.error,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in an archive.

    Attributes:
        name: as the archive has it.
        size: in bytes, unpacked.
        packed: in bytes, as it lies there; -1 where it has no size of its own.
        time: in epoch milliseconds; 0 where nothing is said.
        kind: `file`, `folder`, `link` or `special`.
        warning: why it must not be unpacked as it is; empty for usual ones.
    """

    name: str
    size: int
    packed: int
    time: int
    kind: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What is known of an archive.

    Attributes:
        format: `ZIP`, `tar`, `tar.gz`, `gzip`.
        entries: those from the number on that was asked for.
        count: how many are known so far.
        total: their bytes, unpacked.
        complete: whether these are all.
        notes: what one should know, such as that it would fill a disk.
    """

    format: str
    entries: tuple[Entry, ...]
    count: int
    total: int
    complete: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskArchive(Question[Listing]):
    """What is in an archive? From the entry of a number on; asked again until it is complete."""

    path: str
    known: int = 0

    def answer(self, kept: Kept) -> Listing:
        """As much as is known."""
        archive = kept.get(Archive, self.path)
        archive.work.go_on()
        return archive.listing(self.known)


class Archive:
    """An archive whose entries are being read.

    Attributes:
        work: the reading of them.
    """

    def __init__(self, path: str) -> None:
        with opened_to_stay(path) as self._stream:
            self._open(path)

    def _open(self, path: str) -> None:
        self._size = stamp_of(path, self._stream).size
        start = self._stream.read(8)
        self._stream.seek(0)
        if not start:
            raise CannotShow("This file is empty.")
        self._entries: list[Entry] = []
        self._notes: list[str] = []
        self._total = 0
        self._format, steps = self._opened(path.lower(), start)
        self.work = Work(steps)

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()

    def listing(self, known: int) -> Listing:
        """What is known, from an entry on."""
        new = tuple(self._entries[known : known + MOST_TOLD])
        complete = self.work.over and known + len(new) >= len(self._entries)
        return Listing(self._format, new, len(self._entries), self._total, complete, (*self._bomb(), *self._notes))

    def _opened(self, name: str, start: bytes) -> tuple[str, Generator[float, None, bool]]:
        if start.startswith(b"PK"):
            return "ZIP", self._zip()
        openers: tuple[tuple[bytes, str, Any], ...] = (
            (b"\x1f\x8b", "gz", gzip.open),
            (b"BZh", "bz2", bz2.BZ2File),
            (b"\xfd7zXZ", "xz", lzma.LZMAFile),
        )
        for magic, short, opener in openers:
            if start.startswith(magic):
                if ".tar" in name or name.endswith((".tgz", ".tbz2", ".txz")):
                    return f"tar.{short}", self._tar(opener(self._stream))
                return short, self._single(name, opener(self._stream))
        return "tar", self._tar(self._stream)

    def _bomb(self) -> tuple[str, ...]:
        if self._total > BOMB_BYTES and self._total > BOMB_RATIO * self._size:
            ratio = self._total // max(self._size, 1)
            return (
                f"Unpacked, it would be {ratio:,} times as large, {numbers.size(self._total)}: unpack it with care.",
            )
        return ()

    def _add(self, entry: Entry) -> bool:
        """Take an entry; False if there are too many."""
        if len(self._entries) >= MOST_ENTRIES:
            self._notes.append(f"Of more than {MOST_ENTRIES:,} entries, these are the first.")
            return False
        self._entries.append(entry)
        self._total += max(entry.size, 0)
        return True

    def _zip(self) -> Generator[float, None, bool]:
        try:
            archive = zipfile.ZipFile(self._stream)
        except DAMAGED as error:
            raise CannotShow(f"This archive is damaged: {error}.") from error
        infos = archive.infolist()
        for number, info in enumerate(infos):
            mode = info.external_attr >> 28
            kind = "folder" if info.is_dir() else "link" if mode == 0o12 else "file"
            warning = warning_of(info.filename) or ("It is encrypted." if info.flag_bits & 1 else "")
            at = _milliseconds(info.date_time)
            if not self._add(Entry(info.filename[:1000], info.file_size, info.compress_size, at, kind, warning)):
                break
            yield number / len(infos)
        return True

    def _tar(self, stream: IO[bytes]) -> Generator[float, None, bool]:
        limited = _Limited(stream)
        try:
            with tarfile.open(fileobj=limited, mode="r|") as archive:  # type: ignore[call-overload]
                for info in archive:
                    archive.members = []  # which it would keep all of
                    kind = "file" if info.isreg() else "folder" if info.isdir() else "link"
                    kind = kind if info.isreg() or info.isdir() or info.issym() or info.islnk() else "special"
                    if not self._add(
                        Entry(info.name[:1000], info.size, -1, int(info.mtime * 1000), kind, warning_of(info.name))
                    ):
                        break
                    yield min(limited.taken / max(self._size, 1), 0.99)
        except DAMAGED as error:
            if not self._entries:
                raise CannotShow(f"This archive cannot be read: {error}.") from error
            self._notes.append(f"It cannot be read further: {error}.")
        return True

    def _single(self, name: str, stream: IO[bytes]) -> Generator[float, None, bool]:
        """One file, compressed: its size is found by unpacking it, as far as that is allowed."""
        inner = name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
        size = 0
        try:
            while data := stream.read(1024 * 1024):
                size += len(data)
                if size > MOST_UNPACKED:
                    self._notes.append(f"Unpacked, it has more than {numbers.size(MOST_UNPACKED)}.")
                    break
                yield 0.5
        except DAMAGED as error:
            self._notes.append(f"It cannot be unpacked to its end: {error}.")
        self._add(Entry(inner, size, self._size, 0, "file"))
        return True


class _Limited:
    """A stream that ends with an error behind so many bytes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.taken = 0

    def read(self, count: int = -1) -> bytes:
        """As many bytes as asked for."""
        data = self._stream.read(count)
        self.taken += len(data)
        if self.taken > MOST_UNPACKED:
            raise OSError(f"its names are looked for in the first {numbers.size(MOST_UNPACKED)} only")
        return data


def warning_of(name: str) -> str:
    """Why a file of this name would come to lie elsewhere than in the folder where an archive is unpacked."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":"):
        return "Its path is absolute: it leaves the folder."
    if ".." in parts:
        return "Its path leaves the folder."
    return "Its name has control characters." if any(ord(letter) < 32 for letter in name) else ""


def _milliseconds(moment: tuple[int, int, int, int, int, int]) -> int:
    try:
        return int(datetime(*moment[:6]).timestamp() * 1000)
    except (OverflowError, ValueError, OSError):  # no such day
        return 0
