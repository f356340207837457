"""Messages on a stream of bytes: a piece of JSON and any number of blobs, each behind its length."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import IO, Any

# Length of the JSON and number of blobs; then the length of each blob.
HEAD, LENGTH = struct.Struct(">II"), struct.Struct(">Q")
#: No answer has more bytes; whoever says so is not to be believed.
MOST_BYTES, MOST_BLOBS = 256 * 1024 * 1024, 4096


class BrokenFrame(Exception):
    """The stream ends within a message, or holds something else."""


def write_frame(stream: IO[bytes], value: Any, blobs: Sequence[bytes] = ()) -> None:
    """Send one message. Raises OSError if nobody reads any more."""
    text = json.dumps(value).encode()
    lengths = b"".join(LENGTH.pack(len(blob)) for blob in blobs)
    stream.write(b"".join([HEAD.pack(len(text), len(blobs)), lengths, text, *blobs]))
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[Any, list[bytes]] | None:
    """The next message; None where the stream ends between two. Raises BrokenFrame."""
    start = stream.read(HEAD.size)
    if not start:
        return None
    length, count = HEAD.unpack(_whole(start, HEAD.size))
    if count > MOST_BLOBS:
        raise BrokenFrame(f"{count} blobs")
    lengths = [LENGTH.unpack(_exactly(stream, LENGTH.size))[0] for _ in range(count)]
    if length + sum(lengths) > MOST_BYTES:
        raise BrokenFrame(f"{length + sum(lengths)} bytes")
    text = _exactly(stream, length)
    blobs = [_exactly(stream, one) for one in lengths]
    try:
        return json.loads(text), blobs
    except (ValueError, RecursionError) as error:
        raise BrokenFrame(str(error)) from error


def _exactly(stream: IO[bytes], length: int) -> bytes:
    return _whole(stream.read(length), length)


def _whole(data: bytes, length: int) -> bytes:
    if len(data) != length:
        raise BrokenFrame(f"{len(data)} of {length} bytes")
    return data
