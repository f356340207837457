"""Requests that are predicted together are answered as each alone; plain rows are the table that the others become."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from runfolio.models.mlmodel import PYFUNC, MLmodel
from runfolio.models.pyfunc.model import enforced
from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.signature import ModelSignature
from runfolio.models.schema.specs import ColSpec, Schema, TensorSpec
from runfolio.serving.worker.answering import Answering
from runfolio.serving.worker.plain import PlainReader, table_of
from runfolio.serving.worker.requests import JSON, Told, data_of
from runfolio.serving.worker.together import looks_at_rows

NAMES = ("a", "b", "c")
KINDS = (DataType.double, DataType.float, DataType.long, DataType.integer, DataType.boolean, DataType.string)
VALUES: dict[DataType, st.SearchStrategy[Any]] = {
    DataType.double: st.floats() | st.integers(-(1 << 60), 1 << 60) | st.none(),
    DataType.float: st.floats(width=32) | st.floats() | st.integers(-1000, 1000) | st.none(),
    DataType.long: st.integers(-(1 << 63), (1 << 63) - 1),
    DataType.integer: st.integers(-(1 << 31), (1 << 31) - 1),
    DataType.boolean: st.booleans(),
    DataType.string: st.text(max_size=5),
}
ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.lists(st.integers())


def schema_of(kinds: tuple[DataType, ...]) -> Schema:
    """Columns of some types."""
    return Schema([ColSpec(kind, name) for kind, name in zip(kinds, NAMES, strict=False)])


@st.composite
def requests(draw: st.DrawFn, kinds: tuple[DataType, ...]) -> Told:
    """Rows that mostly fit, in any form."""
    kept = {name: VALUES[kind] for kind, name in zip(kinds, NAMES, strict=False)}
    row = st.fixed_dictionaries({name: draw(st.sampled_from([one, one, one, ANYTHING])) for name, one in kept.items()})
    rows = draw(st.lists(row, min_size=1, max_size=4))
    form = draw(st.sampled_from(["dataframe_split", "dataframe_records", "instances", "inputs"]))
    lists = [[*one.values()] for one in rows]
    if form == "dataframe_split":
        return Told(form, {"columns": [*rows[0]], "data": lists})
    return Told(form, rows if form == "dataframe_records" or draw(st.booleans()) else lists)


@given(st.data())
def test_plain_rows_are_the_table_that_cast_and_check_make(data: st.DataObject) -> None:
    kinds = tuple(data.draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3)))
    schema = schema_of(kinds)
    told = data.draw(requests(kinds))
    plain = PlainReader(schema).read(told)
    if plain is None:
        return
    model = MLmodel(signature=ModelSignature(schema))
    pd.testing.assert_frame_equal(table_of([plain]), enforced(model, data_of(told, schema), None)[0])


@given(st.data())
def test_rows_that_fit_are_plain(data: st.DataObject) -> None:
    kinds = tuple(data.draw(st.lists(st.sampled_from(KINDS[2:]), min_size=1, max_size=3)))
    rows = data.draw(st.lists(st.tuples(*(VALUES[kind] for kind in kinds)), min_size=1, max_size=4))
    told = Told("dataframe_split", {"columns": [*NAMES[: len(kinds)]], "data": [[*row] for row in rows]})
    assert PlainReader(schema_of(kinds)).read(told) is not None


@given(st.lists(requests((DataType.double, DataType.string)), min_size=1, max_size=3))
def test_without_a_schema_plain_rows_are_what_pandas_makes_of_them(asked: list[Told]) -> None:
    for told in asked:
        plain = PlainReader(None).read(told)
        if plain is not None:
            pd.testing.assert_frame_equal(table_of([plain]), data_of(told, None))


def test_rows_of_arrays_are_the_array_that_cast_and_check_make() -> None:
    schema = Schema([TensorSpec(np.dtype("float32"), (-1, 2))])
    told = Told("instances", [[1, 2.5], [3, 4]])
    plain = PlainReader(schema).read(told)
    assert plain is not None
    model = MLmodel(signature=ModelSignature(schema))
    slow = enforced(model, data_of(told, schema), None)[0]
    assert table_of([plain]).dtype == slow.dtype and (table_of([plain]) == slow).all()
    assert table_of([plain, plain]).shape == (4, 2)
    assert PlainReader(schema).read(Told("instances", [[1, 2, 3]])) is None


TABLE = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0, 0.5], "b": ["x", "y", "x", "z", "y"]})
TARGET = [0, 0, 1, 1, 0]
SCHEMA = Schema([ColSpec(DataType.double, "a"), ColSpec(DataType.string, "b")])


def encoder() -> Any:
    """Numbers as they are scaled, and texts as columns."""
    return ColumnTransformer([("a", StandardScaler(), ["a"]), ("b", OneHotEncoder(handle_unknown="ignore"), ["b"])])


MODELS = {
    "trees": make_pipeline(encoder(), RandomForestClassifier(n_estimators=5, random_state=0)).fit(TABLE, TARGET),
    "neighbours": make_pipeline(encoder(), KNeighborsRegressor(2)).fit(TABLE, TARGET),
    "linear": make_pipeline(encoder(), LogisticRegression()).fit(TABLE, TARGET),
}
ROWS = st.lists(
    st.fixed_dictionaries({"a": st.floats(-100, 100) | st.integers(-9, 9), "b": st.sampled_from("xyzw")}),
    min_size=1,
    max_size=3,
)
WRONG = st.sampled_from([b"{", b"[]", b'{"dataframe_records": [{"a": "no", "b": "x"}]}', b'{"dataframe_records": []}'])


@pytest.mark.parametrize("name", MODELS)
@given(asked=st.lists(ROWS.map(lambda rows: json.dumps({"dataframe_records": rows}).encode()) | WRONG, max_size=6))
def test_what_is_predicted_together_is_what_each_is_told_alone(name: str, asked: list[bytes]) -> None:
    model = MLmodel(signature=ModelSignature(SCHEMA))
    answering = Answering(model, lambda data, _: MODELS[name].predict(data), by_row=True)
    alone = Answering(model, lambda data, _: MODELS[name].predict(data))
    told = [(JSON, body) for body in asked]
    assert answering.answers(told) == [alone.answers([one])[0] for one in told]


def of(loader: str, **entries: Any) -> MLmodel:
    """What the file of a model says that is loaded so."""
    return MLmodel(flavors={PYFUNC: {"loader_module": loader, **entries}})


def test_only_models_that_look_at_each_row_by_itself_are_asked_together() -> None:
    sklearn = of("mlflow.sklearn", predict_fn="predict")
    for name in MODELS:
        assert looks_at_rows(sklearn, partial(MODELS.get, name))
    users = make_pipeline(FunctionTransformer(lambda table: table - table.mean()), LogisticRegression())
    assert not looks_at_rows(sklearn, lambda: users)

    class Own(LogisticRegression):  # type: ignore[misc]
        """A user's own."""

    assert not looks_at_rows(sklearn, Own)
    assert not looks_at_rows(sklearn, lambda: make_pipeline(StandardScaler(), Own()))
    assert not looks_at_rows(of("mlflow.sklearn", predict_fn="score"), LogisticRegression)
    assert not looks_at_rows(of("mlflow.pyfunc.model"), LogisticRegression)
    assert looks_at_rows(of("mlflow.lightgbm"), lambda: None)


def test_models_that_give_no_answer_to_each_row_are_asked_one_by_one() -> None:
    model = MLmodel(signature=ModelSignature(Schema([ColSpec(DataType.double, "a")])))
    answering = Answering(model, lambda data, _: {"sum": float(data["a"].sum())}, by_row=True)
    bodies = [(JSON, json.dumps({"dataframe_records": [{"a": number}]}).encode()) for number in (1.0, 2.0)]
    assert [json.loads(one.body)["predictions"] for one in answering.answers(bodies)] == [{"sum": 1.0}, {"sum": 2.0}]
