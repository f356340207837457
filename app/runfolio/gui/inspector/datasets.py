"""The datasets of a run as rows: what each is called, where it is from, how large it is, which columns it has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from runfolio.core.entities import DatasetInput
from runfolio.core.states import DATA_CONTEXT
from runfolio.gui.inspector.rows import Span, TableRow, muted, plain

#: Of more columns only so many are listed.
MOST_COLUMNS = 40


def dataset_rows(data: Sequence[DatasetInput]) -> list[TableRow]:
    """Each dataset under its name."""
    return [row for number, one in enumerate(data) for row in _rows(number, one)]


def _rows(number: int, one: DatasetInput) -> Iterator[TableRow]:
    dataset, context = one.dataset, one.tags.get(DATA_CONTEXT, "")
    yield _row(number, plain(dataset.name), (muted(context),) if context else ())
    yield _row(number, muted("digest"), (plain(dataset.digest),))
    if dataset.source:
        yield _row(number, muted("source"), (plain(source_text(dataset.source)),))
    for name, value in profile(dataset.profile):
        yield _row(number, muted(name), (plain(value),))
    columns = schema(dataset.schema)
    if columns:
        yield _row(number, muted("columns"), (plain(f"{len(columns):,}"),))
    for name, kind in columns[:MOST_COLUMNS]:
        yield _row(number, muted(f"    {name}"), (muted(kind),))
    if len(columns) > MOST_COLUMNS:
        yield _row(number, muted("    …"), (muted(f"{len(columns) - MOST_COLUMNS:,} more"),))
    for name, value in one.tags.items():
        if name != DATA_CONTEXT:
            yield _row(number, muted(name), (plain(value),))


def _row(number: int, name: Span, spans: tuple[Span, ...]) -> TableRow:
    return TableRow(f"{number}\0{name[1]}", name, partial(_same, spans))


def _same(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return spans


def source_text(source: str) -> str:
    """Where data is from: the address in MLflow's JSON, or the text itself."""
    found = _parsed(source)
    if isinstance(found, dict):
        for key in ("uri", "url", "path", "delta_table_name", "table_name", "sql", "name"):
            if isinstance(found.get(key), str) and found[key]:
                return str(found[key])
        tags = found.get("tags")
        if isinstance(tags, dict):
            return str(tags.get("mlflow.source.name", "")) or source
    return source


def profile(text: str | None) -> list[tuple[str, str]]:
    """The figures of a profile, as names and values; nothing of one that is not understood."""
    found = _parsed(text)
    return [(name.replace("_", " "), _value(value)) for name, value in found.items()] if isinstance(found, dict) else []


def _value(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def schema(text: str | None) -> list[tuple[str, str]]:
    """The columns of a table or the arrays of a tensor dataset, with their types; nothing if it is not understood."""
    found = _parsed(text)
    if not isinstance(found, dict):
        return []
    columns = found.get("mlflow_colspec")
    if isinstance(columns, list):
        return [_column(at, one) for at, one in enumerate(columns) if isinstance(one, dict)]
    tensors = found.get("mlflow_tensorspec")
    if isinstance(tensors, dict):
        return [(str(name), _tensors(given)) for name, given in tensors.items() if given]
    return []


def _column(at: int, one: dict[str, Any]) -> tuple[str, str]:
    kind = one.get("type", "")
    optional = "" if one.get("required", True) else ", optional"
    return str(one.get("name", at)), f"{kind if isinstance(kind, str) else json.dumps(kind)}{optional}"


def _tensors(given: Any) -> str:
    parsed = _parsed(given) if isinstance(given, str) else given
    if not isinstance(parsed, list):
        return str(given)
    return ", ".join(_tensor(one) for one in parsed)


def _tensor(one: Any) -> str:
    spec = one.get("tensor-spec", {}) if isinstance(one, dict) else {}
    if not isinstance(spec, dict):
        return str(one)
    shape = spec.get("shape", [])
    sides = " × ".join("any" if side == -1 else str(side) for side in shape) if isinstance(shape, list) else str(shape)
    name = f"{one['name']}: " if isinstance(one.get("name"), str) else ""
    return f"{name}{spec.get('dtype', '')} {sides}".strip()


def _parsed(text: str | None) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
