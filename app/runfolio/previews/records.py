"""Questions and answers as they go between a window and the process that reads: plain records, no pickles.

A record is a frozen dataclass of ours. It is written as JSON, with bytes and arrays beside it, and read back as
what it was, but that every sequence is a tuple. A question knows by itself how it is answered.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from abc import abstractmethod
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from runfolio.previews.kept import Kept

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
#: A window may ask what is not read here, such as pictures, if the question is a record of its own.
PACKAGE = "runfolio."
NAME = re.compile(r"[a-z][a-z0-9_.]*:[A-Za-z]\w*", re.ASCII)


class Question(Generic[T_co]):
    """Something to be told of a file: a record that is answered where files are read.

    Attributes:
        seconds: how long the answer may take before the process that works on it is ended.
    """

    __slots__ = ()
    seconds: ClassVar[float] = 10.0

    @abstractmethod
    def answer(self, kept: Kept) -> T_co:
        """What is asked for. Raises CannotShow with the reason if it cannot be told."""


class Ask(Protocol):
    """Has a question answered where files are read, and waits for it. Raises CannotShow with why it cannot be."""

    def __call__(self, question: Question[T], /) -> T: ...


def pack(value: Any, blobs: list[bytes]) -> Any:
    """A value as JSON has it; bytes and arrays are added to the blobs. Raises TypeError for anything but plain data."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, list | tuple):
        return [pack(one, blobs) for one in value]
    if isinstance(value, bytes):
        blobs.append(value)
        return {"bytes": len(blobs) - 1}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        fields = [pack(getattr(value, field.name), blobs) for field in dataclasses.fields(value)]
        return {"record": f"{kind.__module__.removeprefix(PACKAGE)}:{kind.__qualname__}", "fields": fields}
    if "numpy" in sys.modules and isinstance(value, sys.modules["numpy"].ndarray) and not value.dtype.hasobject:
        blobs.append(value.tobytes())
        return {"array": len(blobs) - 1, "dtype": value.dtype.str, "shape": list(value.shape)}
    raise TypeError(f"{type(value).__name__} is no plain data")


def unpack(packed: Any, blobs: Sequence[bytes]) -> Any:
    """The value that was packed. Raises ValueError, KeyError, IndexError or TypeError for what `pack` has not made."""
    if isinstance(packed, list):
        return tuple([unpack(one, blobs) for one in packed])
    if not isinstance(packed, dict):
        return packed
    if "bytes" in packed:
        return blobs[packed["bytes"]]
    if "array" in packed:
        import numpy as np

        return np.frombuffer(blobs[packed["array"]], np.dtype(packed["dtype"])).reshape(packed["shape"])
    return _record(packed["record"])(*[unpack(one, blobs) for one in packed["fields"]])


def _record(name: str) -> Any:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no record")
    module, _, kind = name.partition(":")
    found = getattr(import_module(PACKAGE + module), kind)
    if not (isinstance(found, type) and dataclasses.is_dataclass(found) and found.__module__ == PACKAGE + module):
        raise ValueError(f"{name!r} is no record")
    return found
