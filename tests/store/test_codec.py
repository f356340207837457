"""Packed columns come back bit by bit, and usual series stay small."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from runfolio.store.codec import Array, float_at, pack, places_of, unpack

INT64 = st.integers(-(2**63), 2**63 - 1)
# Any 64 bits: floats with every payload of NaN, both zeros, infinities and denormals among them.
BITS = INT64 | st.floats().map(lambda value: int(struct.unpack("<q", struct.pack("<d", value))[0]))
NEAR = st.integers(-3, 3) | st.sampled_from([2**7, 2**15, 2**31, -(2**7) - 1, -(2**15) - 1, -(2**31) - 1])


def integers(values: list[int]) -> NDArray[np.int64]:
    return np.array(values, np.int64)


def same(packed: list[Array], columns: list[Array]) -> bool:
    return len(packed) == len(columns) and all(
        one.dtype == other.dtype and one.tobytes() == other.tobytes()
        for one, other in zip(packed, columns, strict=True)
    )


@given(st.lists(st.tuples(INT64, BITS, BITS), max_size=100))
def test_any_columns_come_back_bit_by_bit(rows: list[tuple[int, int, int]]) -> None:
    steps, values, more = (integers([row[i] for row in rows]) for i in range(3))
    columns: list[Array] = [steps, values.view(np.float64), more, more.view(np.float64)]
    assert same(unpack(pack(columns)), columns)


@given(st.lists(st.tuples(st.integers(-3, 3) | INT64, BITS, st.floats(width=32)), min_size=1, max_size=60))
def test_one_number_is_found_without_the_others(rows: list[tuple[int, int, float]]) -> None:
    steps, bits = integers([row[0] for row in rows]), integers([row[1] for row in rows])
    singles = np.array([row[2] for row in rows])
    blob = pack([steps, bits, bits.view(np.float64), singles])
    for place, step in enumerate(steps.tolist()):
        assert list(places_of(blob, step)) == np.flatnonzero(steps == step).tolist()
        for column, values in ((2, bits.view(np.float64)), (3, singles)):
            np.testing.assert_array_equal(float_at(blob, column, place), values[place])


@given(st.integers(-(2**62), 2**62), st.integers(-5, 5), st.integers(1, 40))
def test_steps_at_even_distances_are_found_at_once(first: int, delta: int, count: int) -> None:
    steps = np.arange(count, dtype=np.int64) * delta + first
    blob = pack([steps, steps.astype(np.float64)])
    for step in range(first - 7, first + 7):
        assert list(places_of(blob, step)) == np.flatnonzero(steps == step).tolist()


@given(st.lists(NEAR, max_size=60), INT64)
def test_differences_of_any_width_come_back(differences: list[int], first: int) -> None:
    with np.errstate(over="ignore"):
        column = np.cumsum(integers([0, *differences])) + np.int64(first)
    assert same(unpack(pack([column])), [column])


@given(st.lists(st.floats(width=32), max_size=60))
def test_singles_come_back(values: list[float]) -> None:
    column = np.array(values, np.float64)
    assert same(unpack(pack([column])), [column])


@pytest.mark.parametrize("length", [0, 1, 2])
@pytest.mark.parametrize("value", [np.nan, -0.0, np.inf, -np.inf, 0.1, 5e-324, 1.7976931348623157e308])
def test_short_columns(length: int, value: float) -> None:
    columns: list[Array] = [np.arange(length, dtype=np.int64), np.full(length, value)]
    assert same(unpack(pack(columns)), columns)


@pytest.mark.parametrize("payload", [0x7FF8000000000001, 0x7FF0000000000001, 0x7FF7FFFFFFFFFFFF, 0x7FFC000000000000])
@pytest.mark.parametrize("sign", [0, -(2**63)])
def test_payloads_of_nan(payload: int, sign: int) -> None:
    column = integers([payload + sign] * 3).view(np.float64)
    assert same(unpack(pack([column])), [column])


def test_extremes_of_integers() -> None:
    column = integers([-(2**63), 2**63 - 1, 0, -(2**63), -(2**63), 2**63 - 1])
    assert same(unpack(pack([column])), [column])


def test_columns_that_are_slices_of_records_come_back() -> None:
    records = np.zeros(100, [("step", "<i8"), ("value", "<f8")])
    records["step"], records["value"] = np.arange(100) ** 2, np.sqrt(np.arange(100))
    columns: list[Array] = [np.ascontiguousarray(records["step"]), np.ascontiguousarray(records["value"])]
    assert same(unpack(pack(columns)), columns)


def bytes_per_point(values: NDArray[np.float64], *, every: int = 1) -> float:
    """The cost of a series logged once in about 10 ms, with realistic jitter of the clock."""
    random = np.random.default_rng(3)
    steps = np.arange(len(values), dtype=np.int64) * every
    times = 1_700_000_000_000 + np.cumsum(random.integers(8, 14, len(values)))
    return len(pack([steps, times, values])) / len(values)


def noisy_loss(count: int) -> NDArray[np.float64]:
    random = np.random.default_rng(4)
    return np.asarray(2 * np.exp(-np.arange(count) / 2000) + random.normal(0, 0.05, count))


@pytest.mark.parametrize("every", [1, 100])
def test_a_noisy_loss_costs_at_most_eight_bytes_a_point(every: int) -> None:
    assert bytes_per_point(noisy_loss(8192), every=every) <= 8.0


def test_a_loss_in_single_precision_costs_about_half_of_that() -> None:
    assert bytes_per_point(noisy_loss(8192).astype(np.float32).astype(np.float64)) <= 5.0


def test_constant_values_and_regular_steps_cost_next_to_nothing() -> None:
    column = np.arange(0, 81920, 10, dtype=np.int64)
    assert len(pack([column, column + 5, np.full(8192, 0.1)])) < 500
