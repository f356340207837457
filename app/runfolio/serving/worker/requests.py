"""What stands in a request: rows in one of MLflow's four forms of JSON, in CSV, Parquet or Arrow, and params."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from runfolio.core.errors import EnvironmentProblem, InvalidValue, SchemaMismatch, UserError
from runfolio.models.batches.bodies import BODIES, cast, read_body
from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.params import ParamSchema
from runfolio.models.schema.specs import Schema

_quick_loads: Callable[[bytes], Any] = json.loads
with suppress(ImportError):  # environments of models do without it
    from orjson import loads as _quick_loads

JSON, CSV = "application/json", "text/csv"
PARQUET, ARROW = "application/vnd.apache.parquet", "application/vnd.apache.arrow.stream"
TYPES = (JSON, CSV, PARQUET, ARROW)
#: Keys of requests in the words of language models, which MLflow takes too.
LANGUAGE = ("messages", "prompt", "input")


class WrongRequest(UserError):
    """A body that is not of the form that its type says."""

    error_code = "BAD_REQUEST"


@dataclass(frozen=True, slots=True)
class Told:
    """A request in JSON, before its rows are made to a table.

    Attributes:
        form: which of `BODIES`; "" of one in the words of language models, which is given to the model as it is.
        rows: what stands under that key.
        params: None where there are none.
    """

    form: str
    rows: Any
    params: Any = None


def read_json(body: bytes, params: ParamSchema | None = None) -> Told:
    """What a request in JSON says. Raises WrongRequest.

    Args:
        params: which keys are params in a request in the words of language models.
    """
    try:
        told = _loads(body)
    except (ValueError, RecursionError) as problem:
        raise WrongRequest(f"The request is not JSON: {problem}.") from None
    if not isinstance(told, dict):
        raise WrongRequest(f"The request is {_kind(told)}, and must be a dictionary with one of {', '.join(BODIES)}.")
    if any(word in told for word in LANGUAGE):
        known = {one.name for one in params.params} if params is not None else set()
        given = {name: value for name, value in told.items() if name in known}
        return Told("", {name: value for name, value in told.items() if name not in known}, given)
    forms = [form for form in BODIES if form in told]
    if len(forms) != 1:
        had = ", ".join(f"{name:.50}" for name in list(told)[:20]) or "none"
        raise WrongRequest(f"The request must have exactly one of the keys {', '.join(BODIES)}; it has {had}.")
    return Told(forms[0], told[forms[0]], told.get("params"))


@contextmanager
def needing(what: str) -> Iterator[None]:
    """Tell of a library that is not there what needs it. Raises EnvironmentProblem."""
    try:
        yield
    except ImportError as problem:
        name = "pyarrow" if what in (PARQUET, ARROW) else str(problem.name).partition(".")[0]
        raise EnvironmentProblem(f"{what} needs {name} in the model's environment.", f"pip install {name}") from problem


def data_of(told: Told, schema: Schema | None, *, hinted: bool = False) -> Any:
    """The rows as the model takes them.

    Args:
        hinted: whether the schema is of hints of types, by which the model itself makes what it takes.

    Raises:
        WrongRequest: they are not of the form that their key says.
        SchemaMismatch: they are not of the types of the schema.
        EnvironmentProblem: what tables are made by is not there.
    """
    if not told.form:
        return told.rows
    if hinted:
        if told.form != "inputs":
            raise InvalidValue(f"This model says by hints of types what it takes: `inputs`, not `{told.form}`.")
        return told.rows
    if told.form == "dataframe_records" and not (
        isinstance(told.rows, list) and all(isinstance(row, dict) for row in told.rows)
    ):
        raise WrongRequest("`dataframe_records` is a list of dictionaries.")
    try:
        with needing(f"`{told.form}`"):
            return read_body(told.rows, told.form, schema)
    except (SchemaMismatch, EnvironmentProblem):
        raise
    except (ValueError, TypeError, OverflowError, KeyError, AttributeError, RecursionError) as problem:
        raise WrongRequest(f"`{told.form}` cannot be read: {str(problem)[:300]}") from problem


def read_table(kind: str, body: bytes, schema: Schema | None) -> Any:
    """A table in CSV, Parquet or Arrow. Raises WrongRequest, SchemaMismatch, EnvironmentProblem."""
    try:
        with needing(kind):
            return cast(_TABLES[kind](body, schema), schema)
    except UserError:
        raise
    except Exception as problem:  # whatever a parser says of a body that somebody has sent
        raise WrongRequest(f"The request cannot be read as {kind}: {str(problem)[:300]}") from problem


def _loads(body: bytes) -> Any:
    """What a text of JSON says; to read it is most of the work for many rows."""
    try:
        return _quick_loads(body)
    except ValueError:  # Python's own also takes NaN, infinite numbers and halves of pairs of surrogates
        return json.loads(body)


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
