"""Data and answers as bytes, between a process and its child: tables, arrays and what JSON holds; never pickles."""

from __future__ import annotations

import io
import json
from typing import Any, BinaryIO

from runfolio.core.errors import EnvironmentProblem, InvalidValue


def encode(value: Any) -> tuple[str, bytes]:
    """A value as the name of its kind and bytes. Raises InvalidValue for what has no kind."""
    kind = f"{type(value).__module__.partition('.')[0]}.{type(value).__name__}"
    if kind in ("pandas.DataFrame", "pandas.Series"):
        return _encode_table(value)
    if kind == "numpy.ndarray" and value.dtype != object:
        import numpy as np

        stream = io.BytesIO()
        np.save(stream, value, allow_pickle=False)
        return "array", stream.getvalue()
    try:
        return "json", json.dumps(value, default=_plain).encode()
    except (TypeError, ValueError) as error:
        raise InvalidValue(f"A value of the type {type(value).__name__} cannot be handed over: {error}.") from error


def decode(kind: str, data: bytes) -> Any:
    """The value of a kind and bytes."""
    if kind == "array":
        import numpy as np

        return np.load(io.BytesIO(data), allow_pickle=False)
    if kind in ("table", "column"):
        import pandas as pd

        frame = pd.read_feather(io.BytesIO(data))
        return frame if kind == "table" else frame.iloc[:, 0]
    return json.loads(data)


def _encode_table(value: Any) -> tuple[str, bytes]:
    try:
        import pyarrow  # noqa: F401 - what pandas writes Feather by
    except ImportError as error:
        hint = "pip install pyarrow"
        raise EnvironmentProblem("A table is handed over by pyarrow, which is not installed.", hint) from error
    is_column = type(value).__name__ == "Series"
    frame = value.to_frame() if is_column else value
    stream = io.BytesIO()
    frame.reset_index(drop=True).rename(columns=str).to_feather(stream)
    return "column" if is_column else "table", stream.getvalue()


def _plain(value: Any) -> Any:
    """What numpy has for what JSON has."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is no JSON")


def write_frame(stream: BinaryIO, head: dict[str, Any], *parts: bytes) -> None:
    """Write a frame: a line of JSON, and the parts whose lengths it tells."""
    stream.write(json.dumps({**head, "lengths": [len(part) for part in parts]}).encode() + b"\n")
    for part in parts:
        stream.write(part)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], list[bytes]] | None:
    """The next frame; None at the end."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    head = json.loads(line)
    return head, [stream.read(length) for length in head["lengths"]]
