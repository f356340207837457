"""What digests are made of: the bytes of arrays and values, equal for equal data however it lies in memory."""

from __future__ import annotations

import datetime
import decimal
import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from runfolio.core.digests import BLOCK, Part, digest_of

ROWS = 1 << 16
DEEPEST = 50
# Whose `repr` says it all, and says it the same in every process.
_PLAIN = frozenset(
    {str, int, float, bool, bytes, complex, type(None), decimal.Decimal}
    | {datetime.date, datetime.time, datetime.datetime, datetime.timedelta}
)
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def array_parts(array: Any) -> Iterator[Part]:
    """What identifies an array: type, shape and values, masked ones as such. No more than a block is copied."""
    import numpy as np

    dtype = array.dtype.newbyteorder("<")
    yield f"{dtype.descr if dtype.names else dtype.str} {array.shape}".encode()
    if isinstance(array, np.ma.MaskedArray):
        yield from array_parts(np.ma.getmaskarray(array))
        array = np.ma.where(array.mask, np.zeros((), array.dtype), array.data).data  # type: ignore[no-untyped-call]
    if array.dtype.hasobject:
        yield from object_parts(array.reshape(-1).tolist())
        return
    array = np.atleast_1d(array)
    rows = max(1, BLOCK // max(1, array[:1].nbytes))
    for start in range(0, len(array), rows):
        block = array[start : start + rows].astype(dtype, order="C", copy=False)
        yield block.reshape(-1).view(np.uint8).data


def object_parts(values: Sequence[Any], *, plain: bool = False) -> Iterator[Part]:
    """What identifies values of any type; `plain` ones are known to be of those whose text says it all."""
    for start in range(0, len(values), ROWS):
        block = list(values[start : start + ROWS])
        if not plain and not _PLAIN.issuperset(map(type, block)):
            block = [_told(value) for value in block]
        yield repr(block).encode(errors="backslashreplace")


def _told(value: Any, depth: int = 0) -> Any:
    """A value as one whose text says it all: no abridged arrays, no addresses in memory, no order of sets."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if depth < DEEPEST and kind in (list, tuple):
        if _PLAIN.issuperset(map(type, value)):
            return value
        return kind(_told(one, depth + 1) for one in value)
    if depth < DEEPEST and isinstance(value, (set, frozenset)):
        return "set", sorted(repr(_told(one, depth + 1)) for one in value)
    if depth < DEEPEST and isinstance(value, dict):
        return "dict", sorted(repr((_told(key, depth + 1), _told(one, depth + 1))) for key, one in value.items())
    return _told_by_its_type(value)


def _told_by_its_type(value: Any) -> Any:
    name = type(value).__qualname__
    if hasattr(value, "dtype") and hasattr(value, "shape") and hasattr(value, "tobytes"):  # arrays and their scalars
        import numpy as np

        return name, digest_of(array_parts(np.asarray(value)))
    text = _ADDRESS.sub("", repr(value))
    if hasattr(value, "tobytes"):  # pictures
        return name, text, hashlib.sha256(value.tobytes()).hexdigest()
    if hasattr(value, "tolist"):  # tensors, series
        return name, repr(value.tolist())
    return name, text
