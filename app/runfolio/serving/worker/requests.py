"""What stands in a request: rows in one of MLflow's four forms of JSON, in CSV, Parquet or Arrow, and params."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runfolio.core.errors import EnvironmentProblem, UserError
from runfolio.models.batches.bodies import BODIES, cast, read_body
from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.specs import Schema

JSON, CSV = "application/json", "text/csv"
PARQUET, ARROW = "application/vnd.apache.parquet", "application/vnd.apache.arrow.stream"
TYPES = (JSON, CSV, PARQUET, ARROW)


class WrongRequest(UserError):
    """A body that is not of the form that its type says."""

    error_code = "BAD_REQUEST"


@dataclass(frozen=True, slots=True)
class Told:
    """A request in JSON, before its rows are made to a table.

    Attributes:
        form: which of `BODIES`.
        rows: what stands under that key.
        params: None where there are none.
    """

    form: str
    rows: Any
    params: Mapping[str, Any] | None = None


def read_json(body: bytes) -> Told:
    """What a request in JSON says. Raises WrongRequest."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise WrongRequest(f"The request is not JSON: {problem or 'it is nested too deeply'}.") from None
    if not isinstance(told, dict):
        raise WrongRequest(f"The request is {_kind(told)}, and must be a dictionary with one of {', '.join(BODIES)}.")
    forms = [form for form in BODIES if form in told]
    if len(forms) != 1:
        raise WrongRequest(
            f"The request must have exactly one of the keys {', '.join(BODIES)}; it has {', '.join(told) or 'none'}."
        )
    params = told.get("params")
    if params is not None and not isinstance(params, dict):
        raise WrongRequest(f"`params` must be a dictionary, and is {_kind(params)}.")
    return Told(forms[0], told[forms[0]], params)


def data_of(told: Told, schema: Schema | None) -> Any:
    """The rows as the model takes them.

    Raises:
        WrongRequest: they are not of the form that their key says.
        SchemaMismatch: they are not of the types of the schema.
    """
    _check(told)
    try:
        return read_body(told.rows, told.form, schema)
    except UserError:
        raise
    except (ValueError, TypeError, OverflowError, KeyError, RecursionError) as problem:
        raise WrongRequest(f"`{told.form}` cannot be read: {problem}.") from problem


def read_table(kind: str, body: bytes, schema: Schema | None) -> Any:
    """A table in CSV, Parquet or Arrow. Raises WrongRequest, SchemaMismatch, EnvironmentProblem."""
    try:
        return cast(_TABLES[kind](body, schema), schema)
    except UserError:
        raise
    except ImportError as problem:
        raise EnvironmentProblem(
            f"{kind} needs pyarrow in the model's environment.", "pip install pyarrow"
        ) from problem
    except Exception as problem:  # whatever a parser says of a body that somebody has sent
        raise WrongRequest(f"The request cannot be read as {kind}: {problem}.") from problem


def _check(told: Told) -> None:
    if told.form == "dataframe_split":
        rows = told.rows.get("data") if isinstance(told.rows, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise WrongRequest("`dataframe_split` has `columns`, a list of names, and `data`, a list of rows.")
    elif told.form == "dataframe_records" and not (
        isinstance(told.rows, list) and all(isinstance(row, dict) for row in told.rows)
    ):
        raise WrongRequest("`dataframe_records` is a list of dictionaries.")
    elif told.form == "instances" and not isinstance(told.rows, list):
        raise WrongRequest("`instances` is a list of rows.")


def _csv(body: bytes, schema: Schema | None) -> Any:
    import pandas as pd

    specs = () if schema is None or not schema.has_input_names() else schema.inputs
    texts: dict[Any, Any] = {one.name: str for one in specs if one.type is DataType.string}
    return pd.read_csv(io.BytesIO(body), dtype=texts)


def _parquet(body: bytes, _schema: Schema | None) -> Any:
    from pyarrow import parquet

    return parquet.read_table(io.BytesIO(body)).to_pandas()


def _arrow(body: bytes, _schema: Schema | None) -> Any:
    from pyarrow import ipc

    return ipc.open_stream(io.BytesIO(body)).read_all().to_pandas()


_TABLES = {CSV: _csv, PARQUET: _parquet, ARROW: _arrow}


def _kind(value: Any) -> str:
    known = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return known.get(type(value), "a number")
