"""Arrays: their sums and pictures are those that NumPy has of them."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runfolio.core.errors import CannotShow
from runfolio.previews.arrays import numpy_file
from runfolio.previews.arrays.questions import ArrayFacts, AskArrays, AskFigures, AskLine, AskPlane, SumUpArray
from runfolio.previews.kept import Kept


def facts_of(path: Path, name: str, kept: Kept) -> ArrayFacts:
    while (found := SumUpArray(str(path), name).answer(kept)).facts is None:
        pass
    return found.facts


def saved(folder: Path, array: Any, kind: str) -> tuple[Path, str]:
    """An array in a file of a kind, and its name there."""
    path = folder / f"a.{kind.partition('-')[0]}"
    if kind == "npy":
        np.save(path, array)
    elif kind == "npz":
        np.savez(path, a=array, b=np.arange(3))
    elif kind == "npz-compressed":
        np.savez_compressed(path, a=array, b=np.arange(3))
    else:
        data = np.ascontiguousarray(array).astype("<f4").tobytes()
        entry = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [0, len(data)]}
        head = json.dumps({"a": entry, "__metadata__": {"format": "pt"}}).encode()
        path.write_bytes(struct.pack("<Q", len(head)) + head + data)
    return path, "" if kind == "npy" else "a"


@pytest.mark.parametrize("kind", ["npy", "npz", "npz-compressed", "safetensors"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_values_are_those_that_were_saved(tmp_path: Path, kept: Kept, kind: str, order: Any) -> None:
    array = np.asarray(np.random.default_rng(0).normal(size=(6, 5, 4)).astype("f4"), order=order)
    array[1, 2, 3], array[0, 0, 0], array[5, 4, 3] = np.nan, np.inf, 0
    path, name = saved(tmp_path, array, kind)
    entries = {one.name: one for one in AskArrays(str(path)).answer(kept).entries}
    assert (entries[name].shape, entries[name].type, entries[name].bytes) == ((6, 5, 4), "float32", 480)
    told = facts_of(path, name, kept)
    finite = array[np.isfinite(array)].astype(float)
    assert (told.count, told.nans, told.infinities, told.zeros) == (120, 1, 1, 1)
    assert (told.least, told.greatest) == (finite.min(), finite.max())
    assert told.mean == pytest.approx(finite.mean()) and told.deviation == pytest.approx(finite.std())
    assert sum(told.bins) == 118
    plane = AskPlane(str(path), name, 1, 2, (3, 0, 0)).answer(kept)
    assert np.array_equal(plane.values, array[3])
    turned = AskPlane(str(path), name, 2, 0, (0, 1, 0)).answer(kept)
    assert np.array_equal(turned.values, array[:, 1, :].T)
    line = AskLine(str(path), name, 0, (0, 2, 3)).answer(kept)
    assert np.array_equal(line.least, array[:, 2, 3], equal_nan=True) and line.whole
    figures = AskFigures(str(path), name, 1, 2, (3, 0, 0), 1, 2, 2, 9).answer(kept)
    assert figures == tuple(tuple(f"{value:.7g}" for value in row[2:]) for row in array[3][1:3].tolist())


def test_what_a_file_says_of_itself_is_told(tmp_path: Path, kept: Kept) -> None:
    path, _ = saved(tmp_path, np.zeros((2, 2)), "safetensors")
    assert AskArrays(str(path)).answer(kept).notes == (("format", "pt"),)


def test_a_large_plane_is_a_picture_of_means(tmp_path: Path, kept: Kept) -> None:
    array = np.arange(1000 * 1200, dtype="f8").reshape(1000, 1200)
    path, name = saved(tmp_path, array, "npy")
    plane = AskPlane(str(path), name, 0, 1, (0, 0)).answer(kept)
    assert (plane.rows, plane.columns, plane.step, plane.averaged) == (1000, 1200, (2, 3), True)
    assert plane.values.shape == (500, 400)
    assert plane.values[0, 0] == array[:2, :3].mean() and plane.values[-1, -1] == array[-2:, -3:].mean()


def test_a_long_line_has_all_peaks(tmp_path: Path, kept: Kept) -> None:
    array = np.zeros(1_000_003)
    array[123_456], array[1_000_002] = 7, -3
    path, name = saved(tmp_path, array, "npy")
    line = AskLine(str(path), name, 0, (0,)).answer(kept)
    assert len(line.places) <= 2000 and line.count == 1_000_003
    assert (line.greatest.max(), line.least.min()) == (7, -3)
    assert line.places[-1] + 501 > 1_000_002


@pytest.mark.parametrize("dtype", ["bool", "i1", "u8", "f2", ">i4", "c8"])
def test_every_kind_of_number_is_shown(tmp_path: Path, kept: Kept, dtype: str) -> None:
    array = np.arange(6).reshape(2, 3).astype(dtype)
    path, name = saved(tmp_path, array, "npy")
    plane = AskPlane(str(path), name, 0, 1, (0, 0)).answer(kept)
    assert np.array_equal(plane.values, np.abs(array).astype(float) if dtype != "bool" else array.astype(float))


def test_bfloat16_is_the_upper_half_of_float32(tmp_path: Path, kept: Kept) -> None:
    values = np.array([1.0, -2.5, 0.0, 3.0e38], "f4")
    data = (values.view("u4") >> 16).astype("<u2").tobytes()
    head = json.dumps({"a": {"dtype": "BF16", "shape": [4], "data_offsets": [0, 8]}}).encode()
    path = tmp_path / "a.safetensors"
    path.write_bytes(struct.pack("<Q", len(head)) + head + data)
    line = AskLine(str(path), "a", 0, (0,)).answer(kept)
    assert line.least.tolist() == pytest.approx(values.tolist(), rel=0.01)


def test_objects_are_refused_with_the_reason(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, allow_pickle=True, a=np.array([{}], object), b=np.arange(3))
    entries = {one.name: one for one in AskArrays(str(path)).answer(kept).entries}
    assert "Python objects" in entries["a"].reason and not entries["b"].reason
    with pytest.raises(CannotShow, match="run code"):
        AskPlane(str(path), "a", -1, 0, (0,)).answer(kept)
    assert facts_of(path, "b", kept).greatest == 2


def test_an_archive_whose_first_array_cannot_be_unpacked_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez_compressed(path, a=np.zeros(100))
    data = bytearray(path.read_bytes())
    start = 30 + int.from_bytes(data[26:28], "little") + int.from_bytes(data[28:30], "little")
    data[start : start + 5] = b"\x01\1\2\3\4"
    path.write_bytes(data)
    with pytest.raises(CannotShow, match="cannot be unpacked"):
        numpy_file.open_array(str(path), "a")
