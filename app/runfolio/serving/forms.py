"""What a server's OpenAPI document says of the rows that its model takes, and rows as they are typed."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runfolio.core.errors import InvalidValue

JSON = "application/json"
RECORDS, SPLIT = "dataframe_records", "dataframe_split"
#: Of wider models a form would help nobody.
MOST_COLUMNS = 200
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a model takes.

    Attributes:
        kind: `boolean`, `integer`, `number`, `string`, `date-time`, `byte`, or "" for any JSON.
    """

    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Form:
    """What a model takes.

    Attributes:
        columns: none of a model that takes tensors, or has no signature.
        example: a request that it was saved with; None of one without.
    """

    columns: tuple[Column, ...] = ()
    example: Mapping[str, Any] | None = None


def read_form(document: Any) -> Form:
    """What an OpenAPI document of a server says; what is missing or of another kind counts for nothing."""
    content = _at(document, "paths", "/invocations", "post", "requestBody", "content", JSON)
    example = _at(content, "example")
    ways = _at(content, "schema", "oneOf")
    for way in ways if isinstance(ways, list) else []:
        rows = _at(way, "properties", RECORDS, "items")
        columns, required = _at(rows, "properties"), _at(rows, "required")
        if isinstance(columns, Mapping) and len(columns) <= MOST_COLUMNS:
            needed = required if isinstance(required, list) else []
            found = tuple(Column(str(name), _kind(told), name in needed) for name, told in columns.items())
            return Form(found, example if isinstance(example, Mapping) else None)
    return Form((), example if isinstance(example, Mapping) else None)


def first_row(request: Any) -> Row | None:
    """The first row of a request; None if it has none with names."""
    return next(iter(_rows(request, 1)), None)


def _rows(request: Any, most: int | None = None) -> list[Row]:
    """The rows of a request that have names, up to some."""
    for records in (_at(request, RECORDS), _at(request, "instances")):
        if isinstance(records, list):
            return [dict(row) for row in records[:most] if isinstance(row, Mapping)]
    names, data = _at(request, SPLIT, "columns"), _at(request, SPLIT, "data")
    if isinstance(names, list) and isinstance(data, list):
        return [dict(zip(map(str, names), row, strict=False)) for row in data[:most] if isinstance(row, list)]
    return []


def count_rows(request: Any) -> int:
    """How many rows a request has; 0 where that cannot be told."""
    for rows in (_at(request, RECORDS), _at(request, SPLIT, "data"), _at(request, "instances"), _at(request, "inputs")):
        if isinstance(rows, list):
            return len(rows)
    return 0


def request_of(row: Row, before: Any) -> dict[str, Any]:
    """Another request with this as its first row."""
    params = _at(before, "params")
    return {RECORDS: [row, *_rows(before)[1:]], **({} if params is None else {"params": params})}


def first_request(form: Form) -> dict[str, Any]:
    """What is asked before anything was typed: the example, or a row of nothing."""
    if form.example is not None:
        row, params = first_row(form.example), {"params": form.example.get("params")}
        return request_of(row, params) if row is not None and form.columns else dict(form.example)
    if form.columns:
        return {RECORDS: [{one.name: _EMPTY.get(one.kind) for one in form.columns}]}
    return {"inputs": []}


def value_of(column: Column, text: str) -> Any:
    """What was typed for a column. Raises InvalidValue; a blank one is None."""
    text = text if column.kind == "string" else text.strip()
    if not text and not (column.kind == "string" and column.required):
        return None
    try:
        return _READ.get(column.kind, str)(text)
    except (ValueError, RecursionError):
        raise InvalidValue(f"{column.name}: {text!r} is no {_WORDS.get(column.kind, column.kind)}.") from None


def text_of(value: Any) -> str:
    """A value as it would be typed."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def pretty(value: Any, indent: int = 0, before: int = 0) -> str:
    """JSON as people read it: what is short stands in one line, with so many letters `before` it."""
    line = json.dumps(value, ensure_ascii=False)
    if indent + before + len(line) <= _LINE or not value or not isinstance(value, Mapping | list):
        return line
    inner = indent + 2
    if isinstance(value, Mapping):
        names = [json.dumps(str(name), ensure_ascii=False) for name in value]
        parts = [
            f"{name}: {pretty(one, inner, len(name) + 2)}" for name, one in zip(names, value.values(), strict=True)
        ]
    elif any(isinstance(one, Mapping | list) for one in value):
        parts = [pretty(one, inner) for one in value]
    else:  # a row of numbers takes a few lines, and not one for each
        parts = _folded([json.dumps(one, ensure_ascii=False) for one in value], _LINE - inner)
    opens, closes = "{}" if isinstance(value, Mapping) else "[]"
    blank = " " * inner
    return f"{opens}\n{blank}" + f",\n{blank}".join(parts) + f"\n{' ' * indent}{closes}"


def _kind(told: Any) -> str:
    kind, form = _at(told, "type"), _at(told, "format")
    if form in ("date-time", "byte"):
        return str(form)
    return kind if kind in ("boolean", "integer", "number", "string") else ""


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):  # which JSON cannot say
        raise ValueError(text)
    return number


_READ: dict[str, Callable[[str], Any]] = {"boolean": _boolean, "integer": int, "number": _number, "": json.loads}
_WORDS = {"boolean": "true or false", "integer": "whole number", "": "JSON"}
_EMPTY = {"boolean": False, "integer": 0, "number": 0.0, "string": "", "date-time": "2000-01-01T00:00:00", "byte": ""}
#: Letters of a line.
_LINE = 34


def _folded(words: Sequence[str], letters: int) -> list[str]:
    """Words with commas between them, as many in each of the pieces as so many letters have room for."""
    pieces: list[str] = []
    for word in words:
        if pieces and len(pieces[-1]) + len(word) + 2 <= letters:
            pieces[-1] += f", {word}"
        else:
            pieces.append(word)
    return pieces
