"""Column arrays as compact bytes: whole numbers by their differences, floats by byte planes, both exact.

A packed blob is a count of columns, then for each column a small header and its sections. Loss values and step
counters are regular data: constant differences vanish, the high bytes of similar floats compress, and the low bytes
of noise, which nothing compresses, are stored as they are.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.int64] | NDArray[np.float64]
RANGE, DELTAS, FLOATS, SINGLES = range(4)
RAW, ZLIB = range(2)
_COUNT = struct.Struct("<BI")
_PAIR = struct.Struct("<qq")
_RANGE, _DELTAS = struct.Struct("<Bqq"), struct.Struct("<BBqq")
_SECTION = struct.Struct("<BI")
HIGH_BYTES = 2
# So few bytes are not worth the set-up of a compression.
SHORT = 128
# Differences up to the first limit take one byte, and so on.
_SIZES, _LIMITS = np.array([1, 2, 4, 8]), np.array([1 << 7, 1 << 15, 1 << 31])


def pack(columns: Sequence[Array]) -> bytes:
    """Pack columns of one length, each int64 or float64."""
    length = len(columns[0])
    # Nothing has no first value: a zero stands there.
    filled: Sequence[NDArray[Any]] = columns if length else [np.zeros(1, column.dtype) for column in columns]
    return _packed(filled, [0, length])[0]


def pack_parts(columns: Sequence[Array], starts: Sequence[int]) -> list[bytes]:
    """Pack each part of long columns, from one of `starts` up to the next: none is empty, and the first is 0.

    What numpy does is done for all parts at once, for parts may be so short that its calls would cost most of the time.
    """
    return _packed(columns, [*starts, len(columns[0])]) if len(starts) else []


def _packed(columns: Sequence[NDArray[Any]], bounds: list[int]) -> list[bytes]:
    headers = [_COUNT.pack(len(columns), end - start) for start, end in pairwise(bounds)]
    packed = [_packed_integers(c, bounds) if c.dtype == np.int64 else _packed_floats(c, bounds) for c in columns]
    return [b"".join(sections) for sections in zip(headers, *packed, strict=True)]


def unpack(blob: bytes) -> list[Array]:
    """The columns of a packed blob."""
    number, count = _COUNT.unpack_from(blob)
    at = _COUNT.size
    columns: list[Array] = []
    for _ in range(number):
        kind = blob[at]
        column = np.empty(count, np.int64 if kind in (RANGE, DELTAS) else np.float64)
        at = _unpack_column(blob, at, column)
        columns.append(column)
    return columns


def places_of(blob: bytes, number: int) -> Sequence[int]:
    """Where a number stands in the first column, which is of whole numbers: found at once in regular ones."""
    count, kind = _COUNT.unpack_from(blob)[1], blob[_COUNT.size]
    if kind != RANGE:
        column = np.empty(count, np.int64)
        _unpack_column(blob, _COUNT.size, column)
        found: list[int] = np.flatnonzero(column == number).tolist()
        return found
    first, delta = _PAIR.unpack_from(blob, _COUNT.size + 1)
    if not delta:
        return range(count if number == first else 0)
    place, rest = divmod(number - first, delta)
    return range(place, place + 1) if not rest and 0 <= place < count else ()


def float_at(blob: bytes, column: int, place: int) -> float:
    """One float of a packed blob, without unpacking the others."""
    count, at = _COUNT.unpack_from(blob)[1], _COUNT.size
    for _ in range(column):
        at = _after(blob, at)
    size = 4 if blob[at] == SINGLES else 8
    high, end = _read_section(blob, at + 1)
    low, _ = _read_section(blob, end)
    planes = low + high
    (value,) = struct.unpack("<f" if size == 4 else "<d", planes[place : size * count : count])
    return float(value)


def _after(blob: bytes, at: int) -> int:
    """The place behind the column that begins at one."""
    if blob[at] == RANGE:
        return at + 1 + _PAIR.size
    at, sections = (at + 1, 2) if blob[at] != DELTAS else (at + _DELTAS.size, 1)
    for _ in range(sections):
        at += _SECTION.size + _SECTION.unpack_from(blob, at)[1]
    return at


def unpack_into(blob: bytes, columns: Sequence[Array | None]) -> None:
    """Unpack a blob into arrays of its columns' length and types, which may be parts of greater ones.

    Columns for which there is no array are left out.
    """
    at = _COUNT.size
    for column in columns:
        at = _after(blob, at) if column is None else _unpack_column(blob, at, column)


def _unpack_column(blob: bytes, at: int, column: Array) -> int:
    """Fill a column from a place in a blob; returns the place after it."""
    kind = blob[at]
    return (_unpack_integers if kind in (RANGE, DELTAS) else _unpack_floats)(blob, at + 1, kind, column)


def _packed_integers(column: Array, bounds: list[int]) -> list[bytes]:
    starts, ends = np.array(bounds[:-1]), np.array(bounds[1:])
    # Differences wrap around at 64 bits, and so does the sum that undoes them.
    deltas = np.diff(column, append=column[-1:])
    deltas[ends - 1] = np.where(ends - starts > 1, deltas[starts], 0)  # not those that lead from part to part
    low, high = np.minimum.reduceat(deltas, starts), np.maximum.reduceat(deltas, starts)
    sizes = _SIZES[np.searchsorted(_LIMITS, np.maximum(high, ~low), "right")].tolist()
    raw = {size: deltas.astype(f"<i{size}").tobytes() for size in set(sizes)}
    packed = []
    columns = column[starts].tolist(), low.tolist(), high.tolist(), sizes, pairwise(bounds)
    for first, least, greatest, size, (start, end) in zip(*columns, strict=True):
        if least == greatest:
            packed.append(_RANGE.pack(RANGE, first, least))
        else:
            planes = _planes(raw[size][start * size : (end - 1) * size], size)
            packed.append(_DELTAS.pack(DELTAS, size, first, 0) + _section(planes))
    return packed


def _unpack_integers(blob: bytes, at: int, kind: int, column: Array) -> int:
    if kind == RANGE:
        first, delta = _PAIR.unpack_from(blob, at)
        np.multiply(_counting(len(column)), np.int64(delta), out=column)
        column += np.int64(first)
        return at + _PAIR.size
    size = blob[at]
    column[0] = _PAIR.unpack_from(blob, at + 1)[0]
    data, at = _read_section(blob, at + 1 + _PAIR.size)
    deltas = np.empty(len(column) - 1, f"<i{size}")
    _fill_planes(deltas, data)
    column[1:] = deltas
    np.cumsum(column, out=column)
    return at


def _packed_floats(column: Array, bounds: list[int]) -> list[bytes]:
    with np.errstate(over="ignore", invalid="ignore"):
        singles = column.astype("<f4")
    # Compared as bits: a NaN must come back with its payload and a zero with its sign.
    same = singles.astype("<f8").view(np.int64) == column.view(np.int64)
    exact = np.logical_and.reduceat(same, bounds[:-1]).tolist()
    whole, half = column.astype("<f8").tobytes(), singles.tobytes()
    packed = []
    for is_exact, (start, end) in zip(exact, pairwise(bounds), strict=True):
        kind, size, raw = (SINGLES, 4, half) if is_exact else (FLOATS, 8, whole)
        planes = _planes(raw[start * size : end * size], size)
        low = (size - HIGH_BYTES) * (end - start)
        packed.append(bytes([kind]) + _section(planes[low:]) + _section(planes[:low]))
    return packed


def _unpack_floats(blob: bytes, at: int, kind: int, column: Array) -> int:
    high, at = _read_section(blob, at)
    low, at = _read_section(blob, at)
    if kind == FLOATS and column.dtype == np.dtype("<f8"):
        _fill_planes(column, low, high)
        return at
    values = np.empty(len(column), "<f4" if kind == SINGLES else "<f8")
    _fill_planes(values, low, high)
    column[:] = values
    return at


@lru_cache(maxsize=8)
def _counting(length: int) -> Array:
    """0, 1, 2 and so on: most chunks are of one length."""
    return np.arange(length, dtype=np.int64)


def _planes(raw: bytes, size: int) -> bytes:
    """Of values of that many bytes: the lowest bytes of all, then the next lowest, and so on."""
    return raw if size == 1 else b"".join([raw[plane::size] for plane in range(size)])


def _fill_planes(values: NDArray[np.generic], *parts: bytes) -> None:
    """Set all bytes of values from their planes, the lowest first. Raises ValueError if these are not all there."""
    if sum(map(len, parts)) != values.nbytes:
        raise ValueError("A chunk is not as long as it should be.")
    rows, number = values.view(np.uint8).reshape(len(values), values.itemsize), 0
    for part in parts if len(values) else ():
        for plane in np.frombuffer(part, np.uint8).reshape(-1, len(values)):
            rows[:, number] = plane
            number += 1


def _section(data: bytes) -> bytes:
    packed = zlib.compress(data, 1) if len(data) > SHORT else data
    # What saves next to nothing is not worth unpacking at every reading.
    if len(packed) >= len(data) - len(data) // 32:
        return _SECTION.pack(RAW, len(data)) + data
    return _SECTION.pack(ZLIB, len(packed)) + packed


def _read_section(blob: bytes, at: int) -> tuple[bytes, int]:
    codec, size = _SECTION.unpack_from(blob, at)
    end = at + _SECTION.size + size
    data = blob[at + _SECTION.size : end]
    return zlib.decompress(data) if codec == ZLIB else data, end
