"""All forms of requests and of predictions."""

from __future__ import annotations

import io
import json
from typing import Any

import pandas as pd
import pytest

from tests.serving.models import TABLE
from tests.serving.server import JSON, Server

PARQUET, ARROW = "application/vnd.apache.parquet", "application/vnd.apache.arrow.stream"
SPLIT = {"columns": ["a", "b"], "data": [[1.0, 4.0], [4.0, 1.0]]}
RECORDS = [{"a": 1.0, "b": 4.0}, {"b": 1.0, "a": 4.0}]
ROWS = [[1.0, 4.0], [4.0, 1.0]]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"dataframe_split": SPLIT}, id="split"),
        pytest.param({"dataframe_split": {**SPLIT, "index": [7, 9]}}, id="with an index"),
        pytest.param({"dataframe_split": {"columns": ["b", "a"], "data": [[4, 1], [1, 4]]}}, id="whole, another order"),
        pytest.param({"dataframe_split": {"columns": ["a", "b", "z"], "data": [[1, 4, 0], [4, 1, 0]]}}, id="more"),
        pytest.param({"dataframe_split": {"columns": ["a", "b"], "data": {"a": [1, 4], "b": [4, 1]}}}, id="columns"),
        pytest.param({"dataframe_split": {"columns": ["a", "b"], "data": [["1.0", 4], [4, 1]]}}, id="a text"),
        pytest.param({"dataframe_records": RECORDS}, id="records"),
        pytest.param({"instances": RECORDS}, id="instances"),
        pytest.param({"instances": ROWS}, id="instances that are rows"),
        pytest.param({"instances": {"a": [1, 4], "b": [4, 1]}}, id="instances that are columns"),
        pytest.param({"inputs": {"a": [1, 4], "b": [4, 1]}}, id="inputs"),
        pytest.param({"inputs": RECORDS}, id="inputs that are rows"),
        pytest.param({"dataframe_split": SPLIT, "params": None}, id="no params"),
        pytest.param({"dataframe_split": SPLIT, "params": {"unknown": 1}}, id="params that it does not know"),
        pytest.param({"dataframe_split": SPLIT, "else": 1}, id="another key"),
    ],
)
def test_all_forms_of_json_are_read(servers: dict[str, Server], body: Any) -> None:
    assert servers["classifier"].ask(body).predictions == [0, 1]


@pytest.mark.parametrize("kind", [JSON, f"{JSON}; charset=utf-8", f"{JSON};charset=UTF-8", "Application/JSON"])
def test_the_type_may_name_its_characters(servers: dict[str, Server], kind: str) -> None:
    assert servers["classifier"].ask({"dataframe_split": SPLIT}, kind).predictions == [0, 1]


def test_tables_in_files_are_read(servers: dict[str, Server]) -> None:
    server, wanted = servers["classifier"], [0, 0, 1, 1]
    assert server.ask(TABLE.to_csv(index=False).encode(), "text/csv").predictions == wanted
    assert server.ask(TABLE.astype("int64").to_csv(index=False).encode(), "text/csv").predictions == wanted
    pyarrow = pytest.importorskip("pyarrow")
    ipc = pytest.importorskip("pyarrow.ipc")
    file = io.BytesIO()
    TABLE.to_parquet(file)
    assert server.ask(file.getvalue(), PARQUET).predictions == wanted
    sink, table = io.BytesIO(), pyarrow.Table.from_pandas(TABLE)
    with ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    assert server.ask(sink.getvalue(), ARROW).predictions == wanted


def test_tensors_are_rows_in_lists(servers: dict[str, Server]) -> None:
    server = servers["of_arrays"]
    assert server.ask({"inputs": ROWS}).predictions == [0, 1]
    assert server.ask({"instances": ROWS}).predictions == [0, 1]
    assert server.ask({"dataframe_split": {"data": ROWS}}).predictions == [0, 1]
    wrong = server.ask({"inputs": [[1.0, 2.0, 3.0]]})
    assert (wrong.status, wrong.told["error_class"]) == (400, "SCHEMA_ENFORCEMENT_FAILED")


def test_a_model_without_a_signature_takes_what_it_is_given(servers: dict[str, Server]) -> None:
    server = servers["unsigned"]
    for body in ({"dataframe_split": SPLIT}, {"dataframe_records": RECORDS}, {"inputs": ROWS}):
        assert server.ask(body).predictions == [0, 1]


def test_a_model_with_hints_of_types_takes_inputs(servers: dict[str, Server]) -> None:
    server = servers["hinted"]
    assert server.ask({"inputs": ["a", "bcd"]}).predictions == [1, 3]
    wrong = server.ask({"instances": ["a"]})
    assert (wrong.status, wrong.told["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_requests_in_the_words_of_language_models_go_to_the_model_as_they_are(servers: dict[str, Server]) -> None:
    body = {"messages": [{"role": "user", "content": "Hello"}], "temperature": 0.5}
    told = servers["echo"].ask(body)
    assert (told.status, told.told["given"]) == (200, body), "with no `predictions` around it, as MLflow answers"


TYPED = {"whole": 1, "number": 1.5, "text": "x", "flag": True, "day": "2024-01-02", "more": None}


def test_values_are_of_the_types_that_the_signature_says(servers: dict[str, Server]) -> None:
    server = servers["odd"]
    wanted = {"whole": "int64", "number": "float64", "flag": "bool", "day": "datetime64[ns]", "more": "float64"}
    bodies: list[Any] = [
        {"dataframe_records": [TYPED]},
        {"dataframe_records": [{**TYPED, "number": 1, "flag": 1, "whole": 1.0}]},
        {"dataframe_split": {"columns": [*TYPED], "data": [[*TYPED.values()]]}},
        {"inputs": {name: [value] for name, value in TYPED.items()}},
        {"instances": [[*TYPED.values()]]},
    ]
    for body in bodies:
        assert server.ask(body).predictions.items() >= wanted.items(), body
    csv = pd.DataFrame([TYPED]).to_csv(index=False).encode()
    assert server.ask(csv, "text/csv").predictions.items() >= wanted.items()


@pytest.mark.parametrize(
    ("form", "wanted"),
    [
        ("table", [{"whole": 1, "number": 1.5}]),
        ("column", [{"number": 1.5}]),
        ("array", [[1.5]]),
        ("list", [1, "a", None, 2.5]),
        ("missing", [1.0, None]),
        ("infinite", [None, 1.0]),
        ("bytes", ["AP8="]),
        ("dates", ["2024-01-02T03:00:00", "2024-01-02"]),
        ("days", [{"day": "2024-01-02T00:00:00"}]),
        ("nothing", None),
    ],
)
def test_all_forms_of_predictions_are_written(servers: dict[str, Server], form: str, wanted: Any) -> None:
    told = servers["odd"].ask({"dataframe_records": [TYPED], "params": {"answer": form}})
    assert told.predictions == wanted
    json.loads(told.body, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
