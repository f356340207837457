"""What a request is answered with: a status, a type and a body; MLflow's forms of predictions and of errors."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from runfolio.models.json_data import jsonable
from runfolio.models.schema.infer import table_kind

JSON = "application/json"
#: What MLflow has beside its codes of errors: a class, and a state as SQL has them.
_CLASSES = {
    "BAD_REQUEST": "INVALID_PARAMETER_VALUE",
    "INVALID_PARAMETER_VALUE": "INVALID_PARAMETER_VALUE",
    "ENDPOINT_NOT_FOUND": "RESOURCE_NOT_FOUND",
    "PERMISSION_DENIED": "PERMISSION_DENIED",
    "UNAUTHENTICATED": "PERMISSION_DENIED",
}
_OURS, _THEIRS, _SCHEMA = "CLIENT_INTERNAL_ERROR", "KAM00", "SCHEMA_ENFORCEMENT_FAILED"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it goes over the wire."""

    status: int
    body: bytes
    type: str = JSON


def of_predictions(output: Any, *, named: bool = True) -> Reply:
    """Predictions: tables as records, arrays as lists; missing values and infinite ones are null.

    Args:
        named: whether they stand under the key `predictions`.

    Raises:
        InvalidValue: there is something in them that JSON has no form for.
    """
    found = _as_records(output)
    told = {"predictions": found} if named else found
    try:
        text = json.dumps(told, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(told), allow_nan=False)
    return Reply(HTTPStatus.OK, text.encode())


def of_error(status: int, code: str, message: str, **more: str) -> Reply:
    """An error in MLflow's form."""
    kind = more.pop("error_class", _CLASSES.get(code, _OURS))
    state = "KAM01" if kind == _SCHEMA else "XXM00" if kind == _OURS else _THEIRS
    told = {"error_code": code, "message": message, "sqlstate": state, "error_class": kind, **more}
    return Reply(status, json.dumps(told).encode())


def _as_records(output: Any) -> Any:
    kind = table_kind(output)
    if kind.endswith("Series") and hasattr(output, "to_frame"):
        output = output.to_frame()
    if not kind:
        return _plain_list(output)
    names = [str(name) for name in output.columns]
    if kind.startswith("polars"):
        columns = [_plain_list(output[name].to_list()) for name in output.columns]
    else:
        columns = [_column(output.iloc[:, place]) for place in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _column(column: Any) -> Any:
    return _plain_list(column.to_numpy()) if column.dtype.kind in "iufb" else jsonable(column.to_list())


def _plain_list(values: Any) -> Any:
    """Values as JSON has them; numbers in an array all at once."""
    if type(values).__module__ == "numpy" and type(values).__name__ == "ndarray" and values.dtype.kind in "iufb":
        import numpy as np

        if values.dtype.kind != "f" or np.isfinite(values).all():
            return values.tolist()
    return jsonable(values)


def _finite(value: Any) -> Any:
    """The same with null for what is infinite, as JavaScript writes it: JSON has no form for it."""
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
