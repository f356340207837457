"""The reading side of a journal: what is new since a position, checked record by record, and what is damaged."""

from __future__ import annotations

import json
import os
import platform
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runfolio.journal import locks
from runfolio.journal.events import Event, as_written_now
from runfolio.journal.layout import (
    EVENTS,
    FRAME,
    LOCK,
    MAX_EVENT,
    POINT,
    SEGMENT,
    SEGMENT_SIZE,
    SILENCE,
    SLOT_SIZE,
    SLOTS,
    segment_name,
)

POINT_TYPE = np.dtype([("series", "<u4"), ("step", "<i8"), ("time", "<i8"), ("value", "<f8"), ("check", "<u4")])
# Adler-32 of n bytes d: a = 1 + sum d, b = n + sum (n - i) d_i, both modulo 65521 (RFC 1950, section 8.2).
_ADLER_WEIGHTS = np.stack([np.ones(POINT.size), np.arange(POINT.size, 0, -1)], axis=1).astype(np.float32)
_ADLER_MODULUS = 65521
PATIENCE = 20
PEEK = 64
# Of this many bytes the first event, which tells of the journal itself, takes but a few.
HEADER = 4096
PAYLOAD_START = b'{"'
# So many times its own length is checked at most of a file that was made to look like one with many frames.
SEARCHED = 64


@dataclass(slots=True)
class Batch:
    """What a read found.

    Attributes:
        points: the valid points, of POINT_TYPE, in the order of their slots.
        events: the whole events with their positions' order kept.
        points_end: number of the slot to go on from.
        events_end: byte of `events` to go on from.
        damaged: how many slots and events are not as they were written.
    """

    points: NDArray[np.void]
    events: list[Event] = field(default_factory=list)
    points_end: int = 0
    events_end: int = 0
    damaged: int = 0

    def __bool__(self) -> bool:
        return bool(len(self.points) or self.events)


def journals(folder: Path) -> Iterator[Path]:
    """The journals in the folder `journal/` of a store."""
    if folder.is_dir():
        yield from sorted(path.parent for path in folder.glob(f"*/{EVENTS}"))


def abandoned(path: Path) -> int | None:
    """Take over a journal whose owner is gone: its lock's descriptor, to be closed after use.

    None while the owner lives, or when another process has taken the journal over or even disposed of it.
    """
    try:
        descriptor = locks.acquire(path / LOCK, create=False)
    except FileNotFoundError:
        return None
    # Looked at with the lock held: another process may have brought the journal in while we came for it.
    if descriptor is not None and (not (path / EVENTS).exists() or _beats_elsewhere(path)):
        os.close(descriptor)
        return None
    return descriptor


def _beats_elsewhere(path: Path) -> bool:
    """Whether the owner is on another machine, whose lock may be invisible here, and gave a sign of life lately."""
    with (path / EVENTS).open("rb") as file:
        header = _events_in(file.read(HEADER), final=False)[0][:1]
    host = header[0].get("host") if header else None
    return host not in (None, platform.node()) and time.time() - (path / LOCK).stat().st_mtime < SILENCE


def read_events(path: Path, start: int = 0, *, final: bool = False) -> tuple[list[Event], int, int]:
    """The whole events from a byte on, the byte to go on from, and how many damaged places were passed over.

    What follows the last whole event is left for later; with `final` nothing will follow, so that damage there counts
    and is passed over. A frame that is merely incomplete, the last of a killed writer, is not damage.
    """
    with (path / EVENTS).open("rb") as file:
        file.seek(start)
        data = file.read()
    events, end, damaged = _events_in(data, final)
    return events, start + end, damaged


def unfinished(data: bytes, done: int, former: str, journal: str) -> list[Event]:
    """The events with which a journal begins anew whose former one was deleted.

    Args:
        data: the bytes of all events of the former one.
        done: the byte up to which they were in the tables. Runs that had ended there were deleted with them; all others
            are told again from their start.
        former, journal: the names of both.
    """
    before, after = _events_in(data[:done], final=True)[0], _events_in(data[done:], final=True)[0]
    latest = {event.get("run"): event.get("type") for event in before if event.get("type") in ("run", "end")}
    open_runs = {run for run, kind in latest.items() if kind == "run"}
    kept = [event for event in before if event.get("run") in open_runs]
    kept += [event for event in after if event.get("type") != "journal"]
    return [event | {"journal": journal} if event.get("journal") == former else event for event in kept]


def _events_in(data: bytes, final: bool) -> tuple[list[Event], int, int]:
    events: list[Event] = []
    at = damaged = 0
    patience = SEARCHED * len(data)
    while at < len(data):
        end = _frame_end(data, at)
        if end is not None:
            event = _event(data[at + FRAME.size : end])
            events += [event] if event is not None else []
            at, damaged = end, damaged + (event is None)
            continue
        following, patience = _next_frame(data, at + 1, patience)
        if following is not None:
            at, damaged = following, damaged + 1
            continue
        if final and not _is_incomplete(data, at):
            at, damaged = len(data), damaged + 1
        break
    return events, at, damaged


def _event(payload: bytes) -> Event | None:
    """The event of a whole frame; None if it is none, for a checksum can be made for anything."""
    try:
        event = json.loads(str(payload, "utf-8"))
    except (ValueError, RecursionError):
        return None
    return as_written_now(event) if isinstance(event, dict) else None


def _frame_end(data: bytes, at: int) -> int | None:
    """Where the whole frame that begins here ends; None if there is none."""
    if at + FRAME.size > len(data):
        return None
    length, check = FRAME.unpack_from(data, at)
    end = at + FRAME.size + length
    if not 0 < length <= MAX_EVENT or end > len(data) or zlib.crc32(data[at + FRAME.size : end]) != check:
        return None
    return int(end)


def _next_frame(data: bytes, at: int, patience: int) -> tuple[int | None, int]:
    """Where the first whole frame after some damage begins, and how many more bytes may be checked for others.

    No payload can look like one: in its ASCII any four bytes would be a length above MAX_EVENT.
    """
    found = data.find(PAYLOAD_START, at + FRAME.size)
    while found >= 0 and patience > 0:
        start = found - FRAME.size
        if _frame_end(data, start) is not None:
            return start, patience
        length = int(FRAME.unpack_from(data, start)[0])
        patience -= length if length <= len(data) - found else 0
        found = data.find(PAYLOAD_START, found + 1)
    return None, patience


def _is_incomplete(data: bytes, at: int) -> bool:
    """Whether this can be the first part of a frame."""
    if at + FRAME.size > len(data):
        return True
    length = int(FRAME.unpack_from(data, at)[0])
    return length <= MAX_EVENT and at + FRAME.size + length > len(data)


def valid_slots(slots: NDArray[np.void]) -> NDArray[np.bool_]:
    """Which slots hold a whole record, by their checksums."""
    raw = slots.view(np.uint8).reshape(-1, SLOT_SIZE)[:, : POINT.size].astype(np.float32)
    sums = (raw @ _ADLER_WEIGHTS).astype(np.int64)  # below 2**24, so exact in float32
    a = (sums[:, 0] + 1) % _ADLER_MODULUS
    b = (sums[:, 1] + POINT.size) % _ADLER_MODULUS
    matches: NDArray[np.bool_] = ((b << 16) | a) == slots["check"]
    return matches


class JournalReader:
    """Reads one journal onward from a position.

    While the writer lives, a slot that is still empty ends the read: a thread may be about to fill it. Only when it
    stays empty for PATIENCE reads with later slots filled is it passed over (the thread was interrupted in between).
    Of a dead writer everything valid is taken.
    """

    def __init__(self, path: Path, points_start: int = 0, events_start: int = 0) -> None:
        self.path = path
        self.points_end = points_start
        self.events_end = events_start
        self._waited = 0
        #: Whether the last read took as many segments as it may, so that there may be more.
        self.cut_short = False

    def read(self, *, dead: bool = False, segments: int = 16) -> Batch:
        """The next points, of at most that many segments, and events. Does not move on: call `advance` when done."""
        # Points first: whatever they refer to was defined before them, so it is among the events read after.
        points, points_end, damaged = self._read_points(dead, segments)
        events, events_end, broken = read_events(self.path, self.events_end, final=dead)
        return Batch(points, events, points_end, events_end, damaged + broken)

    def idle(self) -> bool:
        """True when there is nothing new, at the cost of a look at two files' ends."""
        if (self.path / EVENTS).stat().st_size != self.events_end:
            return False
        number, first = divmod(self.points_end, SLOTS)
        try:
            with (self.path / segment_name(number)).open("rb", buffering=0) as file:
                file.seek(first * SLOT_SIZE)
                # Some slots on, for the first may be empty still while later ones are filled.
                return not any(file.read(PEEK * SLOT_SIZE))
        except FileNotFoundError:
            return True

    def advance(self, batch: Batch) -> None:
        """Go on after a batch that has been committed."""
        self.points_end, self.events_end = batch.points_end, batch.events_end

    def _read_points(self, dead: bool, segments: int) -> tuple[NDArray[np.void], int, int]:
        parts = []
        end, damaged = self.points_end, 0
        self.cut_short = False
        for _ in range(segments):
            slots = self._segment_from(end)
            if dead and (slots is None or not len(slots)):
                there = self._next_segment(end)
                damaged += there - end  # segments that never left the writer's memory: as many points at most
                end, slots = there, self._segment_from(there)
            if slots is None:
                break
            taken, used, bad = self._take_dead(slots) if dead else self._take_live(slots)
            parts.append(taken)
            damaged += bad
            end += used
            if dead and end % SLOTS:
                end += SLOTS - end % SLOTS  # the rest of the segment was cut off
            if end % SLOTS or not used:
                break
        else:
            self.cut_short = True
        points = np.concatenate(parts) if parts else np.empty(0, POINT_TYPE)
        return points, end, damaged

    def _next_segment(self, slot: int) -> int:
        """The first slot of the next segment there is: one may be lost that waited in memory for a full disk."""
        files = [path for path in self.path.glob(f"{SEGMENT}*") if path.stat().st_size]
        starts = [int(path.name.removeprefix(SEGMENT)) * SLOTS for path in files]
        return min((start for start in starts if start > slot), default=slot)

    def _segment_from(self, slot: int) -> NDArray[np.void] | None:
        number, first = divmod(slot, SLOTS)
        try:
            with (self.path / segment_name(number)).open("rb") as file:
                file.seek(first * SLOT_SIZE)
                data = file.read(SEGMENT_SIZE)
        except FileNotFoundError:
            return None
        return np.frombuffer(data, POINT_TYPE, len(data) // SLOT_SIZE)

    def _take_live(self, slots: NDArray[np.void]) -> tuple[NDArray[np.void], int, int]:
        """The filled slots up to the first gap; beyond it when the gap has been there too long."""
        used = _filled(slots)
        good = valid_slots(slots[:used])
        gap = int(np.argmin(good)) if not good.all() else used
        if gap == used:
            self._waited = 0
            return slots[:used], used, 0
        self._waited = self._waited + 1 if gap == 0 else 0
        if self._waited < PATIENCE:
            return slots[:gap], gap, 0
        self._waited = 0
        return slots[:0], 1, int(slots["check"][0] != 0)

    def _take_dead(self, slots: NDArray[np.void]) -> tuple[NDArray[np.void], int, int]:
        used = _filled(slots)
        good = valid_slots(slots[:used])
        bad = ~good & (slots["check"][:used] != 0)
        # A dead writer's segment is finished, whether it was full or not.
        return slots[:used][good], len(slots), int(bad.sum())


def _filled(slots: NDArray[np.void]) -> int:
    """How many slots up to the last that is not all zeros."""
    written = np.flatnonzero(slots["check"])
    return int(written[-1]) + 1 if len(written) else 0
