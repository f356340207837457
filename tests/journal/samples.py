"""Journals with known contents, and damage done to them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runfolio.journal.append import JournalWriter
from runfolio.journal.layout import EVENTS, SLOT_SIZE, SLOTS, segment_name
from runfolio.journal.read import Batch, JournalReader

Point = tuple[int, int, int, float]


def write_points(writer: JournalWriter, count: int, series: int = 0, start: int = 0) -> None:
    """Points whose step, time and value are all their number."""
    for number in range(start, start + count):
        writer.point(series, number, 1000 + number, number / 2)


def steps(batch: Batch) -> list[int]:
    """The steps of the points that were read, in order."""
    return [int(step) for step in batch.points["step"]]


def read_all(path: Path, *, dead: bool = True) -> tuple[NDArray[np.void], list[dict[str, Any]], int]:
    """Everything a reader finds from the start: points, events, and how much was damaged."""
    reader = JournalReader(path)
    points: list[NDArray[np.void]] = []
    events: list[dict[str, Any]] = []
    damaged = 0
    while True:
        before = reader.points_end, reader.events_end
        batch = reader.read(dead=dead)
        reader.advance(batch)
        points.append(batch.points)
        events += batch.events
        damaged += batch.damaged
        if (reader.points_end, reader.events_end) == before:
            return np.concatenate(points), events, damaged


def slot_bytes(path: Path, slot: int) -> bytes:
    """The bytes of a slot."""
    number, at = divmod(slot, SLOTS)
    with (path / segment_name(number)).open("rb") as file:
        file.seek(at * SLOT_SIZE)
        return file.read(SLOT_SIZE)


def set_slot(path: Path, slot: int, data: bytes) -> None:
    """Overwrite a slot."""
    number, at = divmod(slot, SLOTS)
    with (path / segment_name(number)).open("r+b") as file:
        file.seek(at * SLOT_SIZE)
        file.write(data)


def spoil(file: Path, at: int, change: int) -> None:
    """Change one byte of a file by that much (1 to 255)."""
    data = bytearray(file.read_bytes())
    data[at] = (data[at] + change) % 256
    file.write_bytes(data)


@contextmanager
def small_journal(events: int = 6, points: int = 6) -> Iterator[Path]:
    """A journal with a few points and events, whose writer is gone."""
    with tempfile.TemporaryDirectory() as folder:
        writer = JournalWriter(Path(folder))
        for number in range(events):
            writer.event({"type": "note", "number": number, "text": "x" * number})
        write_points(writer, points)
        writer.close()
        yield writer.path


def cut_events(path: Path, size: int) -> None:
    """Leave only the first bytes of the events, as a writer does that dies in the middle of a call."""
    with (path / EVENTS).open("r+b") as file:
        file.truncate(size)


def copy_of(path: Path) -> Path:
    """The journal as it is at this moment, as the death of its writer would leave it."""
    return Path(shutil.copytree(path, path.with_name(path.name + "-copy")))
