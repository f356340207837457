"""The form of a model is drawn from its OpenAPI document, and what is typed becomes the request."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import InvalidValue
from runfolio.serving.forms import Column, count_rows, first_request, first_row, pretty, read_form, request_of, value_of

EXAMPLE = {"dataframe_split": {"columns": ["age", "plan"], "data": [[3, "a"], [4, "b"]]}, "params": {"t": 1}}
PROPERTIES = {"age": {"type": "integer", "format": "int64"}, "plan": {"type": "string"}}
ROWS = {"type": "array", "items": {"type": "object", "properties": PROPERTIES, "required": ["age"]}}
SCHEMA = {"oneOf": [{"properties": {"inputs": {}}}, {"properties": {"dataframe_records": ROWS}}]}


def document(content: Any) -> dict[str, Any]:
    return {"paths": {"/invocations": {"post": {"requestBody": {"content": {"application/json": content}}}}}}


def test_a_document_gives_columns_and_an_example() -> None:
    form = read_form(document({"schema": SCHEMA, "example": EXAMPLE}))
    assert form.columns == (Column("age", "integer", True), Column("plan", "string", False))
    assert first_request(form) == {"dataframe_records": [{"age": 3, "plan": "a"}], "params": {"t": 1}}
    assert count_rows(EXAMPLE) == 2


def test_without_an_example_a_row_of_nothing_is_asked() -> None:
    form = read_form(document({"schema": SCHEMA}))
    assert first_request(form) == {"dataframe_records": [{"age": 0, "plan": ""}]}
    assert first_request(read_form(None)) == {"inputs": []}


def test_tensors_are_asked_as_their_example() -> None:
    form = read_form(document({"schema": {"oneOf": []}, "example": {"inputs": [[1.0, 2.0]]}}))
    assert form.columns == () and first_request(form) == {"inputs": [[1.0, 2.0]]}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", " 7 ", 7),
        ("number", "1e3", 1000.0),
        ("boolean", "True", True),
        ("string", " a", " a"),
        ("", "[1, 2]", [1, 2]),
        ("number", "", None),
        ("date-time", "2026-01-31", "2026-01-31"),
    ],
)
def test_what_is_typed_becomes_a_value_of_its_kind(kind: str, text: str, value: Any) -> None:
    assert value_of(Column("a", kind, True), text) == value


@pytest.mark.parametrize(("kind", "text"), [("integer", "1.5"), ("number", "nan"), ("boolean", "yes"), ("", "{")])
def test_what_cannot_be_meant_is_told(kind: str, text: str) -> None:
    with pytest.raises(InvalidValue, match=r"^a: "):
        value_of(Column("a", kind, True), text)


def test_params_stay_when_a_row_is_typed() -> None:
    assert request_of({"a": 1}, {"inputs": [[1]], "params": {"t": 1}}) == {
        "dataframe_records": [{"a": 1}],
        "params": {"t": 1},
    }


@pytest.mark.parametrize("kind", ["dataframe_records", "instances"])
def test_the_other_rows_stay_when_one_is_typed(kind: str) -> None:
    rows = {"dataframe_records": [{"age": 1}, {"age": 4, "plan": "b"}]}
    assert request_of({"age": 1}, EXAMPLE) == rows | {"params": {"t": 1}}
    assert request_of({"age": 1}, {kind: [{"age": 9}, {"age": 4, "plan": "b"}]}) == rows


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_anything_is_read_as_a_document_and_a_request(value: Any) -> None:
    read_form(value), read_form(document(value)), first_row(value), count_rows(value)
    assert json.loads(pretty(value)) == value


def test_a_long_row_of_numbers_takes_a_few_lines() -> None:
    shown = pretty({"inputs": [[0.125] * 64, [1.0] * 3]})
    assert json.loads(shown) == {"inputs": [[0.125] * 64, [1.0] * 3]}
    assert len(shown.splitlines()) < 25 and max(map(len, shown.splitlines())) < 60
