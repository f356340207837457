"""Holes, torn ends and damaged bytes: what is whole is read, damage is counted, nothing is made up."""

from __future__ import annotations

import shutil
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.journal.append import JournalWriter
from runfolio.journal.layout import EVENTS, FRAME, MAX_EVENT, SLOT_SIZE, SLOTS, segment_name
from runfolio.journal.read import PATIENCE, PAYLOAD_START, SEARCHED, JournalReader, read_events
from tests.journal.samples import (
    copy_of,
    cut_events,
    read_all,
    set_slot,
    slot_bytes,
    small_journal,
    spoil,
    steps,
    write_points,
)


def test_a_live_reader_waits_at_a_hole_and_then_passes_over_it(writer: JournalWriter) -> None:
    write_points(writer, 6)
    set_slot(writer.path, 2, bytes(SLOT_SIZE))
    reader = JournalReader(writer.path)
    batch = reader.read()
    assert steps(batch) == [0, 1]
    reader.advance(batch)
    for _ in range(PATIENCE - 1):
        batch = reader.read()
        assert not batch
        assert not reader.idle()
        reader.advance(batch)
    reader.advance(reader.read())
    batch = reader.read()
    assert steps(batch) == [3, 4, 5]
    assert batch.damaged == 0


def test_a_hole_that_is_filled_in_time_is_read_in_its_place(writer: JournalWriter) -> None:
    write_points(writer, 4)
    point = slot_bytes(writer.path, 1)
    set_slot(writer.path, 1, bytes(SLOT_SIZE))
    reader = JournalReader(writer.path)
    reader.advance(reader.read())
    for _ in range(PATIENCE // 2):
        assert not reader.read()
    set_slot(writer.path, 1, point)
    assert steps(reader.read()) == [1, 2, 3]


def test_a_dead_writers_points_are_taken_in_spite_of_holes(writer: JournalWriter) -> None:
    write_points(writer, SLOTS + 10)
    for slot in (0, 5, 6, SLOTS - 1, SLOTS):
        set_slot(writer.path, slot, bytes(SLOT_SIZE))
    points, _, damaged = read_all(writer.path)
    assert len(points) == SLOTS + 5
    assert damaged == 0
    assert not set(points["step"].tolist()) & {0, 5, 6, SLOTS - 1, SLOTS}


def test_a_lost_segment_does_not_hide_the_next_ones(writer: JournalWriter) -> None:
    write_points(writer, 3 * SLOTS + 1)
    path = copy_of(writer.path)
    (path / segment_name(1)).unlink()
    points, _, _ = read_all(path)
    assert np.array_equal(points["step"], [*range(SLOTS), *range(2 * SLOTS, 3 * SLOTS + 1)])


def test_a_segment_that_was_cut_off_does_not_hide_the_next_ones(writer: JournalWriter) -> None:
    write_points(writer, 2 * SLOTS + 1)
    path = copy_of(writer.path)
    for number, size in ((0, 7 * SLOT_SIZE + 3), (1, 0)):
        with (path / segment_name(number)).open("r+b") as file:
            file.truncate(size)
    points, _, _ = read_all(path)
    assert points["step"].tolist() == [*range(7), 2 * SLOTS]


@given(st.integers(0, 6 * SLOT_SIZE - 1), st.integers(1, 255))
def test_any_damaged_byte_of_a_point_costs_that_point_alone(at: int, change: int) -> None:
    with small_journal() as path:
        spoil(path / segment_name(0), at, change)
        points, events, damaged = read_all(path)
    assert points["step"].tolist() == [n for n in range(6) if n != at // SLOT_SIZE]
    assert len(events) == 7
    assert damaged == 1


@given(st.integers(0, 6 * SLOT_SIZE - 1), st.integers(1, 255))
def test_a_live_reader_passes_over_a_damaged_point_too(at: int, change: int) -> None:
    with small_journal() as path:
        spoil(path / segment_name(0), at, change)
        reader = JournalReader(path)
        found: list[int] = []
        damaged = 0
        for _ in range(PATIENCE + 3):
            batch = reader.read()
            reader.advance(batch)
            found += steps(batch)
            damaged += batch.damaged
    spoilt = at // SLOT_SIZE
    assert found == [n for n in range(6) if n != spoilt]
    assert damaged == 1


@given(st.data())
def test_any_damaged_byte_of_an_event_costs_that_event_alone(data: st.DataObject) -> None:
    with small_journal() as path:
        ends = frame_ends((path / EVENTS).read_bytes())
        at = data.draw(st.integers(0, ends[-1] - 1))
        spoil(path / EVENTS, at, data.draw(st.integers(1, 255)))
        points, events, damaged = read_all(path)
    lost = next(number for number, end in enumerate(ends) if at < end)
    expected = [n for n in range(-1, 6) if n != lost - 1]
    assert [event.get("number", -1) for event in events] == expected
    assert len(points) == 6
    # A length that grew makes the very last event look like one its writer died in.
    assert damaged == 1 or (lost == 6 and damaged == 0)


@given(st.data())
def test_several_damaged_bytes_invent_nothing(data: st.DataObject) -> None:
    with small_journal() as path:
        ends = frame_ends((path / EVENTS).read_bytes())
        places = data.draw(st.lists(st.integers(0, ends[-1] - 1), min_size=1, max_size=5, unique=True))
        for at in places:
            spoil(path / EVENTS, at, data.draw(st.integers(1, 255)))
        for at in data.draw(st.lists(st.integers(0, 6 * SLOT_SIZE - 1), max_size=3, unique=True)):
            spoil(path / segment_name(0), at, 1)
        points, events, _ = read_all(path)
    lost = {next(number for number, end in enumerate(ends) if at < end) for at in places}
    assert [event.get("number", -1) for event in events] == [n - 1 for n in range(7) if n not in lost]
    assert all(point["value"] == point["step"] / 2 for point in points)


@given(st.data())
def test_a_torn_last_event_is_not_damage_and_the_others_are_read(data: st.DataObject) -> None:
    with small_journal() as path:
        ends = frame_ends((path / EVENTS).read_bytes())
        size = data.draw(st.integers(0, ends[-1]))
        cut_events(path, size)
        points, events, damaged = read_all(path)
    assert len(events) == sum(end <= size for end in ends)
    assert len(points) == 6
    assert damaged == 0


def test_a_live_reader_goes_on_once_a_torn_event_is_whole(writer: JournalWriter) -> None:
    writer.event({"type": "note", "text": "whole"})
    path = copy_of(writer.path)
    data = (path / EVENTS).read_bytes()
    cut_events(path, len(data) - 3)
    reader = JournalReader(path)
    batch = reader.read()
    assert [event["type"] for event in batch.events] == ["journal"]
    reader.advance(batch)
    (path / EVENTS).write_bytes(data)
    assert [event["text"] for event in reader.read().events] == ["whole"]


def test_damage_at_the_end_counts_once_and_only_when_nothing_more_can_come(writer: JournalWriter) -> None:
    writer.event({"type": "note"})
    spoil(writer.path / EVENTS, (writer.path / EVENTS).stat().st_size - 1, 1)
    events, end, damaged = read_events(writer.path)
    assert (len(events), damaged) == (1, 0)
    assert read_events(writer.path, end) == ([], end, 0)
    _, last, damaged = read_events(writer.path, end, final=True)
    assert damaged == 1
    assert read_events(writer.path, last, final=True) == ([], last, 0)


def test_a_frame_written_into_a_text_is_not_mistaken_for_one(writer: JournalWriter) -> None:
    frame = (writer.path / EVENTS).read_bytes()
    writer.event({"type": "note", "text": frame.decode("latin-1")})
    writer.event({"type": "end"})
    spoil(writer.path / EVENTS, len(frame) + FRAME.size, 1)
    events, _, damaged = read_events(writer.path)
    assert [event["type"] for event in events] == ["journal", "end"]
    assert damaged == 1


def test_a_length_without_sense_is_damage() -> None:
    with small_journal(events=1) as path:
        with (path / EVENTS).open("ab") as file:
            file.write(FRAME.pack(MAX_EVENT + 1, 0) + b"x" * 100)
        _, events, damaged = read_all(path)
    assert len(events) == 2
    assert damaged == 1


def test_a_folder_that_vanishes_is_an_error_not_an_empty_journal(writer: JournalWriter) -> None:
    path = copy_of(writer.path)
    reader = JournalReader(path)
    shutil.rmtree(path)
    with pytest.raises(FileNotFoundError):
        reader.read()


def frame_ends(data: bytes) -> list[int]:
    """The ends of the frames in a file of whole ones."""
    ends = [0]
    while ends[-1] < len(data):
        ends.append(ends[-1] + FRAME.size + int(FRAME.unpack_from(data, ends[-1])[0]))
    return ends[1:]


def test_a_file_made_to_look_like_many_frames_is_not_searched_for_ever(
    writer: JournalWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.event({"type": "tags", "run": "r", "values": {"a": "b"}})
    events = writer.path / EVENTS
    sound = events.read_bytes()
    one = FRAME.pack(50_000, 0) + PAYLOAD_START
    events.write_bytes(sound + one * 20_000)
    checked = 0
    original = zlib.crc32

    def counted(data: bytes) -> int:
        nonlocal checked
        checked += len(data)
        return original(data)

    monkeypatch.setattr(zlib, "crc32", counted)
    found, _, damaged = read_events(writer.path, final=True)
    assert [event["type"] for event in found] == ["journal", "tags"] and damaged == 1
    assert checked < 2 * SEARCHED * events.stat().st_size
