"""NumPy's files: one array in a .npy, several in the archive that a .npz is. Arrays of objects are pickles: refused.

The format is that of NumPy's `numpy/lib/_format_impl.py`; its header is read as a Python literal, which runs nothing.
"""

from __future__ import annotations

import ast
import lzma
import struct
import zipfile
import zlib
from typing import IO, Any

import numpy as np

from runfolio.core import numbers
from runfolio.core.errors import CannotShow
from runfolio.previews.arrays.source import ArrayEntry, ArraySource, checked_shape, mapped
from runfolio.previews.files import open_plain

MAGIC = b"\x93NUMPY"
MOST_HEADER, MOST_ENTRIES = 1024 * 1024, 10_000
#: A compressed array is unpacked into memory up to so many bytes.
MOST_UNPACKED = 512 * 1024 * 1024
OBJECTS = "It holds Python objects: to read them would run code from the file."
LOCAL_HEADER = 30
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)


class Header:
    """What the beginning of a .npy says: type and shape of the values, their order, and where they begin."""

    def __init__(self, stream: IO[bytes]) -> None:
        start = stream.read(8)
        if not start:
            raise CannotShow("This file is empty.")
        if start[:6] != MAGIC or len(start) < 8:
            raise CannotShow("This is no array of NumPy's: it begins otherwise.")
        width, form = (2, "<H") if start[6] == 1 else (4, "<I")
        raw = stream.read(width)
        length = struct.unpack(form, raw)[0] if len(raw) == width else 0
        if not 0 < length <= MOST_HEADER:
            raise CannotShow("The array's heading is damaged.")
        text = stream.read(length).decode("utf-8" if start[6] >= 3 else "latin-1", "replace")
        self.place = 8 + width + length
        try:
            self._take(ast.literal_eval(text))
        except (ValueError, SyntaxError, TypeError, KeyError, MemoryError, RecursionError) as error:
            raise CannotShow("The array's heading is damaged.") from error

    def _take(self, content: Any) -> None:
        self.dtype: np.dtype[Any] = np.lib.format.descr_to_dtype(content["descr"])
        self.order = "F" if content["fortran_order"] else "C"
        self.shape = checked_shape(content["shape"])

    def entry(self, name: str) -> ArrayEntry:
        """What is known of the array."""
        size = self.dtype.itemsize
        for one in self.shape:
            size *= one
        reason = OBJECTS if self.dtype.hasobject else "" if self.dtype.kind in "biufc" else _no_numbers(self.dtype)
        return ArrayEntry(name, self.shape, str(self.dtype)[:200], size, reason)


def entries(path: str) -> tuple[ArrayEntry, ...]:
    """The arrays of a file."""
    with open_plain(path) as stream:
        if not path.lower().endswith(".npz"):
            return (Header(stream).entry(""),)
        return tuple(_entry(archive_of(stream), info) for info in _members(archive_of(stream)))


def open_array(path: str, name: str) -> ArraySource:
    """An array of a file. Raises CannotShow if its values are none of numbers."""
    with open_plain(path) as stream:
        if not path.lower().endswith(".npz"):
            header = Header(stream)
            return _source(header, name, path, header.place)
        archive = archive_of(stream)
        info = next((one for one in _members(archive) if one.filename.removesuffix(".npy") == name), None)
        if info is None:
            raise CannotShow(f"The file has no array {name!r} any more.")
        with _member(archive, info) as member:
            header = _header(member)
            if info.compress_type == zipfile.ZIP_STORED:
                return _source(header, name, path, _place_in(stream, info) + header.place)
            return _unpacked(header, member, header.entry(name))


def _header(member: IO[bytes]) -> Header:
    """The heading of an array in an archive. Raises CannotShow, also where that cannot be unpacked."""
    try:
        return Header(member)
    except CannotShow:
        raise
    except DAMAGED as error:
        raise CannotShow(f"The array cannot be unpacked: {error}.") from error


def _source(header: Header, name: str, path: str, place: int) -> ArraySource:
    entry = header.entry(name)
    if entry.reason:
        raise CannotShow(entry.reason)
    return ArraySource(entry, mapped(path, place, header.dtype, header.shape, header.order))


def _unpacked(header: Header, member: IO[bytes], entry: ArrayEntry) -> ArraySource:
    if entry.reason:
        raise CannotShow(entry.reason)
    if entry.bytes > MOST_UNPACKED:
        raise CannotShow(f"A compressed array of more than {numbers.size(MOST_UNPACKED)} is not unpacked.")
    try:
        data = member.read(entry.bytes)
    except DAMAGED as error:
        raise CannotShow(f"The array cannot be unpacked: {error}.") from error
    if len(data) < entry.bytes:
        raise CannotShow("The array is cut off.")
    values = np.frombuffer(data, header.dtype).reshape(header.shape, order="F" if header.order == "F" else "C")
    return ArraySource(entry, values)


def archive_of(stream: IO[bytes]) -> zipfile.ZipFile:
    """An archive of arrays. Raises CannotShow if it is none."""
    try:
        return zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise CannotShow(f"This is no archive of arrays: {error}.") from error


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    found = [info for info in archive.infolist() if info.filename.endswith(".npy")]
    if len(found) > MOST_ENTRIES:
        raise CannotShow(f"Files of more than {MOST_ENTRIES:,} arrays are not shown.")
    if not found:
        raise CannotShow("There is no array in this file.")
    return found


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return archive.open(info)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise CannotShow(f"The array {info.filename!r} cannot be read: {error}.") from error


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> ArrayEntry:
    name = info.filename.removesuffix(".npy")
    try:
        with _member(archive, info) as member:
            return Header(member).entry(name)
    except CannotShow as error:
        return ArrayEntry(name, (), "", 0, error.message)
    except DAMAGED as error:
        return ArrayEntry(name, (), "", 0, f"It cannot be unpacked: {error}.")


def _place_in(stream: IO[bytes], info: zipfile.ZipInfo) -> int:
    """Where the bytes of a member that is not compressed begin: behind its local header, whose length varies."""
    stream.seek(info.header_offset)
    head = stream.read(LOCAL_HEADER)
    name, extra = struct.unpack("<HH", head[26:30])
    return info.header_offset + LOCAL_HEADER + int(name) + int(extra)


def _no_numbers(dtype: np.dtype[Any]) -> str:
    return "Its values are records." if dtype.fields is not None else f"Its values are no numbers, but {dtype}."
