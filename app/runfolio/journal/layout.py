"""The bytes of a journal: record formats, names and sizes, shared by the writing and the reading side."""

from __future__ import annotations

import struct

FORMAT_VERSION = 1
LOCK, EVENTS, SEGMENT = "lock", "events", "points."
#: An empty file in a journal whose writer cannot bring it in by itself.
UNAIDED = "unaided"
# The end of the folder's name of a journal that is kept aside.
DAMAGED = ".damaged"

# A point: series, step, time in ms, value; then Adler-32 of those 28 bytes. Adler-32 because zlib has it in C for the
# writer and it is a matrix product for the reader. An unused slot is all zeros, which is no valid record.
POINT = struct.Struct("<Iqqd")
CHECK = struct.Struct("<I")
SLOT_SIZE = POINT.size + CHECK.size
SLOTS = 32768
SEGMENT_SIZE = SLOT_SIZE * SLOTS

# An event's frame: length of the payload and its CRC-32; the payload is JSON in ASCII.
FRAME = struct.Struct("<II")
MAX_EVENT = 64 << 20

# Seconds between two touches of the lock file. On a network file system, where another machine's lock may not be
# seen, a journal of that machine counts as alive for some heartbeats after the last.
HEARTBEAT = 10.0
SILENCE = 6 * HEARTBEAT


def segment_name(number: int) -> str:
    """The file name of the n-th segment, counting from 0."""
    return f"{SEGMENT}{number}"
