"""What a model is given against its signature: what is changed on the way, and what an error says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import InvalidValue, SchemaMismatch
from runfolio.models.schema.casting import cast_table
from runfolio.models.schema.enforce import enforce_input, enforce_params
from runfolio.models.schema.infer import infer_params, infer_schema
from runfolio.models.schema.specs import ColSpec, Schema, TensorSpec
from runfolio.models.schema.types import Array, Object, Property

FRAME = pd.DataFrame({"age": [31, 47], "income": [1.5, 2.5], "city": ["Ulm", "Bonn"]})
SCHEMA = infer_schema(FRAME)


def refused(data: Any, schema: Schema = SCHEMA) -> SchemaMismatch:
    with pytest.raises(SchemaMismatch) as told:
        enforce_input(data, schema)
    return told.value


def test_columns_are_put_in_order_and_those_too_many_left_out(caplog: pytest.LogCaptureFixture) -> None:
    given = FRAME.assign(more=1)[["more", "city", "income", "age"]].set_axis(["p", "q"])
    found = enforce_input(given, SCHEMA)
    assert list(found.columns) == ["age", "income", "city"]
    assert list(found.index) == ["p", "q"]
    assert "'more'" in caplog.text


def test_missing_columns_are_named_with_their_types_and_those_that_may_be_meant() -> None:
    error = refused(FRAME.rename(columns={"age": "Age"}).drop(columns="city"))
    assert "'age' (long), 'city' (string)" in error.message
    assert "'Age'" in error.message
    assert (error.column, error.expected, error.row) == ("age", "long", None)
    assert error.error_code == "INVALID_PARAMETER_VALUE"


def test_a_value_that_does_not_fit_is_pointed_at() -> None:
    error = refused(FRAME.assign(age=pd.Series([31, "old"], dtype=object)))
    assert error.message == "Column 'age', row 1: 'old' is string, and the model expects long."
    assert (error.column, error.row, error.value, error.expected) == ("age", 1, "old", "long")


def test_a_missing_whole_number_is_pointed_at_with_what_to_do() -> None:
    error = refused(FRAME.assign(age=[31, np.nan]))
    assert "Column 'age', row 1: The value is missing" in error.message
    assert "declare the column as double" in error.hint


def test_a_fraction_among_whole_numbers_is_pointed_at() -> None:
    assert "Column 'age', row 1: 47.5" in refused(FRAME.assign(age=[31.0, 47.5])).message


def test_all_columns_at_fault_are_told_together() -> None:
    message = refused(FRAME.assign(age=["x", "y"], income=["1", "2"])).message
    assert "Column 'age'" in message
    assert "Column 'income'" in message


def test_a_place_deep_in_a_value_is_pointed_at() -> None:
    schema = Schema([ColSpec(Array(Object([Property("role", "string"), Property("score", "double", False)])), "turns")])
    error = refused(pd.DataFrame({"turns": [[{"role": "a"}], [{"role": "b"}, {"role": "c", "score": "high"}]]}), schema)
    assert error.message.startswith("Column 'turns', row 1 (turns[1].score): 'high' is string")
    assert "lacks 'role'" in refused(pd.DataFrame({"turns": [[{"score": 0.5}]]}), schema).message
    assert "does not know 'rank'" in refused(pd.DataFrame({"turns": [[{"role": "a", "rank": 1}]]}), schema).message


def test_what_is_given_stays_as_it_is() -> None:
    row = {"turns": [{"role": "a"}]}
    frame = pd.DataFrame([row])
    schema = infer_schema(frame)
    enforce_input(frame, schema)["turns"][0][0]["role"] = "changed"
    assert row == {"turns": [{"role": "a"}]}


def test_numbers_are_widened_and_never_narrowed() -> None:
    schema = Schema([ColSpec("long", "i"), ColSpec("double", "f"), ColSpec("datetime", "d")])
    given = pd.DataFrame({"i": np.array([1], "int8"), "f": np.array([3], "int32"), "d": [dt.date(2026, 1, 31)]})
    assert [str(kind) for kind in enforce_input(given, schema).dtypes] == ["int64", "float64", "datetime64[ns]"]
    assert "astype('float64')" in refused(given.assign(f=np.array([1 << 60])), schema).hint


def test_arrays_need_the_type_and_the_shape() -> None:
    schema = Schema([TensorSpec(np.dtype("float32"), (-1, 3))])
    assert enforce_input(np.zeros((5, 3), "float32"), schema).shape == (5, 3)
    assert (
        "has the shape (5, 4), and the model expects float32 of shape (-1, 3)"
        in refused(np.zeros((5, 4), "float32"), schema).message
    )
    assert "is of type float64" in refused(np.zeros((5, 3)), schema).message


def test_polars_tables_are_taken() -> None:
    polars = pytest.importorskip("polars")
    found = enforce_input(polars.from_dict(FRAME.to_dict("list")), SCHEMA)
    assert found.to_dict("list") == FRAME.to_dict("list")


def test_parameters_have_defaults_and_all_that_do_not_fit_are_told(caplog: pytest.LogCaptureFixture) -> None:
    schema = infer_params({"steps": 5, "rate": 0.5, "names": ["x"]})
    assert enforce_params({"rate": 1}, schema) == {"steps": 5, "rate": 1.0, "names": ["x"]}
    with pytest.raises(InvalidValue) as told:
        enforce_params({"steps": 1.5, "names": [1]}, schema)
    assert "'steps' is long, and 1.5 is double" in told.value.message
    assert "'names[0]' is string" in told.value.message
    enforce_params({"rates": 1}, schema)
    assert "rates; it takes steps, rate, names" in caplog.text


cells = {
    "boolean": st.booleans(),
    "long": st.integers(-(1 << 63), (1 << 63) - 1),
    "double": st.floats(allow_nan=False),
    "string": st.text(max_size=5),
    "binary": st.binary(max_size=5),
    "datetime": st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1)),
}
frames = st.dictionaries(st.text(max_size=3), st.sampled_from(sorted(cells)), min_size=1, max_size=4).flatmap(
    lambda kinds: st.lists(
        st.fixed_dictionaries({name: cells[kind] for name, kind in kinds.items()}), min_size=1, max_size=4
    )
)


@given(frames)
def test_data_fit_the_schema_that_was_inferred_from_them(rows: list[dict[str, Any]]) -> None:
    frame = pd.DataFrame(rows)
    found = enforce_input(frame, infer_schema(frame))
    assert list(found.columns) == list(frame.columns)
    assert (found == frame).all(axis=None)


def test_data_out_of_json_get_the_types_of_the_schema() -> None:
    schema = Schema([ColSpec(kind, kind) for kind in ("integer", "float", "double", "boolean", "binary", "datetime")])
    told = {"integer": [5], "float": [5], "double": [5], "boolean": [1], "binary": ["AQI="], "datetime": ["2026-01-31"]}
    found = enforce_input(cast_table(pd.DataFrame(told), schema), schema)
    assert found.iloc[0].to_list() == [5, 5.0, 5.0, True, b"\x01\x02", pd.Timestamp("2026-01-31")]


def test_nothing_is_lost_on_the_way_out_of_json() -> None:
    schema = Schema([ColSpec("long", "i")])
    assert "1.5" in refused(cast_table(pd.DataFrame({"i": [1.0, 1.5]}), schema), schema).message
    short = Schema([ColSpec("float", "f")])
    told = refused(cast_table(pd.DataFrame({"f": [0.1, 1e300]}), short), short).message
    assert told == "Column 'f', row 1: 1e+300 is double, and the model expects float."
