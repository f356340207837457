"""Frames to and from a model's process, as `previews.frames` writes them, without holding the server up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from runfolio.previews.frames import HEAD, LENGTH, MOST_BLOBS, BrokenFrame


def send(stream: asyncio.StreamWriter, value: Any, blobs: Sequence[bytes] = ()) -> None:
    """Send one message; the caller drains the stream."""
    text = json.dumps(value).encode()
    stream.write(HEAD.pack(len(text), len(blobs)) + b"".join(LENGTH.pack(len(blob)) for blob in blobs) + text)
    stream.writelines(blobs)


async def receive(stream: asyncio.StreamReader) -> tuple[Any, list[bytes]]:
    """The next message. Raises BrokenFrame, EOFError where the stream ends."""
    length, count = HEAD.unpack(await stream.readexactly(HEAD.size))
    if count > MOST_BLOBS:
        raise BrokenFrame(f"{count} blobs")
    lengths = LENGTH.iter_unpack(await stream.readexactly(LENGTH.size * count))
    text = await stream.readexactly(length)
    return json.loads(text), [await stream.readexactly(one) for (one,) in lengths]
