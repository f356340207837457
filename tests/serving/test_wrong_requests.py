"""Wrong requests, each with MLflow's status, code and class."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.serving.server import JSON, Server

FORM = ("BAD_REQUEST", "KAM00", "INVALID_PARAMETER_VALUE")
VALUE = ("INVALID_PARAMETER_VALUE", "KAM00", "INVALID_PARAMETER_VALUE")
SCHEMA = ("INVALID_PARAMETER_VALUE", "KAM01", "SCHEMA_ENFORCEMENT_FAILED")
PARQUET, ARROW = "application/vnd.apache.parquet", "application/vnd.apache.arrow.stream"


def split(*data: Any, columns: Any = ("a", "b"), **more: Any) -> dict[str, Any]:
    """A request of rows."""
    return {"dataframe_split": {"columns": columns, "data": [*data], **more}}


def typed(**values: Any) -> dict[str, Any]:
    """A request of one row of the model that knows all types; without the columns that are None."""
    row = {"whole": 1, "number": 1.5, "text": "x", "flag": True, "day": "2024-01-02", **values}
    return {"dataframe_records": [{name: value for name, value in row.items() if value is not ...}]}


WRONG: list[tuple[str, Any, str, tuple[str, str, str], str]] = [
    # The model, the body, its type, what is told, and a word of the message.
    ("classifier", b"{", JSON, FORM, "not JSON"),
    ("classifier", b"", JSON, FORM, "not JSON"),
    ("classifier", b"\xff\xfe", JSON, FORM, "not JSON"),
    ("classifier", b"[1]", JSON, FORM, "a list"),
    ("classifier", b"5", JSON, FORM, "a number"),
    ("classifier", b"null", JSON, FORM, "null"),
    ("classifier", b"{}", JSON, FORM, "it has none"),
    ("classifier", {"foo": 1}, JSON, FORM, "foo"),
    ("classifier", {"inputs": [[1, 2]], "instances": [[1, 2]]}, JSON, FORM, "exactly one"),
    ("classifier", {"dataframe_split": [[1, 2]]}, JSON, FORM, "columns"),
    ("classifier", {"dataframe_split": {"columns": ["a", "b"]}}, JSON, FORM, "data"),
    ("classifier", split([1, 2], more=1), JSON, FORM, "nothing else"),
    ("classifier", split([1, 2, 3]), JSON, FORM, "3 columns"),
    ("classifier", split(1, 2), JSON, FORM, "dataframe_split"),
    ("classifier", split([1, 2], columns="ab"), JSON, FORM, "dataframe_split"),
    ("classifier", {"dataframe_records": {"a": 1}}, JSON, FORM, "list of dictionaries"),
    ("classifier", {"dataframe_records": "x"}, JSON, FORM, "list of dictionaries"),
    ("classifier", {"instances": [1, 2]}, JSON, SCHEMA, "'a'"),
    ("classifier", {"instances": 5}, JSON, SCHEMA, "'a'"),
    ("classifier", {"inputs": None}, JSON, SCHEMA, "table"),
    ("classifier", {"inputs": {}}, JSON, SCHEMA, "'a'"),
    ("classifier", {"inputs": {"a": [1.0, 2.0], "b": [1.0]}}, JSON, SCHEMA, "length"),
    ("classifier", {"dataframe_records": []}, JSON, SCHEMA, "'a'"),
    ("classifier", split([1.0], columns=["a"]), JSON, SCHEMA, "'b' (double)"),
    ("classifier", split([1.0], columns=["z"]), JSON, SCHEMA, "'z'"),
    ("classifier", split([1.0], columns=["z" * 999]), JSON, SCHEMA, f"'{'z' * 79}."),
    ("classifier", split([1.0, 2.0], columns=["a", "a"]), JSON, SCHEMA, "same name"),
    ("classifier", {"dataframe_split": {"data": [[1.0, 2.0]]}}, JSON, SCHEMA, "'a'"),
    ("classifier", split(["x", 2]), JSON, FORM, "Column 'a', row 0: 'x'"),
    ("classifier", split([1, [2]]), JSON, FORM, "Column 'b', row 0"),
    ("classifier", split([10**400, 2]), JSON, FORM, "Column 'a'"),
    ("classifier", split([None, 2]), JSON, FORM, "could not predict"),
    ("classifier", split(), JSON, FORM, "could not predict"),
    ("classifier", b"", "text/csv", FORM, "text/csv"),
    ("classifier", b"\xff\xfe\n", "text/csv", FORM, "text/csv"),
    ("classifier", b"a\n1\n", "text/csv", SCHEMA, "'b'"),
    ("classifier", b"a,b\nx,2\n", "text/csv", FORM, "'x'"),
    ("classifier", b"PAR1xxxx", PARQUET, FORM, "parquet"),
    ("classifier", b"xx", ARROW, FORM, "arrow"),
    ("odd", typed(whole=1.5), JSON, FORM, "1.5 is double"),
    ("odd", typed(whole="x"), JSON, FORM, "'x' is string"),
    ("odd", typed(whole=None), JSON, FORM, "Column 'whole'"),
    ("odd", typed(whole=None), JSON, FORM, "row 0: The value is missing"),
    ("odd", typed(whole=2**63), JSON, FORM, "Column 'whole'"),
    ("odd", typed(whole=10**30), JSON, FORM, "Column 'whole'"),
    ("odd", typed(number="x"), JSON, FORM, "Column 'number'"),
    ("odd", typed(flag="x"), JSON, FORM, "Column 'flag'"),
    ("odd", typed(day="x"), JSON, FORM, "Column 'day'"),
    ("odd", typed(day="2024-01-02T03:04:05Z"), JSON, FORM, "row 0: '2024-01-02T03:04:05Z' has a time zone"),
    ("odd", typed(day=1), JSON, FORM, "Column 'day'"),
    ("odd", typed(whole=...), JSON, SCHEMA, "'whole' (long)"),
    ("odd", {**typed(), "params": {"sleep": "x"}}, JSON, VALUE, "'sleep'"),
    ("odd", {**typed(), "params": 5}, JSON, VALUE, "dictionary"),
    ("odd", {**typed(), "params": {"answer": "error"}}, JSON, FORM, "RuntimeError: the model's own trouble"),
    ("odd", {**typed(), "params": {"answer": "object"}}, JSON, VALUE, "no form for object"),
    ("odd", {"messages": []}, JSON, SCHEMA, "'whole'"),
]


@pytest.mark.parametrize(("model", "body", "kind", "wanted", "word"), WRONG)
def test_a_wrong_request_is_told_as_mlflow_tells_it(
    servers: dict[str, Server], model: str, body: Any, kind: str, wanted: tuple[str, str, str], word: str
) -> None:
    told = servers[model].ask(body, kind)
    assert (told.status, told.headers["content-type"]) == (400, JSON), told.body
    assert set(told.told) == {"error_code", "message", "sqlstate", "error_class"}
    assert (told.told["error_code"], told.told["sqlstate"], told.told["error_class"]) == wanted, told.told
    assert word in told.told["message"]


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("", "missing"),
        ("text/plain", "text/plain"),
        ("application/x-json", "x-json"),
        ("application/json; charset=latin1", "charset"),
        ("application/json; format=pandas-split", "charset"),
        ("application/json;", "charset"),
    ],
)
def test_another_type_is_told_in_words(servers: dict[str, Server], kind: str, word: str) -> None:
    told = servers["classifier"].ask(b"{}", kind)
    assert (told.status, told.headers["content-type"]) == (415, "text/plain; charset=utf-8")
    assert word in told.body.decode()


def test_where_an_error_came_up_is_told_with_debug_alone(folders: dict[str, Path], servers: dict[str, Server]) -> None:
    body = {**typed(), "params": {"answer": "error"}}
    assert b"Traceback" not in servers["odd"].ask(body).body
    with Server(folders["odd"], ["--debug"]) as server:
        told = server.ask(body)
        assert told.status == 400 and "in fails" in told.told["stack_trace"]
