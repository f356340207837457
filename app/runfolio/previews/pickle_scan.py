"""What a pickle imports and calls, told from its operations alone: nothing of it is run or imported.

The operations are those of the standard library's `pickletools`. Names of imports can come from the stack and the memo
(`STACK_GLOBAL`), so both are followed, with texts, numbers, tuples and dictionaries as values and everything else
unknown. A stream that cannot be followed to its end is not harmless: Python runs what comes before the fault.
"""

from __future__ import annotations

import pickletools
import struct
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, cast

from runfolio.previews.joblib_arrays import is_wrapper, skip_array
from runfolio.previews.pickle_stream import PickleStream, TooMuch
from runfolio.previews.pickle_values import UNKNOWN, Damaged, Global, Made, Stack

MOST_OPERATIONS = 20_000_000
MOST_BYTES = 1 << 40
MOST_SECONDS = 60.0
MOST_IMPORTS = 10_000
# How many pickles one after the other are looked at, as older files of PyTorch have.
MOST_PICKLES = 16
# Of tuples and dictionaries with more than this, nothing is kept: they name no import and describe no array.
MOST_PARTS = 64
# The operation PROTO, which all pickles of today begin with.
FIRST = b"\x80"

_TEXTS_AND_NUMBERS = frozenset(
    "INT BININT BININT1 BININT2 LONG LONG1 LONG4 STRING BINSTRING SHORT_BINSTRING UNICODE SHORT_BINUNICODE BINUNICODE "
    "BINUNICODE8".split()
)
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
# What puts things into the object below them, which stays where it is.
_FILLING = frozenset("APPEND APPENDS ADDITEMS".split())


@dataclass(frozen=True, slots=True)
class PickleImport:
    """A name that a pickle imports.

    Attributes:
        called: whether it is called with something, too; a class counts as called when an instance is made.
        position: the first byte of the operation that imports it.
    """

    module: str
    name: str
    called: bool
    position: int

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(frozen=True, slots=True)
class PickleScan:
    """What a pickle would do.

    Attributes:
        protocol: the highest one that it names.
        operations: how many it has.
        length: its bytes, without what follows it.
        imports: each name once, in the order in which they come first.
        persistent: whether it leaves objects to who reads it, as PyTorch's files do.
        trouble: why it could not be followed to its end; empty if it could.
    """

    protocol: int
    operations: int
    length: int
    imports: tuple[PickleImport, ...]
    persistent: bool
    trouble: str


def scan(
    file: BinaryIO,
    *,
    most_operations: int = MOST_OPERATIONS,
    most_bytes: int = MOST_BYTES,
    seconds: float = MOST_SECONDS,
) -> PickleScan:
    """Look at one pickle, from where a file is; the file is after it then. Raises OSError."""
    reader = _Reader(PickleStream(file, most_bytes), most_operations, time.monotonic() + seconds)
    return reader.read()


def scan_all(file: BinaryIO, **limits: Any) -> PickleScan:
    """Look at all pickles that come one after the other, as one; how far the file is read is left open. Raises OSError.

    Only the first has to be whole: what follows it may be anything, and is data for most that read it.
    """
    source = _Peeked(file)
    found = [scan(source, **limits)]  # type: ignore[arg-type]
    while not found[-1].trouble and len(found) < MOST_PICKLES and source.next() == FIRST:
        found.append(scan(source, **limits))  # type: ignore[arg-type]
    return _joined(found)


class _Peeked:
    """A file whose next byte can be looked at, also where it cannot go back."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._held = file, b""

    def next(self) -> bytes:
        self._held = self._held or self._file.read(1)
        return self._held

    def read(self, size: int) -> bytes:
        held, self._held = (self._held, b"") if size else (b"", self._held)
        return held + self._file.read(size - len(held))

    def readline(self, size: int) -> bytes:
        held, self._held = self._held, b""
        return held if held == b"\n" else held + self._file.readline(size)


def _joined(scans: list[PickleScan]) -> PickleScan:
    names: dict[tuple[str, str], PickleImport] = {}
    for one in (one for scan in scans for one in scan.imports):
        known = names.get((one.module, one.name))
        if known is None or (one.called and not known.called):
            names[one.module, one.name] = one
    return PickleScan(
        max(one.protocol for one in scans),
        sum(one.operations for one in scans),
        sum(one.length for one in scans),
        tuple(names.values()),
        any(one.persistent for one in scans),
        scans[0].trouble,
    )


class _Reader:
    """Follows one pickle's operations."""

    def __init__(self, stream: PickleStream, most_operations: int, until: float) -> None:
        self.stream = stream
        self.stack = Stack()
        self.memo: dict[int, Any] = {}
        self.names: dict[tuple[str, str], PickleImport] = {}
        self.protocol = self.operations = 0
        self.persistent = False
        self._most, self._until = most_operations, until
        self._frame_end = 0

    def read(self) -> PickleScan:
        trouble = ""
        try:
            self._follow()
        # What pickletools raises for arguments that make no sense.
        except (ValueError, struct.error, OverflowError, MemoryError, RecursionError) as error:
            trouble = str(error) or type(error).__name__
        imports = tuple(self.names.values())
        return PickleScan(self.protocol, self.operations, self.stream.position, imports, self.persistent, trouble)

    def _follow(self) -> None:
        for operation, argument, position in pickletools.genops(cast("IO[bytes]", self.stream)):
            self.operations += 1
            if self.operations > self._most or (self.operations % 4096 == 0 and time.monotonic() > self._until):
                raise TooMuch(f"it goes on after {self.operations:,} operations")
            value = UNKNOWN if self.stream.passed_over else argument
            self.stream.passed_over = False
            start = -1 if position is None else position
            self._keep_to_frame(operation.name, value, start)
            self._do(operation, value, start)

    def _keep_to_frame(self, name: str, argument: Any, start: int) -> None:
        """Of a line that goes across the end of its frame, Python reads only the second half: another name."""
        if start < self._frame_end and (name == "FRAME" or self.stream.position > self._frame_end):
            raise Damaged("an operation goes across the end of its frame")
        if name == "FRAME":
            self._frame_end = self.stream.position + argument

    def _do(self, operation: pickletools.OpcodeInfo, argument: Any, position: int) -> None:
        name, stack = operation.name, self.stack
        if name in _TEXTS_AND_NUMBERS:
            stack.push(argument)
        elif name in _CONSTANTS:
            stack.push(_CONSTANTS[name])
        elif name in _FILLING:
            stack.fill(marked=name != "APPEND")
        elif name in _SPECIAL:
            _SPECIAL[name](self, argument, position)
        else:
            stack.generic(operation)

    def imported(self, module: Any, name: Any, position: int) -> Global:
        """Note an import; of one whose name is computed, only that."""
        if not (isinstance(module, str) and isinstance(name, str)):
            module, name = "?", "?"
        if (module, name) not in self.names:
            if len(self.names) >= MOST_IMPORTS:
                raise TooMuch(f"it imports more than {MOST_IMPORTS:,} names")
            self.names[module, name] = PickleImport(module, name, False, position)
        return Global(module, name)

    def called(self, what: Any) -> None:
        """Note a call."""
        if isinstance(what, Global):
            known = self.names[what.module, what.name]
            self.names[what.module, what.name] = PickleImport(known.module, known.name, True, known.position)


def _global(reader: _Reader, argument: Any, position: int) -> None:
    module, _, name = argument.partition(" ") if isinstance(argument, str) else (None, "", None)
    reader.stack.push(reader.imported(module, name, position))


def _stack_global(reader: _Reader, _argument: Any, position: int) -> None:
    module, name = reader.stack.pop(2)
    reader.stack.push(reader.imported(module, name, position))


def _extension(reader: _Reader, argument: Any, position: int) -> None:
    reader.stack.push(reader.imported("copyreg", f"extension {argument}", position))


def _instance(reader: _Reader, argument: Any, position: int) -> None:
    reader.stack.to_mark()
    _global(reader, argument, position)
    reader.called(reader.stack.top())
    reader.stack.push(Made(reader.stack.pop(1)[0], UNKNOWN))


def _object(reader: _Reader, _argument: Any, _position: int) -> None:
    parts = reader.stack.to_mark()
    if not parts:
        raise Damaged("an object of no class")
    reader.called(parts[0])
    reader.stack.push(Made(parts[0], UNKNOWN))


def _call(count: int) -> Callable[[_Reader, Any, int], None]:
    def call(reader: _Reader, _argument: Any, _position: int) -> None:
        what, *arguments = reader.stack.pop(count)
        reader.called(what)
        reader.stack.push(Made(what, arguments[0]))

    return call


def _build(reader: _Reader, _argument: Any, _position: int) -> None:
    made, state = reader.stack.pop(2)
    reader.stack.push(made)
    if isinstance(made, Made):
        made.state = state
        if is_wrapper(made):
            _skip_array(reader, made)


def _skip_array(reader: _Reader, wrapper: Made) -> None:
    """Pass over the array that joblib writes into the midst of a pickle; one of objects is a pickle of its own."""
    if skip_array(reader.stream, wrapper):
        return
    inner = _Reader(reader.stream, reader._most - reader.operations, reader._until)
    inner.names = reader.names
    inner._follow()
    reader.operations += inner.operations


def _tuple(count: int | None) -> Callable[[_Reader, Any, int], None]:
    def make(reader: _Reader, _argument: Any, _position: int) -> None:
        parts = reader.stack.to_mark() if count is None else reader.stack.pop(count)
        reader.stack.push(tuple(parts) if len(parts) <= MOST_PARTS else UNKNOWN)

    return make


def _new_dictionary(reader: _Reader, _argument: Any, _position: int) -> None:
    reader.stack.push({})


def _set_item(reader: _Reader, _argument: Any, _position: int) -> None:
    target, *pair = reader.stack.pop(3)
    _put(target, pair)
    reader.stack.push(target)


def _set_items(reader: _Reader, _argument: Any, _position: int) -> None:
    pairs = reader.stack.to_mark()
    _put(reader.stack.top(), pairs)


def _put(target: Any, pairs: Iterable[Any]) -> None:
    parts = list(pairs)
    if isinstance(target, dict):
        for key, value in zip(parts[::2], parts[1::2], strict=False):
            if isinstance(key, str) and len(target) < MOST_PARTS:
                target[key] = value


def _remember(reader: _Reader, argument: Any, _position: int) -> None:
    reader.memo[len(reader.memo) if argument is None else argument] = reader.stack.top()


def _recall(reader: _Reader, argument: Any, _position: int) -> None:
    if argument not in reader.memo:
        raise Damaged(f"what it remembers as {argument} was never there")
    reader.stack.push(reader.memo[argument])


def _protocol(reader: _Reader, argument: Any, _position: int) -> None:
    reader.protocol = max(reader.protocol, argument)


def _persistent(reader: _Reader, argument: Any, _position: int) -> None:
    if argument is None:
        reader.stack.pop(1)
    reader.persistent = True
    reader.stack.push(UNKNOWN)


_SPECIAL: dict[str, Callable[[_Reader, Any, int], None]] = {
    "PROTO": _protocol,
    "MARK": lambda reader, _argument, _position: reader.stack.mark(),
    "POP": lambda reader, _argument, _position: reader.stack.drop(),
    "POP_MARK": lambda reader, _argument, _position: reader.stack.forget(),
    "DUP": lambda reader, _argument, _position: reader.stack.push(reader.stack.top()),
    "GLOBAL": _global,
    "STACK_GLOBAL": _stack_global,
    "EXT1": _extension,
    "EXT2": _extension,
    "EXT4": _extension,
    "INST": _instance,
    "OBJ": _object,
    "REDUCE": _call(2),
    "NEWOBJ": _call(2),
    "NEWOBJ_EX": _call(3),
    "BUILD": _build,
    "EMPTY_TUPLE": _tuple(0),
    "TUPLE1": _tuple(1),
    "TUPLE2": _tuple(2),
    "TUPLE3": _tuple(3),
    "TUPLE": _tuple(None),
    "EMPTY_DICT": _new_dictionary,
    "SETITEM": _set_item,
    "SETITEMS": _set_items,
    "PUT": _remember,
    "BINPUT": _remember,
    "LONG_BINPUT": _remember,
    "MEMOIZE": _remember,
    "GET": _recall,
    "BINGET": _recall,
    "LONG_BINGET": _recall,
    "PERSID": _persistent,
    "BINPERSID": _persistent,
}
