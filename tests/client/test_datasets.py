"""Datasets: what is written of them, and digests that tell equal from different data."""

from __future__ import annotations

import datetime
import decimal
import http.server
import json
import sqlite3
import threading
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import PIL.Image
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from runfolio import data
from runfolio.client.datasets.source import sql_source
from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound

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
    changed.view(np.uint8).flat[0] ^= 1
    assert data.from_numpy(changed).digest != first.digest
    assert data.from_numpy(array[None]).digest != first.digest, "the shape counts"


@given(st.lists(st.tuples(st.floats(), st.text(), st.none() | st.integers(-5, 5)), min_size=1, max_size=8))
def test_equal_tables_have_equal_digests(rows: list[tuple[float, str, int | None]]) -> None:
    frame = pd.DataFrame(rows, columns=["a", "b", "c"])
    first = data.from_pandas(frame)
    assert first.digest == data.from_pandas(frame.copy(deep=True)).digest
    assert first.digest != data.from_pandas(frame.rename(columns={"a": "z"})).digest
    assert first.digest != data.from_pandas(pd.concat([frame, frame])).digest


# Values that are easily taken for each other, as text or by a hash.
VALUES = (
    st.none() | st.booleans() | st.integers(-2, 2) | st.text("a1", max_size=2) | st.binary(max_size=1)
    | st.sampled_from(["None", "nan", "True", 1.0, decimal.Decimal(1), datetime.date(2020, 1, 1)])
    | st.lists(st.integers(0, 1), max_size=2) | st.tuples(st.integers(0, 1)) | st.dictionaries(st.just("a"), st.none())
)  # fmt: skip


@given(st.lists(VALUES, min_size=1, max_size=4), st.lists(VALUES, min_size=1, max_size=4))
def test_columns_of_objects_are_told_apart(one: list[object], other: list[object]) -> None:
    digests = [data.from_pandas(pd.DataFrame({"a": pd.Series(values, dtype=object)})).digest for values in (one, other)]
    assert (digests[0] == digests[1]) == (repr(one) == repr(other))


def test_long_nested_arrays_and_pictures_count_in_full() -> None:
    whole, changed = np.arange(5000), np.arange(5000)
    changed[2000] = 7
    digests = [data.from_pandas(pd.DataFrame({"a": [array]})).digest for array in (whole, whole.copy(), changed)]
    assert digests[0] == digests[1] != digests[2]
    pictures = [PIL.Image.new("L", (4, 4), shade) for shade in (0, 0, 1)]
    digests = [data.from_pandas(pd.DataFrame({"a": [picture]})).digest for picture in pictures]
    assert digests[0] == digests[1] != digests[2]


def test_where_an_object_lies_in_memory_does_not_count() -> None:
    first, second = ([object(), {"b", "a"}, {"x": 1, "y": 2}], [object(), {"a", "b"}, {"y": 2, "x": 1}])
    assert data.from_numpy(np.array(first)).digest == data.from_numpy(np.array(second)).digest


@pytest.mark.parametrize(
    "dtype",
    (
        "Int64 Float64 boolean string category datetime64[ns] datetime64[ns,UTC] timedelta64[ns] Sparse[int] int8"
        " object int64[pyarrow] string[pyarrow]"
    ).split(),
)
def test_every_type_of_column_has_a_digest(dtype: str) -> None:
    column: pd.Series[Any] = pd.Series([0, 1, 0, 1])
    if "string" in dtype:
        column = column.astype(str)
    if "UTC" in dtype:
        column = pd.to_datetime(column, utc=True)
    frame = pd.DataFrame({"a": column.astype(dtype.replace(",", ", "))})  # type: ignore[call-overload]
    digest = data.from_pandas(frame).digest
    assert digest == data.from_pandas(pd.concat([frame[:2], frame[2:]])).digest
    assert digest == data.from_pandas(frame.iloc[[2, 3, 0, 1]]).digest, "a number of a row is none of the data"
    assert digest != data.from_pandas(frame[::-1]).digest
    if "Sparse" not in dtype:
        assert digest != data.from_pandas(pd.DataFrame({"a": frame["a"].where(frame.index < 3)})).digest


def test_an_index_that_says_something_counts() -> None:
    frame = pd.DataFrame({"a": [1, 2]})
    dated = frame.set_index(pd.to_datetime(["2020-01-01", "2020-01-02"]))
    later = frame.set_index(pd.to_datetime(["2020-01-01", "2020-01-03"]))
    assert len({data.from_pandas(one).digest for one in (frame, dated, later)}) == 3


@given(st.lists(st.tuples(st.none() | st.text(max_size=20), st.none() | st.integers(0, 3)), max_size=12))
def test_a_part_of_a_polars_table_is_as_a_table_of_its_own(rows: list[tuple[str | None, int | None]]) -> None:
    schema = {"s": pl.String, "n": pl.Int64}
    whole = pl.DataFrame([("left out of it, at some length", 9), *rows], schema, orient="row")
    own = pl.DataFrame(rows, schema, orient="row")
    assert data.from_polars(whole[1:]).digest == data.from_polars(own).digest != data.from_polars(whole).digest
    assert data.from_polars(pl.concat([own[:3], own[3:]])).digest == data.from_polars(own).digest


def test_masked_values_do_not_count_but_the_mask_does() -> None:
    digests = [
        data.from_numpy(np.ma.MaskedArray(np.array(values), mask=np.array(mask, bool))).digest
        for values, mask in (([1, 2], [0, 1]), ([1, 9], [0, 1]), ([1, 9], [0, 0]))
    ]
    assert digests[0] == digests[1] != digests[2]


def test_types_fit_all_values() -> None:
    frame = pd.DataFrame(
        {
            "object": [{"a": 1}, {"a": 2, "b": "y"}],
            "unknown": [{"a": None}, {"a": 1}],
            "mixed": pd.Series([1, "a"], dtype=object),
            "number": pd.Series([1, 2.5], dtype=object),
            "later": [[], [1]],
        }
    )
    found = data.from_pandas(frame).schema
    assert found is not None
    optional, required = {"required": False}, {"required": True}
    assert found["mlflow_colspec"] == [  # the first two as MLflow 3.17 writes them
        {"type": "object", "properties": {"a": {"type": "long", **required}, "b": {"type": "string", **optional}},
         "name": "object", **required},
        {"type": "object", "properties": {"a": {"type": "long", **optional}}, "name": "unknown", **required},
        {"type": "any", "name": "mixed", **required},
        {"type": "double", "name": "number", **required},
        {"type": "array", "items": {"type": "long"}, "name": "later", **required},
    ]  # fmt: skip


def test_a_long_csv_file_is_read_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runfolio.client.datasets.tables.ROWS_OF_A_BLOCK", 2)
    (tmp_path / "a.csv").write_text("i,late,empty,mixed\n1,,,1\n2,,,2\n3,x,,a\n,y,,b\n")
    one = data.from_csv(tmp_path / "a.csv")
    assert one.schema is not None and one.profile["num_rows"] == 4
    assert [(column["type"], column["required"]) for column in one.schema["mlflow_colspec"]] == [
        ("double", False), ("string", False), ("any", False), ("any", True)
    ]  # fmt: skip
    assert one.digest == data.from_csv(str(tmp_path / "a.csv")).digest
    (tmp_path / "a.csv").write_text("i\n1\n")
    assert one.digest != data.from_csv(tmp_path / "a.csv").digest


def test_a_folder_of_parquet_files_is_one_table(tmp_path: Path) -> None:
    (tmp_path / "year=2020").mkdir()
    FRAME[["x", "i"]].to_parquet(tmp_path / "year=2020" / "a.parquet")
    FRAME[["x", "i"]].to_parquet(tmp_path / "b.parquet")
    (tmp_path / "_metadata.parquet").write_text("none of the data")
    one = data.from_parquet(tmp_path)
    assert one.profile["num_rows"] == 4 and one.profile["num_elements"] == 8
    (tmp_path / "b.parquet").unlink()
    assert data.from_parquet(tmp_path).digest != one.digest
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound, match="no Parquet file"):
        data.from_parquet(tmp_path / "empty")


@pytest.mark.parametrize(
    ("address", "kind", "kept"),
    [
        ("s3://bucket/a.csv", "s3", "s3://bucket/a.csv"),
        ("abfss://container@account.dfs/a", "abfss", "abfss://container@account.dfs/a"),
        ("abfss://user:secret@account.dfs/a", "abfss", "abfss://account.dfs/a"),
        ("ftp://user:secret@host/a", "ftp", "ftp://host/a"),
        ("dbfs:/a.csv", "dbfs", "dbfs:/a.csv"),
        ("file:///a.csv", "local", "file:///a.csv"),
        ("C:\\a.csv", "local", "C:\\a.csv"),
        ("ratio 1:2.csv", "local", "ratio 1:2.csv"),
    ],
)
def test_kinds_of_sources(address: str, kind: str, kept: str) -> None:
    source = data.from_pandas(FRAME[["x"]], source=address).source
    assert (source.kind, source.uri) == (kind, kept)


@pytest.mark.parametrize(
    "url",
    ["postgresql://ada:hunter2@db/x", "mysql+pymysql://db/x?user=ada&password=hunter2", "sqlite:///{file}"],
)
def test_no_password_of_a_database_is_kept(tmp_path: Path, url: str) -> None:
    class Engine:
        def __init__(self) -> None:
            self.url = url

    text = sql_source("SELECT 1", Engine()).to_json() + sql_source("SELECT 1", url).to_json()
    assert "hunter2" not in text and "SELECT 1" in text and url.partition(":")[0] in text


def test_sources_are_fetched(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n")
    one = data.from_csv(tmp_path / "a.csv")
    assert data.get_source(one).load() == str(tmp_path / "a.csv")
    copy = data.get_source(one._to_mlflow_entity()).load(tmp_path / "copy")
    assert Path(copy).read_text() == "x\n1\n" and Path(copy).parent == tmp_path / "copy"
    with pytest.raises(NotFound):
        data.from_numpy(np.ones(1), source=tmp_path / "none").source.load()
    with pytest.raises(InvalidValue, match="cannot be fetched"):
        data.from_numpy(np.ones(1)).source.load()
    with pytest.raises(InvalidValue, match="no dataset"):
        data.get_source(7)


def test_a_source_on_a_web_server_is_fetched(tmp_path: Path) -> None:
    (tmp_path / "a b.csv").write_text("x\n1\n")
    handler = partial(QuietHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            root = f"http://127.0.0.1:{server.server_port}"
            source = data.from_pandas(FRAME[["x"]], source=f"{root}/a%20b.csv").source
            assert Path(source.load(tmp_path / "copy")).read_text() == "x\n1\n"
            with pytest.raises(EnvironmentProblem, match="404"):
                data.from_pandas(FRAME[["x"]], source=f"{root}/none.csv").source.load(tmp_path / "copy")
            with pytest.raises(EnvironmentProblem, match="broke off"):
                data.from_pandas(FRAME[["x"]], source=f"{root}/short.csv").source.load(tmp_path / "copy")
            assert [path.name for path in (tmp_path / "copy").iterdir()] == ["a b.csv"]
        finally:
            server.shutdown()
            thread.join()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """A web server that says nothing, and breaks off in the middle of `short.csv`."""

    def do_GET(self) -> None:
        """Answer."""
        if self.path != "/short.csv":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"x\n1\n")

    def log_message(self, format: str, *args: object) -> None:
        """Not a word."""
