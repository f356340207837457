"""Everything that was written is read back, in order, from one thread and from many."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.journal.append import JournalWriter
from runfolio.journal.layout import SLOTS
from runfolio.journal.read import JournalReader
from tests.journal.samples import read_all, small_journal, steps, write_points

INT64 = st.integers(-(2**63), 2**63 - 1)


def test_points_over_several_segments(writer: JournalWriter) -> None:
    count = 2 * SLOTS + 5
    write_points(writer, count)
    batch = JournalReader(writer.path).read()
    assert batch.damaged == 0
    assert np.array_equal(batch.points["step"], np.arange(count))
    assert np.array_equal(batch.points["time"], np.arange(count) + 1000)
    assert np.array_equal(batch.points["value"], np.arange(count) / 2)


def test_a_reader_goes_on_where_it_was(writer: JournalWriter) -> None:
    reader = JournalReader(writer.path)
    write_points(writer, 3)
    writer.event({"type": "note", "text": "first"})
    first = reader.read()
    reader.advance(first)
    write_points(writer, 2, start=3)
    writer.event({"type": "note", "text": "second"})
    second = reader.read()
    assert steps(first) == [0, 1, 2]
    assert [event["type"] for event in first.events] == ["journal", "note"]
    assert steps(second) == [3, 4]
    assert [event["text"] for event in second.events] == ["second"]
    assert steps(JournalReader(writer.path, first.points_end, first.events_end).read()) == [3, 4]


def test_a_read_that_is_not_committed_is_read_again(writer: JournalWriter) -> None:
    reader = JournalReader(writer.path)
    write_points(writer, 3)
    assert steps(reader.read()) == steps(reader.read()) == [0, 1, 2]


def test_a_long_journal_is_read_in_parts(writer: JournalWriter) -> None:
    write_points(writer, 2 * SLOTS + 1)
    reader = JournalReader(writer.path)
    sizes = []
    while batch := reader.read(segments=1):
        sizes.append(len(batch.points))
        reader.advance(batch)
    assert sizes == [SLOTS, SLOTS, 1]


def test_idle_means_that_there_is_nothing_new(writer: JournalWriter) -> None:
    reader = JournalReader(writer.path)
    assert not reader.idle()
    reader.advance(reader.read())
    assert reader.idle()
    write_points(writer, 1)
    assert not reader.idle()
    reader.advance(reader.read())
    writer.event({"type": "note"})
    assert not reader.idle()
    reader.advance(reader.read())
    assert reader.idle()


def test_idle_at_the_end_of_a_full_segment(writer: JournalWriter) -> None:
    reader = JournalReader(writer.path)
    write_points(writer, SLOTS)
    reader.advance(reader.read())
    assert reader.idle()
    write_points(writer, 1)
    assert not reader.idle()


def test_threads_share_a_journal(writer: JournalWriter) -> None:
    each = SLOTS // 3
    start = threading.Barrier(4)

    def log(series: int) -> None:
        start.wait()
        for number in range(each):
            writer.point(series, number, number, float(series))
            if number % 1000 == 0:
                writer.event({"type": "note", "series": series, "number": number})

    threads = [threading.Thread(target=log, args=(series,)) for series in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    points, events, damaged = read_all(writer.path, dead=False)
    assert damaged == 0
    assert len(points) == 4 * each
    for series in range(4):
        own = points[points["series"] == series]
        assert np.array_equal(own["step"], np.arange(each))
        assert (own["value"] == series).all()
        notes = [event["number"] for event in events if event.get("series") == series]
        assert notes == list(range(0, each, 1000))


def test_a_reader_beside_a_writer_sees_a_growing_prefix(writer: JournalWriter) -> None:
    count = 2 * SLOTS
    thread = threading.Thread(target=write_points, args=(writer, count))
    reader = JournalReader(writer.path)
    seen: list[int] = []
    thread.start()
    while len(seen) < count:
        batch = reader.read()
        seen += steps(batch)
        reader.advance(batch)
        assert batch.damaged == 0
    thread.join()
    assert seen == list(range(count))


@given(
    st.lists(st.tuples(st.integers(0, 2**32 - 1), INT64, INT64, st.floats()), max_size=20),
    st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers() | st.none(), max_size=4)),
)
def test_any_point_and_any_event_come_back_as_they_were(
    points: list[tuple[int, int, int, float]], notes: list[dict[str, object]]
) -> None:
    with small_journal(0, 0) as path:
        writer = JournalWriter(path.parent)
        for point in points:
            writer.point(*point)
        for note in notes:
            writer.event({"type": "note", "note": note})
        writer.close()
        found, events, damaged = read_all(writer.path)
    assert damaged == 0
    expected = np.array(points, [("series", "<u4"), ("step", "<i8"), ("time", "<i8"), ("value", "<f8")])
    for name in ("series", "step", "time"):
        assert np.array_equal(found[name], expected[name])
    assert np.array_equal(found["value"].view(np.int64), np.ascontiguousarray(expected["value"]).view(np.int64))
    assert [event["note"] for event in events[1:]] == notes


@pytest.mark.parametrize("point", [(-1, 0, 0, 0.0), (2**32, 0, 0, 0.0), (0, 2**63, 0, 0.0), (0, 0, 0, "x")])
def test_a_point_outside_its_range_is_refused_and_leaves_no_hole(
    writer: JournalWriter, point: tuple[int, int, int, float]
) -> None:
    with pytest.raises(Exception, match=r"argument|required|format"):
        writer.point(*point)
    write_points(writer, 2)
    assert steps(JournalReader(writer.path).read()) == [0, 1]
