"""Datasets: what is written of them, and digests that tell equal from different data."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from runfolio import data
from runfolio.core.errors import InvalidValue, NotFound

FRAME = pd.DataFrame(
    {
        "x": [1.0, 2.0],
        "i": [1, 2],
        "s": ["a", "b"],
        "b": [True, False],
        "t": pd.to_datetime(["2020-01-01", "2020-01-02"]),
        "i32": np.array([1, 2], np.int32),
        "f32": np.array([1, 2], np.float32),
        "nul": [None, "x"],
        "nan": [1.0, np.nan],
        "c": pd.Categorical(["u", "v"]),
        "by": [b"1", b"2"],
        "l": [[1, 2], [3]],
    }
)
# As MLflow 3.17 writes the schema of that table.
COLUMNS = [
    {"type": "double", "name": "x", "required": True},
    {"type": "long", "name": "i", "required": True},
    {"type": "string", "name": "s", "required": True},
    {"type": "boolean", "name": "b", "required": True},
    {"type": "datetime", "name": "t", "required": True},
    {"type": "integer", "name": "i32", "required": True},
    {"type": "float", "name": "f32", "required": True},
    {"type": "string", "name": "nul", "required": False},
    {"type": "double", "name": "nan", "required": False},
    {"type": "string", "name": "c", "required": True},
    {"type": "binary", "name": "by", "required": True},
    {"type": "array", "items": {"type": "long"}, "name": "l", "required": True},
]


def test_a_pandas_table_is_described_as_mlflow_does() -> None:
    found = data.from_pandas(FRAME, source="s3://bucket/train.csv", name="train", targets="i").to_dict()
    assert found["name"] == "train" and found["source_type"] == "s3"
    assert json.loads(found["source"] or "") == {"uri": "s3://bucket/train.csv"}
    assert json.loads(found["schema"] or "") == {"mlflow_colspec": COLUMNS}
    assert json.loads(found["profile"] or "") == {"num_rows": 2, "num_elements": 24}


def test_arrays_are_described_as_mlflow_does() -> None:
    one = data.from_numpy(np.arange(6.0).reshape(3, 2), targets=np.array([1, 2, 3]))
    spec = {"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 2]}}
    assert one.schema is not None and json.loads(one.schema["mlflow_tensorspec"]["features"]) == [spec]
    assert one.profile == {
        "features_shape": [3, 2], "features_size": 6, "features_nbytes": 48,
        "targets_shape": [3], "targets_size": 3, "targets_nbytes": 24,
    }  # fmt: skip
    several = data.from_numpy({"a": np.arange(3), "b": np.ones((3, 2), np.float32)})
    assert several.profile["features_shape"] == {"a": [3], "b": [3, 2]}


def test_files_and_queries(tmp_path: Path) -> None:
    plain = FRAME[["x", "i", "s"]]
    csv, parquet = tmp_path / "a.csv", tmp_path / "a.parquet"
    plain.to_csv(csv, index=False)
    plain.to_parquet(parquet, index=False)
    for one, file in ((data.from_csv(csv, targets="i"), csv), (data.from_parquet(parquet), parquet)):
        assert one.name == file.name and one.profile["num_rows"] == 2 and one.profile["num_elements"] == 6
        assert one.source.to_json() == json.dumps({"uri": str(file)})
        assert one.schema is not None
        assert [column["type"] for column in one.schema["mlflow_colspec"]] == ["double", "long", "string"]
    database = sqlite3.connect(tmp_path / "a.db")
    plain.to_sql("t", database, index=False)
    asked = data.from_sql("SELECT x, i FROM t WHERE i > 1", database)
    database.close()
    assert asked.profile["num_rows"] == 1 and asked.source.kind == "sql"
    with pytest.raises(NotFound):
        data.from_csv(tmp_path / "none.csv")
    with pytest.raises(InvalidValue, match="cannot be read as Parquet"):
        data.from_parquet(csv)


def test_a_password_is_not_kept() -> None:
    one = data.from_pandas(FRAME[["x"]], source="https://ada:hunter2@host/a.csv")
    assert "hunter2" not in one.to_json() and "host/a.csv" in one.to_json()


def test_polars_tables() -> None:
    frame = pl.DataFrame({"x": [1.0, None], "n": [1, 2], "s": ["a", "b"], "l": [[1], [2, 3]]})
    one = data.from_polars(frame, targets="n")
    assert one.schema is not None
    kinds = [(column["name"], column["type"], column["required"]) for column in one.schema["mlflow_colspec"]]
    assert kinds == [("x", "double", False), ("n", "long", True), ("s", "string", True), ("l", "array", True)]
    assert one.digest == data.from_polars(frame.clone()).digest != data.from_polars(frame.reverse()).digest


@pytest.mark.parametrize(
    "call",
    [
        lambda: data.from_pandas([[1]]),  # type: ignore[arg-type]
        lambda: data.from_pandas(FRAME, targets="none"),
        lambda: data.from_numpy([1, 2]),
        lambda: data.from_numpy(np.ones(2), name="x" * 501),
        lambda: data.from_numpy(np.ones(2), digest=""),
        lambda: data.from_numpy(np.ones(2), source=7),
    ],
)
def test_wrong_data_is_refused(call: object) -> None:
    assert callable(call)
    with pytest.raises(InvalidValue):
        call()


ARRAYS = hnp.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.bool_]), hnp.array_shapes(max_dims=3, max_side=5)
)


@given(ARRAYS)
def test_equal_arrays_have_equal_digests(array: np.ndarray) -> None:
    first = data.from_numpy(array)
    assert first.digest == data.from_numpy(np.asfortranarray(array.copy())).digest
    changed = array.copy()
    changed.flat[0] = not changed.flat[0] if array.dtype == np.bool_ else changed.flat[0] + 1
    if changed.tobytes() != array.tobytes():  # a large float does not change by 1
        assert data.from_numpy(changed).digest != first.digest
    assert data.from_numpy(array[None]).digest != first.digest, "the shape counts"


@given(st.lists(st.tuples(st.floats(), st.text(), st.none() | st.integers(-5, 5)), min_size=1, max_size=8))
def test_equal_tables_have_equal_digests(rows: list[tuple[float, str, int | None]]) -> None:
    frame = pd.DataFrame(rows, columns=["a", "b", "c"])
    first = data.from_pandas(frame)
    assert first.digest == data.from_pandas(frame.copy(deep=True)).digest
    assert first.digest != data.from_pandas(frame.rename(columns={"a": "z"})).digest
    assert first.digest != data.from_pandas(pd.concat([frame, frame])).digest
