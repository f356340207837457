"""The rows in a request to a server of models: MLflow's four forms, with the types that a signature says."""

from __future__ import annotations

from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.schema.casting import cast_array, cast_table
from runfolio.models.schema.enforce import as_table
from runfolio.models.schema.specs import ColSpec, Schema

#: The keys that rows stand under; a request has one of them.
BODIES = ("dataframe_split", "dataframe_records", "instances", "inputs")
_SPLIT = frozenset(("columns", "index", "data"))


def read_body(told: Any, body: str | None, schema: Schema | None) -> Any:
    """The rows of a request as a model takes them.

    Args:
        told: what stands in the request under that key.
        body: one of `BODIES`, or None where the rows stand alone.

    Raises:
        InvalidValue: it is not of that form, or cannot be of the types of the schema.
        ImportError: it is a table, and pandas is not there.
    """
    if body == "dataframe_split":
        if not isinstance(told, dict) or "data" not in told or told.keys() - _SPLIT:
            raise InvalidValue("`dataframe_split` has `data`, and if need be `columns` and `index`, and nothing else.")
        return cast(_table(told["data"], columns=told.get("columns"), index=told.get("index")), schema)
    if isinstance(told, list):
        return read_rows(told, schema)
    if isinstance(told, dict) and schema is not None and schema.is_tensor_spec():
        named = schema.input_dict() if schema.has_input_names() else {}
        return {name: cast_array(values, named.get(name)) for name, values in told.items()}
    if isinstance(told, dict) and schema is not None and schema.has_input_names():
        return cast(as_table(told, [one for one in schema.inputs if isinstance(one, ColSpec)]), schema)
    return told


def read_rows(told: list[Any], schema: Schema | None) -> Any:
    """Records as a table; values as an array if the model takes such, else as they are."""
    if told and all(isinstance(one, dict) for one in told):
        return cast(_table(told), schema)
    if schema is not None and schema.is_tensor_spec():
        return cast_array(told, schema.inputs[0])
    if schema is not None and schema.has_input_names() and told and all(isinstance(one, list) for one in told):
        names: list[Any] = schema.input_names()
        table = _table(told)
        return cast(
            table.set_axis(names[: len(table.columns)], axis=1) if len(names) >= len(table.columns) else table, schema
        )
    return told


def cast(table: Any, schema: Schema | None) -> Any:
    """A table with the types of a schema, as far as text and JSON have lost them."""
    return table if schema is None else cast_table(table, schema)


def _table(rows: Any, **more: Any) -> Any:
    import pandas as pd  # models that take no tables have environments without it

    return pd.DataFrame(rows, **more)
