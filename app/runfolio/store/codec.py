"""Column arrays as compact bytes: whole numbers by their differences, floats by byte planes, both exact.

A packed blob is a count of columns, then for each column a small header and its sections. Loss values and step
counters are regular data: constant differences vanish, the high bytes of similar floats compress, and the low bytes
of noise, which nothing compresses, are stored as they are.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.int64] | NDArray[np.float64]
RANGE, DELTAS, FLOATS, SINGLES = range(4)
RAW, ZLIB = range(2)
_COUNT = struct.Struct("<BI")
_PAIR = struct.Struct("<qq")
_SECTION = struct.Struct("<BI")
HIGH_BYTES = {8: 2, 4: 2}
FEW = 64


def pack(columns: Sequence[Array]) -> bytes:
    """Pack columns of one length, each int64 or float64."""
    parts = [_COUNT.pack(len(columns), len(columns[0]))]
    for column in columns:
        if column.dtype == np.int64:
            _pack_integers(column, parts)
        else:
            _pack_floats(column, parts)
    return b"".join(parts)


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


def unpack_into(blob: bytes, columns: Sequence[Array]) -> None:
    """Unpack a blob into arrays of its columns' length and types, which may be parts of greater ones."""
    at = _COUNT.size
    for column in columns:
        at = _unpack_column(blob, at, column)


def _unpack_column(blob: bytes, at: int, column: Array) -> int:
    """Fill a column from a place in a blob; returns the place after it."""
    kind = blob[at]
    return (_unpack_integers if kind in (RANGE, DELTAS) else _unpack_floats)(blob, at + 1, kind, column)


def _pack_integers(column: Array, parts: list[bytes]) -> None:
    # Differences wrap around at 64 bits, and so does the sum that undoes them.
    deltas = np.diff(column)
    if len(column) == 0 or not len(deltas) or (deltas == deltas[0]).all():
        first = int(column[0]) if len(column) else 0
        parts += (bytes([RANGE]), _PAIR.pack(first, int(deltas[0]) if len(deltas) else 0))
        return
    size = next(s for s in (1, 2, 4, 8) if s == 8 or _fits(deltas, s))
    parts += (bytes([DELTAS, size]), _PAIR.pack(int(column[0]), 0))
    parts.append(_section(_planes(deltas.astype(f"<i{size}"))))


def _fits(deltas: Array, size: int) -> bool:
    limit = 1 << (8 * size - 1)
    return bool(deltas.min() >= -limit and deltas.max() < limit)


def _unpack_integers(blob: bytes, at: int, kind: int, column: Array) -> int:
    if kind == RANGE:
        first, delta = _PAIR.unpack_from(blob, at)
        np.multiply(np.arange(len(column), dtype=np.int64), np.int64(delta), out=column)
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


def _pack_floats(column: Array, parts: list[bytes]) -> None:
    if len(column) <= FEW:
        _pack_few_floats(column, parts)
        return
    with np.errstate(over="ignore", invalid="ignore"):
        singles = column.astype("<f4")
    # Compared as bits: a NaN must come back with its payload and a zero with its sign.
    exact = np.array_equal(singles.astype("<f8").view(np.int64), column.view(np.int64))
    values = singles if exact else column.astype("<f8")
    planes = _planes(values)
    high = HIGH_BYTES[values.itemsize] * len(column)
    parts += (bytes([SINGLES if exact else FLOATS]), _section(planes[-high:]), _section(planes[:-high]))


def _unpack_floats(blob: bytes, at: int, kind: int, column: Array) -> int:
    high, at = _read_section(blob, at)
    low, at = _read_section(blob, at)
    values = np.empty(len(column), "<f4" if kind == SINGLES else "<f8")
    _fill_planes(values, low, high)
    column[:] = values
    return at


def _pack_few_floats(column: Array, parts: list[bytes]) -> None:
    """The same for so few that each call of numpy would cost more than all of it in plain Python."""
    count = len(column)
    values = column.tolist()
    doubles = raw = struct.pack(f"<{count}d", *values)
    kind, size = FLOATS, 8
    with suppress(OverflowError):  # too large for a float32
        singles = struct.pack(f"<{count}f", *values)
        if struct.pack(f"<{count}d", *struct.unpack(f"<{count}f", singles)) == doubles:
            kind, size, raw = SINGLES, 4, singles
    planes = b"".join(raw[plane::size] for plane in range(size))
    high = HIGH_BYTES[size] * count
    parts += (bytes([kind]), _section(planes[len(planes) - high :]), _section(planes[: len(planes) - high]))


def _planes(values: NDArray[np.generic]) -> bytes:
    """The lowest bytes of all values, then the next lowest, and so on."""
    return values.view(np.uint8).reshape(-1, values.itemsize).T.tobytes()


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
    packed = zlib.compress(data, 1) if len(data) > 32 else data
    # What saves next to nothing is not worth unpacking at every reading.
    if len(packed) >= len(data) - len(data) // 32:
        return _SECTION.pack(RAW, len(data)) + data
    return _SECTION.pack(ZLIB, len(packed)) + packed


def _read_section(blob: bytes, at: int) -> tuple[bytes, int]:
    codec, size = _SECTION.unpack_from(blob, at)
    end = at + _SECTION.size + size
    data = blob[at + _SECTION.size : end]
    return zlib.decompress(data) if codec == ZLIB else data, end
