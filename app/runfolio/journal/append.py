"""The writing side of a journal: a metric point costs a copy into shared memory, anything else one system call.

Points go into a memory-mapped file. Its pages belong to the kernel, so they survive the death of the process exactly
as written bytes would, at a fraction of a system call. Space is taken before it is mapped: a full disk shows when a
segment is made, never as a fault while logging. When a segment cannot be made, points wait in memory of the same
layout and `save` writes them out once the cause is gone.
"""

from __future__ import annotations

import errno
import itertools
import json
import mmap
import os
import platform
import sys
import threading
import uuid
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from runfolio.core.clock import now_ms
from runfolio.core.errors import InvalidValue
from runfolio.journal import locks
from runfolio.journal.layout import (
    CHECK,
    EVENTS,
    FORMAT_VERSION,
    FRAME,
    LOCK,
    MAX_EVENT,
    POINT,
    SEGMENT_SIZE,
    SLOT_SIZE,
    SLOTS,
    UNAIDED,
    segment_name,
)

_pack_point, _pack_check, _adler = POINT.pack, CHECK.pack, zlib.adler32
_encode = json.JSONEncoder(separators=(",", ":")).encode
_EVENT_START = b'{"type":'
CLOSED = -1
_POPULATE = getattr(mmap, "MAP_POPULATE", 0)


class Segment:
    """One run of slots: a mapped file, or memory until it can be one."""

    __slots__ = ("buffer", "next_offset", "number", "saved")

    def __init__(self, number: int, buffer: mmap.mmap | memoryview, saved: bool, start: int = 0) -> None:
        self.number = number
        self.buffer = buffer
        self.saved = saved
        # Drawing from a counter is atomic, so threads share a segment without a lock.
        self.next_offset = itertools.count(start, SLOT_SIZE).__next__


class JournalWriter:
    """The journal of this process. All methods may be called from any thread.

    Attributes:
        path: the journal's own folder; its name is the journal's id.
        trouble: the last error that kept bytes off the disk, or None.
    """

    path: Path
    _lock: int | None
    _events: int

    def __init__(self, folder: Path) -> None:
        """Make a journal in the folder `journal/` of a store. Raises OSError if that is impossible."""
        self.trouble: OSError | None = None
        self._guard = threading.Lock()
        self._pending = bytearray()
        self._unsaved: list[Segment] = []
        self._left: list[tuple[Segment, bytes]] = []
        #: The next free number for a series of this process.
        self.next_series = itertools.count().__next__
        self._open(folder)
        self._segment = self._new_segment(0)

    def point(self, series: int, step: int, time_ms: int, value: float) -> None:
        """Append one point. Raises struct.error for numbers outside their range."""
        body = _pack_point(series, step, time_ms, value)
        record = body + _pack_check(_adler(body))
        while True:
            segment = self._segment
            offset = segment.next_offset()
            try:
                segment.buffer[offset : offset + SLOT_SIZE] = record
            except (IndexError, ValueError):  # past the end of the map
                self._roll(segment)
            else:
                return

    def event(self, event: dict[str, Any]) -> None:
        """Append one event. Raises InvalidValue for one that is too large."""
        self.events([event])

    def events(self, events: Iterable[dict[str, Any]]) -> None:
        """Append several events at the cost of one. Raises InvalidValue if one is too large, and appends none."""
        frames = b"".join(map(_frame, events))
        with self._guard:
            self._write(frames)

    def save(self) -> bool:
        """Write out what is only in memory because of earlier trouble; False while the trouble lasts."""
        with self._guard:
            self._write(b"")
            for segment in self._unsaved:
                self._save_segment(segment)
            if not self._pending and all(segment.saved for segment in self._unsaved):
                self.trouble = None
            # A segment in memory stays listed while it may still be filled.
            self._unsaved = [s for s in self._unsaved if not s.saved or s is self._segment]
            return self.trouble is None

    @property
    def waiting(self) -> bool:
        """Whether something is in memory only, or may be soon: then `save` is to be called from time to time."""
        return bool(self._pending or self._unsaved)

    def points_in_memory(self) -> int:
        """How many points the death of this process would take along."""
        with self._guard:
            return sum(_filled(segment.buffer) for segment in self._unsaved if not segment.saved)

    def events_in_memory(self) -> int:
        """How many events are not on the disk as a whole."""
        with self._guard:
            return self._pending.count(_EVENT_START)

    def exists(self) -> bool:
        """Whether the journal is still where it was made."""
        return (self.path / EVENTS).exists()

    def is_elsewhere(self) -> bool:
        """Whether the journal was moved: it is not where it was made, but has not been deleted either."""
        return not self.exists() and os.fstat(self._events).st_nlink > 0

    def place(self) -> Path:
        """The journal's folder: where it was made, or where it was moved to. Raises OSError if nobody knows where."""
        with self._guard:
            if self._events == CLOSED or not self.is_elsewhere():
                return self.path
            events = _path_of(self._events)
            if not os.path.samestat(events.stat(), os.fstat(self._events)):
                raise FileNotFoundError(errno.ENOENT, "it was moved", str(self.path))
            return events.parent

    def beat(self) -> None:
        """Show other machines that this one is alive."""
        os.utime(self.path / LOCK)

    def ask_for_aid(self) -> None:
        """Have others bring it in while it grows, for its writer lacks what that needs."""
        with suppress(OSError):  # a full disk; then they do when it is whole
            (self.path / UNAIDED).touch()

    def begin_again(self, done: int, kept: Callable[[bytes, str], Iterable[dict[str, Any]]]) -> None:
        """Go on in a new folder, for this one, or the database, was deleted.

        A deleted file can be read as long as it is open or mapped. So most of what was not in the tables yet is not
        lost: all events, and the points of the last segments.

        Args:
            done: the slot up to which the points are in the tables, or were.
            kept: finds, in the bytes of the events so far, those that a journal of that name has to begin with.

        Raises:
            OSError: no folder can be made; nothing has changed.
        """
        with self._guard:
            gone, descriptors = not self.path.exists(), (self._events, self._lock)
            mapped = [] if self._segment in self._unsaved else [self._segment]
            left = [segment for segment in (*self._unsaved, *mapped) if gone or not segment.saved]
            self._open(self.path.parent, partial(kept, _content(self._events)))
            for descriptor in descriptors:
                if descriptor is not None:
                    os.close(descriptor)
            self.trouble, self._unsaved = None, []
            # Who is in the middle of a call still writes to the old ones: `take_late_points` looks again.
            self._left = [(segment, bytes(segment.buffer)) for segment in left]
            points = b"".join(_points_from(data, done - segment.number * SLOTS) for segment, data in self._left)
            for number, at in enumerate(range(0, len(points) + 1, SEGMENT_SIZE)):
                part = points[at : at + SEGMENT_SIZE]
                segment = self._new_segment(number, start=len(part))
                segment.buffer[: len(part)] = part
            self._segment = segment

    def take_late_points(self) -> None:
        """Append what came to the segments of a folder that is gone after `begin_again` had read them."""
        left, self._left = self._left, []
        for segment, before in left:
            after = bytes(segment.buffer)
            for at in range(0, SEGMENT_SIZE if after != before else 0, SLOT_SIZE):
                if after[at : at + SLOT_SIZE] != before[at : at + SLOT_SIZE]:
                    self._append(after[at : at + SLOT_SIZE])

    def close(self) -> None:
        """Let go of files and lock. A late event then fails instead of landing in another file of the same number."""
        descriptors, self._lock, self._events = (self._events, self._lock), None, CLOSED
        for descriptor in descriptors:
            if descriptor is not None and descriptor != CLOSED:
                os.close(descriptor)

    def _open(self, folder: Path, first: Callable[[str], Iterable[dict[str, Any]]] = lambda name: ()) -> None:
        path = folder / uuid.uuid4().hex
        path.mkdir(parents=True)
        # Locked before `events` exists: a folder without events is nobody's business yet.
        lock = locks.acquire(path / LOCK)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self.path, self._lock, self._events = path, lock, os.open(path / EVENTS, flags, 0o644)
        about = {"version": FORMAT_VERSION, "host": platform.node(), "pid": os.getpid(), "time": now_ms()}
        self._pending[:0] = b"".join(map(_frame, [{"type": "journal", **about}, *first(path.name)]))
        self._write(b"")

    def _append(self, record: bytes) -> None:
        while True:
            segment = self._segment
            offset = segment.next_offset()
            if offset < SEGMENT_SIZE:
                segment.buffer[offset : offset + SLOT_SIZE] = record
                return
            self._roll(segment)

    def _write(self, data: bytes) -> None:
        self._pending += data
        if not self._pending:
            return
        try:
            written = os.write(self._events, self._pending)
        except OSError as error:
            self.trouble = error
            return
        # What a short write left over follows before anything else, so frames stay whole.
        del self._pending[:written]

    def _roll(self, full: Segment) -> None:
        with self._guard:
            if self._segment is full:
                if full.saved and not self.path.exists():  # nobody else has its points any more
                    full.saved = False
                    self._unsaved.append(full)
                self._segment = self._new_segment(full.number + 1)

    def _new_segment(self, number: int, start: int = 0) -> Segment:
        try:
            return Segment(number, _map(self.path / segment_name(number)), saved=True, start=start)
        except OSError as error:
            self.trouble = error
            segment = Segment(number, memoryview(bytearray(SEGMENT_SIZE)), saved=False, start=start)
            self._unsaved.append(segment)
            return segment

    def _save_segment(self, segment: Segment) -> None:
        try:
            _write_whole(self.path / segment_name(segment.number), bytes(segment.buffer))
        except OSError as error:
            self.trouble = error
            segment.saved = False
        else:
            segment.saved = True


def _frame(event: dict[str, Any]) -> bytes:
    payload = _encode(event).encode("ascii")
    if len(payload) > MAX_EVENT:
        raise InvalidValue(f"At most {MAX_EVENT >> 20} MB can be logged in one call.", "Log a file instead.")
    return FRAME.pack(len(payload), zlib.crc32(payload)) + payload


def _path_of(descriptor: int) -> Path:
    """Where an open file is by now. Raises OSError where the system does not tell."""
    if sys.platform == "darwin":
        import fcntl

        return Path(os.fsdecode(fcntl.fcntl(descriptor, fcntl.F_GETPATH, bytes(1024)).rstrip(b"\0")))
    return Path(f"/proc/self/fd/{descriptor}").readlink()


def _content(descriptor: int) -> bytes:
    """All bytes of an open file, to which can only be appended."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    return b"".join(iter(lambda: os.read(descriptor, 1 << 20), b""))


def _points_from(data: bytes, slot: int) -> bytes:
    """The records of a segment from a slot on, up to the last one."""
    end = -(-len(data.rstrip(b"\0")) // SLOT_SIZE) * SLOT_SIZE
    return data[max(slot, 0) * SLOT_SIZE : end]


def _filled(buffer: mmap.mmap | memoryview) -> int:
    """How many slots hold a record."""
    return sum(any(buffer[at + POINT.size : at + SLOT_SIZE]) for at in range(0, SEGMENT_SIZE, SLOT_SIZE))


def _map(path: Path) -> mmap.mmap:
    """A new file of one segment's size, its space taken, mapped."""
    _write_whole(path, bytes(SEGMENT_SIZE))
    with path.open("r+b") as file:
        if not _POPULATE:
            return mmap.mmap(file.fileno(), SEGMENT_SIZE)
        return mmap.mmap(file.fileno(), SEGMENT_SIZE, mmap.MAP_SHARED | _POPULATE)


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file in one go or leave none: half a segment would be a trap for the map."""
    new = not path.exists()
    try:
        with path.open("xb" if new else "r+b", buffering=0) as file:
            written = file.write(data)
        if written != len(data):
            raise OSError(errno.ENOSPC, "no space left for a journal segment", str(path))
    except OSError:
        if new:  # an older copy stays: it is as large already, so a later attempt needs no space
            path.unlink(missing_ok=True)
        raise
