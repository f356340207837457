"""What Arrow's files have in common: their library, which is an extra, their types, and their values as texts."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from runfolio.core.errors import CannotShow, EnvironmentProblem
from runfolio.previews.table.source import Cell, Column, Kind

#: Bytes of a cell that are shown.
MOST_BYTES = 64


@contextmanager
def reading() -> Iterator[Any]:
    """Arrow's library. What it says of a damaged file is told as such.

    Raises:
        EnvironmentProblem: it is not installed.
        CannotShow: the file is damaged.
    """
    try:
        import pyarrow
        import pyarrow.ipc
        import pyarrow.parquet
    except ImportError as error:
        raise EnvironmentProblem("Parquet and Arrow files need pyarrow.", "pip install 'runfolio[parquet]'") from error
    try:
        yield pyarrow
    except pyarrow.lib.ArrowMemoryError as error:
        raise MemoryError from error
    except (pyarrow.lib.ArrowException, OSError, ValueError, OverflowError, NotImplementedError) as error:
        raise CannotShow(f"The file cannot be read: {str(error).splitlines()[0] if str(error) else error}") from error


def column_of(field: Any) -> Column:
    """A field of a schema."""
    return Column(str(field.name), _kind(field.type), str(field.type)[:200])


def _kind(type_: Any) -> Kind:
    import pyarrow.types as types

    if types.is_dictionary(type_):
        return _kind(type_.value_type)
    if types.is_boolean(type_):
        return "truth"
    if types.is_integer(type_) or types.is_floating(type_) or types.is_decimal(type_):
        return "number"
    if types.is_temporal(type_):
        return "time"
    return "nested" if types.is_nested(type_) else "text"


def texts(array: Any) -> list[Cell]:
    """An array, or a chunked one, as texts."""
    import pyarrow as pa

    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        try:
            found: list[Cell] = array.to_pylist()
        except UnicodeDecodeError:  # which the format does not allow, and nobody checks
            return [_text(value) for value in array.cast(pa.binary()).to_pylist()]
        return found
    try:
        return [_text(value) for value in array.to_pylist()]
    except (ValueError, OverflowError, UnicodeDecodeError):  # times that Python has no place for, among others
        return [_one(array, row) for row in range(len(array))]


def _one(array: Any, row: int) -> Cell:
    try:
        return _text(array[row].as_py())
    except (ValueError, OverflowError, UnicodeDecodeError):
        return str(array[row])


def _text(value: Any) -> Cell:
    if value is None:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return repr(value)
    if isinstance(value, bytes):
        shown = value[:MOST_BYTES].hex(" ")
        return shown if len(value) <= MOST_BYTES else f"{shown} … {len(value):,} bytes"
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=_inner)
    return str(value)


def _inner(value: Any) -> str:
    return base64.b64encode(value[:MOST_BYTES]).decode() if isinstance(value, bytes) else str(value)
