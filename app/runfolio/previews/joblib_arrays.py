"""Arrays in files of joblib: their bytes stand in the midst of the pickle, after the operation that describes them.

As `joblib.numpy_pickle.NumpyArrayWrapper.write_array` writes them: a byte with the length of the padding, the padding,
the bytes of the array; an array of objects is a pickle of its own instead.
"""

from __future__ import annotations

import math
import re
from typing import Any

from runfolio.previews.pickle_stream import PickleStream
from runfolio.previews.pickle_values import Damaged, Global, Made

_MODULES = ("joblib.numpy_pickle", "sklearn.externals.joblib.numpy_pickle")
_CHARACTER = 4  # bytes of one in numpy's texts
_HAS_OBJECTS = 1  # NPY_ITEM_HASOBJECT among the flags of a structured type


def is_wrapper(made: Made) -> bool:
    """Whether an array follows."""
    maker = made.maker
    return isinstance(maker, Global) and maker.module in _MODULES and maker.name == "NumpyArrayWrapper"


def skip_array(stream: PickleStream, wrapper: Made) -> bool:
    """Pass over an array's bytes; False if it is one of objects, whose pickle is next. Raises ValueError."""
    state = wrapper.state
    if not isinstance(state, dict):
        raise Damaged("an array of joblib is not described")
    size = _item_size(state.get("dtype"))
    if size is None:
        return False
    shape = state.get("shape")
    if not (isinstance(shape, tuple) and all(isinstance(one, int) and one >= 0 for one in shape)):
        raise Damaged("an array of joblib has no shape")
    if state.get("numpy_array_alignment_bytes") is not None:
        padding = stream.read(1)
        stream.skip(padding[0] if padding else 0)
    wanted = math.prod(shape) * size
    if stream.skip(wanted) < wanted:
        raise Damaged("an array of joblib ends too early")
    return True


def _item_size(kind: Any) -> int | None:
    """Bytes of an element; None for objects. Raises Damaged."""
    arguments = kind.arguments if isinstance(kind, Made) else None
    text = arguments[0] if isinstance(arguments, tuple) and arguments else None
    found = re.fullmatch(r"[<>|=]?([a-zA-Z])(\d{1,9})", text) if isinstance(text, str) else None
    if found is None:
        raise Damaged("an array of joblib has a type that is not known")
    letter, number = found.group(1), int(found.group(2))
    state = kind.state
    flags = state[7] if isinstance(state, tuple) and len(state) > 7 else 0
    if letter == "O" or (isinstance(flags, int) and flags & _HAS_OBJECTS):
        return None
    return number * (_CHARACTER if letter == "U" else 1)
