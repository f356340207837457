"""Reading a whole series: bit by bit what was logged, whatever the number of chunks."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select, update

from runfolio.store import Store, codec, open_store, series
from runfolio.store.chunks import CHUNK, SHARED
from runfolio.store.schema import chunks
from runfolio.store.series import points, points_of
from tests.store.script import Script, same_bits

LENGTH = (SHARED + 3) * CHUNK + 17


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "store")
    yield store
    store.close()


def logged(store: Store) -> tuple[int, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    values = np.random.default_rng(0).standard_normal(LENGTH)
    values[::1000] = np.nan
    values[5::1000] = -np.inf
    with Script(store) as script:
        run = script.start()
        script.log(run, "loss", values.tolist())
        script.take()
        return script.number(run), values


def test_many_chunks_come_back_in_their_order(store: Store) -> None:
    run, values = logged(store)
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(chunks)).scalar_one() >= SHARED
    found = points(store, run, "loss")
    assert same_bits(found.values, values)
    assert np.array_equal(found.steps, np.arange(LENGTH))
    assert (np.diff(found.times) == 1000).all()


@pytest.mark.parametrize("which", [0, 1])
def test_a_damaged_chunk_is_told_and_not_read_as_something_else(store: Store, which: int) -> None:
    """The even ones are read by one thread, the odd ones by another."""
    run, _ = logged(store)
    with store.writing() as transaction:
        start = transaction.connection.execute(select(chunks.c.start).order_by(chunks.c.start).offset(which)).scalar()
        blob = transaction.connection.execute(select(chunks.c.data).where(chunks.c.start == start)).scalar_one()
        broken = update(chunks).where(chunks.c.start == start).values(data=blob[: len(blob) // 2])
        transaction.connection.execute(broken)
    with pytest.raises((ValueError, zlib.error, IndexError)):
        points(store, run, "loss")


def test_a_blob_unpacks_into_parts_of_greater_arrays() -> None:
    steps, values = np.array([5, 3, 2**62], np.int64), np.array([0.1, np.nan, -0.0])
    all_steps, all_values = np.full(5, 7, np.int64), np.full(5, 7.0)
    codec.unpack_into(codec.pack([steps, values]), [None, all_values[1:4]])
    assert all_steps.tolist() == [7] * 5 and same_bits(all_values[1:4], values), "a column can be left out"
    codec.unpack_into(codec.pack([steps, values]), [all_steps[1:4], all_values[1:4]])
    assert all_steps.tolist() == [7, 5, 3, 2**62, 7]
    assert same_bits(all_values, np.array([7.0, 0.1, np.nan, -0.0, 7.0]))


def test_of_an_unknown_metric_or_run_there_are_no_points(store: Store) -> None:
    assert len(points(store, 1, "loss")) == 0


def test_points_of_several_runs_are_those_of_each(store: Store) -> None:
    with Script(store) as script:
        names = [script.start() for _ in range(4)]
        script.log(names[0], "loss", [1.0, 2.0])
        script.take()
        script.log(names[0], "loss", [0.0], [-5])
        script.log(names[1], "acc", [7.0])
        script.log(names[2], "loss", [float("nan")] * 3)
        script.log(names[3], "loss", [4.0])
        script.take()
        runs = [script.number(name) for name in names[::-1]]
    found, left_out = points_of(store, [*runs, 999], "loss", 100)
    assert list(found) == [runs[0], runs[1], runs[3]] and left_out == 0
    for run, one in found.items():
        own = points(store, run, "loss")
        assert one.steps.tolist() == own.steps.tolist() and one.times.tolist() == own.times.tolist()
        assert same_bits(one.values, own.values)
    assert found[runs[3]].steps.tolist() == [-5, 0, 1]
    assert points_of(store, runs, "none", 100) == ({}, 0)


@pytest.mark.parametrize(("most", "read"), [(0, 1), (1, 1), (3, 1), (4, 2), (6, 2), (7, 3)])
def test_of_too_many_points_those_of_the_first_runs_are_read(
    store: Store, monkeypatch: pytest.MonkeyPatch, most: int, read: int
) -> None:
    monkeypatch.setattr(series, "POINTS_AT_ONCE", 2)
    with Script(store) as script:
        names = [script.start() for _ in range(3)]
        for name, length in zip(names, (1, 3, 3), strict=True):
            script.log(name, "loss", list(range(length)))
        script.take()
        runs = [script.number(name) for name in names]
    found, left_out = points_of(store, runs, "loss", most)
    assert (list(found), left_out) == (runs[:read], 3 - read)
    assert [len(one) for one in found.values()] == [1, 3, 3][:read]
