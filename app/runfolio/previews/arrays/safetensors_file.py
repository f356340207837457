"""safetensors: a heading of JSON, and the values behind it (format: huggingface/safetensors, README, "Format")."""

from __future__ import annotations

import json
import math
import struct
from typing import Any

import numpy as np

from runfolio.core import numbers
from runfolio.core.errors import CannotShow
from runfolio.previews.arrays.source import Array, ArrayEntry, ArraySource, checked_shape, mapped
from runfolio.previews.files import open_plain

#: The format allows 100 MB; no model has a heading of a tenth of that.
MOST_HEADER = 25 * 1024 * 1024
TYPES = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U64": "uint64",
    "U32": "uint32",
    "U16": "uint16",
    "U8": "uint8",
    "BOOL": "bool",
}


def entries(path: str) -> tuple[ArrayEntry, ...]:
    """The tensors of a file, in the order of their bytes."""
    tensors, _, size = _heading(path)
    found = sorted(tensors.items(), key=lambda one: _offsets(one[1])[0])
    return tuple(_entry(name, given, size) for name, given in found)


def notes(path: str) -> tuple[tuple[str, str], ...]:
    """What the file says of itself, by key."""
    metadata = _heading(path)[1]
    return tuple((str(key)[:200], str(value)[:1000]) for key, value in list(metadata.items())[:100])


def open_array(path: str, name: str) -> ArraySource:
    """A tensor. Raises CannotShow if its values are not there or of no type that NumPy has."""
    tensors, _, size = _heading(path)
    if name not in tensors:
        raise CannotShow(f"The file has no tensor {name!r} any more.")
    entry = _entry(name, tensors[name], size)
    if entry.reason:
        raise CannotShow(entry.reason)
    with open_plain(path) as stream:
        begin = stream.seek(0, 2) - size + _offsets(tensors[name])[0]
    stored = np.dtype("<u2") if entry.type == "bfloat16" else np.dtype(entry.type).newbyteorder("<")
    values = mapped(path, begin, stored, entry.shape)
    return ArraySource(entry, values, _of_bfloat16 if entry.type == "bfloat16" else None)


def _of_bfloat16(values: Array) -> Array:
    """The upper half of a float32 each."""
    return (values.astype(np.uint32) << 16).view(np.float32)


def _heading(path: str) -> tuple[dict[str, Any], dict[str, Any], int]:
    """The tensors as they are told, what else is told, and how many bytes of values there are."""
    with open_plain(path) as stream:
        size = stream.seek(0, 2)
        stream.seek(0)
        start = stream.read(8)
        if not start:
            raise CannotShow("This file is empty.")
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 0 < length <= size - 8:
            raise CannotShow(
                f"This is no safetensors file, or it is cut off: its heading would have {length:,} bytes, "
                f"and the file has {size:,}."
            )
        if length > MOST_HEADER:
            raise CannotShow(f"A heading of more than {numbers.size(MOST_HEADER)} is not read.")
        raw = stream.read(length)
    try:
        heading = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise CannotShow("The heading is damaged: it is no JSON.") from error
    if not isinstance(heading, dict):
        raise CannotShow("The heading is damaged: it names no tensors.")
    metadata = heading.pop("__metadata__", {})
    return heading, metadata if isinstance(metadata, dict) else {}, size - 8 - length


def _entry(name: str, given: Any, size: int) -> ArrayEntry:
    try:
        kind, shape = str(given["dtype"]), checked_shape(given["shape"])
        begin, end = _offsets(given)
    except (KeyError, TypeError, CannotShow):
        return ArrayEntry(name, (), "", 0, "What the heading says of it is damaged.")
    type_ = TYPES.get(kind, kind)
    reason = ""
    if not 0 <= begin <= end <= size:
        reason = "The file is cut off before its end." if 0 <= begin <= end else "Its place in the file is damaged."
    elif kind not in TYPES:
        reason = f"Values of type {kind} are not read."
    elif math.prod(shape) * (2 if type_ == "bfloat16" else np.dtype(type_).itemsize) != end - begin:
        reason = "Its shape does not fit the bytes that it has."
    return ArrayEntry(name, shape, type_, max(end - begin, 0), reason)


def _offsets(given: Any) -> tuple[int, int]:
    offsets = given.get("data_offsets") if isinstance(given, dict) else None
    if not isinstance(offsets, list) or len(offsets) != 2 or not all(type(one) is int for one in offsets):
        return -1, -1
    return offsets[0], offsets[1]
